"""A record's log in PostgreSQL: one schema a record, one writer at a time, readers in one state.

A writer holds an advisory lock from its first statement to its end, and only then reads: READ COMMITTED behind the lock
shows it everything that the writer before it committed. A reader reads in REPEATABLE READ. Before that it locks the log
in ACCESS SHARE mode, which only a rebuild excludes: a table that is dropped and made anew would look empty to it.
Every setting is local to its transaction, so that a connection pooler between us and the server changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, Integer, LargeBinary, Table, create_engine, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateIndex, CreateTable

from ascertain.errors import AscertainError, RecordLocked
from ascertain.record import tables
from ascertain.record.entries import FORMAT
from ascertain.record.home import postgres_guard
from ascertain.record.home.address import Address
from ascertain.record.home.columns import Number, Text, as_kept
from ascertain.record.home.postgres_errors import in_words

_ADVISORY = 0x41534352  # "ASCR": the half of an advisory lock's number that is ours
_MINIMUM = 13


class PostgresDatabase:
    """The log and tables of one record in one schema."""

    def __init__(self, address: Address, lock_wait_seconds: int) -> None:
        """Connects to nothing yet. Raises AscertainError when the driver is not installed."""
        self._address = address
        self._schema = address.schema
        self._wait_ms = lock_wait_seconds * 1000
        self._engine = _engine(address)

    @property
    def address(self) -> str:
        """Where it is, in words for a person; never with a password."""
        return str(self._address)

    def create(self, name: str) -> None:
        """Make the schema of an empty record, its tables, and the triggers that refuse to change its log.

        Raises AscertainError for a server or a database that cannot keep a record.
        """
        with in_words(self.address), self._engine.connect() as connection, connection.begin():
            _refuse_unfit(connection)
            connection.exec_driver_sql(f'CREATE SCHEMA "{self._schema}"')
            connection.exec_driver_sql(self._looks_here())
            connection.exec_driver_sql("; ".join([*_table_statements(), *postgres_guard.statements()]))
            about = text("INSERT INTO about (name, format) VALUES (:name, :format)")
            connection.execute(about, {"name": as_kept(name), "format": FORMAT})

    def close(self) -> None:
        """Close the connections that wait for the next call."""
        self._engine.dispose()

    def check(self) -> None:
        """Raises NoRecord when the schema is none of ours, AscertainError for a record of a newer format."""
        self.about()

    def about(self) -> tuple[str, str]:
        """The record's name, and the hash of its first entry in hexadecimal (empty for an empty log).

        Raises NoRecord when the schema is none of ours, AscertainError for a newer format.
        """
        with self.reading() as connection:
            name, version = connection.execute(text("SELECT name, format FROM about")).one()
            _refuse_newer(version)
            first = connection.execute(text("SELECT leaf FROM log WHERE seq = 0")).scalar()
        return name, first.hex() if first else ""

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the record."""
        with in_words(self.address), self._engine.connect() as connecting:
            connection = connecting.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                connection.exec_driver_sql(
                    f"{self._looks_here()}; {self._waits()}; LOCK TABLE {self._log} IN ACCESS SHARE MODE"
                )
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection that alone may write; everything in it is committed together or not at all."""
        with in_words(self.address) as stage, self._engine.connect() as connection, connection.begin():
            self._take_lock(connection)
            yield connection
            stage.is_committing = True

    @contextmanager
    def rebuilding(self) -> Iterator[Connection]:
        """As `writing`, with no reader inside: tables may be dropped and made anew."""
        with self.writing() as connection:
            connection.exec_driver_sql(f"LOCK TABLE {self._log} IN ACCESS EXCLUSIVE MODE")
            yield connection

    def load(self, connection: Connection, table: Table, rows: Iterable[tuple[Any, ...]]) -> None:
        """Add many rows by COPY, each with a value for every column of the table in its order, in little memory."""
        names = ", ".join(f'"{column.name}"' for column in table.c)
        texts = [isinstance(column.type, Text) for column in table.c]
        statement = f'COPY "{self._schema}"."{table.name}" ({names}) FROM STDIN (FORMAT BINARY)'
        driver: Any = connection.connection.driver_connection
        with _as_of_sqlalchemy(connection, statement), driver.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types([_type_name(column.type) for column in table.c])
            for row in rows:
                copy.write_row([as_kept(v) if t and v is not None else v for v, t in zip(row, texts, strict=True)])

    def problems(self, connection: Connection) -> list[str]:
        """What the log's tables are not as they were made, and whether the triggers are."""
        return postgres_guard.problems(connection, self._schema)

    def notes(self, connection: Connection) -> list[str]:
        """Settings of the server that a power cut or a bad disk would show."""
        return postgres_guard.notes(connection)

    @property
    def _log(self) -> str:
        return f'"{self._schema}".log'

    def _looks_here(self) -> str:
        return f'SET LOCAL search_path TO "{self._schema}"'

    def _waits(self) -> str:
        return f"SET LOCAL lock_timeout TO {max(self._wait_ms, 200)}"  # the server takes locks of its own for a moment

    def _take_lock(self, connection: Connection) -> None:
        connection.exec_driver_sql(f"{self._looks_here()}; {self._waits()}; {_LASTING}")
        taking = (
            f"SELECT {'pg_advisory_xact_lock' if self._wait_ms else 'pg_try_advisory_xact_lock'}"
            f"(({_ADVISORY}::bigint << 32) | CAST('{self._log}'::regclass::oid AS bigint)), current_setting('fsync'), "
            "(SELECT format FROM about)"
        )
        taken, fsync, version = connection.exec_driver_sql(taking).one()
        if taken is False:
            raise RecordLocked("somebody else is writing to this record", next_step="try again")
        _refuse_newer(version)
        if fsync == "off":
            raise AscertainError(
                "this PostgreSQL server runs with fsync off: what it acknowledges can be lost",
                next_step="have its administrator set fsync = on",
            )


# A server may be set to acknowledge before the commit is on its disk. A workstation that vanishes must not keep the
# lock for the two hours that TCP waits by itself.
_LASTING = (
    "SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit') "
    "WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true); "
    "SET LOCAL tcp_keepalives_idle TO 30; SET LOCAL tcp_keepalives_interval TO 10; SET LOCAL tcp_keepalives_count TO 3"
)


@cache
def _table_statements() -> tuple[str, ...]:
    """The SQL that makes the tables and their indexes: sent at once, where a network would make each of them wait."""
    dialect: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    made = tables.metadata.sorted_tables
    indexes = [index for table in made for index in sorted(table.indexes, key=lambda one: str(one.name))]
    statements: list[CreateTable | CreateIndex] = [*map(CreateTable, made), *map(CreateIndex, indexes)]
    return tuple(str(one.compile(dialect=dialect)) for one in statements)


@contextmanager
def connect_to(address: Address) -> Iterator[Connection]:
    """A connection to the database itself, each statement by itself. Raises AccessRefused, Unreachable."""
    engine = _engine(address)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection
    finally:
        engine.dispose()


def _engine(address: Address) -> Engine:
    url = address.url
    arguments = {
        "client_encoding": "UTF8",
        "connect_timeout": url.query.get("connect_timeout", "10"),
        "application_name": url.query.get("application_name", "ascertain"),
        "keepalives_idle": "30",
        "keepalives_interval": "10",
        "keepalives_count": "3",
    }
    try:
        return create_engine(
            url.difference_update_query(["connect_timeout", "application_name"]),
            connect_args=arguments,
            pool_size=1,
            max_overflow=50,
            pool_pre_ping=True,
            hide_parameters=True,
        )
    except ModuleNotFoundError as error:
        raise AscertainError(
            "a record in PostgreSQL needs the driver psycopg", next_step="pip install 'ascertain[postgres]'"
        ) from error


@contextmanager
def _as_of_sqlalchemy(connection: Connection, statement: str) -> Iterator[None]:
    """What the driver raises when it is asked past SQLAlchemy, as SQLAlchemy would have raised it."""
    driver: Any = connection.dialect.loaded_dbapi
    try:
        yield
    except driver.Error as error:
        raise DBAPIError.instance(statement, None, error, driver.Error, hide_parameters=True) from error


def _refuse_unfit(connection: Connection) -> None:
    version, encoding = connection.exec_driver_sql(
        "SELECT current_setting('server_version_num')::int / 10000, current_setting('server_encoding')"
    ).one()
    if version < _MINIMUM:
        raise AscertainError(f"PostgreSQL {version} is too old", next_step=f"use {_MINIMUM} or newer")
    if encoding != "UTF8":
        raise AscertainError(
            f"this database keeps text as {encoding}", next_step="make one with CREATE DATABASE … ENCODING 'UTF8'"
        )


def _refuse_newer(version: int) -> None:
    if version > FORMAT:
        raise AscertainError(f"this record is of format {version}", next_step="use a newer Ascertain")


def _type_name(kind: Any) -> str:
    for known, name in ((Text, "text"), (LargeBinary, "bytea"), (Integer, "int8"), (Number, "float8")):
        if isinstance(kind, known):
            return name
    raise TypeError(kind)
