"""The age format (age-encryption.org/v1) by the library pyrage: streams, keys and files of keys, with errors in words.

The library pushes: it reads one stream and writes another. It tells of a failure of either in words alone, so that the
failure itself is kept here and raised again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from typing import Protocol

import pyrage
from pyrage import passphrase, x25519

from ascertain.errors import CannotOpen, RecordDamaged, UsageError

IDENTITY_LIMIT_BYTES = 64 * 1024
_HEADERS = (b"age-encryption.org/v1\n", b"-----BEGIN AGE ENCRYPTED FILE-----")


class Readable(Protocol):
    """Bytes to be read from front to end."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""


class Writable(Protocol):
    """Where bytes go, from front to end."""

    def write(self, data: bytes | memoryview, /) -> object:
        """Take these bytes; a number says that it took only so many."""


class NoMatchingKey(CannotOpen):
    """None of the identities opens this ciphertext."""


def encrypt(source: Readable, sink: Writable, recipients: Sequence[str]) -> None:
    """Encrypt all that the source gives, in memory that does not grow with it. Raises what either stream raises."""
    reader, writer = _Source(source), _Sink(sink)
    try:
        pyrage.encrypt_io(reader, writer, [x25519.Recipient.from_str(one) for one in recipients])
    except (pyrage.EncryptError, OSError) as error:
        raise reader.failure or writer.failure or error from None


def decrypt(source: Readable, sink: Writable, identities: Sequence[x25519.Identity]) -> None:
    """Decrypt all that the source gives. What the sink took is worth nothing unless this returns.

    Raises NoMatchingKey, RecordDamaged for a ciphertext that was cut or changed, and what either stream raises.
    """
    reader, writer = _Source(source), _Sink(sink)
    try:
        pyrage.decrypt_io(reader, writer, list(identities))
    except (pyrage.DecryptError, OSError) as error:
        if failure := reader.failure or writer.failure:
            raise failure from None
        if "No matching keys" in str(error):
            raise NoMatchingKey("no identity that was given opens this") from error
        raise RecordDamaged(f"a ciphertext has been cut or changed ({error})") from error


def encrypted(data: bytes, recipients: Sequence[str]) -> bytes:
    """The ciphertext of a few bytes."""
    sink = BytesIO()
    encrypt(BytesIO(data), sink, recipients)
    return sink.getvalue()


def decrypted(ciphertext: bytes, identities: Sequence[x25519.Identity]) -> bytes:
    """A few bytes from their ciphertext. Raises NoMatchingKey, RecordDamaged."""
    sink = BytesIO()
    decrypt(BytesIO(ciphertext), sink, identities)
    return sink.getvalue()


def recipient(text: str) -> str:
    """An age public key as it is written. Raises UsageError for anything else."""
    try:
        return str(x25519.Recipient.from_str(text.strip()))
    except pyrage.RecipientError as error:
        raise UsageError(
            "this is no age public key (age1…)", next_step="make one: `ascertain protect keygen FILE`, or age-keygen"
        ) from error


def public_key(identity: x25519.Identity) -> str:
    """The public key of an identity."""
    return str(identity.to_public())


def identity_file(identity: x25519.Identity, made: str, secret: str | None = None) -> bytes:
    """An identity as a file, as age-keygen writes it (`made` is a day); with a passphrase encrypted, as by `age -p`."""
    lines = f"# created: {made}\n# public key: {public_key(identity)}\n{identity}\n".encode()
    return bytes(passphrase.encrypt(lines, secret)) if secret else lines


def read_identities(data: bytes, ask: Callable[[], str]) -> list[x25519.Identity]:
    """The identities in a file of keys; `ask` gives the passphrase of an encrypted one.

    Raises UsageError for a file without identities, or of another kind than X25519; CannotOpen for a wrong passphrase.
    """
    if data.startswith(_HEADERS):
        try:
            data = bytes(passphrase.decrypt(data, ask()))
        except pyrage.DecryptError as error:
            raise CannotOpen("the passphrase does not open this file of keys") from error
    return list(_identities(data))


def _identities(data: bytes) -> Iterable[x25519.Identity]:
    lines = [line.strip() for line in data.decode("utf-8", "replace").splitlines()]
    wanted = [line for line in lines if line and not line.startswith("#")]
    if not wanted:
        raise UsageError("there is no identity in this file of keys", next_step="make one: `ascertain protect keygen`")
    for line in wanted:
        try:
            yield x25519.Identity.from_str(line)
        except pyrage.IdentityError as error:  # the line is a secret: it is not shown
            raise UsageError(
                "this file of keys has a line that is no identity of the kind AGE-SECRET-KEY-1…",
                next_step="identities on a hardware token or in an SSH key are not read",
            ) from error


class _Source:
    def __init__(self, source: Readable) -> None:
        self._source = source
        self.failure: BaseException | None = None

    def read(self, size: int, /) -> bytes:
        try:
            return self._source.read(size)
        except BaseException as failure:
            self.failure = self.failure or failure  # the library may ask again after the first
            raise


class _Sink:
    """Takes all of what it is given, as an unbuffered file need not."""

    def __init__(self, sink: Writable) -> None:
        self._sink = sink
        self.failure: BaseException | None = None

    def write(self, data: bytes, /) -> int:
        view = memoryview(data)
        try:
            while view:
                taken = self._sink.write(view)
                view = view[taken if isinstance(taken, int) else len(view) :]
        except BaseException as failure:
            self.failure = self.failure or failure  # the library may ask again after the first
            raise
        return len(data)

    def flush(self) -> None:
        """There is nothing to wait for."""
