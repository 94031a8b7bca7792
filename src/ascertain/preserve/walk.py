"""A folder as a sorted stream of its files, with what in it is no file; nothing is followed out of it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ascertain.preserve.member import NotTaken
from ascertain.preserve.names import written_name, written_path

OWN_RECORD: Final = "record"  # why the record's own folder is left out: no failure
_SPECIAL: Final = (
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a character device"),
    (stat.S_ISBLK, "a block device"),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A file: where it lies, its name in the record (its path in the folder, written out), its size in bytes."""

    path: Path
    name: str
    size: int


def walk(folder: Path, *leave_out: Path) -> Iterator[Found | NotTaken]:
    """The files of a folder, hidden ones too, folder by folder in the order of their names' bytes.

    Symbolic links, pipes, sockets and devices are named and not taken, and so is what cannot be read. The folders
    `leave_out` (the record itself) are named with OWN_RECORD and not entered.
    """
    own = {_identity(path) for path in leave_out} - {None}
    levels = [_listed(folder, ())]
    while levels:
        entry = next(levels[-1], None)
        if entry is None:
            levels.pop()
        elif isinstance(entry, _Folder) and _identity(entry.path) in own:
            yield NotTaken(written_path(*entry.parts), OWN_RECORD, "the record itself")
        elif isinstance(entry, _Folder):
            levels.append(_listed(entry.path, entry.parts))
        else:
            yield entry


@dataclass(frozen=True, slots=True)
class _Folder:
    path: Path
    parts: tuple[str, ...]


def _listed(folder: Path, parts: tuple[str, ...]) -> Iterator[Found | NotTaken | _Folder]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        yield NotTaken(written_path(*parts) or ".", "unreadable", f"the folder cannot be read ({error.strerror})")
        return
    above = written_path(*parts)
    for entry in entries:
        yield _entry(entry, above, parts)


def _entry(entry: os.DirEntry[str], above: str, parts: tuple[str, ...]) -> Found | NotTaken | _Folder:
    name = f"{above}/{written_path(entry.name)}" if above else written_path(entry.name)
    path = Path(entry.path)
    try:
        found = entry.stat(follow_symlinks=False)
        if stat.S_ISLNK(found.st_mode):
            return NotTaken(name, "link", f"a symbolic link to {written_name(os.fsencode(path.readlink()))}")
    except OSError as error:
        return NotTaken(name, "unreadable", f"it cannot be read ({error.strerror})")
    if stat.S_ISDIR(found.st_mode):
        return _Folder(path, (*parts, entry.name))
    if stat.S_ISREG(found.st_mode):
        return Found(path, name, found.st_size)
    return NotTaken(name, "special", what_it_is(found.st_mode))


def what_it_is(mode: int) -> str:
    """What a file that is no regular one is, in words."""
    return next((words for is_one, words in _SPECIAL if is_one(mode)), "no file of bytes")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
