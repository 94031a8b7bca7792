"""The members of a zip, by its directory, each inflated as a stream; nothing is ever written to a path.

The standard library's `zipfile` does the reading. In front of it stands what it does not look at: how large the
directory is, before it is read; whether members share bytes (the way of the zip bomb that is not nested); what a
member unfolds to; methods of compression whose memory nobody bounds.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final, cast

from ascertain.errors import ItemFailed
from ascertain.preserve.archives.zip_remains import remaining_members
from ascertain.preserve.limits import CHUNK_BYTES, MEGABYTE, Allowance
from ascertain.preserve.member import Member, NotTaken, Seen
from ascertain.preserve.names import remarks_on, written_name

METHOD: Final = "zip"
_ENTRY: Final = b"PK\x01\x02"
_ENTRIES_LIMIT: Final = 250_000  # the directory is held in memory
_DIRECTORY_LIMIT_BYTES: Final = 256 * MEGABYTE
_LOCAL_HEADER_BYTES: Final = 30
_ENCRYPTED: Final = 0x1
_UTF8: Final = 0x800
_UNIX: Final = 3
_READ = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# What `zipfile` raises at one damage or another.
_DAMAGES = (
    zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError, OverflowError, NotImplementedError,
    RuntimeError, IndexError,
)  # fmt: skip


def zip_members(file: BinaryIO, allowance: Allowance) -> Iterator[Member | NotTaken]:
    """The members of a zip, in the order of its directory; its folders are no members.

    Of a zip without a directory that can be read, as a download that broke off leaves it, those members that are
    whole. Raises ItemFailed for such a zip when they have been given, for members that overlap, and for more than is
    allowed.
    """
    try:
        archive = zipfile.ZipFile(cast(BinaryIO, _Guarded(file)))
    except _DAMAGES as error:
        yield from remaining_members(file, allowance)
        raise ItemFailed("damaged", f"the zip's directory cannot be read ({error}): members may be missing") from error
    with archive:
        infos = archive.infolist()
        _refuse_overlaps(infos, archive.start_dir)
        seen = Seen()
        for info in infos:
            if not (info.is_dir() and info.file_size == 0):
                allowance.take_member()
                yield _one(archive, info, allowance, seen)


class _Guarded(io.RawIOBase):
    """A file whose directory is not read when it is too large to be held in memory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int = -1, /) -> bytes:
        """Some bytes. Raises ItemFailed (`limit`) for a directory of too many bytes or members."""
        if size < 0:
            at = self._file.tell()
            size = self._file.seek(0, io.SEEK_END) - at
            self._file.seek(at)
        if size > _DIRECTORY_LIMIT_BYTES:
            raise ItemFailed("limit", "the zip's directory is too large to be read")
        found = self._file.read(size)
        if found.count(_ENTRY) > _ENTRIES_LIMIT:
            raise ItemFailed("limit", f"the zip holds more than {_ENTRIES_LIMIT:,} members")
        return found

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """The place."""
        return self._file.tell()

    def seekable(self) -> bool:
        """It is."""
        return True

    def close(self) -> None:
        """Leave the file open: it is not ours."""


def _refuse_overlaps(infos: list[zipfile.ZipInfo], directory: int) -> None:
    """Each member must end before the next begins, and the last before the directory."""
    placed = sorted(infos, key=lambda info: info.header_offset)
    ends = [info.header_offset for info in placed[1:]] + [directory]
    for info, end in zip(placed, ends[: len(placed)], strict=True):
        least = info.header_offset + _LOCAL_HEADER_BYTES + info.compress_size
        if least > end:
            name = written_name(_raw_name(info))
            raise ItemFailed("damaged", f"members of the zip overlap at {name}: it is built to unfold without an end")


def _one(archive: zipfile.ZipFile, info: zipfile.ZipInfo, allowance: Allowance, seen: Seen) -> Member | NotTaken:
    raw = _raw_name(info)
    name = written_name(raw)
    refused = _refused(info, allowance)
    if refused is not None:
        return NotTaken(name, *refused)
    facts = {"modified": _moment(info), "remarks": ", ".join(remarks_on(raw) + seen.remarks(raw))}
    chunks = allowance.metered(_chunks(archive, info))
    return Member(name, chunks, METHOD, {key: value for key, value in facts.items() if value})


def _refused(info: zipfile.ZipInfo, allowance: Allowance) -> tuple[str, str] | None:
    """Why a member is not taken, if it is not."""
    if info.flag_bits & _ENCRYPTED:
        return "encrypted", "encrypted; unpack it with its password and preserve what is inside"
    if info.create_system == _UNIX and stat.S_ISLNK(info.external_attr >> 16):
        return "link", "a symbolic link"
    kind = stat.S_IFMT(info.external_attr >> 16) if info.create_system == _UNIX else 0
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "special", "a device or a pipe"
    if info.compress_type not in _READ:
        return "unsupported", f"compressed by method {info.compress_type}, which is not unpacked"
    return allowance.refusal(info.file_size, info.compress_size)


def _chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(info) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                yield chunk
    except _DAMAGES as error:
        raise ItemFailed("damaged", f"damaged in the zip ({error})") from error


def _raw_name(info: zipfile.ZipInfo) -> bytes:
    """The name's bytes. Without a word on their encoding they were read as code page 437, which loses nothing."""
    return info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437")


def _moment(info: zipfile.ZipInfo) -> str:
    """When the member was last changed, as the zip says it: in the clock of whoever made it, zone unknown."""
    year, month, day, hour, minute, second = info.date_time
    if not (month and day):
        return ""
    return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
