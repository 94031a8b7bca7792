"""The main job: read a statement, check each claim against the record as of a date, record the check."""

from __future__ import annotations

import datetime
from dataclasses import replace

from ascertain.check.facts import Facts
from ascertain.check.statement import VERSION, Views, check_claims
from ascertain.errors import UsageError
from ascertain.jobs.given import Given
from ascertain.jobs.preserving import write_exhibit
from ascertain.jobs.protecting.exhibits import refuse_sealed_bytes
from ascertain.jobs.reading.exhibits import write_claims
from ascertain.jobs.reading.statement import Read, date_of, read_exhibit
from ascertain.model.claim import Claim
from ascertain.preserve.examine import Examined, examine
from ascertain.publish.check_json import CheckedStatement, read_corrections, to_json
from ascertain.read.statement import READER
from ascertain.record.entries import CheckMade, canonical
from ascertain.record.sealed.seals import read_seals
from ascertain.record.store import Record, Writer
from ascertain.record.tables import acquisitions, checks
from ascertain.record.view import open_view

CHECKER = f"record-rules@{VERSION}"


def check_statement(
    record: Record,
    data: bytes,
    name: str,
    *,
    given: Given,
    as_of: datetime.date | None,
    as_recorded: datetime.datetime | int | None,
    readings: bytes | None,
    author: str,
    now: datetime.datetime,
    limit_mb: int,
) -> CheckedStatement:
    """Check one statement and record the check.

    `as_of` defaults to the statement's own date; `readings` is a corrected `--json` of an earlier check. Nothing is
    written unless everything went well. Raises UnreadableExhibit, UsageError (no date), BadReadings, RecordLocked.
    """
    examined = examine(data)
    _refuse_sealed(record, examined.exhibit)
    present = open_view(record, as_recorded=as_recorded)
    facts_now = Facts(present.tables, None)
    read = read_exhibit(data, examined.exhibit, examined.media_type, facts_now, given, limit_mb)
    day = as_of or date_of(read)
    if day is None:
        raise UsageError(
            "the statement carries no date that could be read", next_step="say as of when: --as-of YYYY-MM-DD"
        )
    then = Facts(open_view(record, as_of=day, as_recorded=present.as_recorded).tables, day)
    found = read.claims
    if readings is not None:
        found = read_corrections(readings, examined.exhibit, read.text.body, author)
    statement = _statement(record, read, examined, name, given, day, then, found, Views(then, facts_now))
    _write(record, data, examined, statement, read, given, found, readings is not None, author, now)
    return statement


def _refuse_sealed(record: Record, sha256: str) -> None:
    """Before anything is read: a result holds the words of its statement."""
    with record.reading() as connection:
        refuse_sealed_bytes(record, read_seals(connection), sha256)


def _statement(
    record: Record,
    read: Read,
    examined: Examined,
    name: str,
    given: Given,
    day: datetime.date,
    then: Facts,
    found: tuple[Claim, ...],
    views: Views,
) -> CheckedStatement:
    notes = list(read.notes)
    if not then.documents:
        notes.append(
            f"the record holds no document published by {day.isoformat()}: nothing can be supported as of then"
        )
    latest = {imported.name: imported.version for imported in record.imported()}
    return CheckedStatement(
        exhibit=examined.exhibit,
        original_name=name,
        media_type=examined.media_type,
        title=read.text.title or "",
        publisher=read.publisher,
        published=read.published,
        language=read.language,
        url=given.url,
        body=read.text.body,
        as_of=day.isoformat(),
        reference=tuple(sorted(latest.items())),
        reader=READER,
        checker=CHECKER,
        claims=check_claims(found, views),
        unread=read.unread,
        notes=tuple(notes),
        names=_names(found, views.now),
    )


def _names(found: tuple[Claim, ...], facts: Facts) -> dict[str, str]:
    """The names of the ids in the claims' slots."""
    known = {**facts.parties, **facts.places, **facts.zones, **facts.agreements}
    ids = {slot.value for claim in found for slot in (*claim.slots, *claim.via, *claim.left_out)}
    return {one: str(known[one]["name"]) for one in ids if one in known}


def _write(
    record: Record,
    data: bytes,
    examined: Examined,
    statement: CheckedStatement,
    read: Read,
    given: Given,
    found: tuple[Claim, ...],
    corrected: bool,
    author: str,
    now: datetime.datetime,
) -> None:
    result = canonical(to_json(statement))
    with record.writing(author, now) as writer:
        refuse_sealed_bytes(record, writer.seals(), examined.exhibit)
        if not _acquired(writer, examined, statement, given):
            known = replace(given, published=read.published)
            write_exhibit(writer, data, examined, statement.original_name, known, statement.publisher)
        write_claims(writer, examined.exhibit, "corrected" if corrected else READER, found)
        name = writer.put(result)
        if not writer.has(checks, checks.c.result == name):
            writer.append(
                CheckMade(
                    exhibit=examined.exhibit,
                    as_of=statement.as_of,
                    readings="corrected" if corrected else READER,
                    result=name,
                    verdicts=statement.verdicts(),
                )
            )


def _acquired(writer: Writer, examined: Examined, statement: CheckedStatement, given: Given) -> bool:
    """Whether this very acquisition is in the record: checking the same file again acquires nothing."""
    return writer.has(
        acquisitions,
        acquisitions.c.exhibit == examined.exhibit,
        acquisitions.c.original_name == statement.original_name,
        acquisitions.c.note == given.note,
        acquisitions.c.url == given.url,
    )
