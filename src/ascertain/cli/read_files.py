"""The command that reads exhibits and files."""

from __future__ import annotations

from contextlib import closing
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.text import Text

from ascertain import errors
from ascertain.cli import reviewing
from ascertain.cli.arguments import the_inquiry
from ascertain.cli.groups import FILES
from ascertain.cli.llm import tell_llm
from ascertain.cli.options import AuthorOption, DebugOption, JsonOption, ReaderOption, RecordOption
from ascertain.cli.output import guarded, out, print_json, shown
from ascertain.cli.read_lines import claim_line, permit, tell_failure
from ascertain.errors import UsageError
from ascertain.jobs.given import Given
from ascertain.jobs.items import Failure
from ascertain.jobs.reading.exhibits import ReadExhibit


class With(StrEnum):
    """Which reader reads."""

    RULES = "rules"
    LLM = "llm"


commands = typer.Typer()


@commands.command(
    FILES,
    epilog="Examples: `ascertain read report.pdf --published 2018-04-09` · `ascertain read 3f9a11d0 --json` · "
    "`ascertain read scan.png --review` · a dataset: `ascertain read dataset events.csv --as ucdp-ged`",
)
def read(
    targets: Annotated[list[str], typer.Argument(help="Exhibits (eight digits of an id, or more) and files.")],
    published: Annotated[str, typer.Option("--published", help="The text's date, when it does not say it.")] = "",
    publisher: Annotated[str, typer.Option("--publisher", help="Who issued it.")] = "",
    url: Annotated[str, typer.Option("--url", help="Its address.")] = "",
    note: Annotated[str, typer.Option("--note", help="How it was acquired.")] = "",
    with_: Annotated[
        With, typer.Option("--with", help="`rules`, or `llm`: the language model of the settings llm_….")
    ] = With.RULES,
    review: Annotated[bool, typer.Option("--review", help="Judge the claims of each, one after the other.")] = False,
    reader: ReaderOption = None,
    record: RecordOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Read exhibits and files to claims. A file is preserved first. The same again adds nothing.

    Beside it, each with a help of its own: read review, read dataset, read mapping, read gazetteer, read train.
    """

    def work() -> int:
        given = Given(published=published, publisher=publisher, url=url, note=note)
        inquiry = the_inquiry(record, author, reader=reader)
        gate = inquiry.gate if as_json else None
        if with_ is With.LLM:
            with closing(inquiry.read_with_llm(targets, given)) as answered:
                return tell_llm(answered, gate)
        if review and as_json:
            raise UsageError(
                "--review asks a person", next_step="leave --json out, or use read review EXHIBIT --export"
            )
        failed = 0
        with closing(inquiry.read_each(targets, given)) as outcomes:
            for outcome in outcomes:
                if isinstance(outcome, Failure):
                    failed += 1
                    tell_failure(outcome, as_json)
                elif gate is not None:
                    permit(gate, outcome.exhibit, outcome.name, outcome.read.claims)
                    print_json(_told(outcome))
                else:
                    _tell(outcome)
                    if review:
                        reviewing.ask(inquiry, inquiry.reviews.of(outcome.exhibit))
        return errors.PARTLY if failed else errors.DONE

    guarded(work, as_json=as_json, debug=debug)


def _told(done: ReadExhibit) -> dict[str, Any]:
    read = done.read
    return {
        "exhibit": done.exhibit,
        "name": done.name,
        "language": read.language,
        "published": read.published,
        "publisher": read.publisher,
        "claims": [claim.model_dump(mode="json") for claim in read.claims],
        "new": done.new,
        "unread": [span.model_dump() for span in read.unread],
        "notes": list(read.notes),
    }


def _tell(done: ReadExhibit) -> None:
    read = done.read
    out.print(Text(shown(read.text.title or done.name), style="bold"))
    about = f"{read.publisher or 'publisher unknown'}, {read.published or 'no date'}, {read.language}"
    out.print(Text(f"{about} — exhibit {done.exhibit[:16]}…", style="dim"))
    for number, claim in enumerate(read.claims, 1):
        out.print(claim_line(number, claim))
    out.print(Text(f"{len(read.claims)} claims, {done.new} of them new; not read: {len(read.unread)} sentences"))
    for note in read.notes:
        out.print(Text(f"note: {shown(note)}", style="dim"))
