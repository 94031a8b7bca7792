"""The bytes of a WARC as one stream, compressed or not, with what is known of where its parts begin."""

from __future__ import annotations

import zlib
from bisect import bisect_right
from typing import BinaryIO, Protocol

_PIECE = 256 * 1024
_GZIP = b"\x1f\x8b\x08"


class Damaged(Exception):
    """The stream breaks off here: the compressed data is broken or cut."""


class TooLarge(Exception):
    """More comes out than may."""


class Source(Protocol):
    """Bytes in order. `position` counts them as they come out."""

    @property
    def position(self) -> int:
        """How many were taken."""

    @property
    def broken(self) -> bool:
        """Whether nothing more can be read because the compressed data is broken or cut."""

    def peek(self, number: int) -> bytes:
        """The next bytes, not taken yet; fewer only at the end, or where it is broken. Raises TooLarge."""

    def take(self, number: int) -> bytes:
        """The next bytes, taken; fewer only at the end. Raises Damaged, TooLarge."""

    def restart(self, position: int) -> bool:
        """Go on at the first place after `position` where a record may begin; False when none is known."""

    def place(self, position: int) -> tuple[int, bool]:
        """The offset in the file for a position, and whether a compressed member begins there (plain: always)."""


class _Buffer:
    """Bytes that came and were not taken, without moving them each time that some are."""

    def __init__(self) -> None:
        self._data, self._used = b"", 0
        self.position = 0

    def __len__(self) -> int:
        return len(self._data) - self._used

    def add(self, piece: bytes) -> None:
        """Some more."""
        self._data, self._used = self._data[self._used :] + piece, 0

    def peek(self, number: int) -> bytes:
        """The first of them."""
        return self._data[self._used : self._used + number]

    def take(self, number: int) -> bytes:
        """The first of them, taken."""
        taken = self.peek(number)
        self._used += len(taken)
        self.position += len(taken)
        return taken

    def clear(self, position: int) -> None:
        """Empty, and at another position."""
        self._data, self._used, self.position = b"", 0, position


class PlainSource:
    """A WARC that is not compressed."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._buffer = file, _Buffer()

    @property
    def position(self) -> int:
        """How many bytes were taken."""
        return self._buffer.position

    broken = False

    def peek(self, number: int) -> bytes:
        """The next bytes, not taken yet; fewer only at the end."""
        while len(self._buffer) < number and (piece := self._file.read(max(_PIECE, number))):
            self._buffer.add(piece)
        return self._buffer.peek(number)

    def take(self, number: int) -> bytes:
        """The next bytes, taken; fewer only at the end."""
        self.peek(number)
        return self._buffer.take(number)

    def restart(self, position: int) -> bool:
        """Go back to just behind a position."""
        self._file.seek(position + 1)
        self._buffer.clear(position + 1)
        return True

    def place(self, position: int) -> tuple[int, bool]:
        """A position is an offset."""
        return position, True


class GzipSource:
    """A WARC compressed with gzip, best a member a record; other ways are read too, and told by `place`."""

    def __init__(self, file: BinaryIO, most: int) -> None:
        self._file, self._most = file, most
        self._packed, self._at = b"", 0  # what was read of the file, and the offset of its first byte
        self._buffer, self._out = _Buffer(), 0
        self._unpack: zlib._Decompress | None = None
        self._starts: list[tuple[int, int]] = []  # (position, offset) of members
        self._broken = False

    @property
    def position(self) -> int:
        """How many bytes were taken."""
        return self._buffer.position

    @property
    def broken(self) -> bool:
        """Whether nothing more can be read because the compressed data is broken or cut."""
        return self._broken

    def peek(self, number: int) -> bytes:
        """The next bytes, not taken yet; fewer only at the end, or where it is broken. Raises TooLarge."""
        while len(self._buffer) < number and not self._broken and self._step():
            pass
        return self._buffer.peek(number)

    def take(self, number: int) -> bytes:
        """The next bytes, taken; fewer only at the end. Raises Damaged, TooLarge."""
        if len(self.peek(number)) < number and self._broken:
            raise Damaged("the compressed data is broken or cut")
        return self._buffer.take(number)

    def restart(self, position: int) -> bool:
        """Go on at the next member that begins after a position; when the data is broken, search for one."""
        known = bisect_right(self._starts, (position, 1 << 62))
        if known < len(self._starts):
            self._go_to(*self._starts[known])
            return True
        return self._search()

    def place(self, position: int) -> tuple[int, bool]:
        """The offset of the member that a position is in, and whether the member begins there."""
        at = bisect_right(self._starts, (position, 1 << 62)) - 1
        if at < 0:
            return 0, False
        start, offset = self._starts[at]
        self._starts = self._starts[at:]  # what lies before is not asked for again
        return offset, start == position

    def _step(self) -> bool:
        """Unpack a little more; False at the end of the file, and where it is broken."""
        if not self._packed and not self._read():
            self._broken = self._unpack is not None  # the file ends inside a member
            return False
        if self._unpack is None:
            return self._begin()
        try:
            out = self._unpack.decompress(self._packed, _PIECE)
        except zlib.error:
            self._broken = True
            return False
        self._out += len(out)
        if self._out > self._most:
            raise TooLarge(f"more than {self._most:,} bytes come out of it")
        self._buffer.add(out)
        rest = self._unpack.unused_data if self._unpack.eof else self._unpack.unconsumed_tail
        self._at += len(self._packed) - len(rest)
        self._packed = rest
        if self._unpack.eof:
            self._unpack = None
        return True

    def _begin(self) -> bool:
        """Begin a member."""
        while len(self._packed) < len(_GZIP) and self._read():
            pass
        if not self._packed.startswith(_GZIP):
            self._broken = True
            return False
        self._starts.append((self.position + len(self._buffer), self._at))
        self._unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
        return True

    def _read(self) -> bool:
        piece = self._file.read(_PIECE)
        self._packed += piece
        return bool(piece)

    def _go_to(self, position: int, offset: int) -> None:
        self._file.seek(offset)
        self._packed, self._at = b"", offset
        self._buffer.clear(position)
        self._starts = [one for one in self._starts if one[0] < position]
        self._unpack, self._broken = None, False

    def _search(self) -> bool:
        """Look for the next member in the file as it is, after the last that began."""
        after = self._starts[-1][1] + 1 if self._starts else self._at + 1
        self._file.seek(after)
        packed, at = b"", after
        while piece := self._file.read(_PIECE):
            packed += piece
            found = packed.find(_GZIP)
            if found >= 0:
                self._go_to(self.position + len(self._buffer) + 1, at + found)
                return True
            at += max(len(packed) - 2, 0)
            packed = packed[-2:]
        return False


def open_source(file: BinaryIO, most: int) -> Source:
    """The right kind of source for what a file begins with. `most` bytes may come out of a compressed one."""
    file.seek(0)
    compressed = file.read(len(_GZIP)) == _GZIP
    file.seek(0)
    return GzipSource(file, most) if compressed else PlainSource(file)
