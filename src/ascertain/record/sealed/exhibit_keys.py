"""Where the keys of sealed exhibits lie: outside the log and the objects, the one place of a record that is changed.

For each exhibit two things, named `<exhibit>/<hash>.<kind>`: its key, wrapped to those who may open it (`age`; the hash
is the file's own, and an entry names it), and a mark that the bytes of this hash are sealed (`mark`; empty). The mark
lets the record refuse to take the same file in again in the clear.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from ascertain.record.home.objects import needing_room
from ascertain.record.home.syncing import sync_path
from ascertain.record.sealed.overwriting import destroy

FOLDER = Path("keys") / "exhibits"
_NAME = re.compile(r"[0-9a-f]{64}/[0-9a-f]{64}\.(age|mark)")
_INCOMING = ".incoming-"


class ExhibitKeys(Protocol):
    """The keys and marks of one record's sealed exhibits, wherever they lie."""

    def put(self, name: str, data: bytes) -> None:
        """Keep these bytes under this name, durably, all of them or none."""

    def get(self, name: str) -> bytes | None:
        """The bytes of this name; None when there are none."""

    def destroy(self, name: str) -> None:
        """Take these bytes away, durably and as far as the place allows for good; they need not be there."""

    def names(self, exhibit: str = "") -> Iterator[str]:
        """The names that are there, in order: all of them, or one exhibit's."""

    def forget(self, exhibit: str) -> None:
        """Destroy all that lies with an exhibit."""

    def clear_away(self) -> None:
        """Destroy what killed processes left half-written. Only for who alone may write to the record."""


class FolderKeys:
    """Keys in a folder that only its owner can enter."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """Where the bytes of this name lie. Raises ValueError for what is no name."""
        return self.folder / checked_key_name(name)

    def put(self, name: str, data: bytes) -> None:
        """Keep these bytes under this name: file, fsync, rename, fsync of the folders."""
        path = self.path(name)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        incoming = path.with_name(f"{_INCOMING}{secrets.token_hex(8)}")
        handle = os.open(incoming, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with needing_room(), os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            incoming.replace(path)
        except BaseException:
            incoming.unlink(missing_ok=True)
            raise
        for folder in (path.parent, self.folder, self.folder.parent):
            sync_path(folder)

    def get(self, name: str) -> bytes | None:
        """The bytes of this name; None when there are none."""
        try:
            return self.path(name).read_bytes()
        except FileNotFoundError:
            return None

    def destroy(self, name: str) -> None:
        """Write over a file's bytes and its name, and take it away."""
        destroy(self.path(name))

    def names(self, exhibit: str = "") -> Iterator[str]:
        """The names that are there, in order; half-written files have none."""
        if not self.folder.is_dir():
            return
        folders = [self.folder / exhibit] if exhibit else sorted(self.folder.iterdir())
        for folder in folders:
            if folder.is_dir():
                found = (f"{folder.name}/{file.name}" for file in sorted(folder.iterdir()))
                yield from (name for name in found if _NAME.fullmatch(name))

    def forget(self, exhibit: str) -> None:
        """Destroy all that lies with an exhibit, and its folder."""
        folder = self.folder / exhibit
        for name in list(self.names(exhibit)):
            self.destroy(name)
        self._clear_away(folder)
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
            sync_path(self.folder)

    def clear_away(self) -> None:
        """Destroy what killed processes left half-written."""
        for folder in self.folder.iterdir() if self.folder.is_dir() else ():
            self._clear_away(folder)

    def _clear_away(self, folder: Path) -> None:
        for left in folder.iterdir() if folder.is_dir() else ():
            if not _NAME.fullmatch(f"{folder.name}/{left.name}"):
                destroy(left)


def marks(keys: ExhibitKeys) -> dict[str, str]:
    """The hashes of bytes that are sealed, each with its exhibit."""
    found = (name.removesuffix(".mark").partition("/") for name in keys.names() if name.endswith(".mark"))
    return {sha256: exhibit for exhibit, _, sha256 in found}


def is_key_name(text: str) -> bool:
    """Whether a text is the name of a key or a mark."""
    return _NAME.fullmatch(text) is not None


def checked_key_name(name: str) -> str:
    """The name of a key or a mark. Raises ValueError for what is none."""
    if not is_key_name(name):
        raise ValueError(f"{name!r} is no name of a key")
    return name


def key_name(exhibit: str, wrapped: bytes) -> str:
    """The name under which an exhibit's wrapped key is kept."""
    return f"{exhibit}/{hashlib.sha256(wrapped).hexdigest()}.age"


def mark_name(exhibit: str, sha256: str) -> str:
    """The name of the mark that bytes of this hash are sealed as this exhibit."""
    return f"{exhibit}/{sha256}.mark"
