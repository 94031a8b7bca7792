"""Objects: bytes in files named by their SHA-256, written so that a name never stands for other bytes.

Write order: bytes to a temporary file, fsync, rename to the name, fsync of the folders. Only then may an entry name it.
"""

from __future__ import annotations

import errno
import hashlib
import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import BinaryIO, Protocol

from ascertain.errors import DiskFull, RecordDamaged
from ascertain.record.home.syncing import sync_path as sync_path
from ascertain.record.sealed.overwriting import NAMELESS, destroy

_HEX = frozenset("0123456789abcdef")
_INCOMING = ".incoming-"
_CHUNK = 1024 * 1024
_ZEROS = bytes(_CHUNK)
_WRITE_BEHIND = 8 * _CHUNK


@dataclass(frozen=True, slots=True)
class Kept:
    """An object as it was taken in: its name (the SHA-256 of its bytes) and its size in bytes."""

    name: str
    size: int


class Incoming(Protocol):
    """Objects on their way in, made durable together. May be used from several threads."""

    def put(self, data: bytes) -> str:
        """Keep these bytes and return their name. The same bytes again cost nothing."""

    def put_file(self, stream: BinaryIO) -> Kept:
        """Keep a stream's bytes, from where it stands to its end, in memory that does not grow with them."""

    def settle(self) -> None:
        """Return when everything that was put is durable. Only then may an entry name it."""


class Objects(Protocol):
    """The objects of one record, wherever they lie."""

    def incoming(self) -> Incoming:
        """A batch to put objects into."""

    def put(self, data: bytes) -> str:
        """Keep these bytes, durably, and return their name."""

    def open(self, name: str) -> BinaryIO:
        """An object to read from, not yet checked against its name. Raises RecordDamaged when it is missing."""

    def get(self, name: str) -> bytes:
        """An object's bytes, re-hashed on the way. Raises RecordDamaged when they are gone or changed."""

    def has(self, name: str) -> bool:
        """Whether there is an object of this name, altered or not."""

    def hash_of(self, name: str) -> str | None:
        """The hash of the bytes that now lie under a name; None when there are none."""

    def names(self) -> Iterator[str]:
        """The names of all objects that are there, in order; half-written files are not objects."""

    def discard(self, name: str) -> None:
        """Take an object away, durably; it need not be there."""


class FolderObjects:
    """Objects in a folder: the first two digits of a name are a folder, the rest a file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """Where the object of this name lies. Raises ValueError for anything that is not 64 hexadecimal digits."""
        checked_name(name)
        return self.folder / name[:2] / name[2:]

    def incoming(self) -> FolderIncoming:
        """A batch to put objects into."""
        return FolderIncoming(self)

    def put(self, data: bytes) -> str:
        """Keep these bytes, durably, and return their name."""
        incoming = self.incoming()
        name = incoming.put(data)
        incoming.settle()
        return name

    def open(self, name: str) -> BinaryIO:
        """An object to read from, not yet checked against its name. Raises RecordDamaged when it is missing."""
        try:
            return self.path(name).open("rb")
        except FileNotFoundError as error:
            raise missing(name) from error

    def get(self, name: str) -> bytes:
        """An object's bytes, re-hashed on the way. Raises RecordDamaged when they are gone or changed."""
        with self.open(name) as file:
            data = file.read()
        if hashlib.sha256(data).hexdigest() != name:
            raise RecordDamaged(f"object {name} has been altered", next_step="run `ascertain verify`")
        return data

    def has(self, name: str) -> bool:
        """Whether there is an object of this name, altered or not."""
        return self.path(name).is_file()

    def hash_of(self, name: str) -> str | None:
        """The hash of the bytes that now lie under a name; None when there are none."""
        try:
            with self.path(name).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            return None

    def names(self) -> Iterator[str]:
        """The names of all objects that are there, in order; half-written files are not objects."""
        if not self.folder.is_dir():
            return
        for folder in sorted(p for p in self.folder.iterdir() if p.is_dir() and is_name(p.name, 2)):
            for file in sorted(folder.iterdir()):
                if not file.name.startswith(NAMELESS):
                    yield folder.name + file.name

    def discard(self, name: str) -> None:
        """Take an object away, durably and as far as the file system lets us for good; it need not be there."""
        destroy(self.path(name))

    def clear_away(self) -> int:
        """Remove what processes of this host left half-written when they died; returns how many files that were."""
        left = [path for path in self.folder.glob(f"{_INCOMING}*") if _is_left(path.name)]
        left += self.folder.glob(f"*/{NAMELESS}*")
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)


class FolderIncoming:
    """Objects on their way into a folder: each file is durable when it is put, its name when the batch is settled."""

    def __init__(self, objects: FolderObjects) -> None:
        objects.folder.mkdir(parents=True, exist_ok=True)
        self._objects = objects
        self._unsettled: set[Path] = set()
        self._marking = Lock()

    def put(self, data: bytes) -> str:
        """Keep these bytes and return their name. The same bytes again cost nothing."""
        name = hashlib.sha256(data).hexdigest()
        if self._is_there(name, len(data)):
            return name
        return self.put_file(BytesIO(data)).name

    def put_file(self, stream: BinaryIO) -> Kept:
        """Keep a stream's bytes, from where it stands to its end, in memory that does not grow with them.

        Raises DiskFull.
        """
        folder = self._objects.folder
        with needing_room():
            return self._put_file(stream, folder)

    def _put_file(self, stream: BinaryIO, folder: Path) -> Kept:
        handle, temporary = self._begin(folder)
        try:
            kept = copy_hashed(stream, handle)
            if not self._is_there(kept.name, kept.size):
                os.fchmod(handle, 0o444)
                os.fsync(handle)
                self._put_in_place(temporary, kept.name)
        finally:
            os.close(handle)
            temporary.unlink(missing_ok=True)
        return kept

    def _begin(self, folder: Path) -> tuple[int, Path]:
        """A new file without a name that counts, open, and marked as this process's own."""
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=f"{_INCOMING}{socket.gethostname()}-{os.getpid()}-")
        return handle, Path(temporary)

    def settle(self) -> None:
        """Return when everything that was put is durable. Only then may an entry name it."""
        with self._marking:
            unsettled, self._unsettled = self._unsettled, set()
        with needing_room():
            for folder in unsettled:
                sync_path(folder)
            if unsettled:
                sync_path(self._objects.folder)

    def _is_there(self, name: str, size: int) -> bool:
        """Whether these bytes lie there already; another process may have put them and not yet settled them."""
        path = self._objects.path(name)
        try:
            there = path.stat().st_size == size
        except FileNotFoundError:
            return False
        self._mark(path.parent)
        return there

    def _put_in_place(self, temporary: Path, name: str) -> None:
        target = self._objects.path(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.replace(target)
        self._mark(target.parent)

    def _mark(self, folder: Path) -> None:
        """This folder has a name that is not durable yet."""
        with self._marking:
            self._unsettled.add(folder)


def is_name(text: str, digits: int = 64) -> bool:
    """Whether a text is an object's name, or so many digits of one."""
    return len(text) == digits and set(text) <= _HEX


def checked_name(name: str) -> str:
    """The name of an object. Raises ValueError for anything that is not 64 hexadecimal digits."""
    if not is_name(name):
        raise ValueError(f"{name!r} is not an object's name")
    return name


def missing(name: str) -> RecordDamaged:
    """The error of an object that is not there."""
    return RecordDamaged(f"object {name} is missing", next_step="run `ascertain verify`")


def copy_hashed(stream: BinaryIO, handle: int) -> Kept:
    """Copy a stream to an open file, hashing on the way. A stretch of zeros is left as a hole, which reads the same."""
    digest, size, begun = hashlib.sha256(), 0, 0
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
        if size - begun >= _WRITE_BEHIND:
            _begin_writing(handle, begun, size - begun)
            begun = size
        size += len(chunk)
        if len(chunk) == _CHUNK and chunk == _ZEROS:
            os.lseek(handle, _CHUNK, os.SEEK_CUR)
            continue
        view = memoryview(chunk)
        while view:  # a file may take less than it is given
            view = view[os.write(handle, view) :]
    os.ftruncate(handle, size)
    _begin_writing(handle, begun, size - begun)
    return Kept(digest.hexdigest(), size)


def _begin_writing(handle: int, start: int, length: int) -> None:
    """Have the system begin to write these bytes, without waiting: the disk works while the next ones are hashed.

    Linux does so when it is told that they will not be needed in memory. It says nothing of when they are on the disk:
    an fsync has to follow, and finds less to do.
    """
    if sys.platform == "linux" and length:
        os.posix_fadvise(handle, start, length, os.POSIX_FADV_DONTNEED)


@contextmanager
def needing_room() -> Iterator[None]:
    """Say a full disk (or a full quota) in words. Raises DiskFull."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull from error
        raise


def _is_left(name: str) -> bool:
    host, _, rest = name.removeprefix(_INCOMING).rpartition("-")[0].rpartition("-")
    return host == socket.gethostname() and rest.isdecimal() and not is_alive(int(rest))


def is_alive(pid: int) -> bool:
    """Whether a process of this number runs on this host."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
