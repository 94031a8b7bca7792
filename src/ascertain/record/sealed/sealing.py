"""Sealed bytes: padded and encrypted to an identity of the exhibit's own, in bounded memory, nothing clear on disk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from pyrage import x25519

from ascertain.errors import RecordDamaged
from ascertain.record.sealed import age
from ascertain.record.sealed.age import Readable, Writable
from ascertain.record.sealed.particulars import Particulars, padded_size

_PIECE_BYTES = 256 * 1024
_ZEROS = bytes(_PIECE_BYTES)


@dataclass(frozen=True, slots=True)
class Measured:
    """What was read while it was being encrypted: the SHA-256 of the bytes, and how many they are."""

    sha256: str
    size: int


class SealedStream:
    """The ciphertext of all that a source gives, to be read once.

    The library pushes the ciphertext out, so a thread encrypts and a pipe holds a little of it. The read that would say
    "the end" raises whatever went wrong in the thread: a ciphertext is never cut in silence.
    """

    def __init__(self, source: Readable, identity: x25519.Identity) -> None:
        self._padded = _Padded(source)
        readable, writable = os.pipe()
        self._pipe = os.fdopen(readable, "rb")
        self._pool = ThreadPoolExecutor(1)
        self._encrypting = self._pool.submit(
            _encrypt, self._padded, os.fdopen(writable, "wb", 0), age.public_key(identity)
        )

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes of the ciphertext, none at its end. Raises what the source raised."""
        data = self._pipe.read(size)
        if not data or size < 0:
            self._encrypting.result()
        return data

    def measured(self) -> Measured:
        """What was sealed, once everything was read."""
        return self._padded.measured()

    def close(self) -> None:
        """Stop encrypting."""
        self._pipe.close()
        self._pool.shutdown()


@contextmanager
def sealing(source: Readable, identity: x25519.Identity) -> Iterator[SealedStream]:
    """The ciphertext of all that a source gives; whatever happens, nothing encrypts any more afterwards."""
    stream = SealedStream(source, identity)
    try:
        yield stream
    finally:
        stream.close()


def unseal(ciphertext: Readable, sink: Writable, identity: x25519.Identity, particulars: Particulars) -> None:
    """Decrypt an exhibit, without its padding, and compare it with the hash and the size that its particulars have.

    What the sink took is worth nothing unless this returns. Raises CannotOpen for the identity of another exhibit,
    RecordDamaged for a ciphertext that was cut or changed and for other bytes; and whatever the sink raises.
    """
    unpadded = _Unpadded(sink, particulars.size)
    age.decrypt(ciphertext, unpadded, [identity])
    if unpadded.total != padded_size(particulars.size) or unpadded.digest.hexdigest() != particulars.sha256:
        raise RecordDamaged("the bytes in the seal are not those that were sealed: their hash or size is another")


def _encrypt(source: _Padded, pipe: BinaryIO, recipient: str) -> None:
    with pipe:
        age.encrypt(source, pipe, [recipient])


class _Padded:
    """A source with its padding behind it, which measures what it gives. It reads large pieces and gives small ones."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._digest = hashlib.sha256()
        self._size = 0
        self._piece = b""
        self._given = 0
        self._padding: int | None = None

    def measured(self) -> Measured:
        return Measured(self._digest.hexdigest(), self._size)

    def read(self, size: int, /) -> bytes:
        if self._given == len(self._piece):
            self._piece, self._given = self._following(), 0
        data = self._piece[self._given : self._given + size]
        self._given += len(data)
        return data

    def _following(self) -> bytes:
        if self._padding is None:
            if piece := self._source.read(_PIECE_BYTES):
                self._digest.update(piece)
                self._size += len(piece)
                return piece
            self._padding = padded_size(self._size) - self._size
        piece = _ZEROS[: self._padding]
        self._padding -= len(piece)
        return piece


class _Unpadded:
    """A sink that passes on the first `size` bytes and hashes them; what follows must be zeros."""

    def __init__(self, sink: Writable, size: int) -> None:
        self._sink = sink
        self._size = size
        self.total = 0
        self.digest = hashlib.sha256()

    def write(self, data: bytes | memoryview, /) -> int:
        own = bytes(data[: max(0, self._size - self.total)])
        if bytes(data[len(own) :]).strip(b"\0"):
            raise RecordDamaged("the bytes in the seal are more than its particulars say")
        self.total += len(data)
        self.digest.update(own)
        view = memoryview(own)
        while view:
            taken = self._sink.write(view)
            view = view[taken if isinstance(taken, int) else len(view) :]
        return len(data)
