"""Commands that take from bundles: a partner's exhibits, or objects of one's own that were lost."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from ascertain import errors
from ascertain.cli.arguments import the_inquiry
from ascertain.cli.options import AuthorOption, DebugOption, JsonOption, RecordOption
from ascertain.cli.output import err, guarded, out, print_json, shown
from ascertain.jobs.bundling.receiving import Received
from ascertain.jobs.bundling.restoring import Restored

commands = typer.Typer()


def bundle(
    folder: Annotated[Path, typer.Argument(metavar="PATH", help="The bundle: a folder, a zip or a tar.")],
    key: Annotated[
        list[str] | None,
        typer.Option("--key", help="The partner's verifier key, from elsewhere: it must have signed. Repeatable."),
    ] = None,
    record: RecordOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Take in a partner's bundle: its exhibits, and what proves where they come from.

    It is verified first, and refused with every reason if it does not hold. The partner's claims and rows are kept with
    the proofs and do not become yours.
    """

    def work() -> int:
        received = the_inquiry(record, author).receive_bundle(folder, key or ())
        print_json(asdict(received)) if as_json else _tell_received(received)
        return errors.PARTLY if received.left else errors.DONE

    guarded(work, as_json=as_json, debug=debug)


@commands.command(epilog="Example: `ascertain restore the-bundle --record idlib`")
def restore(
    folder: Annotated[Path, typer.Argument(metavar="BUNDLE", help="A bundle, a bag, or any folder.")],
    record: RecordOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Put back objects of the record that are missing or altered, from a folder that still has their bytes."""

    def work() -> int:
        restored = the_inquiry(record, author).restore(folder)
        print_json(asdict(restored)) if as_json else _tell_restored(restored)
        return errors.DAMAGED if restored.wanting else errors.DONE

    guarded(work, as_json=as_json, debug=debug)


def _tell_received(received: Received) -> None:
    what = "already there: nothing was added" if received.known else f"{received.new} of them new"
    out.print(Text(f"{shown(received.name)}: {received.exhibits} exhibits, {what}"))
    for line in received.signed_by:
        out.print(Text(f"signed by: {line}", style="dim"), soft_wrap=True)
    if not received.given_key:
        err.print(Text("whose key that is, nobody can see here: ask by another way, then say it with --key"))
    if received.timestamps or received.unchecked:
        out.print(
            Text(f"timestamps: {received.timestamps} hold by the bundle's own certificates, ", style="dim")
            + Text(f"{received.unchecked} not checked", style="dim")
        )
    for left in received.left:
        err.print(Text(f"not taken in: {left}", style="red"))
    for warning in received.warnings:
        err.print(Text(f"warning: {shown(warning)}"))


def _tell_restored(restored: Restored) -> None:
    for name in restored.restored:
        was = "altered" if name in restored.altered else "missing"
        out.print(Text(f"restored: {name} (was {was})"))
    for name in restored.wanting:
        err.print(Text(f"still {'altered' if name in restored.altered else 'missing'}: {name}", style="red"))
    for note in restored.notes:
        err.print(Text(f"note: {shown(note)}", style="dim"))
    out.print(
        Text(f"{restored.wanted} objects: {len(restored.restored)} restored, {len(restored.wanting)} still wanting")
    )
    if not restored.wanting:
        out.print(Text("next: ascertain verify", style="dim"))
