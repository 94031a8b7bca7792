"""The parts of a record's copy: the log's lines, its heads and its objects, in pages, and the proof that all are there.

A log only grows, so its first entries are read page by page without keeping a writer of the source waiting.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, select

from ascertain.errors import RecordDamaged
from ascertain.progress import Progress
from ascertain.record import tables
from ascertain.record.home.objects import Objects
from ascertain.record.merkle import Frontier
from ascertain.record.store import Record

_PAGE = 5000
_SENDERS = 4


@dataclass(frozen=True, slots=True)
class Sent:
    """Objects that were copied: how many were named, how many had to be sent, and their bytes."""

    named: int
    sent: int
    size: int


def copy_log(source: Record, target: Record, size: int, progress: Progress) -> None:
    """Load the first `size` entries and their heads into an empty record, in one transaction."""
    progress.begin("copying the log", size)
    with target.database.writing() as connection:
        for table, last in ((tables.log, size - 1), (tables.heads, size)):
            lines = _counted(_lines(source, table, last), progress if table is tables.log else None)
            target.database.load(connection, table, lines)
    progress.end()


def copy_objects(source: Record, target: Record, size: int, progress: Progress) -> Sent:
    """Send what the first `size` entries name and the target does not have.

    What the source does not have, because it was sealed or erased there, does not stay in the target either: whether it
    has to be there, the target's verification says. Raises RecordDamaged for one that has been altered.
    """
    names = _named(source, size)
    progress.begin("copying objects", len(names))
    incoming, sent, total = target.objects.incoming(), 0, 0
    with ThreadPoolExecutor(_SENDERS) as senders:
        waiting = iter(names)
        while some := list(islice(waiting, 256)):
            for moved in senders.map(lambda name: _send(source.objects, target.objects, incoming, name), some):
                sent += moved is not None
                total += moved or 0
                progress.advance()
    incoming.settle()
    progress.end()
    return Sent(len(names), sent, total)


def copy_keys(source: Record, target: Record) -> int:
    """Copy the wrapped keys of the sealed exhibits, which only their recipients can open; returns how many.

    A copy without them is no whole record. What an earlier try left of a key that is gone from the source is destroyed.
    """
    names = list(source.keys.names())
    for left in set(target.keys.names()) - set(names):
        target.keys.destroy(left)
    for name in names:
        data = source.keys.get(name)
        if data is not None:
            target.keys.put(name, data)
    return sum(name.endswith(".age") for name in names)


def differences(source: Record, target: Record, head: Frontier) -> list[str]:
    """What of the source's first entries, as their tree was then, is not in the target the same."""
    there = target.head()
    if there != head:
        return [
            f"the copy ends with {there.size} entries and root {there.root().hex()}, "
            f"the source with {head.size} and {head.root().hex()}"
        ]
    pairs = zip(_lines(source, tables.heads, head.size), _lines(target, tables.heads, head.size), strict=False)
    wrong = next((ours for ours, theirs in pairs if ours != theirs), None)
    return [] if wrong is None else [f"the copy has another head of {wrong[0]} entries"]


def _lines(record: Record, table: Table, last: int) -> Iterator[tuple[Any, ...]]:
    """A log table's rows up to a number, in pages that are each read for themselves."""
    key = next(iter(table.primary_key))
    after = -1
    while True:
        with record.reading() as connection:
            page = _page(connection, table, after, last)
        yield from page
        if len(page) < _PAGE:
            return
        after = page[-1][list(table.c).index(key)]


def _page(connection: Connection, table: Table, after: int, last: int) -> list[tuple[Any, ...]]:
    key = next(iter(table.primary_key))
    wanted = select(table).where(key > after, key <= last).order_by(key).limit(_PAGE)
    return [tuple(row) for row in connection.execute(wanted)]


def _counted(lines: Iterator[tuple[Any, ...]], progress: Progress | None) -> Iterator[tuple[Any, ...]]:
    for line in lines:
        yield line
        if progress is not None:
            progress.advance()


def _named(record: Record, size: int) -> dict[str, None]:
    """The objects that the first entries name, each once."""
    entries = islice(record.entries(), size)
    return dict.fromkeys(name for entry in entries for name in entry.said().objects())


def _send(source: Objects, target: Objects, incoming: Any, name: str) -> int | None:
    """Copy one object unless it is there; its size when it was sent."""
    if not source.has(name):
        target.discard(name)
        return None
    if target.has(name):
        return None
    with source.open(name) as stream:
        kept = incoming.put_file(stream)
    if kept.name != name:
        raise RecordDamaged(f"object {name} has been altered in the source", next_step="run `ascertain verify` there")
    return int(kept.size)
