"""Commands that show a record, and whether it is whole."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from ascertain import errors
from ascertain.cli.arguments import the_day, the_inquiry, the_moment
from ascertain.cli.options import AsOfOption, AsRecordedOption, DebugOption, JsonOption, ReaderOption, RecordOption
from ascertain.cli.output import err, guarded, out, print_json
from ascertain.cli.signatures import print_custody
from ascertain.cli.tables import rows_table
from ascertain.errors import UsageError
from ascertain.jobs.files import read_file
from ascertain.jobs.importing import shipped
from ascertain.model.reference import ROW_OF_TABLE
from ascertain.publish.coarsen import coarse_rows, parse_level
from ascertain.publish.permitted import Carried

commands = typer.Typer()


@commands.command("list", epilog="Example: `ascertain list findings --as-of 2018-09-03`")
def list_(
    table: Annotated[str, typer.Argument(help=f"One of: {', '.join(ROW_OF_TABLE)}.")],
    as_of: AsOfOption = None,
    as_recorded: AsRecordedOption = None,
    coarsen: Annotated[
        str, typer.Option("--coarsen", help="Of places, areas or cells instead: governorate, district, or 10km.")
    ] = "",
    reader: ReaderOption = None,
    record: RecordOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """The rows of a table, as published by a day and as recorded by a moment; refused if one is not for the reader."""

    def work() -> int:
        if table not in ROW_OF_TABLE:
            raise UsageError(f"no table {table!r}", next_step=f"tables: {', '.join(ROW_OF_TABLE)}")
        inquiry = the_inquiry(record, None, reader=reader)
        view = inquiry.view(as_of=the_day(as_of), as_recorded=the_moment(as_recorded))
        known = view.tables[table].to_pylist()
        inquiry.gate.require(Carried(rows=[(table, row) for row in known]))
        rows = _coarsened(table, known, coarsen)
        if as_json:
            told = {"coarsened": coarsen} if coarsen else {}
            print_json({"as_of": as_of, "as_recorded": view.as_recorded, "table": table, **told, "rows": rows})
        else:
            out.print(rows_table(table, rows))
            out.print(Text(f"{len(rows)} rows, {view.identity}", style="dim"))
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)


def _coarsened(table: str, rows: list[dict[str, Any]], level: str) -> list[dict[str, Any]]:
    """The rows, or the coarser places that stand for them. Other tables tell places by names and words: refused."""
    if not level:
        return rows
    if table != "places":
        raise UsageError(
            f"only places can be made coarser: rows of {table} tell places by their names and words",
            next_step="say `ascertain list places --coarsen ...`",
        )
    return coarse_rows(rows, parse_level(level))


@commands.command(epilog="Example: `ascertain log --from 900`")
def log(
    start: Annotated[int, typer.Option("--from", help="The first entry to show.")] = 0,
    record: RecordOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """The log: every change of the record, in order."""

    def work() -> int:
        for entry in the_inquiry(record, None).log(start):
            if as_json:
                out.out(json.dumps(entry.model_dump(), ensure_ascii=False), highlight=False)
            else:
                summary = json.dumps(entry.body, ensure_ascii=False)
                out.print(
                    Text(f"{entry.seq:6} {entry.time[:19]}Z {entry.author:12} {entry.kind:20} {summary[:120]}"),
                    no_wrap=True,
                    overflow="ellipsis",
                )
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)


@commands.command(epilog="Examples: `ascertain verify` · `ascertain verify --checkpoint elsewhere/idlib.checkpoint`")
def verify(
    checkpoint: Annotated[
        Path | None, typer.Option("--checkpoint", help="A checkpoint kept elsewhere, which the record must extend.")
    ] = None,
    key: Annotated[
        list[str] | None, typer.Option("--key", help="A verifier key that you have from elsewhere; may be repeated.")
    ] = None,
    record: RecordOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Whether the record holds what its log says, and what its signatures say; names what is wrong (exit code 4)."""

    def work() -> int:
        kept = read_file(checkpoint) if checkpoint else None
        found = the_inquiry(record, None).verify(keys=key or (), checkpoint=kept)
        if as_json:
            print_json(asdict(found))
        else:
            for problem in found.problems:
                err.print(Text(problem, style="red"))
            for note in found.notes:
                out.print(Text(f"note: {note}", style="dim"))
            word = "does NOT verify" if found.problems else "verifies"
            out.print(Text(f"the record {word}: {found.entries} entries, {found.objects} objects, root {found.root}"))
            print_custody(out, found)
        return errors.DAMAGED if found.problems else errors.DONE

    guarded(work, as_json=as_json, debug=debug)


@commands.command(epilog="Example: `ascertain rebuild`")
def rebuild(record: RecordOption = None, as_json: JsonOption = False, debug: DebugOption = False) -> None:
    """Drop the derived tables and replay the log into them."""

    def work() -> int:
        number = the_inquiry(record, None).rebuild()
        print_json({"entries": number}) if as_json else out.print(f"replayed {number} entries")
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)


@commands.command(epilog="Example: `ascertain config --json`")
def config(record: RecordOption = None, as_json: JsonOption = False, debug: DebugOption = False) -> None:
    """The effective settings, and where each value came from."""

    def work() -> int:
        inquiry = the_inquiry(record, None)
        settings = inquiry.settings
        values = {k: v for k, v in asdict(settings).items() if k != "origins"}
        if as_json:
            print_json({k: {"value": v, "from": settings.origins.get(k, "default")} for k, v in values.items()})
        else:
            for name, value in values.items():
                out.print(Text(f"{name} = {value}  ({settings.origins.get(name, 'default')})"))
            for authority in inquiry.authorities:
                out.print(Text(f"timestamp authority: {authority.url}, certificates in {authority.certificates}"))
            out.print(Text(f"shipped reference records: {', '.join(sorted(shipped()))}", style="dim"))
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)
