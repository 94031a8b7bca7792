"""From the log to the tables: what each entry does to them. Replaying the log gives the same tables, row for row."""

from __future__ import annotations

import json
from collections.abc import Callable

from sqlalchemy import Connection, insert, update

from ascertain.model.reference import ROW_OF_TABLE
from ascertain.record import entries, tables
from ascertain.record.entries import Entry
from ascertain.record.objects import Objects


def apply(connection: Connection, objects: Objects, entry: Entry) -> None:
    """Bring the derived tables from the state before an entry to the state after it.

    Raises pydantic.ValidationError for a body that does not fit its kind, RecordDamaged for an object that is gone.
    """
    said = entry.said()
    effect = _EFFECTS.get(entry.kind)
    if effect is not None:
        effect(connection, objects, entry, said)


def _exhibit(connection: Connection, _: Objects, entry: Entry, said: entries.ExhibitPreserved) -> None:
    values = {"id": said.exhibit, "size": said.size, "media_type": said.media_type, "entered": entry.seq}
    connection.execute(insert(tables.exhibits).values(values))


def _acquisition(connection: Connection, _: Objects, entry: Entry, said: entries.ExhibitAcquired) -> None:
    values = {**said.model_dump(), "entered": entry.seq, "time": entry.time, "author": entry.author}
    connection.execute(insert(tables.acquisitions).values(values))


def _stated(connection: Connection, _: Objects, entry: Entry, said: entries.RowStated) -> None:
    table = tables.REFERENCE[said.table]
    row = ROW_OF_TABLE[said.table].model_validate(said.row)
    _end(connection, said.table, row.id, entry.seq)
    bookkeeping = {"reference": said.reference, "from_entry": entry.seq, "until_entry": None}
    connection.execute(insert(table), {**tables.column_values(row), **bookkeeping})


def _withdrawn(connection: Connection, _: Objects, entry: Entry, said: entries.RowWithdrawn) -> None:
    _end(connection, said.table, said.id, entry.seq)


def _end(connection: Connection, name: str, row_id: str, seq: int) -> None:
    table = tables.REFERENCE[name]
    stands = (table.c.id == row_id) & table.c.until_entry.is_(None)
    connection.execute(update(table).where(stands).values(until_entry=seq))


def _claims(connection: Connection, objects: Objects, entry: Entry, said: entries.ClaimsRead) -> None:
    rows = [
        {
            "id": claim["id"],
            "entered": entry.seq,
            "exhibit": said.exhibit,
            "frame": claim["frame"],
            "start": claim["sentence"]["start"],
            "claim": json.dumps(claim, ensure_ascii=False, sort_keys=True),
            "reader": said.reader,
        }
        for claim in json.loads(objects.get(said.claims))
    ]
    if rows:
        connection.execute(insert(tables.claims), rows)


def _check(connection: Connection, _: Objects, entry: Entry, said: entries.CheckMade) -> None:
    values = {**said.model_dump(), "entered": entry.seq, "time": entry.time, "author": entry.author}
    values["verdicts"] = json.dumps(said.verdicts, sort_keys=True)
    connection.execute(insert(tables.checks).values(values))


_EFFECTS: dict[str, Callable[..., None]] = {
    "exhibit.preserved": _exhibit,
    "exhibit.acquired": _acquisition,
    "row.stated": _stated,
    "row.withdrawn": _withdrawn,
    "claims.read": _claims,
    "check.made": _check,
}
