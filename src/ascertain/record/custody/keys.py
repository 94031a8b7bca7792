"""The signing keys of a record, as its log says: which are in use, and which of them somebody vouches for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from ascertain.errors import RecordDamaged
from ascertain.record import tables
from ascertain.record.custody.checkpoint import origin_of
from ascertain.record.custody.note import BadNote, VerifierKey, parse_note, parse_verifier_key, verified_by
from ascertain.record.entries import Body, CheckpointSigned, Entry, KeyDeclared, KeyRetired


@dataclass(slots=True)
class DeclaredKey:
    """A key with the entries that declared and retired it; `trusted` when it is the first, given, or vouched for."""

    key: VerifierKey
    declared: int
    retired: int | None
    trusted: bool


class KeyRing:
    """Takes the entries about keys in their order. `given` are keys that are trusted in place of the first."""

    def __init__(self, origin: str, given: Collection[VerifierKey] = ()) -> None:
        self.origin = origin
        self._given = frozenset(given)
        self._keys: dict[str, DeclaredKey] = {}

    def declare(self, seq: int, said: KeyDeclared) -> list[str]:
        """Take a declaration; what is wrong with it."""
        try:
            key = parse_verifier_key(said.key)
        except BadNote as error:
            return [f"entry {seq} declares what is no key: {error}"]
        if key.name != self.origin:
            return [f"entry {seq} declares a key of another log: {key.name}"]
        if key.key_id in self._keys:
            return [f"entry {seq} declares key {key.key_id}, which was declared before"]
        trusted = key in self._given if self._given else not self._keys
        self._keys[key.key_id] = DeclaredKey(key, seq, None, trusted)
        if said.replaces and (said.replaces == key.key_id or said.replaces not in self._keys):
            return [f"entry {seq}: key {key.key_id} replaces {said.replaces}, which is no key of this record"]
        return []

    def retire(self, seq: int, said: KeyRetired) -> list[str]:
        """Take a retirement; what is wrong with it."""
        found = self._keys.get(said.key_id)
        if found is None or found.retired is not None:
            return [f"entry {seq} retires key {said.key_id}, which is not in use"]
        found.retired = seq
        return []

    def vouch(self, seq: int, signers: Iterable[VerifierKey]) -> bool:
        """Take the signers of a checkpoint that holds, in entry `seq`: trusted ones vouch for the keys after theirs.

        Returns whether a trusted key is among them.
        """
        trusted = [found for key in signers if (found := self._keys[key.key_id]).trusted]
        for young in self._keys.values():
            young.trusted |= any(old.declared < young.declared < seq for old in trusted)
        return bool(trusted)

    def in_use(self) -> tuple[VerifierKey, ...]:
        """The keys that are declared and not retired."""
        return tuple(found.key for found in self._keys.values() if found.retired is None)

    def all(self) -> tuple[DeclaredKey, ...]:
        """Every key, in the order of declaration."""
        return tuple(self._keys.values())

    def unvouched(self) -> tuple[DeclaredKey, ...]:
        """The keys after the first trusted one for which nobody vouches."""
        first = min((found.declared for found in self._keys.values() if found.trusted), default=None)
        return tuple(
            found for found in self._keys.values() if not found.trusted and first is not None and found.declared > first
        )


def key_ring(connection: Connection, *, vouching: bool = False) -> KeyRing:
    """The keys of a record as its log says now; with `vouching`, also who is trusted, which checks every signature.

    Raises RecordDamaged for entries about keys that do not fit.
    """
    log = tables.log.c
    first = connection.execute(select(log.leaf).where(log.seq == 0)).scalar()
    ring = KeyRing(origin_of(first) if first else "")
    kinds = (KeyDeclared.kind, KeyRetired.kind, *([CheckpointSigned.kind] if vouching else []))
    for (data,) in connection.execute(select(log.entry).where(log.kind.in_(kinds)).order_by(log.seq)):
        entry = Entry.model_validate_json(data)
        if wrong := _take(ring, entry.seq, entry.said()):
            raise RecordDamaged(wrong[0], next_step="run `ascertain verify`")
    return ring


def _take(ring: KeyRing, seq: int, said: Body) -> list[str]:
    match said:
        case KeyDeclared():
            return ring.declare(seq, said)
        case KeyRetired():
            return ring.retire(seq, said)
        case CheckpointSigned():
            try:
                ring.vouch(seq, verified_by(parse_note(said.note.encode()), ring.in_use()))
            except BadNote as error:
                return [f"entry {seq}: the checkpoint does not hold: {error}"]
    return []
