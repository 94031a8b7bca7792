"""What can still be read of a zip whose directory is gone: its members one after another, from its beginning.

Only whole members are given, each with a checksum that holds. A zip that has a directory is never read this way: its
local headers can say something else than the directory does.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final

from ascertain.errors import ItemFailed
from ascertain.preserve.limits import CHUNK_BYTES, Allowance
from ascertain.preserve.member import Member
from ascertain.preserve.names import remarks_on, written_name

METHOD: Final = "zip without its directory"
_HEADER: Final = struct.Struct("<4s5H3L2H")
_SIGNATURE: Final = b"PK\x03\x04"
_DESCRIPTOR: Final = b"PK\x07\x08"
_ENCRYPTED, _SIZES_FOLLOW = 0x1, 0x8
_STORED, _DEFLATED = 0, 8
_BLOCK_BYTES: Final = 64 * 1024


def remaining_members(file: BinaryIO, allowance: Allowance) -> Iterator[Member]:
    """The members up to the first that is cut off, encrypted or of a kind whose end cannot be known.

    Raises ItemFailed (`limit`) for more than is allowed.
    """
    at: int | None = 0
    while at is not None:
        file.seek(at)
        header = file.read(_HEADER.size)
        if len(header) < _HEADER.size or not header.startswith(_SIGNATURE):
            return
        member = _Piece(file, at, header)
        if not member.can_be_read:
            return
        chunks = allowance.metered(member.chunks())
        if not member.name.endswith(b"/"):
            allowance.take_member()
            facts = {"remarks": ", ".join(remarks_on(member.name))}
            yield Member(written_name(member.name), chunks, METHOD, {k: v for k, v in facts.items() if v})
        for _ in chunks:  # of a folder, or of a member that nobody read
            pass
        at = member.end


class _Piece:
    """One member by its local header."""

    def __init__(self, file: BinaryIO, at: int, header: bytes) -> None:
        _, _, self._flags, self._method, _, _, self._crc, self._packed, self._size, name, extra = _HEADER.unpack(header)
        self._file = file
        self.name = file.read(name)
        self._begin = at + _HEADER.size + name + extra
        self._end: int | None = None
        self.end: int | None = None  # where the next one begins, once this one was read and is whole

    @property
    def can_be_read(self) -> bool:
        """Whether its end can be known: by its size, or because deflated data says where it ends."""
        if self._flags & _ENCRYPTED or 0xFFFFFFFF in (self._packed, self._size):
            return False
        return self._method == _DEFLATED or (self._method == _STORED and not self._flags & _SIZES_FOLLOW)

    def chunks(self) -> Iterator[bytes]:
        """Its bytes. Raises ItemFailed (`damaged`) when they are cut off or do not have their checksum."""
        crc = 0
        self._file.seek(self._begin)
        for chunk in self._stored() if self._method == _STORED else self._inflated():
            crc = zlib.crc32(chunk, crc)
            yield chunk
        if crc != self._checksum():
            raise ItemFailed("damaged", "damaged in the zip (its checksum is wrong)")
        self.end = self._end

    def _stored(self) -> Iterator[bytes]:
        left = self._packed
        while left:
            chunk = self._file.read(min(left, CHUNK_BYTES))
            if not chunk:
                raise ItemFailed("damaged", "cut off with the zip")
            left -= len(chunk)
            yield chunk
        self._end = self._begin + self._packed

    def _inflated(self) -> Iterator[bytes]:
        inflating, read = zlib.decompressobj(-zlib.MAX_WBITS), 0
        while not inflating.eof:
            data = inflating.unconsumed_tail or self._file.read(_BLOCK_BYTES)
            if not data:
                raise ItemFailed("damaged", "cut off with the zip")
            read += 0 if inflating.unconsumed_tail else len(data)
            try:
                chunk = inflating.decompress(data, CHUNK_BYTES)
            except zlib.error as error:
                raise ItemFailed("damaged", f"damaged in the zip ({error})") from error
            if chunk:
                yield chunk
        self._end = self._begin + read - len(inflating.unused_data)

    def _checksum(self) -> int:
        """The checksum that the header gives, or the descriptor behind the data; moves the end behind that."""
        if not self._flags & _SIZES_FOLLOW or self._end is None:
            return int(self._crc)
        self._file.seek(self._end)
        behind = self._file.read(28)
        marked = behind.startswith(_DESCRIPTOR)
        fields = behind[4:] if marked else behind
        if len(fields) < 12:
            raise ItemFailed("damaged", "cut off with the zip")
        long = fields[12:14] != b"PK" and fields[20:22] == b"PK"
        self._end += (4 if marked else 0) + (20 if long else 12)
        return int.from_bytes(fields[:4], "little")
