"""The derived tables against a replay of the log into fresh ones, row for row."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, create_engine, inspect, select
from sqlalchemy.pool import StaticPool

from ascertain.errors import RecordDamaged
from ascertain.record import tables
from ascertain.record.derive import Derivation
from ascertain.record.entries import Entry
from ascertain.record.home.objects import Objects
from ascertain.record.sealed.seals import read_seals

_AT_ONCE = 1000
_Key = tuple[Any, ...]


def replayed_differences(connection: Connection, objects: Objects, log: Iterable[Entry]) -> list[str]:
    """What the stored tables hold that the log does not say, and the other way round."""
    names = inspect(connection).get_table_names()
    gone = [f"table {table.name} is missing" for table in tables.DERIVED if table.name not in names]
    if gone:
        return gone
    with tempfile.TemporaryDirectory() as folder:
        fresh = create_engine(f"sqlite:///{Path(folder) / 'replay.sqlite'}", poolclass=StaticPool)
        try:
            with fresh.begin() as replayed:
                replayed.exec_driver_sql("PRAGMA synchronous=OFF")
                tables.metadata.create_all(replayed, tables=list(tables.DERIVED))
                _replay(replayed, objects, log, read_seals(connection))
                return [line for table in tables.DERIVED for line in _compare(table, connection, replayed)]
        except RecordDamaged as error:
            return [error.message]
        finally:
            fresh.dispose()


def _replay(connection: Connection, objects: Objects, log: Iterable[Entry], sealed: Collection[str]) -> None:
    derivation = Derivation(connection, objects, sealed)
    for entry in log:
        derivation.replay(entry)
    derivation.flush()


def _compare(table: Table, stored: Connection, replayed: Connection) -> Iterator[str]:
    """Both tables in the order of their keys, side by side."""
    for key, have, want in _side_by_side(_rows(table, stored), _rows(table, replayed)):
        if want is None:
            yield f"table {table.name}: row {key[0]!r} is in no entry"
        elif have is None:
            yield f"table {table.name}: row {key[0]!r} is missing"
        elif differing := [name for name, value in want.items() if have[name] != value]:
            yield f"table {table.name}: row {key[0]!r} differs from the log in {', '.join(differing)}"


def _side_by_side(
    have: Iterator[tuple[_Key, RowMapping]], want: Iterator[tuple[_Key, RowMapping]]
) -> Iterator[tuple[_Key, RowMapping | None, RowMapping | None]]:
    left, right = next(have, None), next(want, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left[0] < right[0]):
            if left is not None:
                yield left[0], left[1], None
            left = next(have, None)
        elif left is None or right[0] < left[0]:
            yield right[0], None, right[1]
            right = next(want, None)
        else:
            yield left[0], left[1], right[1]
            left, right = next(have, None), next(want, None)


def _rows(table: Table, connection: Connection) -> Iterator[tuple[_Key, RowMapping]]:
    key = [column.name for column in table.primary_key]
    wanted = select(table).order_by(*table.primary_key).execution_options(yield_per=_AT_ONCE)
    for row in connection.execute(wanted).mappings():
        yield tuple(row[name] for name in key), row
