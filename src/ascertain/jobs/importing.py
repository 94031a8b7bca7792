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
    """Import a reference in one transaction; rows that stand unchanged add nothing. Raises ImportRefused."""
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
    wanted = {(type(row).table, row.id): row for row in reference.rows}
    changed = [
        row for key, row in wanted.items() if before.get(key) != row.model_dump(mode="json", by_alias=True)
    ]  # fmt: skip
    gone = [key for key in before if key not in wanted]
    progress.begin(f"importing {reference.name} {reference.version}", len(changed) + len(gone))
    for row in changed:
        writer.state(reference.name, row)
        progress.advance()
    for table, row_id in gone:
        reason = f"not in {reference.name} {reference.version}"
        writer.append(RowWithdrawn(table=table, id=row_id, reason=reason))
        progress.advance()
    if changed or gone:
        kept = {name: writer.put(data) for name, data in found.items()}
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


def _per_table(reference: Reference) -> Iterator[tuple[str, int]]:
    tables = [type(row).table for row in reference.rows]
    return ((table, tables.count(table)) for table in dict.fromkeys(tables))
