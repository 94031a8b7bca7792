"""Whether a record holds what its log says; names exactly what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, LargeBinary, cast, create_engine, inspect, select
from sqlalchemy.pool import StaticPool

from ascertain.errors import RecordDamaged
from ascertain.progress import Progress
from ascertain.record import database, derive, entries, tables
from ascertain.record.entries import Entry
from ascertain.record.merkle import Frontier, leaf_hash
from ascertain.record.objects import Objects
from ascertain.record.store import Record, parse_entry

# Whatever a tamperer left there, as bytes: SQLite keeps text in a column of bytes if it is told to.
_LINES = select(
    *[cast(c, LargeBinary).label(c.name) if isinstance(c.type, LargeBinary) else c for c in tables.log.c]
).order_by(tables.log.c.seq)


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verification found. The record verifies when there is no problem; notes are no problems."""

    entries: int
    objects: int
    root: str
    problems: tuple[str, ...]
    notes: tuple[str, ...]


def verify(record: Record, progress: Progress) -> Verification:
    """Re-hash every entry and object, recompute the tree, replay the log and compare every derived table.

    It cannot notice a log rewritten as a whole by somebody who recomputed every hash: compare `root` with one noted
    elsewhere at the time.
    """
    with record.reading() as connection:
        stored = connection.execute(_LINES).all()
        progress.begin("verifying", len(stored))
        problems = [*_file_problems(connection), *_trigger_problems(connection)]
        frontier, read, expected = Frontier(), [], 0
        trees: dict[int, Frontier] = {}
        for line in stored:
            frontier = frontier.add(leaf_hash(line.entry))
            trees[frontier.size] = frontier
            entry, wrong = _check_line(expected, line)
            expected = line.seq + 1
            problems += wrong
            if entry is not None:
                read.append(entry)
            progress.advance()
        problems += _head_problems(connection, frontier, trees)
        object_problems, number, notes = _check_objects(record.objects, read)
        problems += object_problems
        if not problems:
            problems += _replay_problems(connection, record.objects, read)
        progress.end()
    return Verification(len(stored), number, frontier.root().hex(), tuple(problems), tuple(notes))


def rebuild(record: Record, progress: Progress) -> int:
    """Empty the derived tables and replay the log into them, in one transaction; returns the number of entries."""
    with database.writing(record.engine) as connection:
        stored = connection.execute(select(tables.log.c.seq, tables.log.c.entry).order_by(tables.log.c.seq)).all()
        progress.begin("rebuilding", len(stored))
        tables.metadata.drop_all(connection, tables=list(tables.DERIVED))
        tables.metadata.create_all(connection, tables=list(tables.DERIVED))
        for seq, data in stored:
            _replay(connection, record.objects, parse_entry(seq, data))
            progress.advance()
        progress.end()
    return len(stored)


def _replay(connection: Connection, objects: Objects, entry: Entry) -> None:
    try:
        derive.apply(connection, objects, entry)
    except (ValidationError, KeyError) as error:
        raise RecordDamaged(
            f"entry {entry.seq} ({entry.kind}) cannot be replayed: {str(error).splitlines()[0]}",
            next_step="run `ascertain verify`",
        ) from error


def _file_problems(connection: Connection) -> list[str]:
    answer = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check")]
    return [] if answer == ["ok"] else [f"the database file: {line}" for line in answer]


def _trigger_problems(connection: Connection) -> list[str]:
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    present = {row[0]: row[1] for row in rows}
    return [
        f"trigger {name}, which keeps the log append-only, is {'changed' if name in present else 'missing'}"
        for name, statement in database.append_only_triggers().items()
        if present.get(name) != statement
    ]


def _check_line(expected: int, line: Any) -> tuple[Entry | None, list[str]]:
    if line.seq != expected:
        return None, [f"{_numbered(expected, line.seq - 1)} missing (entry {line.seq} stands next)"]
    try:
        entry = parse_entry(line.seq, line.entry)
        entry.said()
    except (RecordDamaged, ValidationError, KeyError) as error:
        return None, [f"entry {line.seq} cannot be read: {str(error).splitlines()[0]}"]
    problems = []
    if leaf_hash(line.entry) != line.leaf:
        problems.append(
            f"entry {line.seq} ({entry.kind}) has been altered: it no longer has the hash it was logged with"
        )
    elif entry.canonical() != line.entry:
        problems.append(f"entry {line.seq} ({entry.kind}) is not in canonical form")
    for column in ("time", "author", "kind"):
        if getattr(line, column) != getattr(entry, column):
            problems.append(f"entry {line.seq}: the log's column {column} differs from the entry")
    return entry, problems


def _numbered(first: int, last: int) -> str:
    return f"entry {first} is" if first == last else f"entries {first} to {last} are"


def _head_problems(connection: Connection, frontier: Frontier, trees: dict[int, Frontier]) -> list[str]:
    problems = []
    sizes = []
    for head in connection.execute(select(tables.heads).order_by(tables.heads.c.size)):
        sizes.append(head.size)
        if head.size > frontier.size:
            problems.append(
                f"the log has {frontier.size} entries, but a head of {head.size} was written: entries are gone"
            )
        elif head.size not in trees or trees[head.size].root() != head.root:
            problems.append(
                f"the tree over the first {head.size} entries does not have the root written at that commit"
            )
        elif b"".join(trees[head.size].peaks) != head.peaks:
            problems.append(f"the head of {head.size} entries has been altered: its peaks do not make its root")
    if frontier.size and (not sizes or max(sizes) < frontier.size):
        problems.append(f"the last {frontier.size - max(sizes, default=0)} entries are under no head")
    return problems


def _named_objects(read: list[Entry]) -> Iterator[tuple[str, int]]:
    for entry in read:
        match entry.said():
            case entries.ExhibitPreserved(exhibit=name):
                yield name, entry.seq
            case entries.ReferenceImported(files=files):
                yield from ((name, entry.seq) for name in files.values())
            case entries.ClaimsRead(claims=name):
                yield name, entry.seq
            case entries.CheckMade(result=result):
                yield result, entry.seq


def _check_objects(objects: Objects, read: list[Entry]) -> tuple[list[str], int, list[str]]:
    problems = []
    wanted = dict(_named_objects(read))
    for name, seq in wanted.items():
        found = objects.hash_of(name)
        if found is None:
            problems.append(f"object {name} (entry {seq}) is missing")
        elif found != name:
            problems.append(f"object {name} (entry {seq}) has been altered: its bytes now hash to {found}")
    strays = [name for name in objects.names() if name not in wanted]
    notes = [f"object {name} is named by no entry (left by an interrupted command)" for name in strays]
    return problems, len(wanted), notes


def _replay_problems(connection: Connection, objects: Objects, read: list[Entry]) -> list[str]:
    names = inspect(connection).get_table_names()
    gone = [f"table {table.name} is missing" for table in tables.DERIVED if table.name not in names]
    if gone:
        return gone
    fresh = create_engine("sqlite://", poolclass=StaticPool)
    try:
        with fresh.begin() as replayed:
            tables.metadata.create_all(replayed, tables=list(tables.DERIVED))
            for entry in read:
                _replay(replayed, objects, entry)
            return [line for table in tables.DERIVED for line in _compare(table, connection, replayed)]
    except RecordDamaged as error:
        return [error.message]
    finally:
        fresh.dispose()


def _compare(table: Any, stored: Connection, replayed: Connection) -> list[str]:
    key = [column.name for column in table.primary_key]
    have, want = (
        {tuple(row[k] for k in key): dict(row) for row in side.execute(select(table)).mappings()}
        for side in (stored, replayed)
    )
    problems = []
    for identity in want.keys() - have.keys():
        problems.append(f"table {table.name}: row {identity[0]!r} is missing")
    for identity in have.keys() - want.keys():
        problems.append(f"table {table.name}: row {identity[0]!r} is in no entry")
    for identity in have.keys() & want.keys():
        differing = [name for name in want[identity] if want[identity][name] != have[identity][name]]
        if differing:
            problems.append(f"table {table.name}: row {identity[0]!r} differs from the log in {', '.join(differing)}")
    return sorted(problems)
