"""The disk is full: one clear error, nothing acknowledged is lost, and with room again the record goes on."""

from __future__ import annotations

import datetime
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ascertain.errors import DiskFull
from ascertain.progress import Silent
from ascertain.record.entries import ExhibitAcquired, ExhibitPreserved, RecordCreated
from ascertain.record.store import Record, new_record, open_record
from ascertain.record.verify import verify

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
SIZE_KB = 3000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of three megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = sys.platform == "linux" and os.geteuid() == 0
    mounted = (
        mounted
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={SIZE_KB}k", "tmpfs", folder], capture_output=True
        ).returncode
    )
    if not mounted:
        pytest.skip("needs the right to mount a tmpfs")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def _write(record: Record, number: int, size: int) -> None:
    data = f"exhibit {number} ".encode() + os.urandom(size)
    with record.writing("A. Analyst", NOW) as writer:
        kept = writer.put_file(io.BytesIO(data))
        writer.append(ExhibitPreserved(exhibit=kept.name, size=kept.size, media_type="text/plain"))
        writer.append(ExhibitAcquired(exhibit=kept.name, original_name=f"{number}.bin"))


@pytest.mark.parametrize("size", [200, 3_000, 90_000, 700_000])
def test_a_full_disk_is_said_and_loses_nothing_acknowledged(small_disk: Path, size: int) -> None:
    with new_record(small_disk / "inquiry", 0) as made, made.writing("A. Analyst", NOW) as writer:
        writer.append(RecordCreated(name="inquiry", software="tests"))
    record, acknowledged = open_record(small_disk / "inquiry", 0), 1
    with pytest.raises(DiskFull) as caught:
        for number in range(100_000):
            _write(record, number, size)
            acknowledged = record.head().size
    assert caught.value.next_step
    assert record.head().size == acknowledged
    found = verify(record, Silent())
    assert (found.problems, found.entries) == ((), acknowledged)
    subprocess.run(["mount", "-o", f"remount,size={SIZE_KB * 2}k", small_disk], check=True)
    _write(record, -1, size)
    assert verify(record, Silent()).problems == ()


def test_a_record_that_does_not_fit_is_not_made(small_disk: Path) -> None:
    (small_disk / "filler").write_bytes(bytes(SIZE_KB * 1024 - 40_000))
    with (
        pytest.raises(DiskFull),
        new_record(small_disk / "inquiry", 0) as made,
        made.writing("A. Analyst", NOW) as writer,
    ):
        writer.put(os.urandom(100_000))
        writer.append(RecordCreated(name="inquiry", software="tests"))
    assert [path.name for path in small_disk.iterdir()] == ["filler"]
