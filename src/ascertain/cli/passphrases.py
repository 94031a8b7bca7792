"""Where the passphrase of a signing key comes from: a file, the environment, or the person at the terminal."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer

from ascertain.errors import UsageError
from ascertain.jobs.files import read_file
from ascertain.record.custody.key_file import Passphrase
from ascertain.settings import passphrase_from_environment

PassphraseFileOption = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file", help="A file whose first line opens the signing key (or: $ASCERTAIN_PASSPHRASE)."
    ),
]
AskPassphraseOption = Annotated[
    bool, typer.Option("--ask-passphrase", help="Ask for a passphrase that encrypts the new key.")
]
KeyFileOption = Annotated[
    Path | None,
    typer.Option("--key-file", help="Where the private key lies (default: keys/signer.pem in the record)."),
]


def passphrase_from(file: Path | None) -> Passphrase:
    """What opens an existing key: the file, the environment, or a question when there is a terminal."""

    def find() -> bytes | None:
        known = _known(file)
        if known is None and sys.stdin.isatty():
            return getpass.getpass("passphrase of the signing key: ").encode() or None
        return known

    return find


def new_passphrase(file: Path | None, *, ask: bool) -> bytes | None:
    """What a new key is encrypted with; None to leave it as it is. Raises UsageError for an empty one."""
    if not ask:
        return _known(file)
    first = getpass.getpass("passphrase for the new key: ")
    if not first or getpass.getpass("again: ") != first:
        raise UsageError("the two passphrases differ, or are empty")
    return first.encode()


def absolute(key_file: Path | None) -> str | None:
    """A key's file as the setting `signing_key` takes it."""
    return str(key_file.absolute()) if key_file else None


def _known(file: Path | None) -> bytes | None:
    if file is None:
        return passphrase_from_environment()
    first, _, _ = read_file(file).partition(b"\n")
    if not first.strip():
        raise UsageError(f"{file} holds no passphrase")
    return first.rstrip(b"\r")
