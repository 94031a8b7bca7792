"""Bring a reference folder into a record: all of it, or nothing with every problem named."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from ascertain.errors import ImportRefused, UsageError
from ascertain.progress import Progress
from ascertain.read.reference import Reference, read_reference
from ascertain.record.entries import ReferenceImported, RowWithdrawn
from ascertain.record.store import Record, Writer

_FILE_LIMIT_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed: rows stated (new or replaced), withdrawn, and left as they were, by table."""

    name: str
    version: str
    stated: int
    withdrawn: int
    unchanged: int
    rows: dict[str, int]


def shipped() -> dict[str, Traversable]:
    """The reference records that come with the package, by name."""
    return {folder.name: folder for folder in files("ascertain").joinpath("records").iterdir() if folder.is_dir()}


def load_reference(source: str) -> tuple[Reference, dict[str, bytes]]:
    """A reference, by its shipped name or its folder, with its files' bytes. Raises UsageError when there is none."""
    folder: Traversable | None = shipped().get(source) or (Path(source) if Path(source).is_dir() else None)
    if folder is None:
        known = ", ".join(sorted(shipped()))
        raise UsageError(
            f"{source!r} is neither a folder nor a shipped reference record", next_step=f"shipped: {known}"
        )
    found = {}
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.is_file() and file.name.endswith((".csv", ".toml", ".geojson", ".md")):
            with file.open("rb") as stream:
                found[file.name] = stream.read(_FILE_LIMIT_BYTES + 1)
            if len(found[file.name]) > _FILE_LIMIT_BYTES:
                raise UsageError(f"{file.name} is larger than {_FILE_LIMIT_BYTES >> 20} MB")
    return read_reference(found), found


def import_reference(record: Record, source: str, author: str, now: datetime.datetime, progress: Progress) -> Imported:
    """Import a reference in one transaction; what stands unchanged adds nothing.

    Raises ImportRefused for a folder with problems, and for a row that another reference states with other values.
    """
    reference, found = load_reference(source)
    if reference.problems:
        raise ImportRefused(
            f"{source}: {len(reference.problems)} problems; nothing was imported",
            problems=[str(p) for p in reference.problems],
            next_step="`ascertain import --dry-run` lists them without touching a record",
        )
    with record.writing(author, now) as writer:
        return _write(writer, reference, found, progress)


def _write(writer: Writer, reference: Reference, found: dict[str, bytes], progress: Progress) -> Imported:
    before = writer.standing(reference.name)
    beside = writer.standing_beside(reference.name)
    wanted = {(type(row).table, row.id): row for row in reference.rows}
    stated = {key: row.model_dump(mode="json", by_alias=True) for key, row in wanted.items()}
    _refuse_clashes(reference, [key for key in wanted if key in beside and stated[key] != beside[key]])
    changed = [row for key, row in wanted.items() if before.get(key, beside.get(key)) != stated[key]]
    gone = [key for key in before if key not in wanted]
    progress.begin(f"importing {reference.name} {reference.version}", len(changed) + len(gone))
    for row in changed:
        writer.state(reference.name, row)
        progress.advance()
    for table, row_id in gone:
        reason = f"not in {reference.name} {reference.version}"
        writer.append(RowWithdrawn(table=table, id=row_id, reason=reason))
        progress.advance()
    kept = {name: writer.put(data) for name, data in found.items()}
    last = writer.last_import(reference.name)
    if changed or gone or last is None or (last.version, last.files) != (reference.version, kept):
        writer.append(
            ReferenceImported(
                name=reference.name, version=reference.version, files=kept, stated=len(changed), withdrawn=len(gone)
            )
        )
    progress.end()
    return Imported(
        reference.name,
        reference.version,
        len(changed),
        len(gone),
        len(wanted) - len(changed),
        dict(_per_table(reference)),
    )


def _refuse_clashes(reference: Reference, clashes: list[tuple[str, str]]) -> None:
    """A row has one owner: replaced in silence, the other reference's row would change what a check finds."""
    if clashes:
        raise ImportRefused(
            f"{reference.name}: {len(clashes)} rows stand already in another reference record; nothing was imported",
            problems=[
                f"{table}.csv, id {row_id}: another reference states it with other values" for table, row_id in clashes
            ],
            next_step="give these rows ids of their own, or the very values that stand",
        )


def _per_table(reference: Reference) -> Iterator[tuple[str, int]]:
    tables = [type(row).table for row in reference.rows]
    return ((table, tables.count(table)) for table in dict.fromkeys(tables))
