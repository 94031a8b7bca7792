"""A small record, and the rows that go into it."""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from ascertain.model.reference import Document, Place
from ascertain.record.entries import RecordCreated
from ascertain.record.store import DATABASE, Record, new_record, open_record
from ascertain.record.tables import DERIVED

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


class Making:
    """What tests of the record make: records, rows, and what tables hold."""

    start = START

    def record(self, folder: Path) -> Record:
        """A new record with one entry."""
        with new_record(folder, 0) as record, record.writing("A. Analyst", START) as writer:
            writer.append(RecordCreated(name=folder.name, software="tests"))
        return open_record(folder, 0)

    def place(self, row_id: str, name: str = "Estor", document: str = "report") -> Place:
        return Place(id=row_id, name=name, document=document, confirmed_by="d", confirmed_from="tests")

    def document(self, row_id: str, published: str) -> Document:
        return Document(
            id=row_id, party="body", title="A report", published=published, kind="letter", symbol="S/1",
            seen="primary", confirmed_by="d", confirmed_from="tests",
        )  # fmt: skip

    def tables(self, record: Record) -> dict[str, list[dict[str, Any]]]:
        """Every derived table, row for row."""
        with record.reading() as connection:
            return {
                table.name: sorted((dict(row) for row in connection.execute(select(table)).mappings()), key=repr)
                for table in DERIVED
            }

    @contextmanager
    def tamperer(self, record: Record) -> Iterator[sqlite3.Connection]:
        """A connection past the record's own code, with the triggers that keep the log dropped and put back."""
        with closing(sqlite3.connect(record.folder / DATABASE, isolation_level=None)) as connection:
            triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            yield connection
            for _, statement in triggers:
                connection.execute(statement)


@pytest.fixture
def making() -> Making:
    return Making()


@pytest.fixture
def record(tmp_path: Path, making: Making) -> Record:
    """A record with one entry."""
    return making.record(tmp_path / "inquiry")


@pytest.fixture
def state(record: Record, making: Making) -> Callable[..., int]:
    """Says rows in one commit."""

    def say(*rows: Any) -> int:
        with record.writing("A. Analyst", START) as writer:
            return [writer.state("small", row) for row in rows][-1]

    return say
