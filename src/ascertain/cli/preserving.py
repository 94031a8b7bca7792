"""Commands of the stage preserve."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from ascertain import errors
from ascertain.cli import bundles
from ascertain.cli.arguments import the_inquiry
from ascertain.cli.groups import FILES, FilesFirst
from ascertain.cli.intake import IntakeTold
from ascertain.cli.options import AuthorOption, DebugOption, JsonOption, RecordOption
from ascertain.cli.output import err, guarded, out, print_json, shown
from ascertain.errors import UsageError
from ascertain.jobs.capturing import is_address
from ascertain.jobs.given import Given
from ascertain.model.access import Access

commands = typer.Typer()
preserve_group = typer.Typer(
    name="preserve",
    cls=FilesFirst,
    help="Keep files as exhibits, capture addresses of the web as archives, take in a partner's bundle.",
)
preserve_group.command("bundle", epilog="Example: `ascertain preserve bundle from-a-partner --key LINE`")(
    bundles.bundle
)
commands.add_typer(preserve_group)


@preserve_group.command(
    FILES,
    epilog="Examples: `ascertain preserve report.pdf --source OPCW --published 2018-07-06 --note 'from opcw.org'` · "
    "`ascertain preserve a-folder --unpack` · `ascertain preserve a-folder --retry` · "
    "`ascertain preserve https://example.org/report` · "
    "`ascertain preserve interview.ogg --access sealed --to Registrar` · "
    "a partner's bundle: `ascertain preserve bundle PATH`",
)
def preserve(
    targets: Annotated[
        list[str], typer.Argument(help="Files to keep as exhibits, folders of them, addresses to capture.")
    ],
    source: Annotated[str, typer.Option("--source", help="Who published them.")] = "",
    published: Annotated[str, typer.Option("--published", help="When (EDTF).")] = "",
    url: Annotated[str, typer.Option("--url", help="Where they came from.")] = "",
    note: Annotated[str, typer.Option("--note", help="How they were acquired.")] = "",
    access: Annotated[
        str, typer.Option("--access", help="Who may see them: public, restricted, or sealed (encrypted, with --to).")
    ] = "public",
    to: Annotated[
        list[str] | None, typer.Option("--to", help="Who can open them, by name (see protect recipient); repeatable.")
    ] = None,
    authority: Annotated[str, typer.Option("--authority", help="Who decided on --access.")] = "",
    unpack: Annotated[
        bool, typer.Option("--unpack", help="Keep what lies inside archives and mail as exhibits too.")
    ] = False,
    retry: Annotated[
        bool, typer.Option("--retry", help="Only what failed before and was not preserved since.")
    ] = False,
    timeout: Annotated[int | None, typer.Option("--timeout", help="Seconds that one capture may take.")] = None,
    limit_mb: Annotated[int | None, typer.Option("--limit-mb", help="MB that one capture may fetch.")] = None,
    media: Annotated[bool, typer.Option("--media", help="Fetch the video or audio of a platform (yt-dlp).")] = False,
    record: RecordOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Keep files as exhibits, by their hash, with how they were acquired; capture addresses of the web as archives.

    The same command again adds nothing, and goes on where one was stopped. With --json: one line a file, as it is
    kept, and a last line that counts.
    """

    def work() -> int:
        given = Given(published=published, publisher=source, url=url, note=note)
        inquiry, told = the_inquiry(record, author), IntakeTold(as_json)
        paths = [Path(target) for target in targets if not is_address(target)]
        addresses = [target for target in targets if is_address(target)]
        wanted = _access(access, to, unpack=unpack, retry=retry, addresses=bool(addresses))
        if paths:
            if wanted is Access.SEALED:
                taken = inquiry.protection.seal_files(paths, to or [], given)
            else:
                restricted_by = authority if wanted is Access.RESTRICTED else None
                taken = inquiry.preserve_each(
                    paths, given, unpack=unpack, only_failed=retry, restricted_by=restricted_by
                )
            with closing(taken) as outcomes:
                for outcome in outcomes:
                    told.tell(outcome)
        if retry:
            failed = {one.item for one in inquiry.failures()}
            addresses = [address for address in addresses if address in failed]
        if addresses:
            with closing(
                inquiry.capture_each(addresses, given, seconds=timeout, limit_mb=limit_mb, media=media)
            ) as captures:
                for captured in captures:
                    told.tell(captured)
        told.sum_up()
        if wanted is Access.SEALED and not as_json:
            err.print(Text("the files themselves lie where they were, in the clear", style="yellow"))
        return errors.PARTLY if told.some_failed else errors.DONE

    guarded(work, as_json=as_json, debug=debug)


def _access(text: str, to: list[str] | None, *, unpack: bool, retry: bool, addresses: bool) -> Access:
    try:
        wanted = Access(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no access class", next_step=f"classes: {', '.join(Access)}") from error
    if to and wanted is not Access.SEALED:
        raise UsageError("--to is for what is sealed", next_step="say --access sealed")
    if wanted is Access.SEALED and (unpack or retry):
        raise UsageError("what is sealed is not unpacked, and its failures are not recorded")
    if wanted is not Access.PUBLIC and addresses:
        raise UsageError(
            "an address is captured in the clear", next_step="capture it, then `protect class` or `protect seal`"
        )
    return wanted


@commands.command(epilog="Example: `ascertain failures`")
def failures(record: RecordOption = None, as_json: JsonOption = False, debug: DebugOption = False) -> None:
    """What could not be preserved or captured and has not been since, with the reason."""

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
