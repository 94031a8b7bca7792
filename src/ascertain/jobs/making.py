"""Make a record: its first entry, its signing key, and a reference record if one is named."""

from __future__ import annotations

import datetime
from pathlib import Path

from ascertain.jobs.importing import import_reference
from ascertain.jobs.keys import declare_key, key_path
from ascertain.progress import Progress
from ascertain.record.entries import RecordCreated
from ascertain.record.store import new_record
from ascertain.settings import Settings
from ascertain.version import VERSION


def make_record(
    folder: Path,
    settings: Settings,
    reference: str | None,
    passphrase: bytes | None,
    now: datetime.datetime,
    progress: Progress,
) -> None:
    """Make a record in a folder: all of it, or no folder and no key at all.

    Raises RecordExists, UsageError (no such reference, a key file that is there already), ImportRefused.
    """
    elsewhere: Path | None = None
    try:
        with new_record(folder, settings.lock_wait_seconds, settings) as record:
            with record.writing(settings.author, now) as writer:
                writer.append(RecordCreated(name=folder.name, software=f"ascertain {VERSION}"))
            key = declare_key(record, key_path(record.folder, settings.signing_key), passphrase, settings.author, now)
            elsewhere = None if key.file.is_relative_to(record.folder) else key.file
            if reference is not None:
                import_reference(record, reference, settings.author, now, progress)
    except BaseException:
        if elsewhere is not None:  # the key of a record that did not come to be
            elsewhere.unlink(missing_ok=True)
        raise
