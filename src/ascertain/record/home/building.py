"""A new record's folder, built beside its place and renamed into it when it is whole."""

from __future__ import annotations

import fcntl
import glob
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ascertain.errors import RecordExists, RecordLocked, UsageError
from ascertain.record.home.configuration import Configuration, write_configuration
from ascertain.record.home.objects import is_alive, needing_room
from ascertain.record.home.syncing import sync_path
from ascertain.settings import Settings

CONFIGURATION = "record.toml"


@contextmanager
def place_beside(folder: Path) -> Iterator[Path]:
    """A folder to build a record in. It takes `folder`'s place when the block ends well, and goes away otherwise.

    Raises RecordExists when the folder holds anything, UsageError when no folder can be made there.
    """
    building = _building_place(folder)
    try:
        with needing_room():
            yield building
            _put_in_place(building, folder)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise


@contextmanager
def lasting_place_beside(folder: Path) -> Iterator[Path]:
    """As `place_beside`, for work that takes long: what is in it stays when it fails, for the next try to go on with.

    Raises RecordLocked while another process works there.
    """
    building = folder.parent / f".{folder.name}.copying"
    lock = building / ".lock"
    try:
        refuse_taken(folder)
        building.mkdir(parents=True, exist_ok=True)
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise UsageError(f"no record can be made in {folder}: {error.strerror}") from error
    with os.fdopen(handle, "w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise RecordLocked(f"another process copies to {folder}", next_step="wait for it") from error
        for left in building.iterdir():
            if left.is_file() and left != lock:
                left.unlink()
        with needing_room():
            yield building
            lock.unlink()
            _put_in_place(building, folder)


def write_down(building: Path, configuration: Configuration, settings: Settings) -> None:
    """Write the folder's `record.toml`, which makes it a record."""
    write_configuration(building / CONFIGURATION, configuration, settings)


def _building_place(folder: Path) -> Path:
    try:
        refuse_taken(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        building = folder.parent / f".{folder.name}.{os.getpid()}.building"
        _clear_away(folder)
        building.mkdir()
    except OSError as error:
        raise UsageError(f"no record can be made in {folder}: {error.strerror}") from error
    return building


def refuse_taken(folder: Path) -> None:
    """Raises RecordExists when a folder holds anything, OSError when it cannot be looked at."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RecordExists(f"{folder} exists and is not empty", next_step="choose a new folder")


def _clear_away(folder: Path) -> None:
    """Remove what killed processes left of this folder half-built."""
    for left in folder.parent.glob(f".{glob.escape(folder.name)}.*.building"):
        pid = left.name.removesuffix(".building").rpartition(".")[2]
        if pid.isdecimal() and (int(pid) == os.getpid() or not is_alive(int(pid))):
            shutil.rmtree(left, ignore_errors=True)


def _put_in_place(building: Path, folder: Path) -> None:
    sync_path(building / CONFIGURATION)
    sync_path(building)
    try:
        building.replace(folder)
    except OSError as error:  # somebody else made the folder while this record was built
        raise RecordExists(f"{folder} exists and is not empty", next_step="choose a new folder") from error
    sync_path(folder.parent)
