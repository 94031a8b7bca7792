"""An exhibit's own identity, encrypted to those who may open it: the file that makes a sealed exhibit readable.

The file is what `age` takes: decrypted with a recipient's identity it is a file of keys with which `age` decrypts the
exhibit, without Ascertain. It names its exhibit, so that one exhibit's key is not taken for another's.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyrage import x25519

from ascertain.errors import CannotOpen, RecordDamaged, UsageError
from ascertain.record.sealed import age


def wrap(exhibit: str, identity: x25519.Identity, recipients: Sequence[str]) -> bytes:
    """An exhibit's identity, encrypted to these age public keys."""
    return age.encrypted(f"# exhibit: {exhibit}\n{identity}\n".encode(), recipients)


def unwrap(exhibit: str, wrapped: bytes, identities: Sequence[x25519.Identity]) -> x25519.Identity:
    """The exhibit's identity. Raises CannotOpen when it is not wrapped to these, RecordDamaged for another's key."""
    try:
        plain = age.decrypted(wrapped, identities)
    except age.NoMatchingKey as error:
        raise CannotOpen(
            f"exhibit {exhibit[:16]}… is not sealed to this identity",
            next_step="`ascertain protect list` says to whom it is: any of them can run `ascertain protect grant`",
        ) from error
    if not plain.startswith(f"# exhibit: {exhibit}\n".encode()):
        raise RecordDamaged(f"the key that lies with exhibit {exhibit[:16]}… is another exhibit's")
    try:
        return next(iter(age.read_identities(plain, _never)))
    except UsageError as error:
        raise RecordDamaged(f"the key of exhibit {exhibit[:16]}… holds no identity") from error


def _never() -> str:
    raise UsageError("an exhibit's key is never behind a passphrase")
