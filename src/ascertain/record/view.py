"""Views: the record as it was published by a day, and as it was recorded by a moment."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, Integer, Select, Table, and_, func, or_, select

from ascertain.model.access import AccessRule
from ascertain.model.reference import ROW_OF_TABLE, Sourced
from ascertain.record import tables
from ascertain.record.home.columns import Number
from ascertain.record.sealed.access import read_access
from ascertain.record.store import Record

# Names and boundaries are how we speak of things, whenever they were written down: they have no date of publication.
TIMELESS = frozenset({"parties", "places", "incidents", "zones", "registers"})


@dataclass(frozen=True)
class View:
    """The reference tables as Arrow tables: rows published by `as_of` and standing at entry `as_recorded`.

    A document counts as published on the last day that its date allows, so that a doubtful date never lets a row in
    early. `as_of` None means whatever has been published. `access` has the classes as they were recorded then.
    """

    as_of: datetime.date | None
    as_recorded: int
    tables: Mapping[str, pa.Table]
    access: AccessRule

    @cached_property
    def identity(self) -> str:
        """What the view shows, in a word for people."""
        return f"as of {self.as_of.isoformat() if self.as_of else 'today'}, record at entry {self.as_recorded}"


def open_view(
    record: Record, *, as_of: datetime.date | None = None, as_recorded: datetime.datetime | int | None = None
) -> View:
    """The record as of a day of publication, as recorded by a moment (or an entry's number)."""
    with record.reading() as connection:
        seq = entry_at(connection, as_recorded)
        shown = {name: _read(connection, name, as_of, seq) for name in tables.REFERENCE}
        return View(as_of, seq, shown, read_access(connection, seq))


def entry_at(connection: Connection, moment: datetime.datetime | int | None) -> int:
    """The last entry that the log had at a moment, or at an entry's number; -1 when it had none."""
    last = select(func.max(tables.log.c.seq))
    if isinstance(moment, datetime.datetime):
        stamp = moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        last = last.where(tables.log.c.time <= stamp)
    elif moment is not None:
        last = last.where(tables.log.c.seq <= min(moment, tables.LARGEST))
    found = connection.execute(last).scalar()
    return -1 if found is None else int(found)


def _read(connection: Connection, name: str, as_of: datetime.date | None, seq: int) -> pa.Table:
    table = tables.REFERENCE[name]
    query = select(*[c for c in table.c if c.name not in tables.BOOKKEEPING]).where(_stands(table, seq))
    if as_of is not None and name not in TIMELESS:
        query = _published_by(query, table, as_of, seq)
    rows = [_plain(name, row) for row in connection.execute(query.order_by(table.c.id)).mappings()]
    return pa.Table.from_pylist(rows, schema=_schema(name))


def _stands(table: Table, seq: int) -> Any:
    return and_(table.c.from_entry <= seq, or_(table.c.until_entry.is_(None), table.c.until_entry > seq))


def _published_by(query: Select[Any], table: Table, as_of: datetime.date, seq: int) -> Select[Any]:
    if not issubclass(ROW_OF_TABLE[table.name], Sourced):
        return query.where(table.c.published_latest <= as_of.isoformat())
    documents = tables.REFERENCE["documents"]
    known = select(documents.c.id).where(_stands(documents, seq), documents.c.published_latest <= as_of.isoformat())
    return query.where(table.c.document.in_(known))


def _list_fields(name: str) -> frozenset[str]:
    fields = ROW_OF_TABLE[name].model_fields.items()
    return frozenset(field.rstrip("_") for field, info in fields if "tuple" in str(info.annotation))


def _plain(name: str, row: Any) -> dict[str, Any]:
    lists = _list_fields(name)
    return {key: json.loads(value) if key in lists else value for key, value in row.items()}


def _schema(name: str) -> pa.Schema:
    lists = _list_fields(name)
    fields = []
    for column in tables.REFERENCE[name].c:
        if column.name in tables.BOOKKEEPING:
            continue
        if column.name in lists:
            kind = pa.list_(pa.string())
        elif isinstance(column.type, Number):
            kind = pa.float64()
        elif isinstance(column.type, Integer):
            kind = pa.int64()
        else:
            kind = pa.string()
        fields.append(pa.field(column.name, kind))
    return pa.schema(fields)
