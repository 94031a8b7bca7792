"""The access classes of a record as it was recorded at an entry: its settings, and what comes from what."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, Table, select

from ascertain.model.access import Access, AccessRule, Setting, Subject, source_key
from ascertain.record import tables
from ascertain.record.sealed.seals import Seals, read_seals


def read_access(connection: Connection, as_recorded: int = tables.LARGEST) -> AccessRule:
    """The rule of classes at an entry.

    What a reader may see is always asked of the record as it is now: who asks for yesterday's record does not get to
    see what was closed today.
    """
    origins = _Origins(connection, as_recorded)
    settings = {**_settings(connection, origins, as_recorded), **_seal_settings(read_seals(connection, as_recorded))}
    return AccessRule(settings, origins.below)


def _settings(connection: Connection, origins: _Origins, as_recorded: int) -> dict[Subject, Setting]:
    table, found = tables.access, {}
    wanted = select(table).where(table.c.entered <= as_recorded).order_by(table.c.entered)
    for row in connection.execute(wanted).mappings():
        setting = Setting(Access(row["access"]), row["entered"], row["reason"], row["authority"])
        for subject in origins.meant(row["subject_kind"], row["subject"]):
            found[subject] = setting
    return found


def _seal_settings(seals: Seals) -> dict[Subject, Setting]:
    return {
        Subject("exhibit", seal.exhibit): Setting(Access.SEALED, seal.entry, "its bytes are encrypted")
        for seal in seals.values()
    }


class _Origins:
    """What comes from what. A source is known by its key: a party's id stands for all its names, a document for itself.

    A name that several parties have means all of them, and rows that were withdrawn still count: what is meant to be
    closed must not stay open because a name is another's too, or was changed.
    """

    def __init__(self, connection: Connection, as_recorded: int) -> None:
        self._connection = connection
        self._as_recorded = as_recorded
        self._names: defaultdict[str, set[str]] = defaultdict(set)
        self._parties: defaultdict[str, set[str]] = defaultdict(set)
        self._written: defaultdict[str, set[str]] | None = None
        for party, name in self._party_names():
            self._names[source_key(party)].add(source_key(name))
            self._parties[source_key(name)].add(source_key(party))

    def meant(self, kind: str, subject: str) -> Iterator[Subject]:
        """The subjects that an entry means by a kind and a text."""
        if kind == "record":
            yield Subject("record", "*")
        elif kind == "exhibit":
            yield Subject("exhibit", subject)
        elif kind == "claim":
            yield Subject("claim", subject)
        else:
            key = source_key(subject)
            yield from (Subject("source", one) for one in sorted({key, *self._parties[key]}))

    def below(self, subject: Subject) -> Iterator[tuple[Subject, int]]:
        """What comes next from a subject, with the entry that says so."""
        if subject.kind == "exhibit":
            yield from self._exhibits(tables.derivations, tables.derivations.c.origin == subject.id)
        elif subject.kind == "source":
            written = {text for key in {subject.id, *self._names[subject.id]} for text in self._sources()[key]}
            yield from self._exhibits(tables.acquisitions, tables.acquisitions.c.source.in_(sorted(written)))
            yield from self._documents(subject.id)

    def _exhibits(self, table: Table, condition: ColumnElement[bool]) -> Iterator[tuple[Subject, int]]:
        wanted = select(table.c.exhibit, table.c.entered).where(condition, table.c.entered <= self._as_recorded)
        for exhibit, entered in self._connection.execute(wanted):
            yield Subject("exhibit", exhibit), entered

    def _documents(self, key: str) -> Iterator[tuple[Subject, int]]:
        table = tables.REFERENCE["documents"]
        columns = (table.c.id, table.c.party, table.c.part_of, table.c.from_entry)
        wanted = select(*columns).where(table.c.from_entry <= self._as_recorded)
        for document, party, part_of, entered in self._connection.execute(wanted):
            if key in (source_key(party), source_key(part_of or "")):
                yield Subject("source", source_key(document)), entered

    def _sources(self) -> defaultdict[str, set[str]]:
        """The sources of acquisitions as they were written, by key; asked for when something is closed."""
        if self._written is None:
            self._written = defaultdict(set)
            for (text,) in self._connection.execute(select(tables.acquisitions.c.source).distinct()):
                self._written[source_key(text)].add(text)
        return self._written

    def _party_names(self) -> Iterator[tuple[str, str]]:
        table = tables.REFERENCE["parties"]
        wanted = select(table.c.id, table.c.name, table.c.aliases).where(table.c.from_entry <= self._as_recorded)
        for party, name, aliases in self._connection.execute(wanted):
            yield from ((party, one) for one in (name, *json.loads(aliases or "[]")))
