"""A small record, and the rows that go into it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from ascertain.model.reference import Document, Place
from ascertain.record.entries import RecordCreated
from ascertain.record.store import Record, new_record, open_record
from ascertain.record.tables import DERIVED

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


class Making:
    """What tests of the record make: records, rows, and what tables hold."""

    start = START

    def __init__(self, home: Any) -> None:
        self.home = home

    def new(self, folder: Path) -> AbstractContextManager[Record]:
        """A new record, handed over for its first entries."""
        return new_record(folder, 0, self.home.settings())

    def record(self, folder: Path) -> Record:
        """A new record with one entry."""
        with self.new(folder) as record, record.writing("A. Analyst", START) as writer:
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

    def tamperer(self, record: Record) -> AbstractContextManager[Any]:
        """A connection past the record's own code, with the triggers that keep the log dropped and put back."""
        return self.home.tamper(record)

    def connection(self, record: Record) -> AbstractContextManager[Any]:
        """A connection past the record's own code."""
        return self.home.connect(record)


@pytest.fixture
def making(home: Any) -> Making:
    return Making(home)


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
