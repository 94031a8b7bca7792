"""Whether the signatures and timestamps of a record hold: taken entry by entry, beside the check of the log itself."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, inspect, select

from ascertain.errors import RecordDamaged
from ascertain.record import tables
from ascertain.record.custody.certificates import read_authorities
from ascertain.record.custody.checkpoint import origin_of, parse_checkpoint
from ascertain.record.custody.kept_checkpoint import KeptCheckpoint
from ascertain.record.custody.keys import KeyRing
from ascertain.record.custody.note import BadNote, VerifierKey, parse_note, verified_by
from ascertain.record.custody.timestamps import LARGEST_BYTES, BadTimestamp, UnknownAuthority, verify_timestamp
from ascertain.record.entries import Body, CheckpointSigned, KeyDeclared, KeyRetired, TimestampKept
from ascertain.record.home.objects import Objects
from ascertain.record.merkle import Frontier

_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
WHAT_A_TIMESTAMP_SAYS = "a timestamp proves that something existed at a time, never that it is true"


@dataclass(frozen=True, slots=True)
class Custody:
    """What of a record is signed and stamped.

    `origin` is the log's name, `keys` the verifier keys in use. `signed` entries are under the last checkpoint that
    holds by a trusted key; `stamped` entries are under the last checkpoint that has a timestamp that holds, and existed
    by `stamped_at`. `timestamps` hold, `unchecked` could not be judged; `roots` are the SHA-256 of the certificates
    that decided.
    """

    origin: str = ""
    keys: tuple[str, ...] = ()
    checkpoints: int = 0
    signed: int = 0
    timestamps: int = 0
    unchecked: int = 0
    stamped: int = 0
    stamped_at: str = ""
    roots: tuple[str, ...] = ()


class CustodyCheck:
    """Takes the entries of a log in their order; in memory it keeps keys and a line for each checkpoint.

    `given` are verifier keys that the reader has from elsewhere, `kept` a signed checkpoint from elsewhere.
    Raises BadNote when `kept` is no checkpoint.
    """

    def __init__(
        self, objects: Objects, folder: Path, *, given: Collection[VerifierKey] = (), kept: bytes | None = None
    ) -> None:
        self._objects = objects
        self._authorities, unreadable = read_authorities(folder)
        self._given = tuple(given)
        self._kept = KeptCheckpoint(kept) if kept is not None else None
        self._ring = KeyRing("", given)
        self._digests: dict[int, bytes] = {}
        self._exhibits: dict[int, str] = {}
        self._roots: dict[str, None] = {}
        self._origin = ""
        self._checkpoints = self._signed = self._held = self._unchecked = self._stamped = 0
        self._stamped_at = ""
        self.notes = list(unreadable)

    def take(self, seq: int, leaf: bytes, said: Body | None, before: Frontier) -> list[str]:
        """Take an entry, with its leaf hash and the tree before it; what is wrong. An unreadable one has no `said`."""
        if before.size == 0:
            self._origin = origin_of(leaf)
            self._ring = KeyRing(self._origin, self._given)
        if self._kept is not None:
            self._kept.compare(before)
        match said:
            case KeyDeclared():
                return self._ring.declare(seq, said)
            case KeyRetired():
                return self._ring.retire(seq, said)
            case CheckpointSigned():
                return [f"entry {seq}: {wrong}" for wrong in self._checkpoint(seq, said, before)]
            case TimestampKept():
                return [f"entry {seq}: {wrong}" for wrong in self._timestamp(seq, said)]
        return []

    def ended(self, connection: Connection, whole: Frontier) -> list[str]:
        """What is wrong when all entries have passed."""
        problems = self._exhibit_problems(connection)
        if self._kept is not None:
            self._kept.compare(whole)
            keys = [found.key for found in self._ring.all()]
            problems += self._kept.problems(self._origin, whole.size, keys)
        if self._given and not self._signed:
            problems.append("no checkpoint of this record holds by the key that was given")
        for found in self._ring.unvouched():
            self.notes.append(
                f"key {found.key.key_id} (entry {found.declared}) was declared and no key before it vouches for it: "
                "whoever could write to this folder could have declared it"
            )
        return problems

    def found(self) -> Custody:
        """What is signed and stamped."""
        return Custody(
            origin=self._origin,
            keys=tuple(map(str, self._ring.in_use())),
            checkpoints=self._checkpoints,
            signed=self._signed,
            timestamps=self._held,
            unchecked=self._unchecked,
            stamped=self._stamped,
            stamped_at=self._stamped_at,
            roots=tuple(self._roots),
        )

    def _checkpoint(self, seq: int, said: CheckpointSigned, before: Frontier) -> list[str]:
        data = said.note.encode("utf-8", "surrogatepass")
        self._digests[seq] = hashlib.sha256(data).digest()
        self._checkpoints += 1
        try:
            note = parse_note(data)
            checkpoint = parse_checkpoint(note.text)
            signers = verified_by(note, self._ring.in_use())
        except BadNote as error:
            return [f"the checkpoint does not hold: {error}"]
        if (checkpoint.size, checkpoint.root.hex()) != (said.size, said.root):
            return ["the checkpoint's note says another size or root than the entry"]
        if checkpoint.origin != self._origin:
            return [f"the checkpoint is of another log: {checkpoint.origin}"]
        if checkpoint.size != seq or checkpoint.root != before.root():
            return [f"the signed root is not that of the {seq} entries before it"]
        if self._ring.vouch(seq, signers):
            self._signed = seq
        return []

    def _timestamp(self, seq: int, said: TimestampKept) -> list[str]:
        wrong = self._subject_problem(seq, said)
        if wrong:
            return [wrong]
        try:
            with self._objects.open(said.token) as file:
                response = file.read(LARGEST_BYTES + 1)
            found = verify_timestamp(response, bytes.fromhex(said.digest), self._authorities)
        except RecordDamaged:
            return []  # the check of the objects names it
        except BadTimestamp as error:
            return [f"the timestamp does not hold: {error}"]
        except UnknownAuthority as error:
            self._unchecked += 1
            self.notes.append(f"the timestamp of entry {seq} ({said.authority}) was NOT checked: {error}")
            return []
        if stamp_time(found.time) != said.time:
            return [f"the timestamp is of {stamp_time(found.time)}, not of {said.time}"]
        self._held += 1
        self._roots[found.root] = None
        if said.subject_kind == "checkpoint":
            self._stamped, self._stamped_at = int(said.subject), said.time
        return []

    def _subject_problem(self, seq: int, said: TimestampKept) -> str:
        if said.subject_kind == "exhibit":
            self._exhibits[seq] = said.subject
            return "" if said.digest == said.subject else "the stamped digest is not the exhibit's id"
        known = self._digests.get(int(said.subject)) if _NUMBER.fullmatch(said.subject) else None
        if known is None:
            return f"no earlier entry {said.subject[:20]!r} is a checkpoint"
        return "" if said.digest == known.hex() else "the stamped digest is not that of the checkpoint's note"

    def _exhibit_problems(self, connection: Connection) -> list[str]:
        if not self._exhibits or not inspect(connection).has_table(tables.exhibits.name):
            return []
        problems = []
        for seq, exhibit in self._exhibits.items():
            earlier = select(1).where(tables.exhibits.c.id == exhibit, tables.exhibits.c.entered < seq)
            if connection.execute(earlier).first() is None:
                problems.append(f"entry {seq}: no earlier entry holds the exhibit {exhibit}")
        return problems


def stamp_time(time: datetime.datetime) -> str:
    """The time of a timestamp as an entry writes it: UTC, cut to the second."""
    return time.astimezone(datetime.UTC).replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
