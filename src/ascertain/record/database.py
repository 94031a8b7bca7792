"""The record's SQLite database: how it is opened, what keeps its log append-only.

Rollback journal with `synchronous=EXTRA`: a commit is on the disk when it returns, with any SQLite from 3.37 on. The
write-ahead log is faster for many writers, but its reset bug was fixed only in 3.51.3, later than the SQLite that
Python 3.11 ships with.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import NullPool

from ascertain.errors import AscertainError, NoRecord, RecordDamaged, RecordLocked
from ascertain.record import tables

MINIMUM_SQLITE = (3, 37)


def open_database(path: Path, lock_wait_seconds: int) -> Engine:
    """An engine on the database file. Raises AscertainError when Python's SQLite is too old."""
    if sqlite3.sqlite_version_info < MINIMUM_SQLITE:
        raise AscertainError(
            f"SQLite {sqlite3.sqlite_version} is too old", next_step="use a Python built with SQLite 3.37 or newer"
        )
    engine = create_engine(
        f"sqlite:///{path}", poolclass=NullPool, connect_args={"timeout": lock_wait_seconds}, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def _settle(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy says BEGIN, not the driver
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA synchronous=EXTRA")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine


def create_tables(connection: Connection) -> None:
    """Make the tables of an empty record, and the triggers that refuse to change its log."""
    tables.metadata.create_all(connection)
    for name, statement in append_only_triggers().items():
        connection.exec_driver_sql(statement.format(name=name))


def append_only_triggers() -> dict[str, str]:
    """The triggers by name, each with the SQL that makes it."""
    return {
        f"{table.name}_never_{verb.lower()}": (
            f"CREATE TRIGGER {table.name}_never_{verb.lower()} BEFORE {verb} ON {table.name} "
            f"BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
        )
        for table in tables.APPEND_ONLY
        for verb in ("UPDATE", "DELETE")
    }


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state of the record."""
    with _in_words(), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection that alone may write; everything in it is committed together or not at all."""
    with _in_words(), engine.connect().execution_options(begin="BEGIN IMMEDIATE") as connection, connection.begin():
        yield connection


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        reason = str(error.orig)
        if "locked" in reason or "busy" in reason:
            raise RecordLocked("another process is writing to this record", next_step="try again") from error
        if "unable to open" in reason or "no such table" in reason:
            raise NoRecord(f"this folder's database cannot be opened ({reason})") from error
        if "no such column" in reason or "has no column" in reason:
            raise AscertainError(
                f"this record's tables were made by another version of Ascertain ({reason})",
                next_step="run `ascertain rebuild`",
            ) from error
        raise AscertainError(f"the record's database refuses: {reason}") from error
    except DatabaseError as error:
        reason = str(error.orig)
        if "append-only" in reason:
            raise AscertainError(f"the record's database refuses: {reason}") from error
        raise RecordDamaged(
            f"the record's database is damaged: {reason}", next_step="run `ascertain verify`"
        ) from error
