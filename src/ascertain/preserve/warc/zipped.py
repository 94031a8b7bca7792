"""The zip of a WACZ, read as every reader must read it: where two readers could differ, it is refused.

The same name twice, another name in front of the bytes than in the directory, members that share bytes, bytes before
the first member, encryption, links and paths that lead elsewhere are named as bad. Nothing is unpacked to a path.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from ascertain.preserve.names import remarks_on, written_name
from ascertain.preserve.warc.report import Report

MOST_ENTRIES = 100_000
_MOST_DIRECTORY_BYTES = 64 * 1024 * 1024
_LOCAL = struct.Struct("<4s5H3L2H")
_PIECE = 256 * 1024
_ENCRYPTED = 0x1
_UTF8 = 0x800
_DAMAGES = (
    zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError, OverflowError, NotImplementedError,
    RuntimeError, IndexError, OSError,
)  # fmt: skip


class Unreadable(Exception):
    """A member, or the whole zip, cannot be read."""


class Zipped:
    """A zip that was looked over: its findings are in the report. Raises Unreadable when it is no zip at all."""

    def __init__(self, file: BinaryIO, report: Report) -> None:
        try:
            self._zip = zipfile.ZipFile(cast(BinaryIO, _Bounded(file)))
        except _DAMAGES as error:
            raise Unreadable(f"no zip that can be read ({error})") from error
        self._file, self._report = file, report
        infos = self._zip.infolist()
        if any(info.header_offset < 0 for info in infos):
            raise Unreadable("bytes are missing at its beginning")
        if len(infos) > MOST_ENTRIES:
            raise Unreadable(f"more than {MOST_ENTRIES:,} members")
        self._members: dict[str, zipfile.ZipInfo] = {}
        self._look_at_names(infos)
        self._look_at_places(infos)

    @property
    def names(self) -> list[str]:
        """The names of the files in it, in the order of its directory."""
        return list(self._members)

    def size(self, name: str) -> int:
        """The size that a member says it unpacks to."""
        return self._members[name].file_size

    def stored(self, name: str) -> bool:
        """Whether a member is not compressed."""
        return self._members[name].compress_type == zipfile.ZIP_STORED

    def pieces(self, name: str, most: int) -> Iterator[bytes]:
        """A member's bytes, unpacked, its checksum compared. Raises Unreadable: damaged, or more than `most`."""
        left = most
        try:
            with self._zip.open(self._members[name]) as stream:
                while piece := stream.read(_PIECE):
                    left -= len(piece)
                    if left < 0:
                        raise Unreadable(f"{name} unpacks to more than {most:,} bytes")
                    yield piece
        except _DAMAGES as error:
            raise Unreadable(f"{name} is damaged ({error})") from error

    def window(self, name: str) -> BinaryIO | None:
        """A stored member as a file of its own that can be read from anywhere; None for one that is compressed."""
        info = self._members[name]
        if not self.stored(name):
            return None
        self._file.seek(info.header_offset)
        header = self._file.read(_LOCAL.size)
        if len(header) < _LOCAL.size:
            return None
        *_, name_length, extra_length = _LOCAL.unpack(header)
        start = info.header_offset + _LOCAL.size + name_length + extra_length
        return cast(BinaryIO, io.BufferedReader(_Window(self._file, start, info.file_size), _PIECE))

    def _look_at_names(self, infos: list[zipfile.ZipInfo]) -> None:
        folded: set[str] = set()
        for info in infos:
            name, raw = info.filename, _raw(info)
            shown = written_name(raw)
            if info.is_dir() and not info.file_size:
                continue
            if name.lower() in folded:
                self._report.bad("zip-name", shown, "the same name twice: two readers may read two files")
            folded.add(name.lower())
            if remarks := [remark for remark in remarks_on(raw) if remark != "not utf-8"]:
                self._report.bad("zip-name", shown, f"a name that is no plain path ({', '.join(remarks)})")
            kind = stat.S_IFMT(info.external_attr >> 16) if info.create_system == 3 else 0
            if kind not in (0, stat.S_IFREG):
                self._report.bad("zip-link", shown, "a link or a device, no file")
            if info.flag_bits & _ENCRYPTED or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                self._report.bad("zip-method", shown, "encrypted, or compressed in a way that WACZ does not have")
                continue
            self._members.setdefault(name, info)

    def _look_at_places(self, infos: list[zipfile.ZipInfo]) -> None:
        """Each member lies behind the one before, with the name that the directory says."""
        end = 0
        for info in sorted(infos, key=lambda one: one.header_offset):
            shown = written_name(_raw(info))
            if info.header_offset < end:
                self._report.bad("zip-overlap", shown, "members share bytes: a zip that is built to unfold")
            elif info.header_offset > end and end == 0:
                self._report.bad("zip-before", shown, f"{info.header_offset:,} bytes before the first member")
            self._file.seek(info.header_offset)
            header = self._file.read(_LOCAL.size)
            if len(header) < _LOCAL.size:
                self._report.bad("zip-damaged", shown, "there is no member where the directory says")
                continue
            *_, name_length, extra_length = _LOCAL.unpack(header)
            if self._file.read(name_length) != _raw(info):
                self._report.bad("zip-name", shown, "another name in front of the bytes than in the directory")
            end = info.header_offset + _LOCAL.size + name_length + extra_length + info.compress_size


class _Bounded(io.RawIOBase):
    """A file of which no more than a directory's worth is read at once: a directory is held in memory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int = -1, /) -> bytes:
        """Some bytes. Raises ValueError for more than a directory may have."""
        if size > _MOST_DIRECTORY_BYTES:
            raise ValueError("its directory is too large")
        return self._file.read(size if size >= 0 else _MOST_DIRECTORY_BYTES)

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


class _Window(io.RawIOBase):
    """A part of a file."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file, self._start, self._size, self._at = file, start, size, 0

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Some bytes."""
        self._file.seek(self._start + self._at)
        piece = self._file.read(min(len(buffer), self._size - self._at))
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = min(max(base + offset, 0), self._size)
        return self._at

    def tell(self) -> int:
        """The place."""
        return self._at

    def seekable(self) -> bool:
        """It is."""
        return True

    def readable(self) -> bool:
        """It is."""
        return True


def _raw(info: zipfile.ZipInfo) -> bytes:
    """A name's bytes, as the directory has them."""
    return info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437", "replace")
