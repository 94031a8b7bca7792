"""Commands that protect exhibits: seal, open, share, erase, and say who may see what."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.text import Text

from ascertain import errors
from ascertain.cli.arguments import the_inquiry
from ascertain.cli.options import AuthorOption, DebugOption, JsonOption, RecordOption
from ascertain.cli.output import err, guarded, out, print_json, shown
from ascertain.cli.protect_options import AuthorityOption, ExhibitArgument, ReasonOption
from ascertain.cli.protected import print_overview
from ascertain.errors import UsageError

commands = typer.Typer(
    name="protect",
    help="Seal exhibits, open them, share them, erase them; say who may see what.",
    epilog="Example: `ascertain protect list` · what is protected against whom: docs/protection.md",
    no_args_is_help=True,
)

To = Annotated[list[str] | None, typer.Option("--to", help="Who can open it, by name; repeatable.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@commands.command(epilog="Example: `ascertain protect seal 3fa9c1d2 --to Registrar --to Counsel`")
def seal(
    exhibit: ExhibitArgument,
    to: To = None,
    yes: Yes = False,
    record: RecordOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Encrypt an exhibit that lies in the clear. What the log says of it stays; that is told first.

    Better: `ascertain preserve FILE --access sealed --to NAME`, by which nothing of it is ever in the clear.
    """

    def work() -> int:
        protection = the_inquiry(record, author).protection
        left = protection.remains(exhibit)
        if left and not yes:
            _tell_what_stays(left)
        _confirm("Its clear bytes, claims and checks are destroyed here. Go on?", yes, as_json)
        done = protection.seal(exhibit, to or [])
        if as_json:
            print_json({**asdict(done), "remains": left})
        else:
            out.print(Text(f"sealed {done.exhibit[:16]}… to {', '.join(done.recipients)}"))
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)


@commands.command(
    epilog="Example: `ascertain protect erase 3fa9c1d2 --reason 'the witness asked' --authority Registrar`"
)
def erase(
    exhibit: ExhibitArgument,
    reason: ReasonOption = "",
    authority: AuthorityOption = "",
    yes: Yes = False,
    record: RecordOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Destroy the key and the ciphertext of a sealed exhibit. There is no way back; the record still verifies.

    Copies of the record and of its keys, made before, are out of reach: destroy theirs too.
    """

    def work() -> int:
        protection = the_inquiry(record, author).protection
        left = protection.remains(exhibit)
        if left and not yes:
            _tell_what_stays(left)
        _confirm("Nobody will be able to open it again. Go on?", yes, as_json)
        done = protection.erase(exhibit, reason, authority)
        print_json({**asdict(done), "remains": left}) if as_json else out.print(Text(shown(done.words())))
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)


@commands.command("list", epilog="Example: `ascertain protect list --json`")
def list_(record: RecordOption = None, as_json: JsonOption = False, debug: DebugOption = False) -> None:
    """Who things may be sealed to, what is sealed to whom, what was erased, which classes were set."""

    def work() -> int:
        found = the_inquiry(record, None).protection.overview()
        print_json(asdict(found)) if as_json else print_overview(found)
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)


@commands.command(epilog="Example: `ascertain protect finish`")
def finish(
    record: RecordOption = None, author: AuthorOption = None, as_json: JsonOption = False, debug: DebugOption = False
) -> None:
    """Do what an interrupted command left undone: keys and clear bytes that the log says must be gone."""

    def work() -> int:
        done = the_inquiry(record, author).protection.finish()
        if as_json:
            print_json(done)
        else:
            for line in done or ["there was nothing left to do"]:
                out.print(Text(line))
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)


def _tell_what_stays(left: list[str]) -> None:
    err.print(Text("This stays in the record in the clear, for ever or until it is sealed itself:", style="yellow"))
    for line in left:
        err.print(Text(f"  {line}", style="yellow"))


def _confirm(question: str, yes: bool, as_json: bool) -> None:
    if yes:
        return
    if as_json or not typer.confirm(question, default=False, err=True):
        raise UsageError("nothing was done", next_step="say --yes to go on without being asked")
