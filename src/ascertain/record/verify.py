"""Whether a record holds what its log says; names exactly what is wrong. Memory does not grow with the log."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, LargeBinary, cast, select

from ascertain.errors import RecordDamaged
from ascertain.progress import Progress
from ascertain.record import tables
from ascertain.record.compare import replayed_differences
from ascertain.record.custody.check import Custody, CustodyCheck
from ascertain.record.custody.note import VerifierKey
from ascertain.record.derive import Derivation
from ascertain.record.entries import Body, Entry, RecordCreated
from ascertain.record.heads import HeadCheck
from ascertain.record.home.columns import as_kept
from ascertain.record.home.objects import Objects
from ascertain.record.merkle import leaf_hash
from ascertain.record.sealed.exhibit_keys import marks
from ascertain.record.sealed.seal_check import seal_notes, seal_problems
from ascertain.record.sealed.seals import Seals, read_seals
from ascertain.record.store import Record, parse_entry

# Whatever a tamperer left there, as bytes: SQLite keeps text in a column of bytes if it is told to.
_LINES = select(
    *[cast(c, LargeBinary).label(c.name) if isinstance(c.type, LargeBinary) else c for c in tables.log.c]
).order_by(tables.log.c.seq)
_AT_ONCE = 1000
_HASHERS = 2


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verification found. The record verifies when there is no problem; notes are no problems."""

    entries: int
    objects: int
    root: str
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    custody: Custody


def verify(
    record: Record, progress: Progress, *, given: Collection[VerifierKey] = (), kept: bytes | None = None
) -> Verification:
    """Re-hash every entry and object, recompute the tree, replay the log and compare every derived table.

    It cannot notice a log rewritten as a whole by somebody who recomputed every hash and signed it with a key of their
    own: `given` are verifier keys that came by another way, `kept` is a signed checkpoint that was kept elsewhere.
    Raises BadNote when `kept` is no checkpoint.
    """
    custody = CustodyCheck(record.objects, record.folder, given=given, kept=kept)
    with record.reading() as connection:
        problems = record.database.problems(connection)
        database_notes = record.database.notes(connection)
        seals = read_seals(connection)
        walk = _Walk(connection, seals, marks(record.keys), custody)
        progress.begin("verifying entries", walk.total)
        for wrong in walk.lines():
            problems += wrong
            progress.advance()
        progress.end()
        problems += [*walk.heads.ended(), *custody.ended(connection, walk.heads.frontier)]
        if walk.begun_as not in (None, record.name):
            problems.append(f"record.toml names {record.name!r}; its first entry says {walk.begun_as!r}")
        object_problems, notes = _check_objects(record.objects, walk.objects, walk.gone, progress)
        problems += [*object_problems, *seal_problems(seals, record.keys, record.objects, walk.gone)]
        if not problems:
            problems += replayed_differences(connection, record.objects, stored_entries(connection))
        notes = [*database_notes, *notes, *seal_notes(seals, record.keys)]
    frontier = walk.heads.frontier
    if record.memory is not None and not problems:
        record.memory.note(frontier)
    root = frontier.root().hex()
    all_notes = (*notes, *custody.notes)
    return Verification(frontier.size, len(walk.objects), root, tuple(problems), all_notes, custody.found())


def rebuild(record: Record, progress: Progress) -> int:
    """Empty the derived tables and replay the log into them, in one transaction; returns the number of entries.

    Fingerprints go too: they are computed again when they are needed.
    """
    made_anew = [*tables.DERIVED, tables.fingerprints]
    with record.database.rebuilding() as connection:
        tables.metadata.drop_all(connection, tables=made_anew)
        tables.metadata.create_all(connection, tables=made_anew)
        progress.begin("rebuilding", tables.number_of(connection, tables.log))
        derivation = Derivation(connection, record.objects, read_seals(connection), record.database.load)
        number = 0
        for entry in stored_entries(connection):
            derivation.replay(entry)
            number += 1
            progress.advance()
        derivation.flush()
        progress.end()
    return number


def stored_entries(connection: Connection) -> Iterator[Entry]:
    """The log's entries, a few at a time. Raises RecordDamaged at one that is none."""
    wanted = select(tables.log.c.seq, tables.log.c.entry).order_by(tables.log.c.seq)
    for seq, data in connection.execute(wanted.execution_options(yield_per=_AT_ONCE)):
        yield parse_entry(seq, data)


class _Walk:
    """One pass over the log: each line by itself, the tree over all of them, the objects that they name."""

    def __init__(self, connection: Connection, seals: Seals, marked: Mapping[str, str], custody: CustodyCheck) -> None:
        self._connection = connection
        self._seals = seals
        self._custody = custody
        self.total = tables.number_of(connection, tables.log)
        self.heads = HeadCheck(connection)
        self.objects: dict[str, int] = {}
        self.begun_as: str | None = None
        self._gone = {name: exhibit for name, exhibit in marked.items() if exhibit in seals}

    def lines(self) -> Iterator[list[str]]:
        """The problems of each line."""
        expected = 0
        for line in self._connection.execute(_LINES.execution_options(yield_per=_AT_ONCE)):
            before, leaf = self.heads.frontier, leaf_hash(line.entry)
            problems = self.heads.pass_leaf(leaf)
            said, wrong = _check_line(expected, line)
            problems += self._custody.take(line.seq, leaf, said, before)
            expected = line.seq + 1
            if isinstance(said, RecordCreated):
                self.begun_as = said.name
            if said is not None:
                self._pass_objects(line.seq, said)
            yield wrong + problems

    @property
    def gone(self) -> dict[str, str]:
        """The objects that must not be there: no entry stands for them but of exhibits that were sealed or erased."""
        return {name: exhibit for name, exhibit in self._gone.items() if name not in self.objects}

    def _pass_objects(self, seq: int, said: Body) -> None:
        exhibit = self._seals.takes_away(said)
        for name in said.objects():
            if exhibit is None:
                self.objects.setdefault(name, seq)
            else:
                self._gone[name] = exhibit


def _check_line(expected: int, line: Any) -> tuple[Body | None, list[str]]:
    if line.seq != expected:
        return None, [f"{_numbered(expected, line.seq - 1)} missing (entry {line.seq} stands next)"]
    try:
        entry = parse_entry(line.seq, line.entry)
        said = entry.said()
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
        if getattr(line, column) != as_kept(getattr(entry, column)):
            problems.append(f"entry {line.seq}: the log's column {column} differs from the entry")
    return said, problems


def _numbered(first: int, last: int) -> str:
    return f"entry {first} is" if first == last else f"entries {first} to {last} are"


def _check_objects(
    objects: Objects, wanted: dict[str, int], gone: dict[str, str], progress: Progress
) -> tuple[list[str], list[str]]:
    problems = []
    progress.begin("verifying objects", len(wanted))
    with ThreadPoolExecutor(_HASHERS) as hashers:
        for (name, seq), found in zip(wanted.items(), hashers.map(objects.hash_of, wanted), strict=True):
            if found is None:
                problems.append(f"object {name} (entry {seq}) is missing")
            elif found != name:
                problems.append(f"object {name} (entry {seq}) has been altered: its bytes now hash to {found}")
            progress.advance()
    progress.end()
    strays = [name for name in objects.names() if name not in wanted and name not in gone]
    return problems, [f"object {name} is named by no entry (left by an interrupted command)" for name in strays]
