"""What is protected in a record: its recipients, its sealed exhibits, the classes that were set."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from ascertain.jobs.protecting.recipients import recipients
from ascertain.record import tables
from ascertain.record.sealed.seals import Seal, read_seals
from ascertain.record.store import Record


@dataclass(frozen=True, slots=True)
class SetClass:
    """A class as an entry set it; `stands` says that no later entry on the same subject did."""

    entry: int
    kind: str
    subject: str
    access: str
    reason: str
    authority: str
    author: str
    stands: bool


@dataclass(frozen=True, slots=True)
class Protected:
    """All that is protected."""

    recipients: dict[str, str]
    seals: tuple[Seal, ...]
    classes: tuple[SetClass, ...]


def protected(record: Record) -> Protected:
    """What is protected, in the order of the log."""
    with record.reading() as connection:
        seals = tuple(read_seals(connection).values())
        rows = connection.execute(select(tables.access).order_by(tables.access.c.entered)).all()
    latest = {(row.subject_kind, row.subject): row.entered for row in rows}
    classes = tuple(
        SetClass(
            row.entered,
            row.subject_kind,
            row.subject,
            row.access,
            row.reason,
            row.authority,
            row.author,
            latest[row.subject_kind, row.subject] == row.entered,
        )
        for row in rows
    )
    return Protected(recipients(record), seals, classes)
