"""Put back objects of a record that are missing or altered, from a bundle or any folder that still has their bytes."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from ascertain.errors import UsageError
from ascertain.preserve.bag.files import files_of, hash_files, open_file
from ascertain.preserve.bag.names import Problem
from ascertain.progress import Progress
from ascertain.record.sealed.seals import naming_objects, read_seals
from ascertain.record.store import Record

_DATA = "data"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done, by the names of objects: those put back, those still wanting."""

    wanted: int
    missing: tuple[str, ...]
    altered: tuple[str, ...]
    restored: tuple[str, ...]
    wanting: tuple[str, ...]
    notes: tuple[str, ...]


def restore_objects(record: Record, folder: Path, author: str, now: datetime.datetime, progress: Progress) -> Restored:
    """Look for objects that the log names and that are not whole, and put them back. The log stays as it is.

    A file is taken by its SHA-256 alone: nothing else of the folder has to hold, no link is followed. What was sealed
    or erased is never put back. Nobody can write to the record meanwhile. Raises UsageError for no folder.
    """
    if not folder.is_dir():
        raise UsageError(f"there is no folder {folder}")
    with record.writing(author, now) as writer:
        with record.reading() as connection:
            seals = read_seals(connection)
            names = {
                name: None
                for said in naming_objects(connection)
                if seals.takes_away(said) is None
                for name in said.objects()
            }
        wrong = _wrong(record, list(names), progress)
        found, notes = _found(folder, set(wrong)) if wrong else ({}, [])
        restored = []
        for name, path in sorted(found.items()):
            if _hash(folder, path) == name:
                record.objects.discard(name)  # altered bytes of the same size would count as these
                with open_file(folder / path) as file:
                    if writer.put_file(file).name == name:
                        restored.append(name)
    return Restored(
        wanted=len(names),
        missing=tuple(name for name, there in wrong.items() if not there),
        altered=tuple(name for name, there in wrong.items() if there),
        restored=tuple(restored),
        wanting=tuple(sorted(wrong.keys() - set(restored))),
        notes=tuple(map(str, notes)),
    )


def _wrong(record: Record, names: list[str], progress: Progress) -> dict[str, bool]:
    """The objects that are not whole; whether something lies there."""
    wrong = {}
    progress.begin("verifying objects", len(names))
    for name in names:
        found = record.objects.hash_of(name)
        if found != name:
            wrong[name] = found is not None
        progress.advance()
    progress.end()
    return wrong


def _found(folder: Path, wanted: set[str]) -> tuple[dict[str, str], list[Problem]]:
    """Where the wanted bytes lie in a folder, by hashing its payload, or all of it when it is no bag."""
    notes: list[Problem] = []
    inside = folder / _DATA if (folder / _DATA).is_dir() and not (folder / _DATA).is_symlink() else folder
    prefix = f"{_DATA}/" if inside != folder else ""
    found = {}
    for path in (prefix + path for path in files_of(inside, notes)):
        try:
            name = _hash(folder, path)
        except OSError as error:  # the others may still be what is wanted
            notes.append(Problem(path, f"cannot be read: {error.strerror or error}"))
            continue
        if name in wanted:
            found[name] = path
    return found, notes


def _hash(folder: Path, path: str) -> str:
    return next(hash_files(folder, [(path, ("sha256",))]))[1].digests["sha256"]
