"""The entries of a bundle: each canonical, in order, proved to be in the signed tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from ascertain.jobs.bundling import layout
from ascertain.jobs.bundling.strict import Lines, Unfit, hashes, parse
from ascertain.record import entries
from ascertain.record.custody.checkpoint import Checkpoint, origin_of
from ascertain.record.custody.note import BadNote, VerifierKey, parse_note, verified_by
from ascertain.record.entries import BODIES, Body, Entry
from ascertain.record.merkle import leaf_hash
from ascertain.record.proofs import is_consistent, is_included


@dataclass
class Carried:
    """What the entries of a bundle say, as far as its reader needs it.

    `exhibits` have their first original name; `objects` have the entry that names them; `notes` are the carried
    checkpoints by their entry; `tokens` the authorities' responses; `digests` the hashes of the files that were read;
    `brought` the exhibits that an entry brought in, in the clear or sealed.
    """

    number: int = 0
    exhibits: dict[str, str] = field(default_factory=dict)
    objects: dict[str, int] = field(default_factory=dict)
    notes: dict[int, entries.CheckpointSigned] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    brought: set[str] = field(default_factory=set)

    def take(self, seq: int, said: Body) -> None:
        """One entry."""
        self.number += 1
        for name in said.objects():
            self.objects.setdefault(name, seq)
        match said:
            case entries.ExhibitPreserved():
                self.exhibits.setdefault(said.exhibit, "")
                self.brought.add(said.exhibit)
            case entries.ExhibitAcquired():
                if not self.exhibits.get(said.exhibit):
                    self.exhibits[said.exhibit] = said.original_name
            case entries.ExhibitSealed():
                self.brought.add(said.exhibit)
            case entries.CheckpointSigned():
                self.notes[seq] = said


def read_entries(folder: Path, checkpoint: Checkpoint, problems: list[str]) -> Carried:
    """Check the entries with their proofs; what is wrong is added to the problems."""
    carried = Carried()
    lines, proofs = Lines(folder / layout.ENTRIES), Lines(folder / layout.PROOFS)
    beside, last = iter(proofs), -1
    try:
        for number, data in lines:
            where = f"{layout.ENTRIES}, line {number}"
            try:
                entry, said = _entry(data)
                last = _check_order(entry.seq, last)
                carried.take(entry.seq, said)
                _check_place(entry.seq, data, next(beside, None), checkpoint)
            except Unfit as error:
                problems.append(f"{where}: {error}")
        if next(beside, None) is not None:
            problems.append(f"{layout.PROOFS} has more lines than {layout.ENTRIES}")
    except Unfit as error:
        problems.append(f"{layout.ENTRIES} or {layout.PROOFS}: {error}")
    carried.digests = {layout.ENTRIES: lines.digest, layout.PROOFS: proofs.digest}
    return carried


def _entry(data: bytes) -> tuple[Entry, Body]:
    try:
        entry = Entry.model_validate(parse(data), strict=True)
    except ValidationError as error:
        raise Unfit("it is no entry") from error
    if entry.format != entries.FORMAT or entry.kind not in BODIES:
        raise Unfit(f"entry {entry.seq} is of a format or a kind that is not known here")
    try:
        return entry, entry.said()
    except ValidationError as error:
        raise Unfit(f"entry {entry.seq} does not fit its kind") from error


def _check_order(seq: int, last: int) -> int:
    if seq <= last:
        raise Unfit(f"entry {seq} does not come after entry {last}")
    return seq


def _check_place(seq: int, data: bytes, line: tuple[int, bytes] | None, checkpoint: Checkpoint) -> None:
    if line is None:
        raise Unfit(f"entry {seq} has no proof")
    said, leaf = parse(line[1]), leaf_hash(data)
    if said.keys() != {"seq", "proof"} or type(said["seq"]) is not int or said["seq"] != seq:
        raise Unfit(f"line {line[0]} of {layout.PROOFS} is no proof of entry {seq}")
    if not is_included(leaf, seq, checkpoint.size, hashes(said["proof"]), checkpoint.root):
        raise Unfit(f"entry {seq} is not proved to be in the signed record")
    if seq == 0 and origin_of(leaf) != checkpoint.origin:
        raise Unfit("the checkpoint is of another record than its first entry")


def check_growth(
    folder: Path, carried: Carried, checkpoint: Checkpoint, keys: list[VerifierKey], problems: list[str]
) -> None:
    """Check that each carried checkpoint is a state that the signed record had, where a key that is here signed it."""
    lines = Lines(folder / layout.GROWTH)
    proved: dict[int, tuple[bytes, ...]] = {}
    try:
        for number, data in lines:
            try:
                said = parse(data)
                if said.keys() != {"from", "proof"} or type(said["from"]) is not int:
                    raise Unfit("it is no proof of growth")
                proved[said["from"]] = hashes(said["proof"])
            except Unfit as error:
                problems.append(f"{layout.GROWTH}, line {number}: {error}")
    except Unfit as error:
        problems.append(f"{layout.GROWTH}: {error}")
    carried.digests[layout.GROWTH] = lines.digest
    for seq, said_then in carried.notes.items():
        problems += [
            f"the checkpoint of entry {seq}: {wrong}" for wrong in _growth(said_then, checkpoint, proved, keys)
        ]


def _growth(
    said: entries.CheckpointSigned,
    checkpoint: Checkpoint,
    proved: dict[int, tuple[bytes, ...]],
    keys: list[VerifierKey],
) -> Iterator[str]:
    proof = proved.get(said.size)
    root = bytes.fromhex(said.root)
    if proof is None or not is_consistent(said.size, checkpoint.size, root, checkpoint.root, proof):
        yield "it is not proved that the signed record began like this"
    try:
        note = parse_note(said.note.encode("utf-8", "surrogatepass"))
        if any((one.name, one.key_id) in {(key.name, key.key_id) for key in keys} for one in note.signatures):
            verified_by(note, keys)
    except BadNote as error:
        yield str(error)
