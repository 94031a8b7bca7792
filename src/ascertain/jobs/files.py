"""A file that a person names: its bytes, and its name in writing."""

from __future__ import annotations

from pathlib import Path

from ascertain.errors import UnreadableExhibit, UsageError
from ascertain.preserve.names import written_path

_MEGABYTE = 1024 * 1024


def read_file(path: Path, limit_mb: int | None = None) -> bytes:
    """A file's bytes. Raises UsageError when it cannot be read, UnreadableExhibit when it is larger than the limit."""
    try:
        if not path.is_file():
            raise UsageError(f"{path} is not a file" if path.exists() else f"there is no file {path}")
        size_mb = path.stat().st_size / _MEGABYTE
        if limit_mb is not None and size_mb > limit_mb:
            raise UnreadableExhibit(
                f"{path.name} is too large to read as a statement ({size_mb:.0f} MB; the limit is {limit_mb} MB)",
                next_step="raise the setting `statement_limit_mb`, or give the statement alone",
            )
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error


def file_name(path: Path) -> str:
    """The file's name in its written form."""
    return written_path(path.name)
