"""Commands of the stage preserve."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from ascertain import errors
from ascertain.cli.arguments import the_inquiry
from ascertain.cli.options import AuthorOption, DebugOption, JsonOption, RecordOption
from ascertain.cli.output import err, guarded, out, print_json
from ascertain.jobs.reading import Given

commands = typer.Typer()


@commands.command(
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
