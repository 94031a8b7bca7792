"""A run that ends early: by Ctrl-C, by kill -9, by a full disk. What was reported stays, and the rest can be taken."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

import ascertain
from ascertain import Inquiry
from ascertain.errors import AscertainError
from ascertain.jobs.preserving import Preserved
from ascertain.record.tables import acquisitions


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Many files, enough for several batches."""
    (tmp_path / "in").mkdir()
    for number in range(2500):
        (tmp_path / "in" / f"{number:04}").write_bytes(b"%d" % number * 2000)
    return tmp_path / "in"


@pytest.fixture
def inquiry(tmp_path: Path) -> Inquiry:
    return ascertain.new(tmp_path / "inquiry", author="A. Analyst")


def _names(inquiry: Inquiry) -> list[str]:
    with inquiry.record.reading() as connection:
        return sorted(connection.execute(select(acquisitions.c.original_name)).scalars())


def _running(inquiry: Inquiry, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "ascertain", "preserve", folder, "--record", inquiry.record.folder, "--json"]
    command += ["--author", "A. Analyst"]
    return subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_what_was_reported_before_a_stop_is_kept_and_the_same_command_takes_the_rest(
    inquiry: Inquiry, folder: Path, sign: signal.Signals
) -> None:
    with _running(inquiry, folder) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        process.send_signal(sign)
        reported = [json.loads(line)["name"] for line in [first, *process.stdout] if '"preserved"' in line[:25]]
        said = process.stderr.read() if process.stderr else ""
    assert process.returncode == (130 if sign == signal.SIGINT else -signal.SIGKILL)
    assert said == ("stopped\n" if sign == signal.SIGINT else "")
    kept = _names(inquiry)
    assert set(reported) <= set(kept)
    assert inquiry.verify().problems == ()
    with _running(inquiry, folder) as process:
        lines = [json.loads(line) for line in process.communicate()[0].splitlines()]
    assert process.returncode == 0
    assert (lines[-1]["already_there"], lines[-1]["preserved"]) == (len(kept), 2500 - len(kept))
    assert _names(inquiry) == sorted(path.name for path in folder.iterdir())
    found = inquiry.verify()
    assert (found.problems, found.notes) == ((), ())
    assert not list((inquiry.record.folder / "objects").glob(".incoming-*"))


def test_a_disk_that_refuses_ends_the_run_with_one_error(inquiry: Inquiry, folder: Path) -> None:
    shelf = inquiry.record.folder / "objects" / hashlib.sha256(b"0" * 2000).hexdigest()[:2]
    shelf.write_bytes(b"no folder")
    with pytest.raises(AscertainError, match="cannot be written"):
        list(inquiry.preserve_each([folder]))
    shelf.unlink()
    assert inquiry.verify().problems == ()
    assert not list(shelf.parent.glob(".incoming-*"))
    assert len(list(inquiry.preserve_each([folder]))) == 2500
    assert inquiry.verify().problems == ()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 6 MB; skipped where this user may not have one."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", place], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("needs the right to mount a disk")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def test_a_disk_that_is_really_full_loses_nothing(small_disk: Path, folder: Path) -> None:
    inquiry = ascertain.new(small_disk / "inquiry", author="A. Analyst")
    with _running(inquiry, folder) as process:
        out, err = process.communicate()
    assert process.returncode == 1
    told = json.loads(err.splitlines()[-1])
    assert (told["error"], bool(told["next_step"])) == ("DiskFull", True)
    reported = [json.loads(line)["name"] for line in out.splitlines()]
    assert reported
    assert reported == _names(inquiry)
    assert inquiry.verify().problems == ()
    subprocess.run(["mount", "-o", "remount,size=40m", small_disk], check=True)
    done = [outcome for outcome in inquiry.preserve_each([folder]) if isinstance(outcome, Preserved)]
    assert [outcome.added for outcome in done].count(True) == 2500 - len(reported)
    assert (inquiry.verify().problems, inquiry.verify().notes) == ((), ())


def test_a_file_that_cannot_fit_is_named_before_it_is_begun(inquiry: Inquiry, tmp_path: Path) -> None:
    enormous = tmp_path / "enormous"
    with enormous.open("wb") as file:
        try:
            file.truncate(shutil.disk_usage(tmp_path).free * 2)
        except OSError:
            pytest.skip("this file system holds no such file")
    begun = time.monotonic()
    (failure,) = inquiry.preserve_each([enormous])
    assert not isinstance(failure, Preserved)
    assert (failure.code, "room" in failure.reason) == ("limit", True)
    assert time.monotonic() - begun < 5


def _left_by_a_dead_process(objects: Path) -> Path:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        pass
    left = objects / f".incoming-{socket.gethostname()}-{process.pid}-x"
    left.write_bytes(b"half")
    return left


def test_what_a_killed_run_left_half_written_is_cleared_by_the_next(inquiry: Inquiry, tmp_path: Path) -> None:
    left = _left_by_a_dead_process(inquiry.record.folder / "objects")
    (tmp_path / "a").write_bytes(b"a")
    inquiry.preserve([tmp_path / "a"])
    assert not left.exists()
