"""What a person names to be read: an exhibit of the record by its id, or a file, which is preserved first."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Final

from ascertain.errors import ItemFailed, UnreadableExhibit, UsageError
from ascertain.jobs.given import Given
from ascertain.jobs.preserving import preserve_files
from ascertain.jobs.protecting.exhibits import exhibit_of
from ascertain.progress import Progress
from ascertain.record.store import Record

_MEGABYTE: Final = 1024 * 1024


def exhibit_of_target(
    record: Record, target: str, given: Given, author: str, now: datetime.datetime, progress: Progress
) -> str:
    """The exhibit that is meant. Raises UsageError for what is neither, ItemFailed for a file that is not preserved."""
    if Path(target).is_file():
        preserved, failed = preserve_files(record, [Path(target)], given, author, now, progress)
        if failed:
            raise ItemFailed(failed[0].code, f"{failed[0].name}: {failed[0].reason}")
        return preserved[0].exhibit
    try:
        return exhibit_of(record, target)
    except UsageError as error:
        if Path(target).is_dir():
            raise UsageError(f"{target!r} is a folder", next_step="name one of its files") from error
        raise UsageError(
            f"{target!r} is neither a file nor an exhibit of the record", next_step=error.next_step
        ) from error


def bytes_within(record: Record, exhibit: str, size: int, limit_mb: int) -> bytes:
    """An exhibit's bytes, if they are no more than may be held. Raises UnreadableExhibit before they are read."""
    if size > limit_mb * _MEGABYTE:
        raise UnreadableExhibit(
            f"too large to read ({size / _MEGABYTE:,.1f} MB; limit {limit_mb:,} MB)",
            next_step="raise the setting `statement_limit_mb`, or add only the part that holds the text",
        )
    return record.objects.get(exhibit)
