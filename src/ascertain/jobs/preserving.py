"""Bring files, folders and what lies inside them into a record as exhibits."""

from __future__ import annotations

import datetime
import os
import stat
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from sqlalchemy import select

from ascertain.errors import ItemFailed, UsageError
from ascertain.jobs.archives import is_archive
from ascertain.jobs.batches import Batch, closed_exhibits, same_acquisition
from ascertain.jobs.failures import list_failures
from ascertain.jobs.files import file_name
from ascertain.jobs.given import Given
from ascertain.jobs.items import INSIDE, Failure, Preserved, Source, Taken, failure
from ascertain.jobs.taking import Taking
from ascertain.model.moment import parse_moment
from ascertain.preserve.examine import Examined
from ascertain.preserve.limits import Allowance, Limits
from ascertain.preserve.unpack import holds_members
from ascertain.preserve.walk import OWN_RECORD, Found, walk
from ascertain.progress import Progress
from ascertain.record.entries import ExhibitAcquired, ExhibitPreserved
from ascertain.record.home.bulk import bulk_incoming
from ascertain.record.home.objects import FolderObjects
from ascertain.record.sealed.exhibit_keys import marks
from ascertain.record.store import Record, Writer
from ascertain.record.tables import acquisitions, exhibits
from ascertain.settings import Settings

_MEGABYTE = 1024 * 1024
_THREADS: Final = 2  # one waits for the disk while the other hashes
_AHEAD: Final = 256  # files that are read before their turn
_ASKED: Final = 200  # files at once of which the record is asked whether it has them


@dataclass(frozen=True, slots=True)
class Intake:
    """How files are taken in: whether what lies inside them is taken too, or only what failed before.

    `restricted_by` is the authority by which they are restricted from the first (empty: the author's own), if they are.
    """

    unpack: bool = False
    only_failed: bool = False
    limits: Limits = field(default_factory=Limits)
    restricted_by: str | None = None


def unpack_limits(settings: Settings) -> Limits:
    """The limits of unpacking that the settings say."""
    return Limits(
        members=settings.unpack_members_limit,
        total_bytes=settings.unpack_total_mb * _MEGABYTE,
        ratio=settings.unpack_ratio_limit,
        depth=settings.unpack_depth_limit,
        message_bytes=settings.unpack_message_mb * _MEGABYTE,
    )


def preserve_files(
    record: Record, paths: Sequence[Path], given: Given, author: str, now: datetime.datetime, progress: Progress
) -> tuple[list[Preserved], list[Failure]]:
    """Preserve files and folders, and say what was preserved and what failed: as `preserve_each`, for few."""
    outcomes = list(preserve_each(record, paths, given, Intake(), author, lambda: now, progress))
    return [o for o in outcomes if isinstance(o, Preserved)], [o for o in outcomes if isinstance(o, Failure)]


def preserve_each(
    record: Record,
    paths: Sequence[Path],
    given: Given,
    intake: Intake,
    author: str,
    clock: Callable[[], datetime.datetime],
    progress: Progress,
) -> Generator[Preserved | Failure, None, None]:
    """Preserve files and folders of any size; each outcome comes when its entries are committed, in sorted order.

    The same run again adds nothing. One that was stopped, killed or ran out of disk keeps what it had reported, and run
    again comes to the same end. A file that fails is named and the rest goes on. Close the iterator to stop early.

    Raises BadMoment, UsageError (a path inside the record), RecordLocked, DiskFull.
    """
    if given.published:
        parse_moment(given.published)
    sources = _wanted(record, paths, intake, progress)
    if isinstance(record.objects, FolderObjects):
        record.objects.clear_away()
    with bulk_incoming(record.objects) as incoming:
        taking = Taking(record.objects, incoming, progress)
        batch = Batch(record, incoming, given, author, clock, intake.restricted_by)
        readers = ThreadPoolExecutor(_THREADS, "reader")
        try:
            for source, reading in _read_ahead(record, sources, given, author, taking, readers):
                yield from _while_waiting(batch, reading)
                for item in _items(record, source, reading, taking, intake):
                    batch.add(item)
                    if batch.is_full:
                        yield from batch.commit()
                progress.advance()
            yield from batch.commit()
        finally:
            taking.stop()
            readers.shutdown(wait=True, cancel_futures=True)
            progress.end()


Reading = Future[Taken] | None


def _read_ahead(
    record: Record,
    sources: Iterator[Source | Failure],
    given: Given,
    author: str,
    taking: Taking,
    readers: ThreadPoolExecutor,
) -> Iterator[tuple[Source | Failure, Reading]]:
    """Each source in its order, with its reading, which may have begun before its turn."""
    ahead: deque[tuple[Source | Failure, Reading]] = deque()
    while some := list(islice(sources, _ASKED)):
        expected = _expected(record, [source for source in some if isinstance(source, Source)], given, author)
        for source in some:
            if isinstance(source, Failure):
                ahead.append((source, None))
            else:
                ahead.append((source, readers.submit(taking.take, source, expected.get(source.name, frozenset()))))
            if len(ahead) >= _AHEAD:
                yield ahead.popleft()
    yield from ahead


def _while_waiting(batch: Batch, reading: Reading) -> Iterator[Preserved | Failure]:
    """Wait for a reading; a batch whose time comes meanwhile is committed."""
    while reading is not None and not reading.done():
        wait([reading], batch.seconds_left)
        if batch.is_full:
            yield from batch.commit()


def _items(
    record: Record, source: Source | Failure, reading: Reading, taking: Taking, intake: Intake
) -> Iterator[Taken | Failure]:
    """What was taken of a source: itself, and what lies inside it if that is wanted and it is not sealed."""
    if reading is None or isinstance(source, Failure):
        if isinstance(source, Failure):
            yield source
        return
    try:
        taken = reading.result()
    except ItemFailed as error:
        yield failure(source.name, error)
        return
    yield taken
    if is_archive(taken.media_type) and not _is_closed(record, taken.kept.name):
        yield from taking.report_on(taken)
    if intake.unpack and holds_members(taken.media_type) and not _is_closed(record, taken.kept.name):
        yield from taking.members(taken, Allowance(intake.limits, taken.kept.size))


def _is_closed(record: Record, name: str) -> bool:
    with record.reading() as connection:
        return bool(closed_exhibits(lambda query: connection.execute(query).all(), {name}, marks(record.keys)))


def _wanted(record: Record, paths: Sequence[Path], intake: Intake, progress: Progress) -> Iterator[Source | Failure]:
    """The sources that this run is to take, counted beforehand for whoever is watching."""
    own = _own_folders(record)
    for path in paths:
        _refuse_own(path, own)
    failed: set[str] | None = None
    if intake.only_failed:
        failed = {one.item.partition(INSIDE)[0] for one in list_failures(record)}
    number = size = 0
    for source in _sources(paths, own, failed):
        number, size = number + 1, size + (source.size if isinstance(source, Source) else 0)
    progress.begin("preserving", number, size)
    return _sources(paths, own, failed, progress)


def _sources(
    paths: Iterable[Path], own: tuple[Path, ...], only: set[str] | None, progress: Progress | None = None
) -> Iterator[Source | Failure]:
    """The files that the paths mean; with `only`, those of these names. `progress` is told what is left out."""
    for path in paths:
        for source in _files_of(path, own):
            if isinstance(source, Failure) and source.code == OWN_RECORD:
                if progress is not None:
                    progress.note(f"{source.name} is the record itself and is left out")
            elif only is None or source.name in only:
                yield source


def _files_of(path: Path, own: tuple[Path, ...]) -> Iterator[Source | Failure]:
    try:
        found = path.stat()
    except (OSError, ValueError):  # reading it will say what is wrong
        yield Source(path, file_name(path), 0, follow=True)
        return
    if not stat.S_ISDIR(found.st_mode):
        yield Source(path, file_name(path), found.st_size, follow=True)
        return
    for one in walk(path, *own):
        if isinstance(one, Found):
            yield Source(one.path, one.name, one.size)
        else:
            yield Failure(one.name, one.reason, one.why)


def _own_folders(record: Record) -> tuple[Path, ...]:
    """Where the record lies on this machine: none of it is taken into it."""
    objects = record.objects
    return (record.folder, objects.folder) if isinstance(objects, FolderObjects) else (record.folder,)


def _refuse_own(path: Path, own: Iterable[Path]) -> None:
    if "\0" in str(path):  # no path; reading it will say so
        return
    real = Path(os.path.realpath(path))
    if any(real.is_relative_to(os.path.realpath(folder)) for folder in own):
        raise UsageError(f"{path} lies inside the record", next_step="give files from outside it")


def _expected(record: Record, sources: list[Source], given: Given, author: str) -> dict[str, frozenset[str]]:
    """By name, the hashes under which files of that name and size were acquired in the same way before."""
    sizes = {source.name: source.size for source in sources}
    wanted = (
        select(acquisitions.c.original_name, acquisitions.c.exhibit, exhibits.c.size)
        .join(exhibits, exhibits.c.id == acquisitions.c.exhibit)
        .where(acquisitions.c.original_name.in_(list(sizes)), *same_acquisition(given, author))
    )
    found: dict[str, set[str]] = {}
    with record.reading() as connection:
        for name, exhibit, size in connection.execute(wanted):
            if sizes[name] == size:
                found.setdefault(name, set()).add(exhibit)
    return {name: frozenset(hashes) for name, hashes in found.items()}


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
