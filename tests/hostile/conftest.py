"""Hostile files meet the whole intake, in a process that may not take more memory than a little."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

import ascertain
from ascertain import Inquiry

# A process that has everything loaded and opens no record: it does each intake in a child, which may take so many bytes
# of address space more than it begins with, and says how the child ended. What the child prints goes to a file.
_SERVER = """
import json, os, resource, sys, traceback
from pathlib import Path
import ascertain
def take_in(folder, more, unpack, paths):
    inquiry = ascertain.open(folder, author="A. Analyst")
    inquiry.failures()
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + more, taken + more))
    for outcome in inquiry.preserve_each([Path(path) for path in paths], unpack=unpack):
        is_kept = hasattr(outcome, "exhibit")
        print(json.dumps([outcome.name, outcome.media_type if is_kept else outcome.code, is_kept]), flush=True)
for line in sys.stdin:
    out, *asked = json.loads(line)
    child = os.fork()
    if child == 0:
        os.setsid()
        os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
        os.dup2(1, 2)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        try:
            take_in(*asked)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""
MEGABYTE = 2**20


@dataclass(frozen=True)
class TakenIn:
    """What became of the files: names and types of what was kept, names and codes of what was not."""

    kept: list[tuple[str, str]]
    failed: list[tuple[str, str]]

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.kept]


class Server:
    """Runs intakes, one at a time, each in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, out: Path, *asked: Any, seconds: int) -> None:
        """Fails when the process dies or does not end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([str(out), *asked]) + "\n")
        self._process.stdin.flush()
        child = int(self._process.stdout.readline())
        watch = Timer(seconds, os.kill, (child, signal.SIGKILL))
        watch.start()
        status = int(self._process.stdout.readline())
        watch.cancel()
        assert status == 0, (status, out.read_text()[-2000:])


class Intake:
    """Takes files into a record of its own, with bounded memory."""

    def __init__(self, inquiry: Inquiry, server: Server) -> None:
        self.inquiry = inquiry
        self._server = server

    def __call__(
        self, *paths: Path, unpack: bool = True, more_mb: int = 200, seconds: int = 120, look: bool = True
    ) -> TakenIn:
        """Fails when the intake dies, runs out of memory or does not end; then looks that the record is whole."""
        folder = self.inquiry.record.folder
        out = folder.with_suffix(".told")
        self._server.run(out, str(folder), more_mb * MEGABYTE, unpack, [str(path) for path in paths], seconds=seconds)
        outcomes = [json.loads(line) for line in out.read_text().splitlines()]
        out.unlink()
        if look:
            assert self.inquiry.verify().problems == ()
        assert not list((folder / "objects").glob(".incoming-*"))
        kept = [(name, word) for name, word, is_kept in outcomes if is_kept]
        return TakenIn(kept, [(name, word) for name, word, is_kept in outcomes if not is_kept])


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Everything loaded, once."""
    if not Path("/proc/self/statm").exists():
        pytest.skip("needs /proc to bound memory")
    # One heap for all threads: each of its own would reserve address space that nobody uses.
    environment = {**os.environ, "MALLOC_ARENA_MAX": "1"}
    command = [sys.executable, "-c", _SERVER]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        yield Server(process)
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture
def intake(tmp_path: Path, server: Server) -> Intake:
    return Intake(ascertain.new(tmp_path / "inquiry", author="A. Analyst"), server)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where hostile files are made; nothing beside it may change."""
    (tmp_path / "in").mkdir()
    return tmp_path / "in"
