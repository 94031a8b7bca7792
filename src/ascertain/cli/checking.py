"""Commands of the stage check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from ascertain import errors
from ascertain.cli.arguments import the_day, the_inquiry, the_moment, write_text
from ascertain.cli.options import (
    AsOfOption,
    AsRecordedOption,
    AuthorOption,
    DebugOption,
    JsonOption,
    ReaderOption,
    RecordOption,
)
from ascertain.cli.output import guarded, out, print_json
from ascertain.cli.verdicts import print_check
from ascertain.jobs.given import Given
from ascertain.publish.check_html import to_html
from ascertain.publish.check_json import to_json
from ascertain.publish.claimreview import to_claimreview
from ascertain.publish.permitted import Carried

commands = typer.Typer()


@commands.command(
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
    reader: ReaderOption = None,
    record: RecordOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Check each claim of a public statement against the record, as of its date."""

    def work() -> int:
        given = Given(published=published, publisher=publisher, url=url, note=note)
        day, moment = the_day(as_of), the_moment(as_recorded)
        inquiry = the_inquiry(record, author, reader=reader)
        done = inquiry.check(statement, as_of=day, as_recorded=moment, readings=readings, given=given)
        if html is not None or claimreview is not None or as_json:
            inquiry.gate.require(Carried(results=[to_json(done)]))
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
