"""What a person names to be read: an exhibit of the record by its id, or a file, which is preserved first."""

from __future__ import annotations

import datetime
from pathlib import Path

from ascertain.errors import ItemFailed, UsageError
from ascertain.jobs.given import Given
from ascertain.jobs.preserving import preserve_files
from ascertain.jobs.protecting.exhibits import exhibit_of
from ascertain.progress import Progress
from ascertain.record.store import Record


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
