"""Taking bytes away for good, as far as a file system lets a program: written over, renamed, removed.

A journalling or copying file system, a flash disk, a snapshot or a backup may keep the old bytes: no program reaches
them. A file that has another name too (a hard link, as some backups make) is not written over: its bytes are not ours
alone.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from ascertain.record.home.syncing import sync_path

NAMELESS = ".0"  # how the name begins that a file has at the last: it is no object's and no key's
_PIECE_BYTES = 1024 * 1024


def destroy(path: Path) -> None:
    """Write over a file's bytes and its name, and remove it, durably. It need not be there."""
    if not path.exists():
        return
    if path.stat().st_nlink == 1:
        _overwrite(path)
    nameless = path.with_name(NAMELESS.ljust(len(path.name), "0"))
    path.replace(nameless)
    sync_path(path.parent)
    nameless.unlink()
    sync_path(path.parent)


def _overwrite(path: Path) -> None:
    path.chmod(0o600)
    left = path.stat().st_size
    with path.open("r+b", buffering=0) as file:
        while left:
            left -= file.write(secrets.token_bytes(min(left, _PIECE_BYTES)))
        os.fsync(file.fileno())
