"""One compressed stream (gzip, bzip2, xz) as its bytes, read forward in bounded memory.

The decompressors are the standard library's; its file classes are not used, because they hold no limit on the memory of
an xz dictionary and read a gzip header byte by byte without an end.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable
from typing import Any, Final

from ascertain.errors import ItemFailed
from ascertain.preserve.limits import Readable
from ascertain.preserve.signatures import BZIP2, GZIP, XZ

_BLOCK_BYTES: Final = 64 * 1024
_XZ_MEMORY_BYTES: Final = 256 * 1024 * 1024


class _Gzip:
    """zlib's decompressor with the manners of the other two."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)
        self.needs_input = True

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """At most `max_length` bytes more."""
        out = self._inner.decompress(self._inner.unconsumed_tail + data, max_length)
        # What fills the space may have more behind it, without any input left.
        self.needs_input = not self._inner.unconsumed_tail and len(out) < max_length
        return out

    @property
    def eof(self) -> bool:
        """Whether the stream has ended, its checksum right."""
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        """What came behind the end."""
        return self._inner.unused_data


def _xz() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY_BYTES)


# How each begins, and what reads it.
_KINDS: dict[str, tuple[bytes, Callable[[], Any]]] = {
    GZIP: (b"\x1f\x8b", _Gzip),
    BZIP2: (b"BZh", bz2.BZ2Decompressor),
    XZ: (b"\xfd7zXZ\0", _xz),
}
COMPRESSED = frozenset(_KINDS)


class Decompressed:
    """The bytes of a compressed file; several streams one after the other are one, as the tools write them.

    `trailing` says, once the end has been read, that other bytes follow it.
    """

    def __init__(self, source: Readable, media_type: str) -> None:
        self._source = source
        self._magic, self._open = _KINDS[media_type]
        self._stream = self._open()
        self._pending = b""
        self.trailing = False

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; nothing at the end. Raises ItemFailed (`damaged`) where the file is cut or broken."""
        while (out := self._some(size)) is None:
            pass
        return out

    def _some(self, size: int) -> bytes | None:
        """Some bytes, nothing at the end of the file, None when more must be tried."""
        if self._stream.eof:
            return b"" if not self._begin_next() else None
        if self._stream.needs_input and not self._pending:
            self._pending = self._source.read(_BLOCK_BYTES)
            if not self._pending:
                raise ItemFailed("damaged", "the compressed data is cut off before its end")
        data, self._pending = self._pending, b""
        try:
            out: bytes = self._stream.decompress(data, size)
        except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
            raise ItemFailed("damaged", f"the compressed data is damaged ({error})") from error
        return out or None

    def _begin_next(self) -> bool:
        """Whether another stream follows. Zeros behind the last one are padding; anything else is no part of it."""
        if self.trailing:
            return False
        rest: bytes = self._stream.unused_data + self._pending
        while len(rest := rest.lstrip(b"\0")) < len(self._magic):
            more = self._source.read(_BLOCK_BYTES)
            if not more:
                break
            rest += more
        if not rest.startswith(self._magic):
            self.trailing = bool(rest)
            return False
        self._stream, self._pending = self._open(), rest
        return True
