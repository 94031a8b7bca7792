"""The gate of a record for a reader: its classes as they are now, and the words that name what is closed to them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, select

from ascertain.errors import UsageError
from ascertain.model.access import Access, AccessRule, Standing, source_key
from ascertain.publish.hidden_names import HiddenName, HiddenNames
from ascertain.publish.permitted import Carried, CarriedEntry, Gate, Withheld
from ascertain.record import tables
from ascertain.record.entries import Entry
from ascertain.record.sealed.access import read_access
from ascertain.record.store import Record

_TELLING_WORDS = 5  # so many words of a note say what it is a note of; fewer are said of many things
_AT_ONCE = 1000


def open_gate(record: Record, reader: Access) -> Gate:
    """What a reader of this class may see now; asked about the past, the record is as closed as it is today."""
    with record.reading() as connection:
        rule = read_access(connection)
        if rule.closes_nothing:
            return Gate(rule, reader)
        hidden = list(_hidden(connection, rule, reader))
        open_texts = set(_open_texts(connection, rule, reader, {source_key(name.text) for name in hidden}))
    return Gate(rule, reader, HiddenNames(name for name in hidden if source_key(name.text) not in open_texts))


def reader_class(text: str) -> Access:
    """The class of a reader as a setting has it. Raises UsageError."""
    try:
        return Access(text)
    except ValueError as error:
        known = ", ".join(Access)
        raise UsageError(f"{text!r} is no class of readers", next_step=f"classes: {known}") from error


def everything_withheld(record: Record, reader: Access) -> tuple[Withheld, ...]:
    """All of a record that a reader may not see: what an export of the whole would be refused for."""
    gate = open_gate(record, reader)
    with record.reading() as connection:
        exhibits = [exhibit for (exhibit,) in _streamed(connection, select(tables.exhibits.c.id))]
        claims = list(_streamed(connection, select(tables.claims.c.id, tables.claims.c.exhibit)))
    entries = (carried_entry(entry) for entry in record.entries())
    return gate.withheld(
        Carried(exhibits=exhibits, claims=((claim, exhibit) for claim, exhibit in claims), entries=entries)
    )


def carried_entry(entry: Entry) -> CarriedEntry:
    """An entry as an export carries it."""
    return CarriedEntry(entry.seq, entry.kind, entry.body)


def _hidden(connection: Connection, rule: AccessRule, reader: Access) -> Iterator[HiddenName]:
    """What names an exhibit, a claim or a source that is closed to the reader."""
    for exhibit, texts in _exhibit_texts(connection):
        standing = rule.of_exhibit(exhibit)
        if not standing.access.is_open_to(reader):
            what = f"exhibit {exhibit[:16]}…"
            yield from (HiddenName(text, what, standing) for text in (exhibit, *texts) if text)
    for subject in rule.settings:
        if subject.kind == "claim":
            standing = rule.of_claim(subject.id, "")
            if not standing.access.is_open_to(reader):
                yield HiddenName(subject.id, f"claim {subject.id}", standing)
    for source, texts in _source_texts(connection, rule):
        standing = rule.of_source(source)
        if not standing.access.is_open_to(reader):
            yield from (HiddenName(text, f"source {source}", standing) for text in texts if text)


def _open_texts(connection: Connection, rule: AccessRule, reader: Access, among: set[str]) -> Iterator[str]:
    """Which of these words name something open too: a name that many things have gives none of them away."""

    def is_open(standing: Standing) -> bool:
        return standing.access.is_open_to(reader)

    for exhibit, texts in _exhibit_texts(connection):
        if is_open(rule.of_exhibit(exhibit)):
            yield from (source_key(text) for text in texts if source_key(text) in among)
    for source, texts in _source_texts(connection, rule):
        if is_open(rule.of_source(source)):
            yield from (source_key(text) for text in texts if source_key(text) in among)


def _exhibit_texts(connection: Connection) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each exhibit with the words under which it is known, an acquisition or a capture at a time."""
    for (exhibit,) in _streamed(connection, select(tables.exhibits.c.id)):
        yield exhibit, ()
    how = tables.acquisitions.c
    for exhibit, name, url, note in _streamed(connection, select(how.exhibit, how.original_name, how.url, how.note)):
        yield exhibit, (name, url, note if len(note.split()) >= _TELLING_WORDS else "")
    for exhibit, url in _streamed(connection, select(tables.captures.c.exhibit, tables.captures.c.url)):
        yield exhibit, (url,)


def _source_texts(connection: Connection, rule: AccessRule) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each source with its names: parties, documents, and what classes were set on by name."""
    parties, documents = tables.REFERENCE["parties"].c, tables.REFERENCE["documents"].c
    for party, name, aliases in _streamed(connection, select(parties.id, parties.name, parties.aliases)):
        yield party, (name, *json.loads(aliases or "[]"))
    wanted = select(documents.id, documents.title, documents.symbol, documents.url)
    for document, title, symbol, url in _streamed(connection, wanted):
        yield document, (title, symbol, url)
    for subject in rule.settings:
        if subject.kind == "source":
            yield subject.id, (subject.id,)


def _streamed(connection: Connection, query: Select[Any]) -> Iterator[tuple[Any, ...]]:
    for row in connection.execute(query.execution_options(yield_per=_AT_ONCE)):
        yield tuple(value or "" for value in row)
