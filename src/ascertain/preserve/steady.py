"""A file that is read once, from its first byte to its last, and found to have stood still meanwhile."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ascertain.errors import ItemFailed
from ascertain.preserve.walk import what_it_is


class SteadyFile:
    """An open file's bytes by `read`. The read that would say "the end" says instead that the file changed, if it did.

    What is noticed: a size or a time of change that is another than before, fewer bytes or more than the size says.
    A writer who puts the times back and keeps the size is not noticed.
    """

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._before = os.fstat(handle)
        self._read = 0
        if not stat.S_ISREG(self._before.st_mode):
            raise ItemFailed("special", what_it_is(self._before.st_mode))

    @property
    def size(self) -> int:
        """The bytes that it had when it was opened."""
        return self._before.st_size

    def read(self, size: int, /) -> bytes:
        """The next bytes, nothing at the end. Raises ItemFailed (`unreadable`, `changed`, `special`)."""
        try:
            chunk = os.read(self._handle, size)
        except OSError as error:
            raise ItemFailed("unreadable", f"it cannot be read ({error.strerror})") from error
        self._read += len(chunk)
        if self._read > self.size or not chunk:
            self._refuse_changed()
        return chunk

    def _refuse_changed(self) -> None:
        if self._read and not self.size:
            raise ItemFailed("special", "it gives bytes and says that it has none: it is no stored file")
        after = os.fstat(self._handle)
        seen = (self._read, after.st_size, after.st_mtime_ns)
        if seen != (self.size, self.size, self._before.st_mtime_ns):
            raise ItemFailed(
                "changed",
                f"it changed while it was read ({self.size:,} bytes before, {self._read:,} read)",
                next_step="run again when nothing writes to it",
            )


@contextmanager
def opened(path: Path, *, follow: bool = False) -> Iterator[SteadyFile]:
    """A file, open to be read once. A symbolic link is followed only if that is asked for; a pipe never blocks.

    Raises ItemFailed (`link`, `special`, `missing`, `unreadable`).
    """
    try:
        mode = path.stat(follow_symlinks=follow).st_mode
        if not stat.S_ISREG(mode):  # a device may act when it is opened
            raise ItemFailed("link" if stat.S_ISLNK(mode) else "special", what_it_is(mode))
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW))
    except (FileNotFoundError, ValueError) as error:  # a name with a NUL is of no file
        raise ItemFailed("missing", "there is no file of this name") from error
    except OSError as error:
        raise ItemFailed("unreadable", f"it cannot be read ({error.strerror})") from error
    try:
        yield SteadyFile(handle)
    finally:
        os.close(handle)
