"""A record's log in one SQLite file: how it is opened, what keeps the log append-only.

Rollback journal with `synchronous=EXTRA`: a commit is on the disk when it returns, with any SQLite from 3.37 on. The
write-ahead log is faster for many writers, but its reset bug was fixed only in 3.51.3, later than the SQLite that
Python 3.11 ships with.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, insert
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import NullPool, StaticPool

from ascertain.errors import AscertainError, DiskFull, NoRecord, RecordDamaged, RecordLocked
from ascertain.record import tables

MINIMUM_SQLITE = (3, 37)
_AT_ONCE = 1000


class SqliteDatabase:
    """The log and tables of one record in one file."""

    def __init__(self, path: Path, lock_wait_seconds: int) -> None:
        """Raises AscertainError when Python's SQLite is too old."""
        if sqlite3.sqlite_version_info < MINIMUM_SQLITE:
            raise AscertainError(
                f"SQLite {sqlite3.sqlite_version} is too old", next_step="use a Python built with SQLite 3.37 or newer"
            )
        self.path = path
        self._engine = _engine(path, lock_wait_seconds)

    @property
    def address(self) -> str:
        """Where it is, in words for a person."""
        return str(self.path)

    def create(self, name: str) -> None:
        """Make the tables of an empty record, and the triggers that refuse to change its log.

        The name is in `record.toml` alone.
        """
        with self.writing() as connection:
            _create(connection)

    def check(self) -> None:
        """Raises NoRecord when there is no file; the format is in `record.toml` alone."""
        if not self.path.is_file():
            raise NoRecord(f"no record in {self.path.parent}", next_step="make one with `ascertain new FOLDER`")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the record."""
        with _in_words(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection that alone may write; everything in it is committed together or not at all."""
        with (
            _in_words(),
            self._engine.connect().execution_options(begin="BEGIN IMMEDIATE") as connection,
            connection.begin(),
        ):
            yield connection

    def rebuilding(self) -> AbstractContextManager[Connection]:
        """As `writing`: SQLite's own locks keep readers in one state."""
        return self.writing()

    def load(self, connection: Connection, table: Table, rows: Iterable[tuple[Any, ...]]) -> None:
        """Add many rows, each with a value for every column of the table in its order, in little memory."""
        names = [column.name for column in table.c]
        waiting = iter(rows)
        while some := [dict(zip(names, row, strict=True)) for row in islice(waiting, _AT_ONCE)]:
            connection.execute(insert(table), some)

    def problems(self, connection: Connection) -> list[str]:
        """What SQLite's own check finds, and whether the triggers are there with their own text."""
        answer = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check")]
        problems = [] if answer == ["ok"] else [f"the database file: {line}" for line in answer]
        return problems + _schema_problems(_schema(connection))

    def notes(self, connection: Connection) -> list[str]:
        """Nothing: the file has no settings of its own that could matter."""
        return []


def _engine(path: Path, lock_wait_seconds: int) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}", poolclass=NullPool, connect_args={"timeout": lock_wait_seconds}, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def _settle(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy says BEGIN, not the driver
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA synchronous=EXTRA")
        connection.execute("PRAGMA secure_delete=ON")  # the words of an exhibit that is sealed leave no trace

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine


def _schema(connection: Connection) -> dict[tuple[str, str], bytes]:
    """What the file says that it holds, as bytes: a flipped bit there need not be text any more."""
    rows = connection.exec_driver_sql(
        "SELECT CAST(type AS BLOB), CAST(name AS BLOB), CAST(sql AS BLOB) FROM sqlite_master WHERE sql IS NOT NULL"
    )
    return {(kind.decode(errors="replace"), name.decode(errors="replace")): sql for kind, name, sql in rows}


def _schema_problems(present: dict[tuple[str, str], bytes]) -> list[str]:
    """How the file's tables, indexes and triggers differ from those that this version makes."""
    wanted, problems = _wanted_schema(), []
    for (kind, name), sql in sorted(wanted.items()):
        if present.get((kind, name)) != sql:
            what = ", which keeps the log append-only," if kind == "trigger" else ""
            how = "missing" if (kind, name) not in present else "changed"
            problems.append(f"{kind} {name}{what} is {how}")
    strange = sorted(present.keys() - wanted.keys())
    return problems + [f"{kind} {name} is none that a record has" for kind, name in strange]


@cache
def _wanted_schema() -> dict[tuple[str, str], bytes]:
    empty = create_engine("sqlite://", poolclass=StaticPool)
    with empty.begin() as connection:
        _create(connection)
        wanted = _schema(connection)
    empty.dispose()
    return wanted


def _create(connection: Connection) -> None:
    tables.metadata.create_all(connection)
    for statement in append_only_triggers().values():
        connection.exec_driver_sql(statement)


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
def _in_words() -> Iterator[None]:
    try:
        yield
    except UnicodeDecodeError as error:  # SQLite quotes what it cannot read in its own messages
        raise RecordDamaged(
            "the record's database is damaged: it holds text that is none", next_step="run `ascertain verify`"
        ) from error
    except OperationalError as error:
        reason = str(error.orig)
        if "disk is full" in reason:
            raise DiskFull from error
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
