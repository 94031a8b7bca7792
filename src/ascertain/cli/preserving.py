"""Commands of the stage preserve."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from ascertain import errors
from ascertain.cli.arguments import the_inquiry
from ascertain.cli.intake import IntakeTold
from ascertain.cli.options import AuthorOption, DebugOption, JsonOption, RecordOption
from ascertain.cli.output import guarded, out, print_json, shown
from ascertain.jobs.reading import Given

commands = typer.Typer()


@commands.command(
    epilog="Examples: `ascertain preserve report.pdf --source OPCW --published 2018-07-06 --note 'from opcw.org'` · "
    "`ascertain preserve a-folder --unpack` · `ascertain preserve a-folder --retry`"
)
def preserve(
    files: Annotated[list[Path], typer.Argument(help="Files to keep as exhibits, and folders of them.")],
    source: Annotated[str, typer.Option("--source", help="Who published them.")] = "",
    published: Annotated[str, typer.Option("--published", help="When (EDTF).")] = "",
    url: Annotated[str, typer.Option("--url", help="Where they came from.")] = "",
    note: Annotated[str, typer.Option("--note", help="How they were acquired.")] = "",
    unpack: Annotated[
        bool, typer.Option("--unpack", help="Keep what lies inside archives and mail as exhibits too.")
    ] = False,
    retry: Annotated[
        bool, typer.Option("--retry", help="Only what failed before and was not preserved since.")
    ] = False,
    record: RecordOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Keep files as exhibits, by their hash, with how they were acquired.

    The same command again adds nothing, and goes on where one was stopped. With --json: one line a file, as it is
    kept, and a last line that counts.
    """

    def work() -> int:
        given = Given(published=published, publisher=source, url=url, note=note)
        inquiry, told = the_inquiry(record, author), IntakeTold(as_json)
        with closing(inquiry.preserve_each(files, given, unpack=unpack, only_failed=retry)) as outcomes:
            for outcome in outcomes:
                told.tell(outcome)
        told.sum_up()
        return errors.PARTLY if told.some_failed else errors.DONE

    guarded(work, as_json=as_json, debug=debug)


@commands.command(epilog="Example: `ascertain failures`")
def failures(record: RecordOption = None, as_json: JsonOption = False, debug: DebugOption = False) -> None:
    """What could not be preserved and has not been since, with the reason."""

    def work() -> int:
        found = the_inquiry(record, None).failures()
        if as_json:
            print_json([asdict(one) for one in found])
        else:
            for one in found:
                out.print(Text(f"{one.time[:19]}Z  {one.code:11}  {shown(one.item)}: {shown(one.reason)}"))
            out.print(Text(f"{len(found)} open; again: ascertain preserve PATHS --retry", style="dim"))
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)
