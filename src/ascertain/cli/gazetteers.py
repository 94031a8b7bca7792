"""The command that takes in gazetteers: lists of places with their names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from ascertain import errors
from ascertain.cli.arguments import the_inquiry
from ascertain.cli.options import AuthorOption, DebugOption, JsonOption, RecordOption
from ascertain.cli.output import err, guarded, out, print_json, shown
from ascertain.jobs.files import read_file
from ascertain.jobs.reading.gazetteers import FORMS, SYRIA, ImportedGazetteer, Source

commands = typer.Typer()
_LIMIT_MB = 2048
_SHOWN = 20


@commands.command(
    "gazetteer",
    epilog=f"Examples: `ascertain read gazetteer {SYRIA}` · "
    "`ascertain read gazetteer SY.txt --as geonames --name geonames-sy --version 2018-09-01 --terms 'CC BY 4.0'` · "
    "`ascertain read gazetteer places.csv --as csv --name ours --map lat=LATITUDE --map lon=LONGITUDE`",
)
def gazetteer(
    file: Annotated[str, typer.Argument(help=f"The file, or {SYRIA}: the units of Syria that come with the package.")],
    form: Annotated[str, typer.Option("--as", help=f"What it is: {', '.join(FORMS)}.")] = "csv",
    name: Annotated[str, typer.Option("--name", help="What to call it; the same name again replaces it.")] = "",
    version: Annotated[str, typer.Option("--version", help="Its version, in the publisher's words.")] = "",
    source: Annotated[str, typer.Option("--source", help="Who publishes it.")] = "",
    terms: Annotated[str, typer.Option("--terms", help="On what terms; kept with its places.")] = "",
    mapped: Annotated[list[str] | None, typer.Option("--map", help="Our column=the file's, for csv.")] = None,
    record: RecordOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Take in a list of places with their names: OCHA COD-AB, a GeoNames dump, or any CSV.

    Rows that give no place are named, with the reason; they end the command with code 3.
    """

    def work() -> int:
        taken = the_inquiry(record, author).gazetteers
        if file == SYRIA:
            done = taken.take_in_syria()
        else:
            data = read_file(Path(file), _LIMIT_MB)
            done = taken.take_in(data, form, Source(name, version, source, terms), _mapping(mapped or []))
        print_json(_told(done)) if as_json else _tell(done)
        return errors.PARTLY if done.problems else errors.DONE

    guarded(work, as_json=as_json, debug=debug)


def _mapping(pairs: list[str]) -> dict[str, str]:
    if any("=" not in pair for pair in pairs):
        raise errors.UsageError("--map takes column=the file's column", next_step="for example --map lat=LATITUDE")
    return dict(pair.split("=", 1) for pair in pairs)


def _told(done: ImportedGazetteer) -> dict[str, object]:
    problems = [{"row": problem.row, "reason": problem.reason} for problem in done.problems]
    return {"name": done.name, "version": done.version, "names": done.number, "known": done.known, "problems": problems}


def _tell(done: ImportedGazetteer) -> None:
    had = "; the record had them" if done.known else ""
    out.print(Text(f"{shown(done.name)} {shown(done.version)}: {done.number} names of places{had}"))
    for problem in done.problems[:_SHOWN]:
        err.print(Text(f"no place: row {shown(problem.row)}: {shown(problem.reason)}", style="red"))
    if len(done.problems) > _SHOWN:
        err.print(Text(f"and {len(done.problems) - _SHOWN} more", style="red"))
