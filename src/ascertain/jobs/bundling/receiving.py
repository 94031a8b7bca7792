"""Take a partner's bundle in: its exhibits become ours, with what proves where they come from; nothing else does."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from sqlalchemy import select

from ascertain.errors import BundleRefused, ImportRefused, UsageError
from ascertain.jobs.batches import closed_exhibits
from ascertain.jobs.bundling import layout
from ascertain.jobs.bundling.reading import Bundle, read_bundle
from ascertain.preserve.bag.files import open_file
from ascertain.preserve.examine import Probe
from ascertain.progress import Progress
from ascertain.record import tables
from ascertain.record.custody.checkpoint import Checkpoint
from ascertain.record.entries import BundleReceived, ExhibitAcquired, ExhibitPreserved
from ascertain.record.sealed.exhibit_keys import marks
from ascertain.record.store import Record, Writer

_PREFIX = "ascertain/"


@dataclass(frozen=True, slots=True)
class Received:
    """A bundle as taken in. `known`: nothing of it was new. `left` are exhibits that this record keeps closed.

    `signed_by` are the verifier keys that signed; `given_key` says whether the person gave one of them.
    """

    name: str
    origin: str
    size: int
    root: str
    exhibits: int
    new: int
    left: tuple[str, ...]
    known: bool
    signed_by: tuple[str, ...]
    given_key: bool
    timestamps: int
    unchecked: int
    warnings: tuple[str, ...]


def receive_bundle(
    record: Record, folder: Path, keys: Sequence[str], author: str, now: datetime.datetime, progress: Progress
) -> Received:
    """Verify a bundle and take its exhibits in, all of it or nothing.

    `keys` are the partner's verifier keys as the person knows them from elsewhere. Raises BundleRefused, which names
    every reason; UsageError for a bundle of this very record.
    """
    bundle = read_bundle(folder, keys)
    checkpoint, carried = bundle.checkpoint, bundle.carried
    if not bundle.holds or checkpoint is None or carried is None:
        raise BundleRefused(
            f"the bundle does not verify: {len(bundle.problems)} problems; nothing was taken in",
            problems=bundle.problems,
            next_step="ask whoever sent it to make it again, and to send it in another way",
        )
    if checkpoint.origin == _PREFIX + record.origin()[:32]:
        raise UsageError("this is a bundle of this record", next_step="to put objects back: ascertain restore BUNDLE")
    with record.writing(author, now) as writer:
        return _Receiving(record, writer, bundle, checkpoint, author, progress).take(carried.exhibits)


class _Receiving:
    def __init__(
        self, record: Record, writer: Writer, bundle: Bundle, checkpoint: Checkpoint, author: str, progress: Progress
    ) -> None:
        self._writer = writer
        self._bundle = bundle
        self._checkpoint = checkpoint
        self._author = author
        self._progress = progress
        self._marked = marks(record.keys)

    def take(self, exhibits: dict[str, str]) -> Received:
        """The entries of a bundle that holds."""
        there = {one: name for one, name in exhibits.items() if layout.object_path(one) in self._bundle.files}
        closed = closed_exhibits(self._writer.find, set(there), self._marked)
        self._progress.begin("taking in exhibits", len(there))
        new = added = 0
        for exhibit, name in there.items():
            if exhibit not in closed:
                is_new = self._exhibit(exhibit)
                new += is_new
                added += is_new + self._acquisition(exhibit, name)
            self._progress.advance()
        self._progress.end()
        added += self._proofs()
        stamps = self._bundle.stamps
        return Received(
            name=self._bundle.name,
            origin=self._checkpoint.origin,
            size=self._checkpoint.size,
            root=self._checkpoint.root.hex(),
            exhibits=len(there) - len(closed),
            new=new,
            left=tuple(f"{exhibit}: {why}" for exhibit, why in sorted(closed.items())),
            known=not added,
            signed_by=self._bundle.signed_by,
            given_key=self._bundle.given_key,
            timestamps=stamps.held if stamps else 0,
            unchecked=stamps.unchecked if stamps else 0,
            warnings=self._bundle.warnings,
        )

    def _exhibit(self, exhibit: str) -> bool:
        """Keep the bytes; their type is found by our own looking, whatever the partner's entry says."""
        probe, size = self._put(layout.object_path(exhibit), exhibit)
        if self._writer.has(tables.exhibits, tables.exhibits.c.id == exhibit):
            return False
        self._writer.append(ExhibitPreserved(exhibit=exhibit, size=size, media_type=probe.media_type))
        return True

    def _acquisition(self, exhibit: str, name: str) -> bool:
        origin = self._checkpoint.origin
        said = ExhibitAcquired(exhibit=exhibit, original_name=name, source=origin, note=f"from the bundle of {origin}")
        column = tables.acquisitions.c
        same = [
            column.exhibit == said.exhibit, column.original_name == said.original_name, column.source == said.source,
            column.note == said.note, column.author == self._author,
        ]  # fmt: skip
        if self._writer.has(tables.acquisitions, *same):
            return False
        self._writer.append(said)
        return True

    def _proofs(self) -> bool:
        """Keep what proves the origin: our own entries stay the only ones of our log."""
        carried = self._bundle.carried
        tokens = {layout.object_path(name) for name in carried.tokens} if carried else set()
        kept = {path: one for path, one in self._bundle.files.items() if layout.is_proof(path) or path in tokens}
        said = BundleReceived(
            name=self._bundle.name,
            origin=self._checkpoint.origin,
            size=self._checkpoint.size,
            root=self._checkpoint.root.hex(),
            files=dict(sorted(kept.items())),
        )
        if self._is_known(said):
            return False
        for path, digest in kept.items():
            self._put(path, digest)
        self._writer.append(said)
        return True

    def _is_known(self, said: BundleReceived) -> bool:
        log, bundles = tables.log.c, tables.bundles.c
        wanted = (
            select(log.entry)
            .join(tables.bundles, bundles.entered == log.seq)
            .where(bundles.origin == said.origin, bundles.size == said.size, bundles.root == said.root)
        )
        return any(json.loads(data)["body"] == said.model_dump() for (data,) in self._writer.find(wanted))

    def _put(self, path: str, digest: str) -> tuple[Probe, int]:
        """Keep a file. Raises ImportRefused when it is no longer what was verified."""
        with open_file(self._bundle.folder / path) as file:
            probe = Probe(file, lambda _: None)
            kept = self._writer.put_file(cast(BinaryIO, probe))
        if kept.name != digest:
            raise ImportRefused(f"{path} changed while the bundle was taken in; nothing was")
        return probe, kept.size
