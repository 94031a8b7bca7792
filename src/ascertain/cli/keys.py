"""Commands about the keys that sign for a record."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from ascertain import errors
from ascertain.cli.arguments import the_inquiry
from ascertain.cli.options import AuthorOption, DebugOption, JsonOption, RecordOption
from ascertain.cli.output import err, guarded, out, print_json
from ascertain.cli.passphrases import (
    AskPassphraseOption,
    KeyFileOption,
    PassphraseFileOption,
    absolute,
    new_passphrase,
    passphrase_from,
)
from ascertain.jobs.keys import NewKey

commands = typer.Typer(
    name="key",
    help="The keys that sign for a record: make, change, list.",
    epilog="Example: `ascertain key list`",
    no_args_is_help=True,
)


@commands.command(epilog="Examples: `ascertain key new --ask-passphrase` · `ascertain key new --lost 41f577dd`")
def new(
    lost: Annotated[str, typer.Option("--lost", help="The id of a key that nobody has any more; it is retired.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="What happened to it.")] = "",
    key_file: KeyFileOption = None,
    passphrase_file: PassphraseFileOption = None,
    ask_passphrase: AskPassphraseOption = False,
    record: RecordOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Make a key and declare it: the first of a record, one beside others, or one for a key that is lost."""

    def work() -> int:
        inquiry = the_inquiry(record, author, signing_key=absolute(key_file))
        secret = new_passphrase(passphrase_file, ask=ask_passphrase)
        return _tell(inquiry.new_key(secret, lost=lost, reason=reason), as_json)

    guarded(work, as_json=as_json, debug=debug)


@commands.command(epilog="Example: `ascertain key rotate --reason 'yearly change'`")
def rotate(
    reason: Annotated[str, typer.Option("--reason", help="Why the present key retires.")] = "rotated",
    key_file: KeyFileOption = None,
    passphrase_file: PassphraseFileOption = None,
    ask_passphrase: AskPassphraseOption = False,
    record: RecordOption = None,
    author: AuthorOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Put a new key in the place of the present one, which signs for it and retires. The old private key is removed.

    The new key gets the passphrase of the old one, unless another is asked for.
    """

    def work() -> int:
        inquiry = the_inquiry(record, author, signing_key=absolute(key_file))
        fresh = new_passphrase(passphrase_file, ask=ask_passphrase)
        return _tell(inquiry.rotate_key(passphrase_from(passphrase_file), fresh, reason), as_json)

    guarded(work, as_json=as_json, debug=debug)


@commands.command("list", epilog="Example: `ascertain key list --json`")
def list_(record: RecordOption = None, as_json: JsonOption = False, debug: DebugOption = False) -> None:
    """The record's keys: give their lines to whoever should be able to verify the record."""

    def work() -> int:
        keys = the_inquiry(record, None).signing_keys()
        if as_json:
            print_json(
                [
                    {
                        "key": str(found.key),
                        "key_id": found.key.key_id,
                        "declared": found.declared,
                        "retired": found.retired,
                        "trusted": found.trusted,
                    }
                    for found in keys
                ]
            )
            return errors.DONE
        for found in keys:
            state = "in use" if found.retired is None else f"retired in entry {found.retired}"
            vouched = "" if found.trusted else ", and no older key vouches for it"
            out.out(str(found.key), highlight=False)
            err.print(Text(f"  declared in entry {found.declared}, {state}{vouched}", style="dim"))
        if not keys:
            err.print(Text("this record has no key: `ascertain key new` makes one", style="dim"))
        return errors.DONE

    guarded(work, as_json=as_json, debug=debug)


def _tell(done: NewKey, as_json: bool) -> int:
    if as_json:
        told = {"key": str(done.key), "key_id": done.key.key_id, "file": str(done.file)}
        print_json({**told, "encrypted": done.encrypted, "trusted": done.trusted})
        return errors.DONE
    out.out(str(done.key), highlight=False)
    kept = "encrypted" if done.encrypted else "NOT encrypted: whoever reads this file can sign for the record"
    err.print(Text(f"the private key is in {done.file}, {kept}", style="dim"))
    if not done.trusted:
        err.print(Text("no older key vouches for it yet: `ascertain verify` says so until one signs a checkpoint"))
    return errors.DONE
