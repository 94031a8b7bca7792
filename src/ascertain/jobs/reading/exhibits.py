"""Read exhibits, one after the other: their text, its claims, into the record. What cannot be read is a failure."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sqlalchemy import select

from ascertain.check.facts import Facts
from ascertain.errors import AscertainError, ItemFailed, UnreadableExhibit, UsageError
from ascertain.jobs.files import file_name, read_file
from ascertain.jobs.given import Given
from ascertain.jobs.items import Failure
from ascertain.jobs.preserving import write_exhibit
from ascertain.jobs.protecting.exhibits import exhibit_of, refuse_sealed_bytes
from ascertain.jobs.reading.gazetteers import open_gazetteer
from ascertain.jobs.reading.report import Known, read_as_report
from ascertain.jobs.reading.statement import Read
from ascertain.jobs.reading.targets import bytes_within
from ascertain.model.claim import Claim
from ascertain.preserve.examine import Examined, examine
from ascertain.progress import Progress
from ascertain.read.report import READER
from ascertain.read.text.text_json import text_to_json
from ascertain.record import entries
from ascertain.record.entries import ClaimsRead, TextRead, canonical
from ascertain.record.store import Record, Writer
from ascertain.record.tables import acquisitions, claims, exhibits, texts
from ascertain.record.view import open_view

STAGE: Final = "read"
TEXT_READER: Final = "text@1"


@dataclass(frozen=True, slots=True)
class ReadExhibit:
    """An exhibit as read: `new` of its claims were not in the record before."""

    exhibit: str
    name: str
    read: Read
    new: int


@dataclass(frozen=True, slots=True)
class _Source:
    exhibit: Examined
    data: bytes
    name: str
    given: Given
    known: bool


def read_each(
    record: Record,
    targets: Sequence[str],
    given: Given,
    *,
    limit_mb: int,
    author: str,
    clock: Callable[[], datetime.datetime],
    progress: Progress,
) -> Generator[ReadExhibit | Failure, None, None]:
    """Read exhibits (by id) and files (which are preserved first), each outcome as it is committed.

    Reading the same again adds nothing. Raises UsageError for a target that is neither.
    """
    known = Known(Facts(open_view(record).tables, None), open_gazetteer(record))
    progress.begin("reading", len(targets))
    for target in targets:
        try:
            source = _source(record, target, given, limit_mb)
            yield _read(record, source, known, limit_mb, author, clock())
        except (ItemFailed, UnreadableExhibit) as error:
            yield _failed(record, target, error, author, clock())
        progress.advance()
    progress.end()


def _source(record: Record, target: str, given: Given, limit_mb: int) -> _Source:
    path = Path(target)
    if path.is_file():
        data = read_file(path, limit_mb)
        return _Source(examine(data), data, file_name(path), given, known=False)
    try:
        exhibit = exhibit_of(record, target)
    except UsageError as error:
        if path.is_dir():
            raise UsageError(f"{target!r} is a folder", next_step="name its files: FOLDER/*") from error
        raise UsageError(
            f"{target!r} is neither a file nor an exhibit of the record", next_step=error.next_step
        ) from error
    with record.reading() as connection:
        row = connection.execute(select(exhibits).where(exhibits.c.id == exhibit)).one()
        came = connection.execute(
            select(acquisitions).where(acquisitions.c.exhibit == exhibit).order_by(acquisitions.c.entered.desc())
        ).first()
    if row.sealed is not None:
        raise ItemFailed("sealed", "the exhibit is sealed: nothing of it is written in the clear")
    data = bytes_within(record, exhibit, row.size, limit_mb)
    if came is not None:
        given = replace(given, published=given.published or came.published, publisher=given.publisher or came.source)
    return _Source(examine(data), data, came.original_name if came else exhibit, given, known=True)


def _read(
    record: Record, source: _Source, known: Known, limit_mb: int, author: str, now: datetime.datetime
) -> ReadExhibit:
    found = source.exhibit
    read = read_as_report(source.data, found.exhibit, found.media_type, known, source.given, limit_mb)
    with record.writing(author, now) as writer:
        refuse_sealed_bytes(record, writer.seals(), found.exhibit)
        if not source.known and not writer.has(exhibits, exhibits.c.id == found.exhibit):
            write_exhibit(writer, source.data, found, source.name, source.given, read.publisher)
        write_text(writer, found.exhibit, read)
        new = write_claims(writer, found.exhibit, READER, read.claims)
    return ReadExhibit(found.exhibit, source.name, read, new)


def write_text(writer: Writer, exhibit: str, read: Read) -> None:
    """Keep the text into which the claims point, unless the record has it."""
    name = writer.put(text_to_json(read.text))
    if not writer.has(texts, texts.c.exhibit == exhibit, texts.c.text == name):
        characters = len(read.text.body)
        writer.append(
            TextRead(exhibit=exhibit, reader=TEXT_READER, text=name, language=read.language, characters=characters)
        )


def write_claims(writer: Writer, exhibit: str, reader: str, found: Sequence[Claim]) -> int:
    """Append a reading of an exhibit, whole, unless it is the last one of its reader again.

    What the record has of a reader is what it read last. Returns how many of the claims the record never held.
    """
    of_reader = (claims.c.exhibit == exhibit, claims.c.reader == reader)
    before = writer.find(select(claims.c.id, claims.c.entered).where(*of_reader).order_by(claims.c.entered))
    last = {row.id for row in before if row.entered == before[-1].entered}
    if {claim.id for claim in found} == last:
        return 0
    data = canonical([claim.model_dump(mode="json") for claim in found])
    writer.append(ClaimsRead(exhibit=exhibit, reader=reader, claims=writer.put(data), number=len(found)))
    return len({claim.id for claim in found} - {row.id for row in before})


def _failed(record: Record, target: str, error: AscertainError, author: str, now: datetime.datetime) -> Failure:
    why = error.why if isinstance(error, ItemFailed) else "unreadable"
    with record.writing(author, now) as writer:
        writer.append(entries.ItemFailed(stage=STAGE, item=target, code=why, reason=error.message))
    return Failure(target, error.message, why)
