"""From the log to the tables: what each entry does to them. Replaying the log gives the same tables, row for row."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Table, bindparam, delete, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.dml import Delete, Update

from ascertain.errors import RecordDamaged
from ascertain.model.reference import ROW_OF_TABLE
from ascertain.record import entries, tables
from ascertain.record.entries import Entry
from ascertain.record.home.objects import Objects

_GATHERED = 2000
Load = Callable[[Connection, Table, Iterable[tuple[Any, ...]]], None]


class Derivation:
    """Brings the derived tables forward, entry by entry. Rows are gathered and go in together.

    `sealed` are the exhibits that the whole log seals: what was read from them before is gone, and makes no rows.
    `load` is the database's own way to add many rows, where a log is replayed as a whole.
    """

    def __init__(
        self, connection: Connection, objects: Objects, sealed: Collection[str] = (), load: Load | None = None
    ) -> None:
        self._connection = connection
        self._objects = objects
        self._load = load
        self.sealed = sealed
        self._gathered: defaultdict[Table, list[dict[str, Any]]] = defaultdict(list)
        self._ended: defaultdict[Table, list[dict[str, Any]]] = defaultdict(list)
        self._standing: dict[tuple[Table, str], dict[str, Any]] = {}
        self._number = 0

    def apply(self, entry: Entry) -> None:
        """Bring the tables from the state before an entry to the state after it.

        Raises pydantic.ValidationError for a body that does not fit its kind, RecordDamaged for an object that is gone.
        """
        said = entry.said()
        effect = _EFFECTS.get(entry.kind)
        if effect is not None:
            effect(self, entry, said)

    def replay(self, entry: Entry) -> None:
        """Apply an entry of the log. Raises RecordDamaged when it cannot be."""
        try:
            self.apply(entry)
        except (ValidationError, KeyError) as error:
            raise RecordDamaged(
                f"entry {entry.seq} ({entry.kind}) cannot be replayed: {str(error).splitlines()[0]}",
                next_step="run `ascertain verify`",
            ) from error

    def insert(self, table: Table, rows: Iterable[dict[str, Any]]) -> None:
        """Add rows; they are in the table after `flush` at the latest."""
        for row in rows:
            self._gathered[table].append(row)
            self._number += 1
        if self._number >= _GATHERED:
            self.flush()

    def stand(self, table: Table, row: dict[str, Any]) -> None:
        """Add a row that stands from its entry on, in place of the one with its id."""
        self.end(table, row["id"], row["from_entry"])
        self._standing[table, row["id"]] = row
        self.insert(table, [row])

    def end(self, table: Table, row_id: str, seq: int) -> None:
        """Have the row of this id that stands, if one does, end at an entry."""
        gathered = self._standing.pop((table, row_id), None)
        if gathered is not None:
            gathered["until_entry"] = seq
        else:  # it may be in the table: asked of all such rows together, before those gathered go in
            self._ended[table].append({"ended_id": row_id, "ended_at": seq})
            self._number += 1

    def update(self, table: Table, statement: Update | Delete) -> int:
        """Change or remove rows, after those gathered for this table went in; returns how many."""
        self._send(table)
        return self._connection.execute(statement).rowcount

    def flush(self) -> None:
        """Have everything in the tables."""
        for table in {**self._gathered, **self._ended}:
            self._send(table)
        self._number = 0

    def object(self, name: str) -> Any:
        """An object that is JSON, as a value."""
        return json.loads(self._objects.get(name))

    def _send(self, table: Table) -> None:
        ended, rows = self._ended.pop(table, None), self._gathered.pop(table, None)
        self._standing = {key: row for key, row in self._standing.items() if key[0] is not table}
        if ended:
            stands = (table.c.id == bindparam("ended_id")) & table.c.until_entry.is_(None)
            self._connection.execute(update(table).where(stands).values(until_entry=bindparam("ended_at")), ended)
        if not rows:
            return
        try:
            if self._load is None:
                self._connection.execute(insert(table), rows)
            else:
                self._load(self._connection, table, (tuple(row.get(c.name) for c in table.c) for row in rows))
        except IntegrityError as error:
            raise RecordDamaged(f"table {table.name}: the log says one row twice ({error.orig})") from error


def _exhibit(derivation: Derivation, entry: Entry, said: entries.ExhibitPreserved) -> None:
    values = {"id": said.exhibit, "size": said.size, "media_type": said.media_type, "entered": entry.seq}
    derivation.insert(tables.exhibits, [{**_UNSEALED, **values, "object": said.exhibit}])


_UNSEALED = dict.fromkeys(("particulars", "sealed", "key", "recipients", "erased"))


def _sealed(derivation: Derivation, entry: Entry, said: entries.ExhibitSealed) -> None:
    """Sealed from the first, or in place of bytes that lay in the clear: what was read from them goes too."""
    kept = {"object": said.object, "particulars": said.particulars, "sealed": entry.seq, "key": said.key}
    kept["recipients"] = _plain(said.recipients)
    known = update(tables.exhibits).where(tables.exhibits.c.id == said.exhibit).values(kept)
    if not derivation.update(tables.exhibits, known):
        values = {"id": said.exhibit, "size": None, "media_type": None, "entered": entry.seq}
        derivation.insert(tables.exhibits, [{**_UNSEALED, **values, **kept}])
    for table in _READ_FROM_EXHIBITS:
        derivation.update(table, delete(table).where(table.c.exhibit == said.exhibit))
    related = (tables.relations.c.a == said.exhibit) | (tables.relations.c.b == said.exhibit)
    derivation.update(tables.relations, delete(tables.relations).where(related))


_READ_FROM_EXHIBITS = (tables.claims, tables.texts, tables.datasets, tables.judgements, tables.answers)


def _recipients(derivation: Derivation, entry: Entry, said: entries.RecipientsSet) -> None:
    changed = {"key": said.key, "recipients": _plain(said.recipients)}
    derivation.update(
        tables.exhibits, update(tables.exhibits).where(tables.exhibits.c.id == said.exhibit).values(changed)
    )


def _erased(derivation: Derivation, entry: Entry, said: entries.ExhibitErased) -> None:
    gone = {"erased": entry.seq, "object": None, "particulars": None, "key": None}
    derivation.update(tables.exhibits, update(tables.exhibits).where(tables.exhibits.c.id == said.exhibit).values(gone))


def _row_of(table: Table) -> Callable[..., None]:
    """The effect of a kind whose entries are one row each: what the table has no column for is left in the log."""
    names = frozenset(column.name for column in table.c)

    def effect(derivation: Derivation, entry: Entry, said: entries.Body) -> None:
        whole = {"time": entry.time, "author": entry.author, **said.model_dump(), "entered": entry.seq}
        derivation.insert(table, [{name: _plain(value) for name, value in whole.items() if name in names}])

    return effect


def _row_unless_sealed(table: Table) -> Callable[..., None]:
    """The effect of a kind whose entries are one row each, of what was read from an exhibit."""
    effect = _row_of(table)

    def unless_sealed(derivation: Derivation, entry: Entry, said: Any) -> None:
        if said.exhibit not in derivation.sealed:
            effect(derivation, entry, said)

    return unless_sealed


def _plain(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, dict | list) else value


def _stated(derivation: Derivation, entry: Entry, said: entries.RowStated) -> None:
    table = tables.REFERENCE[said.table]
    row = ROW_OF_TABLE[said.table].model_validate(said.row)
    bookkeeping = {"reference": said.reference, "from_entry": entry.seq, "until_entry": None}
    derivation.stand(table, {**tables.column_values(row), **bookkeeping})


def _withdrawn(derivation: Derivation, entry: Entry, said: entries.RowWithdrawn) -> None:
    derivation.end(tables.REFERENCE[said.table], said.id, entry.seq)


def _claims(derivation: Derivation, entry: Entry, said: entries.ClaimsRead) -> None:
    if said.exhibit in derivation.sealed:
        return
    common = {"entered": entry.seq, "exhibit": said.exhibit, "reader": said.reader}
    derivation.insert(
        tables.claims,
        (
            {
                **common,
                "id": claim["id"],
                "frame": claim["frame"],
                "start": claim["sentence"]["start"],
                "claim": json.dumps(claim, ensure_ascii=False, sort_keys=True),
            }
            for claim in derivation.object(said.claims)
        ),
    )


def _relations(derivation: Derivation, entry: Entry, said: entries.RelationsFound) -> None:
    common = {"method": said.method, "threshold": said.threshold, "entered": entry.seq}
    found = derivation.object(said.relations)
    seen = (one for one in found if one["a"] not in derivation.sealed and one["b"] not in derivation.sealed)
    derivation.insert(tables.relations, ({**one, **common} for one in seen))


_EFFECTS: dict[str, Callable[..., None]] = {
    "exhibit.preserved": _exhibit,
    "exhibit.acquired": _row_of(tables.acquisitions),
    "row.stated": _stated,
    "row.withdrawn": _withdrawn,
    "claims.read": _claims,
    "text.read": _row_unless_sealed(tables.texts),
    "dataset.read": _row_unless_sealed(tables.datasets),
    "claim.judged": _row_unless_sealed(tables.judgements),
    "model.asked": _row_unless_sealed(tables.answers),
    "gazetteer.imported": _row_of(tables.gazetteers),
    "check.made": _row_of(tables.checks),
    "key.declared": _row_of(tables.keys),
    "key.retired": _row_of(tables.retired_keys),
    "checkpoint.signed": _row_of(tables.checkpoints),
    "timestamp.kept": _row_of(tables.timestamps),
    "recipient.named": _row_of(tables.recipients),
    "exhibit.sealed": _sealed,
    "recipients.set": _recipients,
    "access.set": _row_of(tables.access),
    "exhibit.erased": _erased,
    "exhibit.derived": _row_of(tables.derivations),
    "capture.made": _row_of(tables.captures),
    "relations.found": _relations,
    "item.failed": _row_of(tables.failures),
    "bundle.received": _row_of(tables.bundles),
}
