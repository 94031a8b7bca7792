"""Make a bundle: the selected entries of a record with their proofs, objects, signature and timestamps, as a bag."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import Connection, select

from ascertain.errors import RecordDamaged, UsageError
from ascertain.jobs.bundling import layout
from ascertain.jobs.bundling.page import Pages
from ascertain.jobs.bundling.proving import growth_proofs, inclusion_proofs
from ascertain.jobs.bundling.selection import Selection
from ascertain.jobs.bundling.visible import Visible
from ascertain.jobs.custody import find_exhibit, sign_checkpoint
from ascertain.progress import Progress
from ascertain.publish.bag import BagWriter, writing_bag
from ascertain.publish.bundle_page import read_me, to_html
from ascertain.publish.permitted import Gate
from ascertain.record import tables
from ascertain.record.custody.certificates import read_authorities
from ascertain.record.custody.checkpoint import origin_of
from ascertain.record.custody.keys import key_ring
from ascertain.record.custody.note import Signer, parse_note, verified_by
from ascertain.record.entries import CheckpointSigned, TimestampKept, canonical
from ascertain.record.proofs import node_hashes
from ascertain.record.sealed.seals import read_seals
from ascertain.record.store import Record
from ascertain.record.view import entry_at
from ascertain.version import VERSION

NOTE = (
    "The entries that are here stood in this record when it was signed, and the bytes of the exhibits are those that "
    "they name. A timestamp shows that something existed at a time. Nothing here shows that what is said is true."
)


@dataclass(frozen=True, slots=True)
class Request:
    """What a bundle is to carry: exhibits by their ids, or everything (None).

    `as_recorded` is a moment or an entry's number; None stands for now.
    """

    exhibits: frozenset[str] | None
    as_recorded: datetime.datetime | int | None = None


@dataclass(frozen=True, slots=True)
class Bundled:
    """A bundle as it was made. `withheld` entries were asked for and are not for a reader from outside."""

    path: Path
    origin: str
    size: int
    root: str
    signed: bool
    exhibits: int
    entries: int
    objects: int
    withheld: int


@dataclass(frozen=True, slots=True)
class _Base:
    """The tree that the proofs lead to, and the note over it, if any, with the keys that signed it."""

    origin: str
    size: int
    root: bytes
    note: str | None
    keys: tuple[str, ...]


def publish_bundle(
    record: Record,
    target: Path,
    request: Request,
    signer: Signer | None,
    gate: Gate,
    author: str,
    now: datetime.datetime,
    progress: Progress,
) -> Bundled:
    """Write a bundle into a new folder, whole or not at all.

    A checkpoint is signed for it when there is a signer and no earlier state is asked for; without a signer the bundle
    says that nothing is signed. `gate` says what its reader may see. Raises UsageError, NotPermitted (an exhibit that
    is not for the reader), RecordDamaged.
    """
    with record.reading() as connection:
        visible = Visible(gate, read_seals(connection), record.objects)
    Selection(request.exhibits, visible, 0).refuse_closed()
    if signer is not None and request.as_recorded is None:
        sign_checkpoint(record, signer, author, now)
    with record.reading() as connection:
        base = _base(connection, request.as_recorded, signed=signer is not None)
        selection = Selection(request.exhibits, visible, base.size)
        info = {"External-Identifier": base.origin, "Bag-Software-Agent": f"ascertain {VERSION}"}
        with writing_bag(target, info, now.date()) as bag:
            return _Making(record, connection, bag, base, progress).make(target, selection, now)


class _Making:
    """One bundle in the making."""

    def __init__(self, record: Record, connection: Connection, bag: BagWriter, base: _Base, progress: Progress) -> None:
        self._record = record
        self._connection = connection
        self._bag = bag
        self._base = base
        self._progress = progress
        self._numbers: list[int] = []
        self._checkpoints: list[int] = []
        self._objects: dict[str, None] = {}
        self._pages = Pages()
        self._stamps: list[Mapping[str, str]] = []

    def make(self, target: Path, selection: Selection, now: datetime.datetime) -> Bundled:
        """Fill the bag."""
        self._write_entries(selection)
        if selection.exhibits is not None and self._pages.number != len(selection.exhibits):
            raise UsageError("an exhibit came into the record after the entries that this bundle is over")
        root, size = self._base.root, self._base.size
        self._write_proofs(layout.PROOFS, "seq", inclusion_proofs(self._connection, self._numbers, size, root))
        if self._checkpoints:
            growth = growth_proofs(self._connection, self._checkpoints, size, root)
            self._write_proofs(layout.GROWTH, "from", growth)
        self._write_timestamps()
        self._write_objects()
        summary = self._summary(now)
        self._write_facts(summary)
        return Bundled(
            path=target,
            origin=self._base.origin,
            size=size,
            root=root.hex(),
            signed=self._base.note is not None,
            exhibits=self._pages.number,
            entries=len(self._numbers),
            objects=len(self._objects),
            withheld=selection.withheld,
        )

    def _write_entries(self, selection: Selection) -> None:
        with self._bag.writing(layout.ENTRIES) as out:
            for line in selection.lines(self._connection):
                out.write(line.data + b"\n")
                self._numbers.append(line.entry.seq)
                self._objects.update(dict.fromkeys(line.said.objects()))
                self._pages.take(line)
                if isinstance(line.said, CheckpointSigned) and line.entry.seq:
                    self._checkpoints.append(line.said.size)
                if isinstance(line.said, TimestampKept):
                    self._stamps.append(line.said.model_dump())

    def _write_proofs(self, name: str, key: str, proofs: Iterable[tuple[int, tuple[bytes, ...]]]) -> None:
        with self._bag.writing(name) as out:
            for number, proof in proofs:
                out.write(canonical({key: number, "proof": [hashed.hex() for hashed in proof]}) + b"\n")

    def _write_timestamps(self) -> None:
        """Those of carried entries, and those of this bundle's checkpoint, whose entries are after it."""
        stamps = tables.timestamps
        of_this = select(stamps).where(
            stamps.c.entered >= self._base.size,
            stamps.c.subject_kind == "checkpoint",
            stamps.c.subject == str(self._base.size),
        )
        if self._base.note is not None:
            names = list(TimestampKept.model_fields)
            self._stamps += [
                {name: row[name] for name in names} for row in self._connection.execute(of_this).mappings()
            ]
        with self._bag.writing(layout.TIMESTAMPS) as out:
            for said in self._stamps:
                out.write(canonical(said) + b"\n")
                self._objects[said["token"]] = None
                self._pages.stamp(said, self._base.size)
        certificates, _ = read_authorities(self._record.folder)
        if certificates:  # written anew: a file of that folder may hold more than certificates
            pem = b"".join(one.public_bytes(Encoding.PEM) for one in certificates)
            self._bag.add_bytes(f"{layout.AUTHORITIES}certificates.pem", pem)

    def _write_objects(self) -> None:
        self._progress.begin("copying objects", len(self._objects))
        for name in self._objects:
            with self._record.objects.open(name) as stream:
                written = self._bag.add(layout.object_path(name), stream)
            if written.digest != name:
                raise RecordDamaged(f"object {name} has been altered", next_step="run `ascertain verify`")
            self._progress.advance(1, written.size)
        self._progress.end()

    def _summary(self, now: datetime.datetime) -> dict[str, Any]:
        return {
            "format": layout.FORMAT,
            "origin": self._base.origin,
            "name": self._record.name,
            "size": self._base.size,
            "root": self._base.root.hex(),
            "entries": len(self._numbers),
            "objects": len(self._objects),
            "created": now.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "software": f"ascertain {VERSION}",
            "coarsened": None,
            "note": NOTE if self._base.note is not None else f"Nothing here is signed. {NOTE}",
        }

    def _write_facts(self, summary: dict[str, Any]) -> None:
        bag, base = self._bag, self._base
        bag.add_bytes(layout.SUMMARY, canonical(summary))
        if base.note is not None:
            bag.add_bytes(layout.CHECKPOINT, base.note.encode("utf-8"))
            bag.add_bytes(layout.KEYS, "".join(f"{key}\n" for key in base.keys).encode("utf-8"))
        page = self._pages.page(summary, base.keys)
        bag.add_bytes(layout.PAGE, to_html(page).encode("utf-8"))
        bag.add_bytes(layout.README, read_me(page).encode("utf-8"))
        program = files("ascertain.publish.verifier").joinpath(layout.VERIFIER)
        bag.add_bytes(layout.VERIFIER, program.read_bytes())


def _base(connection: Connection, moment: datetime.datetime | int | None, *, signed: bool) -> _Base:
    log, heads = tables.log.c, tables.heads.c
    as_recorded = None if moment is None else entry_at(connection, moment)
    first = connection.execute(select(log.leaf).where(log.seq == 0)).scalar()
    if first is None:
        raise UsageError("this record has no entries")
    origin = origin_of(first)
    if signed:
        return _signed_base(connection, origin, as_recorded)
    newest = select(heads.size, heads.root).order_by(heads.size.desc()).limit(1)
    size, root = connection.execute(newest).one()
    if as_recorded is not None and as_recorded + 1 < size:
        size = as_recorded + 1
        leaves = connection.execute(select(log.leaf).where(log.seq < size).order_by(log.seq)).scalars()
        root = node_hashes(leaves, size, {(0, size)})[0, size]
    return _Base(origin, size, root, None, ())


def _signed_base(connection: Connection, origin: str, as_recorded: int | None) -> _Base:
    """The last checkpoint, or the last one that an earlier state of the record had."""
    table = tables.checkpoints
    wanted = select(table).order_by(table.c.entered.desc()).limit(1)
    if as_recorded is not None:
        wanted = wanted.where(table.c.size <= as_recorded + 1)
    found = connection.execute(wanted).first()
    if found is None:
        raise UsageError(
            "no checkpoint was signed by then, and none can be signed for the past",
            next_step="leave --as-recorded out, or make it with --unsigned",
        )
    known = [one.key for one in key_ring(connection).all()]
    keys = verified_by(parse_note(found.note.encode()), known)
    return _Base(origin, found.size, bytes.fromhex(found.root), found.note, tuple(map(str, keys)))


def exhibits_of(record: Record, names: Sequence[str]) -> frozenset[str]:
    """The exhibits of these ids, or of their first digits. Raises UsageError for one that is not there."""
    return frozenset(find_exhibit(record, name)[0] for name in names)
