"""Commands about those to whom exhibits may be sealed."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from ascertain import errors
from ascertain.cli.arguments import the_inquiry
from ascertain.cli.identities import IdentityPassphraseOption, passphrase
from ascertain.cli.options import AuthorOption, DebugOption, JsonOption, RecordOption
from ascertain.cli.output import err, guarded, out, print_json, shown
from ascertain.errors import UsageError
from ascertain.jobs.clock import now
from ascertain.jobs.protecting.opening import make_identity_file

commands = typer.Typer(
    name="recipient",
    help="Those to whom exhibits may be sealed, by name and age public key.",
    epilog="Example: `ascertain protect recipient list`",
    no_args_is_help=True,
)


@commands.command(epilog="Example: `ascertain protect recipient add Registrar age1…`")
def add(
    name: Annotated[str, typer.Argument(help="A name. It is in the log, in the clear.")],
    key: Annotated[str, typer.Argument(help="An age public key: age1…")],
    record: RecordOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Name somebody, or give a name another key. Make sure by another way that the key is theirs."""

    def work() -> int:
        written = the_inquiry(record, author).protection.name_recipient(name, key)
        print_json({"name": name, "key": written}) if as_json else out.print(Text(f"{shown(name)}: {written}"))
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)


@commands.command(epilog="Example: `ascertain protect recipient remove Registrar`")
def remove(
    name: Annotated[str, typer.Argument(help="A name in use.")],
    record: RecordOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Seal nothing more to a name. What is sealed to it already stays so: see `protect revoke`."""

    def work() -> int:
        the_inquiry(record, author).protection.remove_recipient(name)
        print_json({"removed": name}) if as_json else out.print(Text(f"nothing more is sealed to {shown(name)}"))
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)


@commands.command("list", epilog="Example: `ascertain protect recipient list --json`")
def list_(record: RecordOption = None, as_json: JsonOption = False, debug: DebugOption = False) -> None:
    """The names in use, with their keys."""

    def work() -> int:
        found = the_inquiry(record, None).protection.overview().recipients
        if as_json:
            print_json(found)
        else:
            for name, key in found.items():
                out.print(Text(f"{shown(name)}  {key}"))
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)


def keygen(
    file: Annotated[Path, typer.Argument(help="A new file for the identity, outside the record.")],
    ask_passphrase: Annotated[
        bool, typer.Option("--ask-passphrase", help="Encrypt it with a passphrase that is asked for.")
    ] = False,
    passphrase_file: IdentityPassphraseOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Make an age identity: its file opens what is sealed to the public key that is printed, as age-keygen does."""

    def work() -> int:
        secret = passphrase(passphrase_file) if passphrase_file else _asked() if ask_passphrase else None
        public = make_identity_file(file, now().date().isoformat(), secret)
        print_json({"file": str(file), "public_key": public}) if as_json else out.print(Text(public))
        err.print(Text(f"who has {file} can open what is sealed to it; lost, nobody can", style="yellow"))
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)


def _asked() -> str:
    first = getpass.getpass("passphrase for the new file of keys: ")
    if not first or getpass.getpass("again: ") != first:
        raise UsageError("the two passphrases differ, or are empty")
    return first
