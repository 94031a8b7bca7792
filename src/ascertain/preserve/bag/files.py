"""The files of a bag's folder: walked without following a link, hashed by several algorithms in one reading."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ascertain.preserve.bag.names import Problem

MOST_FILES = 2_000_000
DEEPEST = 100
_CHUNK = 1024 * 1024
_THREADS = 2  # hashing lets go of the interpreter's lock; more threads than that wait for the disk
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)


@dataclass(frozen=True, slots=True)
class Hashed:
    """A file as read: its size in bytes and its digests (lower-case hexadecimal) by algorithm."""

    size: int
    digests: dict[str, str]


def files_of(folder: Path, problems: list[Problem]) -> list[str]:
    """The paths of all regular files below a folder, `/` between the parts, in order.

    Anything else than a file or a folder is a problem, and so is a name that is not UTF-8; neither is followed or read.
    """
    found: list[str] = []
    for path in _walk(folder, "", problems, 0):
        if len(found) == MOST_FILES:
            problems.append(Problem("", f"more than {MOST_FILES} files"))
            break
        found.append(path)
    return sorted(found)


def _walk(folder: Path, prefix: str, problems: list[Problem], depth: int) -> Iterator[str]:
    if depth > DEEPEST:
        problems.append(Problem(prefix, f"more than {DEEPEST} folders deep"))
        return
    with os.scandir(folder) as entries:
        listed = list(entries)
    for entry in listed:
        path = prefix + entry.name
        if not _is_text(entry.name):
            problems.append(Problem(path, "the name is not UTF-8"))
        elif entry.is_symlink():
            problems.append(Problem(path, "is a symbolic link, which is not followed"))
        elif entry.is_dir(follow_symlinks=False):
            yield from _walk(folder / entry.name, path + "/", problems, depth + 1)
        elif entry.is_file(follow_symlinks=False):
            yield path
        else:
            problems.append(Problem(path, "is neither a file nor a folder"))


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:  # Python keeps bytes that are no UTF-8 as lone surrogates
        return False
    return True


def open_file(path: Path) -> BinaryIO:
    """A regular file, open for reading. Raises OSError for a link or anything else that stands there."""
    handle = os.open(path, os.O_RDONLY | _NO_FOLLOW)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(f"{path} is not a file")
    return os.fdopen(handle, "rb")


def hash_files(folder: Path, wanted: Sequence[tuple[str, Sequence[str]]]) -> Iterator[tuple[str, Hashed]]:
    """The files of `wanted` (path, algorithms), each read once, in order. Raises OSError for an unreadable one."""
    with ThreadPoolExecutor(_THREADS) as pool:
        yield from pool.map(lambda item: (item[0], _hash_file(folder / item[0], item[1])), wanted)


def _hash_file(path: Path, algorithms: Sequence[str]) -> Hashed:
    hashes = {name: hashlib.new(name) for name in algorithms}
    size = 0
    with open_file(path) as file:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            for one in hashes.values():
                one.update(chunk)
    return Hashed(size, {name: one.hexdigest() for name, one in hashes.items()})
