"""Copy a record to another place, and prove that both are the same before anybody is told that it is done."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from ascertain.errors import RecordDamaged
from ascertain.progress import Progress
from ascertain.record.custody.certificates import FOLDER as AUTHORITIES
from ascertain.record.home.copying import copy_keys, copy_log, copy_objects, differences
from ascertain.record.store import Record, new_record
from ascertain.record.verify import rebuild, verify
from ascertain.settings import Settings


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy that was proved: its log, its objects, the keys of its sealed exhibits; how many objects had to be sent.

    `size` is the bytes of those that were sent. `since` is how many entries the source got meanwhile: they are not in
    the copy.
    """

    entries: int
    root: str
    objects: int
    keys: int
    sent: int
    size: int
    since: int


def copy_record(source: Record, folder: Path, settings: Settings, progress: Progress) -> Copied:
    """Copy a record as it stands now. `settings` say where the copy's log and objects lie.

    The copy is a record only when the block below ended: the same size and root, every head the same, and verified as
    a whole. Objects that an earlier try sent are not sent again. The certificates of timestamp authorities go along;
    the private signing key does not, since who signs here is not who signs there. Raises RecordExists, RecordDamaged
    for a source or a copy that does not verify, AccessRefused, Unreachable.
    """
    head = source.head()
    waits = settings.lock_wait_seconds
    with new_record(folder, waits, settings, name=source.name, goes_on=True) as target:
        sent = copy_objects(source, target, head.size, progress)
        keys = copy_keys(source, target)
        copy_log(source, target, head.size, progress)
        rebuild(target, progress)
        _copy_authorities(source.folder, target.folder)
        problems = [*differences(source, target, head), *verify(target, progress).problems]
        if problems:
            raise RecordDamaged(
                f"the copy is not the record: {problems[0]} ({len(problems)} problems); nothing was put in place",
                next_step="run `ascertain verify` on the source",
            )
    since = source.head().size - head.size
    return Copied(head.size, head.root().hex(), sent.named, keys, sent.sent, sent.size, since)


def _copy_authorities(source: Path, target: Path) -> None:
    """The public certificates by which timestamps are checked, so that the copy says the same of each."""
    if (source / AUTHORITIES).is_dir():
        shutil.copytree(source / AUTHORITIES, target / AUTHORITIES, dirs_exist_ok=True)
