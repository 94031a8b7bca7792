"""kill -9 at any moment: what is there afterwards opens, verifies, and takes the same command again."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import ascertain

SEED = 20180407
STATEMENT = """Published on October 3, 2018

The Commission found that chlorine was used in Estor on 7 April 2018.
At least 43 people were killed in Estor. Arland denies that it used chlorine.
"""

# A process that has everything imported and every date parsed once: it does each command in a child, as `ascertain`
# would, and says the child's number and how it ended. The test kills the child.
SERVER = """
import json, os, sys
from ascertain.cli.app import app
from ascertain.jobs.importing import load_reference
load_reference("syria-cw")
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        try:
            app(json.loads(line), standalone_mode=True)
        except SystemExit as end:
            os._exit(end.code or 0)
        os._exit(70)
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")


class Commands:
    """Runs commands in processes of their own, to the end or to their death."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, *arguments: object, kill_after: float | None = None) -> bool:
        """Whether the command came to its end (which must then be a good one)."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([str(a) for a in arguments]) + "\n")
        self._process.stdin.flush()
        child = int(self._process.stdout.readline())
        if kill_after is not None:
            time.sleep(kill_after)
            with suppress(ProcessLookupError):  # it had ended already
                os.kill(child, signal.SIGKILL)
        ended = int(self._process.stdout.readline())
        if os.WIFSIGNALED(ended):
            assert os.WTERMSIG(ended) == signal.SIGKILL
            return False
        assert os.WEXITSTATUS(ended) == 0
        return True

    def seconds(self, *arguments: object) -> float:
        """How long a command takes that nobody kills."""
        begun = time.perf_counter()
        assert self.run(*arguments)
        return time.perf_counter() - begun


@pytest.fixture(scope="module")
def commands() -> Iterator[Commands]:
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Commands(process)
        assert process.stdin is not None
        process.stdin.close()


def _verified(folder: Path) -> int:
    found = ascertain.open(folder).verify()
    assert found.problems == ()
    return found.entries


def test_a_kill_while_a_record_is_made_leaves_a_whole_record_or_none(commands: Commands, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    whole = commands.seconds("new", tmp_path / "whole", "--with", "syria-cw")
    entries = _verified(tmp_path / "whole")
    killed = made = 0
    for turn in range(14):
        folder = tmp_path / f"inquiry-{turn}"
        # Most of the moments lie in the middle of the work, some around the rename at its end.
        share = chance.uniform(0, 1) if turn % 3 else chance.uniform(0.85, 1.1)
        killed += not commands.run("new", folder, "--with", "syria-cw", kill_after=share * whole)
        if folder.exists():
            made += 1
            assert _verified(folder) == entries
            shutil.rmtree(folder)
    assert killed > 0
    assert commands.run("new", tmp_path / "inquiry-0", "--with", "syria-cw")
    assert _verified(tmp_path / "inquiry-0") == entries


def test_a_kill_while_a_statement_is_checked_leaves_a_record_that_verifies(
    commands: Commands, small: Any, tmp_path: Path
) -> None:
    chance = random.Random(SEED + 1)
    folder = tmp_path / "inquiry"
    commands.run("new", folder, "--with", small.write(tmp_path / "small"))
    first = tmp_path / "first.txt"
    first.write_text(STATEMENT)
    whole = commands.seconds("check", first, "--record", folder)
    entries = _verified(folder)
    killed = 0
    for turn in range(26):
        statement = tmp_path / f"statement-{turn}.txt"
        statement.write_text(f"{STATEMENT}\nStatement number {turn}.\n")
        # The writing is the last part of a check.
        share = chance.uniform(0.6, 1.1) if turn % 3 else chance.uniform(0, 1)
        finished = commands.run("check", statement, "--record", folder, kill_after=share * whole)
        killed += not finished
        now = _verified(folder)
        assert now > entries if finished else now >= entries
        entries = now
    assert killed > 0
    last = tmp_path / "last.txt"
    last.write_text(f"{STATEMENT}\nThe last one.\n")
    assert commands.run("check", last, "--record", folder)
    assert _verified(folder) > entries
