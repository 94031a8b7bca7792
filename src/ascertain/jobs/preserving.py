"""Bring files into a record as exhibits."""

from __future__ import annotations

import datetime
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ascertain.errors import UnreadableExhibit, UsageError
from ascertain.jobs.reading import Given
from ascertain.model.moment import parse_moment
from ascertain.preserve.examine import Examined, examine
from ascertain.progress import Progress
from ascertain.record.entries import ExhibitAcquired, ExhibitPreserved
from ascertain.record.store import Record, Writer
from ascertain.record.tables import exhibits

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Preserved:
    """A file as preserved; `known` says that the record had these bytes already."""

    name: str
    exhibit: str
    size: int
    media_type: str
    known: bool


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be preserved, and why."""

    name: str
    reason: str


def preserve_files(
    record: Record, paths: Sequence[Path], given: Given, author: str, now: datetime.datetime, progress: Progress
) -> tuple[list[Preserved], list[Failure]]:
    """Preserve files, one transaction each; a file that cannot be read is named and the rest go on."""
    if given.published:
        parse_moment(given.published)
    done, failed = [], []
    progress.begin("preserving", len(paths))
    for path in paths:
        try:
            data = read_file(path)
        except UsageError as error:
            failed.append(Failure(file_name(path), error.message))
        else:
            examined = examine(data)
            with record.writing(author, now) as writer:
                known = write_exhibit(writer, data, examined, file_name(path), given, given.publisher)
            done.append(Preserved(file_name(path), examined.exhibit, examined.size, examined.media_type, known))
        progress.advance()
    progress.end()
    return done, failed


def read_file(path: Path, limit_mb: int | None = None) -> bytes:
    """A file's bytes. Raises UsageError when it cannot be read, UnreadableExhibit when it is larger than the limit."""
    try:
        if not path.is_file():
            raise UsageError(f"{path} is not a file" if path.exists() else f"there is no file {path}")
        size_mb = path.stat().st_size / _MEGABYTE
        if limit_mb is not None and size_mb > limit_mb:
            raise UnreadableExhibit(
                f"{path.name} is too large to read as a statement ({size_mb:.0f} MB; the limit is {limit_mb} MB)",
                next_step="raise the setting `statement_limit_mb`, or give the statement alone",
            )
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error


def file_name(path: Path) -> str:
    """The file's name; bytes that are no UTF-8, as old archives have them, written out: JSON cannot hold them."""
    return os.fsencode(path.name).decode("utf-8", "backslashreplace")


def write_exhibit(writer: Writer, data: bytes, examined: Examined, name: str, given: Given, source: str) -> bool:
    """Write an exhibit and its acquisition; returns whether the record had the bytes already."""
    known = writer.has(exhibits, exhibits.c.id == examined.exhibit)
    writer.put(data)
    if not known:
        writer.append(ExhibitPreserved(exhibit=examined.exhibit, size=examined.size, media_type=examined.media_type))
    writer.append(
        ExhibitAcquired(
            exhibit=examined.exhibit,
            original_name=name,
            note=given.note,
            source=source,
            published=given.published,
            url=given.url,
        )
    )
    return known
