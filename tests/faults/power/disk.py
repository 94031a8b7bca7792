"""A disk that forgets: what a traced process did to its files, replayed to a moment, with unsynced writes dropped.

The model is stricter than any common file system. Bytes written to a file are on the disk when the file was synced;
a name made, moved or taken away is there when its folder was synced. Until then each may have reached the disk or
not: writes in any subset and torn at sectors, the changes of one folder in order up to any of them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath

SECTOR = 512


@dataclass(frozen=True)
class Operation:
    """A line of the trace, with the bytes that follow it."""

    name: str
    words: str
    data: bytes = b""


@dataclass
class Inode:
    """A file's bytes as they were last synced, and what was done to them since (an offset and bytes, or a length)."""

    synced: bytes = b""
    since: list[tuple[int, bytes | None]] = field(default_factory=list)


@dataclass
class Folder:
    """A folder's names as they were last synced, and what was done to them since (a name and what it now means)."""

    synced: dict[str, Inode | Folder] = field(default_factory=dict)
    since: list[tuple[str, Inode | Folder | None]] = field(default_factory=list)

    def now(self) -> dict[str, Inode | Folder]:
        return self.names(len(self.since))

    def names(self, changes: int) -> dict[str, Inode | Folder]:
        """The names when only the first of the changes since reached the disk."""
        found = dict(self.synced)
        for name, meaning in self.since[:changes]:
            if meaning is None:
                found.pop(name, None)
            else:
                found[name] = meaning
        return found


def read_trace(path: Path) -> list[Operation]:
    """The operations that a trace holds, in order."""
    data, at, found = path.read_bytes(), 0, []
    while at < len(data):
        end = data.index(b"\n", at)
        name, _, words = data[at:end].decode().partition(" ")
        at = end + 1
        size = int(words.split()[2]) if name == "WRITE" else 0
        found.append(Operation(name, words, data[at : at + size]))
        at += size
    return found


class Disk:
    """The files below one folder, as a traced process sees them and as the disk has them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.top = Folder()
        self._open: dict[int, Inode | Folder] = {}

    def take(self, operation: Operation) -> None:
        """Do an operation of the trace."""
        does = {
            "OPEN": self._opened, "WRITE": self._write, "TRUNCATE": self._truncate, "SYNC": self._sync,
            "RENAME": self._rename, "UNLINK": self._unlink, "MKDIR": self._mkdir,
        }  # fmt: skip
        does[operation.name](operation)

    def written(self, name: str) -> bytes:
        """What was written to a file of this name at the top, synced or not."""
        inode = self.top.now().get(name)
        return _content(inode, inode.since) if isinstance(inode, Inode) else b""

    def _find(self, path: str) -> tuple[Folder, str]:
        folder = self.top
        *above, name = PurePath(path).relative_to(self.root).parts
        for part in above:
            found = folder.now()[part]
            assert isinstance(found, Folder)
            folder = found
        return folder, name

    def _opened(self, operation: Operation) -> None:
        number, truncated, path = operation.words.split(" ", 2)
        fd = int(number)
        if PurePath(path) == self.root:
            self._open[fd] = self.top
            return
        folder, name = self._find(path)
        found = folder.now().get(name)
        if found is None:
            found = Inode()
            folder.since.append((name, found))
        if truncated == "1" and isinstance(found, Inode):
            found.since.append((0, None))
        self._open[fd] = found

    def _write(self, operation: Operation) -> None:
        fd, at, _ = map(int, operation.words.split())
        inode = self._open[fd]
        assert isinstance(inode, Inode)
        inode.since.append((at, operation.data))

    def _truncate(self, operation: Operation) -> None:
        fd, size = map(int, operation.words.split())
        inode = self._open[fd]
        assert isinstance(inode, Inode)
        inode.since.append((size, None))

    def _sync(self, operation: Operation) -> None:
        found = self._open[int(operation.words)]
        if isinstance(found, Inode):
            found.synced = _content(found, found.since)
        else:
            found.synced = found.now()
        found.since = []

    def _rename(self, operation: Operation) -> None:
        before, after = operation.words.split("\t")
        source, name = self._find(before)
        target, new_name = self._find(after)
        moved = source.now()[name]
        target.since.append((new_name, moved))
        source.since.append((name, None))

    def _unlink(self, operation: Operation) -> None:
        folder, name = self._find(operation.words)
        folder.since.append((name, None))

    def _mkdir(self, operation: Operation) -> None:
        folder, name = self._find(operation.words)
        folder.since.append((name, Folder()))


def after_power_cut(disk: Disk, chance: random.Random, kept: float, target: Path) -> None:
    """Write down what is on the disk afterwards; each unsynced change was `kept` with this probability."""
    _write_folder(disk.top, chance, kept, target)


def _write_folder(folder: Folder, chance: random.Random, kept: float, target: Path) -> None:
    target.mkdir()
    changes = sum(1 for _ in _run(chance, kept, len(folder.since)))
    for name, meaning in folder.names(changes).items():
        if isinstance(meaning, Folder):
            _write_folder(meaning, chance, kept, target / name)
        else:
            survived = [change for change in _torn(meaning.since, chance) if chance.random() < kept]
            (target / name).write_bytes(_content(meaning, survived))


def _run(chance: random.Random, kept: float, most: int) -> Iterator[int]:
    for number in range(most):
        if chance.random() >= kept:
            return
        yield number


def _torn(changes: list[tuple[int, bytes | None]], chance: random.Random) -> Iterator[tuple[int, bytes | None]]:
    """A write of many sectors may reach the disk in part."""
    for at, data in changes:
        if data is None or chance.random() < 0.5:
            yield at, data
        else:
            yield from ((at + start, data[start : start + SECTOR]) for start in range(0, len(data), SECTOR))


def _content(inode: Inode, changes: list[tuple[int, bytes | None]]) -> bytes:
    content = bytearray(inode.synced)
    for at, data in changes:
        if data is None:
            del content[at:]
            content.extend(bytes(at - len(content)))
        else:
            content.extend(bytes(max(0, at - len(content))))
            content[at : at + len(data)] = data
    return bytes(content)
