"""What a record needs of the database that keeps its log: the same few things of SQLite and of PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any, Protocol

from sqlalchemy import Connection, Table


class Database(Protocol):
    """The database of one record."""

    @property
    def address(self) -> str:
        """Where it is, in words for a person; never with a password."""

    def create(self, name: str) -> None:
        """Make the tables of an empty record of this name, and the triggers that refuse to change its log."""

    def check(self) -> None:
        """Raises NoRecord when there is no record, AscertainError for one of a newer format that says so there."""

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection that sees one state of the record. Raises NoRecord, RecordLocked, Unreachable."""

    def writing(self) -> AbstractContextManager[Connection]:
        """A connection that alone may write; everything in it is committed together or not at all.

        Raises RecordLocked when another writer does not end in time, Unreachable.
        """

    def rebuilding(self) -> AbstractContextManager[Connection]:
        """As `writing`, with no reader inside: tables may be dropped and made anew."""

    def load(self, connection: Connection, table: Table, rows: Iterable[tuple[Any, ...]]) -> None:
        """Add many rows, each with a value for every column of the table in its order, in little memory."""

    def problems(self, connection: Connection) -> list[str]:
        """What is wrong with the database itself, and with what keeps the log append-only."""

    def notes(self, connection: Connection) -> list[str]:
        """What a reader of a verification should know of this database, though it is no fault of the record."""
