"""The command that finds near-duplicates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from ascertain import errors
from ascertain.cli.arguments import the_inquiry
from ascertain.cli.options import AuthorOption, DebugOption, JsonOption, RecordOption
from ascertain.cli.output import err, guarded, out, print_json, shown
from ascertain.errors import UsageError
from ascertain.jobs.fingerprinting import KINDS, Kind
from ascertain.jobs.relating import Near, Search

commands = typer.Typer()


@commands.command(
    epilog="Examples: `ascertain similar` · `ascertain similar 3f9a11d0 --kind image` · "
    "`ascertain similar --kind text --threshold 0.2` · `ascertain similar --only-list --json`"
)
def similar(
    exhibit: Annotated[str, typer.Argument(help="Show those of one exhibit (eight digits of its id, or more).")] = "",
    kind: Annotated[str, typer.Option("--kind", help=f"One of: {', '.join(KINDS)}. Both by default.")] = "",
    threshold: Annotated[
        float | None,
        typer.Option("--threshold", help="How far apart: bits for images (31), Jaccard distance for texts (0.3)."),
    ] = None,
    only_list: Annotated[bool, typer.Option("--only-list", help="Search nothing; show what is recorded.")] = False,
    record: RecordOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Find near-duplicates among images and among texts, and list them with their distance.

    Only exhibits that are new since the last search are compared, each with all others. Nothing is merged, and sealed
    exhibits are never opened.
    """

    def work() -> int:
        kinds = _kinds(kind, threshold)
        inquiry = the_inquiry(record, author)
        searches = [] if only_list else [inquiry.find_similar(one, threshold) for one in kinds]
        near = inquiry.similar(exhibit, kinds)
        if threshold is not None:
            near = [one for one in near if one.distance <= threshold]
        if as_json:
            print_json({"searches": [_told(one) for one in searches], "relations": [asdict(one) for one in near]})
        else:
            for one in searches:
                _tell(one)
            _show(near)
        return errors.PARTLY if any(one.failed for one in searches) else errors.DONE

    guarded(work, as_json=as_json, debug=debug)


def _kinds(kind: str, threshold: float | None) -> Sequence[Kind]:
    if threshold is not None and not kind:
        raise UsageError("a threshold is of one kind", next_step=f"say --kind {' or --kind '.join(KINDS)}")
    chosen = [one for one in KINDS if kind in ("", one)]
    if not chosen:
        raise UsageError(f"no kind {kind!r}", next_step=f"kinds: {', '.join(KINDS)}")
    return chosen


def _told(search: Search) -> dict[str, Any]:
    return {**asdict(search), "added": [asdict(one) for one in search.added]}


def _tell(search: Search) -> None:
    for one in search.failed:
        err.print(Text(shown(f"failed: {one.exhibit[:16]}…: {one.code}: {one.reason}"), style="red"))
    for exhibit, number in search.left_out.items():
        out.print(Text(f"{exhibit[:16]}… has {number} more near-duplicates than the 100 nearest that are kept"))
    told = f"{search.kind}s: {search.new} new of {search.exhibits} compared, {len(search.added)} relations added"
    little = f", {len(search.too_little)} with too little to compare" if search.too_little else ""
    out.print(Text(f"{told}{little} ({search.method}, within {search.threshold:g})", style="dim"))


def _show(near: Sequence[Near]) -> None:
    drawn = Table(header_style="bold")
    for name in ("distance", "one", "other", "method", "within", "entry"):
        drawn.add_column(name, overflow="fold")
    for one in near:
        drawn.add_row(
            f"{one.distance:g}",
            Text(_named(one.a, one.name_a)),
            Text(_named(one.b, one.name_b)),
            one.method,
            f"{one.threshold:g}",
            str(one.entered),
        )
    out.print(drawn)
    out.print(Text(f"{len(near)} relations; a relation says how alike two files are, not why", style="dim"))


def _named(exhibit: str, name: str | None) -> str:
    return shown(f"{exhibit[:16]}… {name or ''}".strip())
