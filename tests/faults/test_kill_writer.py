"""kill -9 of a writer, two hundred times: every entry that it acknowledged is there, and the record takes the next."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ascertain.progress import Silent
from ascertain.record.store import open_record
from ascertain.record.verify import rebuild, verify

SEED = 20140411
RUNS = 200

# Forks a writer for each line of input and says its number; the writer says, after each commit, how many entries
# there are. The test kills the writer.
SERVER = """
import datetime, io, os, random, sys
from pathlib import Path
from ascertain.record.entries import ExhibitAcquired, ExhibitPreserved, RecordCreated
from ascertain.record.store import new_record, open_record
folder = Path(sys.argv[1])
now = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
with new_record(folder, 0) as record, record.writing("A. Analyst", now) as writer:
    writer.append(RecordCreated(name="inquiry", software="tests"))
record = open_record(folder, 5)

def write(turn, commit):
    with record.writing("A. Analyst", now) as writer:
        for part in range(3):
            data = (f"exhibit {turn} {commit} {part} ".encode()) * random.randrange(1, 4000)
            kept = writer.put_file(io.BytesIO(data))
            writer.append(ExhibitPreserved(exhibit=kept.name, size=kept.size, media_type="text/plain"))
            writer.append(ExhibitAcquired(exhibit=kept.name, original_name=f"{turn}-{commit}-{part}.txt"))
    os.write(1, b"entries %d\\n" % record.head().size)

write("first", 0)
for line in sys.stdin:
    child = os.fork()
    if child:
        print("writer", child, flush=True)
        os.waitpid(child, 0)
        print("ended", flush=True)
        continue
    for commit in range(10 ** 6):
        write(int(line), commit)
"""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")


def _killed_once(server: subprocess.Popen[str], turn: int, after: float) -> int:
    """Start a writer, kill it, and say how many entries it had acknowledged."""
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(f"{turn}\n")
    server.stdin.flush()
    while not (line := server.stdout.readline()).startswith("writer"):
        pass
    child = int(line.split()[1])
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    acknowledged = 0
    while (line := server.stdout.readline()) != "ended\n":
        assert line.startswith("entries ")
        acknowledged = int(line.split()[1])
    return acknowledged


def test_nothing_that_a_killed_writer_acknowledged_is_lost(tmp_path: Path) -> None:
    chance, folder = random.Random(SEED), tmp_path / "inquiry"
    command = [sys.executable, "-c", SERVER, folder]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        record = None
        for turn in range(RUNS):
            acknowledged = _killed_once(server, turn, chance.uniform(0.002, 0.06))
            record = record or open_record(folder, 5)
            assert record.head().size >= acknowledged
            if turn % 20 == 19:
                assert verify(record, Silent()).problems == ()
        assert server.stdin is not None
        server.stdin.close()
    assert record is not None
    before = verify(record, Silent())
    assert before.problems == ()
    assert before.entries > RUNS
    record.objects.clear_away()
    assert not list((folder / "objects").glob(".incoming-*"))
    rebuild(record, Silent())
    assert verify(record, Silent()) == before
