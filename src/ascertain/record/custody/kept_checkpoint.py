"""Whether a record extends a checkpoint that somebody kept elsewhere: what shows a log rewritten, or put back."""

from __future__ import annotations

from collections.abc import Collection

from ascertain.record.custody.checkpoint import parse_checkpoint
from ascertain.record.custody.note import BadNote, VerifierKey, parse_note, verified_by
from ascertain.record.merkle import Frontier


class KeptCheckpoint:
    """A signed checkpoint from elsewhere, held against a record's tree as it grows. Raises BadNote when it is none."""

    def __init__(self, data: bytes) -> None:
        self._note = parse_note(data)
        self._said = parse_checkpoint(self._note.text)
        self._root: bytes | None = None

    def compare(self, tree: Frontier) -> None:
        """Take the record's tree at one of its sizes, each in turn."""
        if tree.size == self._said.size:
            self._root = tree.root()

    def problems(self, origin: str, size: int, keys: Collection[VerifierKey]) -> list[str]:
        """What is wrong, when the tree has passed: a record of this origin and size, with all the keys it declared."""
        said = self._said
        if said.origin != origin:
            return [f"the checkpoint that was given is of another log: {said.origin}, not {origin}"]
        if self._root is None:
            return [f"the checkpoint that was given has {said.size} entries, this record only {size}"]
        if self._root != said.root:
            return [f"the first {said.size} entries are not those of the checkpoint that was given"]
        try:
            verified_by(self._note, keys)
        except BadNote as error:
            return [f"the checkpoint that was given does not hold: {error}"]
        return []
