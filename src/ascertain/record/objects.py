"""Objects: bytes in files named by their SHA-256, written so that a name never stands for other bytes.

Write order: bytes to a temporary file, fsync, rename to the name, fsync of the folder. Only then may an entry name it.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ascertain.errors import RecordDamaged

_HEX = frozenset("0123456789abcdef")


class Objects:
    """The objects of one record, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """Where the object of this name lies. Raises ValueError for anything that is not 64 hexadecimal digits."""
        if len(name) != 64 or not set(name) <= _HEX:
            raise ValueError(f"{name!r} is not an object's name")
        return self.folder / name[:2] / name[2:]

    def put(self, data: bytes) -> str:
        """Keep these bytes, durably, and return their name. The same bytes again cost nothing."""
        name = hashlib.sha256(data).hexdigest()
        target = self.path(name)
        if target.exists():
            return name
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self.folder, prefix=".incoming-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(0o444)
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        for folder in (target.parent, self.folder):
            sync_path(folder)
        return name

    def get(self, name: str) -> bytes:
        """The bytes of an object, re-hashed on the way. Raises RecordDamaged when they are gone or changed."""
        try:
            data = self.path(name).read_bytes()
        except FileNotFoundError as error:
            raise RecordDamaged(f"object {name} is missing", next_step="run `ascertain verify`") from error
        if hashlib.sha256(data).hexdigest() != name:
            raise RecordDamaged(f"object {name} has been altered", next_step="run `ascertain verify`")
        return data

    def names(self) -> Iterator[str]:
        """The names of all objects that are there, in order; half-written files are not objects."""
        if not self.folder.is_dir():
            return
        for folder in sorted(p for p in self.folder.iterdir() if p.is_dir()):
            for file in sorted(folder.iterdir()):
                yield folder.name + file.name

    def hash_of(self, name: str) -> str | None:
        """The hash of the bytes that now lie under a name; None when there are none."""
        try:
            with self.path(name).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            return None


def sync_path(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk before going on."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
