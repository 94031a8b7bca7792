"""Where the identity of somebody who opens sealed exhibits comes from, and its passphrase."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer

from ascertain.errors import CannotOpen, UsageError
from ascertain.jobs.files import read_file
from ascertain.jobs.protecting.opening import Identities, read_identity_file

IdentityOption = Annotated[
    Path | None, typer.Option("--identity", "-i", help="Your file of keys, as `protect keygen` or age-keygen made it.")
]
IdentityPassphraseOption = Annotated[
    Path | None, typer.Option("--passphrase-file", help="A file whose first line opens an encrypted file of keys.")
]


def identities_from(identity: Path | None, passphrase_file: Path | None) -> Identities:
    """The identities that were given. Raises UsageError when none was, CannotOpen when they stay encrypted."""
    if identity is None:
        raise UsageError("whose key opens it?", next_step="say --identity FILE")
    return read_identity_file(identity, lambda: passphrase(passphrase_file))


def passphrase(file: Path | None) -> str:
    """The passphrase in a file's first line, or asked for at the terminal. Raises CannotOpen, UsageError."""
    if file is not None:
        try:
            return read_file(file).partition(b"\n")[0].rstrip(b"\r").decode()
        except UnicodeDecodeError as error:
            raise UsageError(f"{file} holds no passphrase") from error
    if not sys.stdin.isatty():
        raise CannotOpen("the file of keys is encrypted", next_step="say --passphrase-file FILE")
    return getpass.getpass("passphrase of the file of keys: ")
