"""Files taken in sealed, each by itself. What fails is named to who asked, and nowhere in the record."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

from ascertain.errors import AscertainError, DiskFull, ItemFailed, NoRecord, RecordLocked
from ascertain.jobs.given import Given
from ascertain.jobs.items import Failure, Preserved, failure
from ascertain.jobs.protecting.recipients import keys_of
from ascertain.jobs.protecting.sealing import seal_stream
from ascertain.model.moment import parse_moment
from ascertain.preserve.names import written_path
from ascertain.preserve.steady import opened
from ascertain.preserve.walk import Found, walk
from ascertain.progress import Progress
from ascertain.record.store import Record


def seal_files(
    record: Record,
    paths: Sequence[Path],
    given: Given,
    to: Sequence[str],
    author: str,
    clock: Callable[[], datetime.datetime],
    progress: Progress,
) -> Generator[Preserved | Failure, None, None]:
    """Seal files, and the files of folders. A failure is told, not recorded: a file's name can name a witness.

    Raises BadMoment, UsageError (a recipient without a key), RecordLocked, DiskFull.
    """
    if given.published:
        parse_moment(given.published)
    keys_of(record, to)
    progress.begin("sealing", None)
    for path in paths:
        for one in walk(path, record.folder) if path.is_dir() else [Found(path, written_path(path.name), 0)]:
            yield (
                _outcome(record, one, given, to, author, clock)
                if isinstance(one, Found)
                else Failure(one.name, one.reason, one.why)
            )
            progress.advance()
    progress.end()


def _outcome(
    record: Record,
    found: Found,
    given: Given,
    to: Sequence[str],
    author: str,
    clock: Callable[[], datetime.datetime],
) -> Preserved | Failure:
    try:
        with opened(found.path, follow=True) as file:
            sealed = seal_stream(record, file, found.name, given, to, author, clock())
    except ItemFailed as error:
        return failure(found.name, error)
    except (RecordLocked, DiskFull, NoRecord):
        raise
    except AscertainError as error:
        return Failure(found.name, error.message, "refused")
    return Preserved(found.name, sealed.exhibit, sealed.size, "sealed", known=False)
