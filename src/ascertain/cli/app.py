"""The commands."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from ascertain import errors
from ascertain.cli.arguments import the_day, the_inquiry, the_moment, write_text
from ascertain.cli.output import Watched, err, guarded, out, print_json
from ascertain.cli.tables import rows_table
from ascertain.cli.verdicts import print_check
from ascertain.errors import UsageError
from ascertain.inquiry import new_inquiry
from ascertain.jobs.importing import load_reference, shipped
from ascertain.jobs.reading import Given
from ascertain.model.reference import ROW_OF_TABLE
from ascertain.publish.check_html import to_html
from ascertain.publish.check_json import to_json
from ascertain.publish.claimreview import to_claimreview
from ascertain.version import VERSION

app = typer.Typer(
    name="ascertain",
    help="Keep a record of attacks on civilians, and check public statements against it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode="markdown",
)

RecordOption = Annotated[
    Path | None,
    typer.Option(
        "--record", "-r", help="The record's folder (default: $ASCERTAIN_RECORD, or this folder or one above)."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON; errors are one JSON object on stderr.")]
DebugOption = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]
AuthorOption = Annotated[str | None, typer.Option("--author", help="Who signs the entries.")]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", help="What had been published by this day (EDTF: 2018-09-03, 2018-09).")
]
AsRecordedOption = Annotated[
    str | None, typer.Option("--as-recorded", help="What this record knew: an entry's number, or a UTC time.")
]


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Keep a record of attacks on civilians, and check public statements against it."""
    if version:
        out.print(f"ascertain {VERSION}")
        raise typer.Exit()


@app.command(epilog="Example: `ascertain new idlib --with syria-cw`")
def new(
    folder: Annotated[Path, typer.Argument(help="The folder to make.")],
    reference: Annotated[
        str | None, typer.Option("--with", help="A reference record to begin with: a shipped name or a folder.")
    ] = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Make a record, all of it or nothing."""

    def work() -> int:
        inquiry = new_inquiry(folder, reference=reference, progress=Watched(), author=author)
        head = inquiry.record.head()
        if as_json:
            print_json({"record": str(folder), "entries": head.size, "root": head.root().hex()})
        else:
            out.print(Text(f"made {folder}: {head.size} entries, root {head.root().hex()[:16]}…"))
            out.print(Text(f"next: ascertain check STATEMENT --record {folder}", style="dim"))
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)


@app.command("import", epilog="Example: `ascertain import my-folder --dry-run` · the format: docs/import-format.md")
def import_(
    source: Annotated[str, typer.Argument(help="A folder of CSV files, or a shipped reference record's name.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List every problem; touch no record.")] = False,
    record: RecordOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Import a reference record: every row with its source, or nothing with every problem named."""

    def work() -> int:
        if dry_run:
            reference, _ = load_reference(source)
            problems = [asdict(problem) for problem in reference.problems]
            if as_json:
                print_json(
                    {
                        "name": reference.name,
                        "version": reference.version,
                        "rows": len(reference.rows),
                        "problems": problems,
                    }
                )
            else:
                for problem in reference.problems:
                    out.print(Text(str(problem)))
                out.print(Text(f"{len(reference.rows)} good rows, {len(problems)} problems; nothing was imported"))
            return errors.FAILED if problems else errors.DONE
        done = the_inquiry(record, author).import_reference(source)
        if as_json:
            print_json(asdict(done))
        else:
            out.print(
                Text(
                    f"{done.name} {done.version}: {done.stated} rows stated, {done.withdrawn} withdrawn, "
                    f"{done.unchanged} unchanged"
                )
            )
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)


@app.command(
    epilog="Example: `ascertain preserve report.pdf --source OPCW --published 2018-07-06 --note 'from opcw.org'`"
)
def preserve(
    files: Annotated[list[Path], typer.Argument(help="Files to keep as exhibits.")],
    source: Annotated[str, typer.Option("--source", help="Who published them.")] = "",
    published: Annotated[str, typer.Option("--published", help="When (EDTF).")] = "",
    url: Annotated[str, typer.Option("--url", help="Where they came from.")] = "",
    note: Annotated[str, typer.Option("--note", help="How they were acquired.")] = "",
    record: RecordOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Keep files as exhibits, by their hash, with how they were acquired."""

    def work() -> int:
        given = Given(published=published, publisher=source, url=url, note=note)
        done, failed = the_inquiry(record, author).preserve(files, given)
        if as_json:
            print_json({"preserved": [asdict(d) for d in done], "failed": [asdict(f) for f in failed]})
        else:
            for d in done:
                again = " (known bytes, a new acquisition)" if d.known else ""
                out.print(Text(f"{d.exhibit[:16]}…  {d.media_type}  {d.size:,} bytes  {d.name}{again}"))
            for f in failed:
                err.print(Text(f"failed: {f.name}: {f.reason}", style="red"))
        return errors.PARTLY if failed else errors.DONE

    guarded(work, as_json=as_json, debug=debug)


@app.command(
    epilog="Examples: `ascertain check statement.txt` · "
    "`ascertain check page.html --as-of 2023-02-01 --html report.html` · "
    "`ascertain check s.txt --json > r.json`, correct r.json, `ascertain check s.txt --readings r.json`"
)
def check(
    statement: Annotated[Path, typer.Argument(help="The statement: HTML, PDF, DOCX or plain text.")],
    as_of: AsOfOption = None,
    as_recorded: AsRecordedOption = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write a self-contained HTML report here.")] = None,
    claimreview: Annotated[
        Path | None, typer.Option("--claimreview", help="Write schema.org ClaimReview JSON-LD here.")
    ] = None,
    readings: Annotated[
        Path | None, typer.Option("--readings", help="A corrected --json of an earlier check of this statement.")
    ] = None,
    published: Annotated[
        str, typer.Option("--published", help="The statement's date, when its text does not say it.")
    ] = "",
    publisher: Annotated[str, typer.Option("--publisher", help="Who issued it.")] = "",
    url: Annotated[str, typer.Option("--url", help="Its address.")] = "",
    note: Annotated[str, typer.Option("--note", help="How it was acquired.")] = "",
    record: RecordOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Check each claim of a public statement against the record, as of its date."""

    def work() -> int:
        given = Given(published=published, publisher=publisher, url=url, note=note)
        day, moment = the_day(as_of), the_moment(as_recorded)
        done = the_inquiry(record, author).check(
            statement, as_of=day, as_recorded=moment, readings=readings, given=given
        )
        if html is not None:
            write_text(html, to_html(done))
        if claimreview is not None:
            write_text(claimreview, json.dumps(to_claimreview(done), ensure_ascii=False, indent=2) + "\n")
        if as_json:
            print_json(to_json(done))
        else:
            print_check(out, done)
            for path in (html, claimreview):
                if path is not None:
                    out.print(Text(f"written: {path}"))
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)


@app.command("list", epilog="Example: `ascertain list findings --as-of 2018-09-03`")
def list_(
    table: Annotated[str, typer.Argument(help=f"One of: {', '.join(ROW_OF_TABLE)}.")],
    as_of: AsOfOption = None,
    as_recorded: AsRecordedOption = None,
    record: RecordOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """The rows of a table, as published by a day and as recorded by a moment."""

    def work() -> int:
        if table not in ROW_OF_TABLE:
            raise UsageError(f"no table {table!r}", next_step=f"tables: {', '.join(ROW_OF_TABLE)}")
        view = the_inquiry(record, None).view(as_of=the_day(as_of), as_recorded=the_moment(as_recorded))
        rows = view.tables[table].to_pylist()
        if as_json:
            print_json({"as_of": as_of, "as_recorded": view.as_recorded, "table": table, "rows": rows})
        else:
            out.print(rows_table(table, rows))
            out.print(Text(f"{len(rows)} rows, {view.identity}", style="dim"))
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)


@app.command(epilog="Example: `ascertain log --from 900`")
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


@app.command(epilog="Example: `ascertain verify --record idlib`")
def verify(record: RecordOption = None, as_json: JsonOption = False, debug: DebugOption = False) -> None:
    """Whether the record holds what its log says; names exactly what is wrong (exit code 4)."""

    def work() -> int:
        found = the_inquiry(record, None).verify()
        if as_json:
            print_json(asdict(found))
        else:
            for problem in found.problems:
                err.print(Text(problem, style="red"))
            for note in found.notes:
                out.print(Text(f"note: {note}", style="dim"))
            word = "does NOT verify" if found.problems else "verifies"
            out.print(Text(f"the record {word}: {found.entries} entries, {found.objects} objects, root {found.root}"))
        return errors.DAMAGED if found.problems else errors.DONE

    guarded(work, as_json=as_json, debug=debug)


@app.command(epilog="Example: `ascertain rebuild`")
def rebuild(record: RecordOption = None, as_json: JsonOption = False, debug: DebugOption = False) -> None:
    """Drop the derived tables and replay the log into them."""

    def work() -> int:
        number = the_inquiry(record, None).rebuild()
        print_json({"entries": number}) if as_json else out.print(f"replayed {number} entries")
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)


@app.command(epilog="Example: `ascertain config --json`")
def config(record: RecordOption = None, as_json: JsonOption = False, debug: DebugOption = False) -> None:
    """The effective settings, and where each value came from."""

    def work() -> int:
        settings = the_inquiry(record, None).settings
        values = {k: v for k, v in asdict(settings).items() if k != "origins"}
        if as_json:
            print_json({k: {"value": v, "from": settings.origins.get(k, "default")} for k, v in values.items()})
        else:
            for name, value in values.items():
                out.print(Text(f"{name} = {value}  ({settings.origins.get(name, 'default')})"))
            out.print(Text(f"shipped reference records: {', '.join(sorted(shipped()))}", style="dim"))
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)
