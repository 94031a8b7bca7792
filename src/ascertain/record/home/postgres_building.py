"""A new record in PostgreSQL, built under another name: a process that is killed leaves a whole record or none."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from ascertain.errors import RecordExists
from ascertain.record.home import postgres_guard
from ascertain.record.home.address import Address
from ascertain.record.home.postgres import PostgresDatabase, connect_to
from ascertain.record.home.postgres_errors import in_words

_MARK = "__building_"
_TAKEN = ("42P06", "2BP01")  # a schema of this name is there; it holds something


@contextmanager
def built(address: Address, name: str, lock_wait_seconds: int) -> Iterator[PostgresDatabase]:
    """The database of an empty record; its schema has its own name only when the block ends well.

    Raises RecordExists when that schema holds anything.
    """
    building = replace(address, schema=f"{address.schema}{_MARK}{secrets.token_hex(2)}")
    with in_words(str(address)), connect_to(address) as connection:
        _refuse_taken(connection, address)
        _clear_away(connection, address)
        connection.execute(_HOLD, {"schema": building.schema})
        database = PostgresDatabase(building, lock_wait_seconds)
        try:
            database.create(name)
            yield database
            database.close()
            _put_in_place(connection, building, address)
        except BaseException:
            database.close()
            connection.exec_driver_sql(f'DROP SCHEMA IF EXISTS "{building.schema}" CASCADE')
            raise


def _refuse_taken(connection: Connection, address: Address) -> None:
    if postgres_guard.holds_anything(connection, address.schema):
        raise RecordExists(
            f"schema {address.schema} of {address.url.database} is not empty",
            next_step="choose another name (?schema=NAME), or `ascertain join` if it is your record",
        )


def _clear_away(connection: Connection, address: Address) -> None:
    """Remove what killed processes left half-built: nobody holds its name any more."""
    for schema in connection.execute(_LEFT, {"begins": address.schema + _MARK}).scalars().all():
        if connection.execute(_TRY, {"schema": schema}).scalar():
            connection.exec_driver_sql(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')


def _put_in_place(connection: Connection, building: Address, address: Address) -> None:
    try:
        connection.exec_driver_sql(
            f'BEGIN; DROP SCHEMA IF EXISTS "{address.schema}" RESTRICT; '
            f'ALTER SCHEMA "{building.schema}" RENAME TO "{address.schema}"; COMMIT'
        )
    except DBAPIError as error:
        connection.exec_driver_sql("ROLLBACK")
        if getattr(error.orig, "sqlstate", "") not in _TAKEN:
            raise
        raise RecordExists(
            f"schema {address.schema} was filled by somebody else meanwhile",
            next_step="choose another name (?schema=NAME)",
        ) from error


_HOLD = text("SELECT pg_advisory_lock(hashtextextended(:schema, 0))")
_TRY = text("SELECT pg_try_advisory_lock(hashtextextended(:schema, 0))")
_LEFT = text("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, :begins)")
