"""What is protected, as tables for people."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from ascertain.cli.output import out, shown
from ascertain.jobs.protecting.listing import Protected


def print_overview(found: Protected) -> None:
    """Recipients, sealed exhibits, classes."""
    _print("recipient", ("name", "key"), [(name, key) for name, key in found.recipients.items()])
    _print(
        "sealed exhibit",
        ("exhibit", "entry", "can open it", "state"),
        [
            (
                seal.exhibit,
                str(seal.entry),
                ", ".join(seal.recipients),
                "erased" if seal.erased else "sealed",
            )
            for seal in found.seals
        ],
    )
    _print(
        "class",
        ("entry", "of", "class", "reason", "authority"),
        [
            (str(one.entry), f"{one.kind} {one.subject}", one.access, one.reason, f"{one.authority} ({one.author})")
            for one in found.classes
            if one.stands
        ],
    )


def _print(what: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    if not rows:
        out.print(Text(f"no {what}", style="dim"))
        return
    drawn = Table(*columns, header_style="bold")
    for row in rows:
        drawn.add_row(*(Text(shown(cell), overflow="fold") for cell in row))
    out.print(drawn)
