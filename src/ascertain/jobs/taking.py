"""From files and their members to objects: read once, hashed on the way, in memory that does not grow with them."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from threading import Event
from typing import BinaryIO, Final, cast

from ascertain.errors import ItemFailed
from ascertain.jobs.archives import checked
from ascertain.jobs.items import INSIDE, Failure, Source, Taken, failure, writing_objects
from ascertain.preserve.examine import Probe
from ascertain.preserve.limits import CHUNK_BYTES, Allowance, Readable
from ascertain.preserve.member import Member
from ascertain.preserve.steady import SteadyFile, opened
from ascertain.preserve.unpack import holds_members, unpack
from ascertain.progress import Progress
from ascertain.record.home.objects import FolderObjects, Incoming, Kept, Objects

_ATTEMPTS: Final = 2  # of a file that changes while it is read
_NAMED_LIMIT: Final = 1000  # members of one file that were not taken, by name


class Stopped(Exception):
    """The job was told to stop while a file was being read."""


class Taking:
    """Takes files and members in. Several threads may call it."""

    def __init__(self, objects: Objects, incoming: Incoming, progress: Progress) -> None:
        self._objects = objects
        self._incoming = incoming
        self._progress = progress
        self._stop = Event()

    def stop(self) -> None:
        """Let no read go on."""
        self._stop.set()

    def take(self, source: Source, expected: frozenset[str]) -> Taken:
        """Keep a file's bytes. A file that changed meanwhile is read once more.

        `expected` are the hashes under which this name was kept before: if it still has one, nothing is written.
        Raises ItemFailed for what is wrong with the file, DiskFull.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._known(source, expected) or self._copied(source)
            except ItemFailed as error:
                if error.why != "changed" or attempt == _ATTEMPTS:
                    raise
        raise AssertionError("unreachable")

    def members(self, container: Taken, allowance: Allowance, above: tuple[str, ...] = ()) -> Iterator[Taken | Failure]:
        """What lies inside a file that was taken, and inside that, with what was not taken and why.

        `above` are the hashes of the files that this one lies in: a file that holds itself ends there.
        """
        inside, depth = container.name + INSIDE, len(above) + 1
        if container.kept.name in above:
            yield Failure(inside, "it holds itself", "limit")
        elif depth > allowance.limits.depth:
            message = f"it lies more than {allowance.limits.depth} files deep (`unpack_depth_limit`)"
            yield Failure(inside, message, "limit")
        else:
            yield from _at_most(_NAMED_LIMIT, inside, self._unpacked(container, allowance, above))

    def report_on(self, archive: Taken) -> Iterator[Taken | Failure]:
        """What a check of a web archive that was taken says of it."""
        with writing_objects():
            self._incoming.settle()  # or it could not be opened
        return checked(archive, self._objects, self._incoming)

    def _unpacked(self, container: Taken, allowance: Allowance, above: tuple[str, ...]) -> Iterator[Taken | Failure]:
        with writing_objects():
            self._incoming.settle()  # or it could not be opened
        with self._objects.open(container.kept.name) as file:
            for member in unpack(file, container.media_type, allowance):
                name = f"{container.name}{INSIDE}{member.name}"
                if not isinstance(member, Member):
                    yield Failure(name, member.reason, member.why)
                    continue
                try:
                    taken = self._member(name, member, container)
                except ItemFailed as error:
                    yield failure(name, error)
                    continue
                yield taken
                if holds_members(taken.media_type):
                    yield from self.members(taken, allowance, (*above, container.kept.name))

    def _member(self, name: str, member: Member, container: Taken) -> Taken:
        kept, media_type = self._kept(_Chunks(member.chunks))
        details = {"name": member.name, **member.facts}
        return Taken(name, kept, media_type, container.kept.name, member.method, details)

    def _known(self, source: Source, expected: frozenset[str]) -> Taken | None:
        """The file as it was kept before, if it is the same; found out by reading, without writing."""
        if not expected:
            return None
        with opened(source.path, follow=source.follow) as file:
            probe, digest = Probe(file, lambda _: self._seen(0)), hashlib.sha256()
            while chunk := probe.read(CHUNK_BYTES):
                digest.update(chunk)
            name = digest.hexdigest()
            if name not in expected or not self._objects.has(name):
                return None
            self._seen(file.size)
            return Taken(source.name, Kept(name, file.size), probe.media_type)

    def _copied(self, source: Source) -> Taken:
        with opened(source.path, follow=source.follow) as file:
            self._refuse_too_large(file)
            kept, media_type = self._kept(file)
        return Taken(source.name, kept, media_type)

    def _kept(self, stream: Readable) -> tuple[Kept, str]:
        probe = Probe(stream, self._seen)
        with writing_objects():
            kept = self._incoming.put_file(cast(BinaryIO, probe))
        return kept, probe.media_type

    def _seen(self, number: int) -> None:
        if self._stop.is_set():
            raise Stopped
        self._progress.advance(0, number)

    def _refuse_too_large(self, file: SteadyFile) -> None:
        """A file that cannot fit is not begun: it would fill the disk before it failed."""
        if isinstance(self._objects, FolderObjects) and self._objects.folder.exists():
            free = shutil.disk_usage(self._objects.folder).free
            if file.size > free:
                raise ItemFailed("limit", f"it has {file.size:,} bytes, more than the record's disk has room for")


class _Chunks:
    """Chunks as a stream."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def read(self, _: int, /) -> bytes:
        """The next chunk, nothing at the end."""
        return next(self._chunks, b"")


def _at_most(limit: int, inside: str, found: Iterator[Taken | Failure]) -> Iterator[Taken | Failure]:
    """Everything, but of the failures only so many by name, and then how many there were besides."""
    failed = 0
    for item in found:
        failed += isinstance(item, Failure)
        if isinstance(item, Taken) or failed <= limit:
            yield item
    if failed > limit:
        yield Failure(inside, f"{failed - limit:,} more of what is inside was not taken", "limit")
