"""Many objects on their way in at once: written one by one, made durable together.

The order stays what it is for one (bytes, fsync, name, fsync of the folders), in steps for all of a batch. So the disk
is told once of much to do, by several threads, where one after the other would wait for it each time.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from ascertain.record.home.objects import (
    FolderIncoming,
    FolderObjects,
    Incoming,
    Kept,
    Objects,
    copy_hashed,
    needing_room,
    sync_path,
)  # fmt: skip

_THREADS: Final = 8  # that wait for the disk
# Files that are kept open until the batch is settled: a quarter of what a process may have open.
_OPEN_LIMIT: Final = min(256, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 4)
_LARGE_BYTES: Final = 8 * 1024 * 1024  # is made durable at once: there is enough of it to keep a disk busy


@contextmanager
def bulk_incoming(objects: Objects) -> Iterator[Incoming]:
    """A batch that may be settled again and again. What was put can be opened only once it has been settled.

    What is not settled at the end is left out. Objects that are not in a folder have a batch of their own kind.
    """
    if not isinstance(objects, FolderObjects):
        yield objects.incoming()
        return
    with ThreadPoolExecutor(_THREADS, "sync") as threads:
        incoming = _BulkIncoming(objects, threads)
        try:
            yield incoming
        finally:
            incoming.leave_out()


@dataclass(slots=True)
class _Waiting:
    """Bytes in a file without their name yet; `handle` is None once they are durable."""

    temporary: Path
    name: str
    size: int
    handle: int | None

    def sync(self) -> None:
        """Have the bytes on the disk."""
        if self.handle is not None:
            handle, self.handle = self.handle, None
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


class _BulkIncoming(FolderIncoming):
    """Objects on their way into a folder, of which neither bytes nor names are durable before the batch is settled."""

    def __init__(self, objects: FolderObjects, threads: ThreadPoolExecutor) -> None:
        super().__init__(objects)
        self._threads = threads
        self._waiting: list[_Waiting] = []

    def settle(self) -> None:
        """Return when everything that was put is durable. Only then may an entry name it."""
        with self._marking:
            waiting, self._waiting = self._waiting, []
        try:
            with needing_room():
                list(self._threads.map(_Waiting.sync, waiting))
                for one in waiting:
                    if not self._is_there(one.name, one.size):
                        self._put_in_place(one.temporary, one.name)
                self._sync_folders()
        finally:
            _remove(waiting)

    def leave_out(self) -> None:
        """Take away what was put and not settled."""
        with self._marking:
            waiting, self._waiting = self._waiting, []
        _remove(waiting)

    def _put_file(self, stream: BinaryIO, folder: Path) -> Kept:
        handle, temporary = self._begin(folder)
        waiting = _Waiting(temporary, "", 0, handle)
        try:
            kept = copy_hashed(stream, handle)
            if self._is_there(kept.name, kept.size):
                _remove([waiting])
                return kept
            os.fchmod(handle, 0o444)
            waiting.name, waiting.size = kept.name, kept.size
            if kept.size >= _LARGE_BYTES or len(self._waiting) >= _OPEN_LIMIT:
                waiting.sync()
        except BaseException:
            _remove([waiting])
            raise
        with self._marking:
            self._waiting.append(waiting)
        return kept

    def _sync_folders(self) -> None:
        with self._marking:
            unsettled, self._unsettled = self._unsettled, set()
        list(self._threads.map(sync_path, unsettled))
        if unsettled:
            sync_path(self._objects.folder)


def _remove(waiting: list[_Waiting]) -> None:
    for one in waiting:
        if one.handle is not None:
            os.close(one.handle)
            one.handle = None
        one.temporary.unlink(missing_ok=True)
