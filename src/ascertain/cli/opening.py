"""Commands that open sealed exhibits, and say who can."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from ascertain import errors
from ascertain.cli.arguments import the_inquiry
from ascertain.cli.identities import IdentityOption, IdentityPassphraseOption, identities_from
from ascertain.cli.options import AuthorOption, DebugOption, JsonOption, RecordOption
from ascertain.cli.output import err, guarded, out, print_json, shown
from ascertain.cli.protect_options import ExhibitArgument, ReasonOption

commands = typer.Typer()


@commands.command("open", epilog="Example: `ascertain protect open 3fa9c1d2 --identity my.key --out interview.ogg`")
def open_(
    exhibit: ExhibitArgument,
    target: Annotated[
        Path | None, typer.Option("--out", help="A new file for its bytes; none: tell its particulars.")
    ] = None,
    identity: IdentityOption = None,
    passphrase_file: IdentityPassphraseOption = None,
    record: RecordOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Decrypt a sealed exhibit into a new file, and say how it was acquired. Nothing is overwritten."""

    def work() -> int:
        protection, keys = the_inquiry(record, None).protection, identities_from(identity, passphrase_file)
        told = protection.open(exhibit, keys, target) if target else protection.particulars(exhibit, keys)
        plain = {"exhibit": told.exhibit(), **told.model_dump(exclude={"format", "salt"})}
        if as_json:
            print_json(plain)
        else:
            for name, value in plain.items():
                out.print(Text(f"{name}: {shown(str(value))}"))
            if target:
                err.print(Text(f"{target} lies in the clear: remove it when you are done", style="yellow"))
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)


@commands.command(epilog="Example: `ascertain protect grant 3fa9c1d2 Counsel --identity my.key`")
def grant(
    exhibit: ExhibitArgument,
    name: Annotated[str, typer.Argument(help="Who can open it too.")],
    reason: ReasonOption = "",
    identity: IdentityOption = None,
    passphrase_file: IdentityPassphraseOption = None,
    record: RecordOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Let somebody else open a sealed exhibit. It takes the identity of one who can."""

    def work() -> int:
        keys = identities_from(identity, passphrase_file)
        return _told(the_inquiry(record, author).protection.grant(exhibit, name, keys, reason), as_json)

    guarded(work, as_json=as_json, debug=debug)


@commands.command(epilog="Example: `ascertain protect revoke 3fa9c1d2 Counsel --identity my.key --reason 'has left'`")
def revoke(
    exhibit: ExhibitArgument,
    name: Annotated[str, typer.Argument(help="Who can open it no longer.")],
    reason: ReasonOption = "",
    identity: IdentityOption = None,
    passphrase_file: IdentityPassphraseOption = None,
    record: RecordOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Let somebody open a sealed exhibit no longer. What was opened or copied before cannot be taken back."""

    def work() -> int:
        keys = identities_from(identity, passphrase_file)
        left = the_inquiry(record, author).protection.revoke(exhibit, name, keys, reason)
        err.print(Text(f"what {shown(name)} opened, or copied of this record, cannot be taken back", style="yellow"))
        return _told(left, as_json)

    guarded(work, as_json=as_json, debug=debug)


def _told(names: tuple[str, ...], as_json: bool) -> int:
    print_json({"recipients": list(names)}) if as_json else out.print(Text(f"can open it: {shown(', '.join(names))}"))
    return errors.DONE
