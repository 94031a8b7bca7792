"""Commands of the stage publish."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from ascertain import errors
from ascertain.cli.arguments import the_inquiry, the_moment
from ascertain.cli.options import AsRecordedOption, AuthorOption, DebugOption, JsonOption, ReaderOption, RecordOption
from ascertain.cli.output import guarded, out, print_json, shown
from ascertain.cli.passphrases import KeyFileOption, PassphraseFileOption, absolute, passphrase_from
from ascertain.errors import UsageError
from ascertain.jobs.bundling.writing import Bundled

commands = typer.Typer(
    name="publish",
    help="Hand parts of a record to others.",
    epilog="Example: `ascertain publish bundle for-the-court --exhibit 1c1b9f0e2a7d4c55`",
    no_args_is_help=True,
)


@commands.command(
    epilog="Examples: `ascertain publish bundle for-the-court --exhibit 1c1b9f0e2a7d4c55` · "
    "`ascertain publish bundle everything --all`"
)
def bundle(
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The folder to make.")],
    exhibit: Annotated[
        list[str] | None, typer.Option("--exhibit", help="An exhibit, by its id or the first 16 digits. Repeatable.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that its reader may see.")] = False,
    as_recorded: AsRecordedOption = None,
    unsigned: Annotated[
        bool, typer.Option("--unsigned", help="Sign nothing: the bundle will say so, and no verifier accepts it.")
    ] = False,
    reader: ReaderOption = None,
    key_file: KeyFileOption = None,
    passphrase_file: PassphraseFileOption = None,
    record: RecordOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Write exhibits with everything that proves them into a folder: a BagIt bag with its own verifier.

    Signs a checkpoint of the record. Exhibits that are not for its reader are refused; with --all they are left out.
    """

    def work() -> int:
        if bool(exhibit) == everything:
            raise UsageError("nothing is selected" if not exhibit else "--exhibit and --all are two selections")
        inquiry = the_inquiry(record, author, reader=reader, signing_key=absolute(key_file))
        made = inquiry.publish_bundle(
            target.absolute(),
            None if everything else exhibit,
            as_recorded=the_moment(as_recorded),
            signed=not unsigned,
            passphrase=passphrase_from(passphrase_file),
        )
        print_json({**asdict(made), "path": str(target)}) if as_json else _tell(made, target)
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)


def _tell(made: Bundled, target: Path) -> None:
    out.print(
        Text(
            f"made {shown(str(target))}: {made.exhibits} exhibits, {made.entries} of {made.size} entries, "
            f"{made.objects} objects"
        )
    )
    if made.withheld:
        out.print(Text(f"{made.withheld} entries are not for its reader and are not in it"))
    if not made.signed:
        out.print(Text("nothing in it is signed: it shows nothing to somebody who does not trust you", style="red"))
    out.print(Text(f"to verify: python {shown(str(target / 'verify_bundle.py'))}", style="dim"))
