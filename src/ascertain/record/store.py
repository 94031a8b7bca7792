"""One record on disk: its folder, its log, its objects. Opens it, appends to it, hands out views of it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import ColumnElement, Connection, Select, Table, insert, select
from sqlalchemy import Row as SqlRow

from ascertain.errors import NoRecord, RecordDamaged
from ascertain.model.reference import Row
from ascertain.record import derive, fingerprints, tables
from ascertain.record.custody.keys import KeyRing, key_ring
from ascertain.record.entries import Body, Entry, ExhibitErased, ExhibitSealed, ReferenceImported, RowStated
from ascertain.record.fingerprints import Fingerprint
from ascertain.record.home import building, places
from ascertain.record.home.configuration import Configuration, read_configuration
from ascertain.record.home.database import Database
from ascertain.record.home.memory import Memory
from ascertain.record.home.objects import Kept, Objects
from ascertain.record.merkle import Frontier, leaf_hash
from ascertain.record.sealed.exhibit_keys import ExhibitKeys
from ascertain.record.sealed.seals import Seals, read_seals
from ascertain.settings import Settings, load_settings

CONFIGURATION = building.CONFIGURATION
DATABASE = places.DATABASE
OBJECTS = places.OBJECTS


class Writer:
    """The open pen of one transaction: objects and entries that are kept together or not at all."""

    def __init__(self, connection: Connection, objects: Objects, author: str, now: datetime.datetime) -> None:
        self._connection = connection
        self._incoming = objects.incoming()
        self._derivation = derive.Derivation(connection, objects)
        self._author = author
        self._frontier, last_time = _end_of_log(connection)
        # A clock set back must not make an entry look older than the one before it.
        self._time = max(_stamp(now), last_time)

    @property
    def tree(self) -> Frontier:
        """The tree over the log as it stands, with what this transaction added."""
        return self._frontier

    def key_ring(self) -> KeyRing:
        """The record's signing keys, as they stand."""
        self._derivation.flush()
        return key_ring(self._connection)

    def put(self, data: bytes) -> str:
        """Keep an object and return its name; it is durable before an entry of this transaction is."""
        return self._incoming.put(data)

    def put_file(self, stream: BinaryIO) -> Kept:
        """Keep a stream's bytes as an object, in memory that does not grow with them."""
        return self._incoming.put_file(stream)

    def append(self, body: Body) -> int:
        """Add an entry, with its effect on the tables; returns its sequence number."""
        entry = Entry(
            seq=self._frontier.size,
            time=self._time,
            author=self._author,
            kind=body.kind,
            body=body.model_dump(mode="json"),
        )
        data = entry.canonical()
        leaf = leaf_hash(data)
        values = {"seq": entry.seq, "time": entry.time, "author": entry.author, "kind": entry.kind}
        self._derivation.insert(tables.log, [{**values, "entry": data, "leaf": leaf}])
        self._frontier = self._frontier.add(leaf)
        self._derivation.apply(entry)
        if isinstance(body, ExhibitSealed | ExhibitErased):
            fingerprints.forget(self._connection, body.exhibit)
        return entry.seq

    def remember(self, prints: Iterable[Fingerprint]) -> None:
        """Keep fingerprints beside the record, in place of earlier ones; they are no entry and may be lost."""
        fingerprints.remember(self._connection, prints)

    def mark_compared(self, method: str, exhibits: Iterable[str], within: float) -> None:
        """Note that the fingerprints of these exhibits have been compared with all others within a distance."""
        fingerprints.mark_compared(self._connection, method, exhibits, within)

    def state(self, reference: str, row: Row) -> int:
        """Add a row of a reference."""
        plain = row.model_dump(mode="json", by_alias=True)
        return self.append(RowStated(reference=reference, table=type(row).table, row=plain))

    def seals(self) -> Seals:
        """The seals as this transaction sees them."""
        self._derivation.flush()
        return read_seals(self._connection)

    def has(self, table: Table, *conditions: ColumnElement[bool]) -> bool:
        """Whether a derived table has a row under all these conditions."""
        self._derivation.flush()
        return self._connection.execute(select(1).select_from(table).where(*conditions).limit(1)).first() is not None

    def find(self, query: Select[Any]) -> Sequence[SqlRow[Any]]:
        """What a query finds, with what this transaction added."""
        self._derivation.flush()
        return self._connection.execute(query).all()

    def standing(self, reference: str) -> dict[tuple[str, str], dict[str, Any]]:
        """The rows of a reference that stand now, by table and id, as they were stated."""
        return self._standing(lambda table: table.c.reference == reference)

    def standing_beside(self, reference: str) -> dict[tuple[str, str], dict[str, Any]]:
        """The rows of every other reference that stand now, by table and id, as they were stated."""
        return self._standing(lambda table: table.c.reference != reference)

    def last_import(self, reference: str) -> ReferenceImported | None:
        """The latest import of a reference, if it was ever imported."""
        self._derivation.flush()
        found = [said for said in _imports(self._connection) if said.name == reference]
        return found[-1] if found else None

    def _standing(self, of: Callable[[Table], ColumnElement[bool]]) -> dict[tuple[str, str], dict[str, Any]]:
        self._derivation.flush()
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for name, table in tables.REFERENCE.items():
            wanted = (
                select(table.c.id, tables.log.c.entry)
                .join(tables.log, tables.log.c.seq == table.c.from_entry)
                .where(of(table), table.c.until_entry.is_(None))
            )
            for row_id, data in self._connection.execute(wanted):
                found[name, row_id] = json.loads(data)["body"]["row"]
        return found

    def close(self) -> None:
        """Have the objects durable and the rows in their tables, and write down the tree as it now stands."""
        self._incoming.settle()
        self._derivation.flush()
        frontier = self._frontier
        if not frontier.size:  # a head over nothing would say that there was a log
            return
        values = {"size": frontier.size, "root": frontier.root(), "peaks": b"".join(frontier.peaks)}
        known = select(tables.heads.c.size).where(tables.heads.c.size == frontier.size)
        if self._connection.execute(known).first() is None:
            self._connection.execute(insert(tables.heads).values(values))


@dataclass(frozen=True)
class Record:
    """A record's folder, open."""

    folder: Path
    name: str
    database: Database
    objects: Objects
    keys: ExhibitKeys
    memory: Memory | None = None

    @contextmanager
    def writing(self, author: str, now: datetime.datetime) -> Iterator[Writer]:
        """A transaction on the log. Raises RecordLocked while another process has one."""
        with self.database.writing() as connection:
            writer = Writer(connection, self.objects, author, now)
            yield writer
            writer.close()
        if self.memory is not None:
            self.memory.note(writer.tree)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the record."""
        with self.database.reading() as connection:
            yield connection

    def entries(self, start: int = 0) -> Iterator[Entry]:
        """The log from an entry on. Raises RecordDamaged at an entry that is not one."""
        with self.reading() as connection:
            for seq, data in connection.execute(_lines(start)):
                yield parse_entry(seq, data)

    def head(self) -> Frontier:
        """The tree over the whole log, as the last commit wrote it down."""
        with self.reading() as connection:
            return _end_of_log(connection)[0]

    def origin(self) -> str:
        """The hash of the first entry as a leaf, in hexadecimal: no other record has it. Empty for an empty log."""
        with self.reading() as connection:
            return _origin(connection)

    def imported(self) -> list[ReferenceImported]:
        """The reference folders that came in, in order."""
        with self.reading() as connection:
            return _imports(connection)


def open_record(folder: Path, lock_wait_seconds: int, settings: Settings | None = None) -> Record:
    """The record in a folder, wherever its log and objects lie; `settings` default to those of its `record.toml`.

    Raises NoRecord when there is none, RecordDamaged when `record.toml` is unreadable or names another record,
    AccessRefused and Unreachable when a server is asked and will not answer.
    """
    path = folder / CONFIGURATION
    if not path.is_file():
        raise NoRecord(f"no record in {folder}", next_step="make one with `ascertain new FOLDER`")
    configuration = read_configuration(path)
    settings = settings or load_settings(path)
    database = places.open_database(folder, settings, lock_wait_seconds)
    database.check()
    objects, keys = places.open_objects(folder, settings), places.open_keys(folder, settings)
    memory = Memory(folder) if places.is_elsewhere(settings) else None
    record = Record(folder, configuration.name, database, objects, keys, memory)
    if memory is not None:
        with record.reading() as connection:
            if configuration.origin and _origin(connection) != configuration.origin:
                raise RecordDamaged(
                    f"{database.address} holds another record than this folder was made for",
                    next_step="look at the setting database in record.toml",
                )
            memory.check(connection)
    return record


@contextmanager
def new_record(
    folder: Path, lock_wait_seconds: int, settings: Settings | None = None, *, name: str = "", goes_on: bool = False
) -> Iterator[Record]:
    """Make a record and hand it over for its first entries; it is there only when the block ends well.

    Its name is the folder's unless another is given; `settings` say where it lies.

    Everything is built beside the folder, and under another name in a database server, and renamed into place, so that
    a kill leaves a whole record or none. With `goes_on` the objects of a try that failed stay and are found again.
    Raises RecordExists when the folder, the schema or the place of the objects holds anything, UsageError when no
    folder can be made there.
    """
    settings = settings or Settings()
    beside_it = building.lasting_place_beside if goes_on else building.place_beside
    with beside_it(folder) as beside:
        at = places.written(settings, folder.name)
        with places.new_database(beside, name or folder.name, at, lock_wait_seconds) as database:
            objects = places.new_objects(beside, at, goes_on=goes_on)
            record = Record(beside, name or folder.name, database, objects, places.open_keys(beside, at))
            yield record
            origin = record.origin() if places.is_elsewhere(at) else ""
        building.write_down(beside, Configuration(name or folder.name, origin), at)


def parse_entry(seq: int, data: bytes) -> Entry:
    """An entry from its bytes. Raises RecordDamaged when they are not one, or not the one that should stand there."""
    try:
        entry = Entry.model_validate_json(data)
    except ValueError as error:
        raise RecordDamaged(f"entry {seq} is not an entry") from error
    if entry.seq != seq:
        raise RecordDamaged(f"entry {seq} says that it is entry {entry.seq}")
    return entry


def _origin(connection: Connection) -> str:
    leaf = connection.execute(select(tables.log.c.leaf).where(tables.log.c.seq == 0)).scalar()
    return leaf.hex() if leaf else ""


def _imports(connection: Connection) -> list[ReferenceImported]:
    wanted = select(tables.log.c.seq, tables.log.c.entry).where(tables.log.c.kind == ReferenceImported.kind)
    rows = connection.execute(wanted.order_by(tables.log.c.seq)).all()
    return [ReferenceImported.model_validate(parse_entry(seq, data).body) for seq, data in rows]


def _lines(start: int) -> Select[Any]:
    first = min(start, tables.LARGEST)
    return select(tables.log.c.seq, tables.log.c.entry).where(tables.log.c.seq >= first).order_by(tables.log.c.seq)


def _end_of_log(connection: Connection) -> tuple[Frontier, str]:
    last = connection.execute(select(tables.log.c.seq, tables.log.c.time).order_by(tables.log.c.seq.desc()).limit(1))
    head = connection.execute(select(tables.heads).order_by(tables.heads.c.size.desc()).limit(1)).first()
    line = last.first()
    if head is None and line is None:
        return Frontier(), ""
    if head is None or line is None or line.seq + 1 != head.size:
        raise RecordDamaged("the log does not end where its last head says", next_step="run `ascertain verify`")
    peaks = tuple(head.peaks[i : i + 32] for i in range(0, len(head.peaks), 32))
    return Frontier(head.size, peaks), line.time


def _stamp(now: datetime.datetime) -> str:
    return now.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
