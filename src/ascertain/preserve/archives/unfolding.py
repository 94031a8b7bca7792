"""A compressed file as its members: those of the tar in it, or the one file that it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

from ascertain.errors import ItemFailed
from ascertain.preserve.archives.compressed import Decompressed
from ascertain.preserve.archives.tars import tar_members
from ascertain.preserve.detect import is_tar
from ascertain.preserve.limits import CHUNK_BYTES, Allowance, Readable
from ascertain.preserve.member import Member, NotTaken
from ascertain.preserve.names import remarks_on, written_name
from ascertain.preserve.signatures import GZIP

_TAR_HEADER_BYTES: Final = 512
_NAME_FLAG, _EXTRA_FLAG = 0x08, 0x04
_NAME_LIMIT: Final = 1024


def compressed_members(media_type: str, file: BinaryIO, allowance: Allowance) -> Iterator[Member | NotTaken]:
    """The members of a compressed tar, or the one file that was compressed.

    Raises ItemFailed where the data is damaged, cut off, unfolds to more than is allowed, or has bytes behind it.
    """
    name = _gzip_name(file) if media_type == GZIP else b""
    file.seek(0)
    unfolded = _Ahead(Decompressed(file, media_type))
    if is_tar(unfolded.peek(_TAR_HEADER_BYTES)):
        yield from tar_members(unfolded, allowance)
    else:
        allowance.take_member()
        facts = {"remarks": ", ".join(remarks_on(name))} if name else {}
        chunks = allowance.metered(_chunks(unfolded))
        yield Member(written_name(name) or "1", chunks, media_type.rpartition("/")[2].removeprefix("x-"), facts)
    if unfolded.source.trailing:
        raise ItemFailed("damaged", "other bytes follow the end of the compressed data")


class _Ahead:
    """A stream whose beginning can be looked at before it is read."""

    def __init__(self, source: Decompressed) -> None:
        self.source = source
        self._ahead = b""

    def peek(self, size: int) -> bytes:
        """The first bytes, at most so many."""
        while len(self._ahead) < size and (some := self.source.read(size - len(self._ahead))):
            self._ahead += some
        return self._ahead

    def read(self, size: int, /) -> bytes:
        """The next bytes."""
        if not self._ahead:
            return self.source.read(size)
        some, self._ahead = self._ahead[:size], self._ahead[size:]
        return some


def _chunks(source: Readable) -> Iterator[bytes]:
    while chunk := source.read(CHUNK_BYTES):
        yield chunk


def _gzip_name(file: BinaryIO) -> bytes:
    """The name that a gzip header gives, if it gives one of a length that names have."""
    header = file.read(10 + _NAME_LIMIT)
    if len(header) < 10 or not header[3] & _NAME_FLAG or header[3] & _EXTRA_FLAG:
        return b""
    name, end, _ = header[10:].partition(b"\0")
    return name if end else b""
