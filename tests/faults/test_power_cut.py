"""The power fails at any moment, and whatever was not synced may be gone: nothing acknowledged is.

A writer is traced at the level of system calls. Its trace is replayed up to many moments on a disk that forgets what
was not synced (`power/disk.py`), and each disk that results must hold a whole record, or none if none was
acknowledged.
"""

from __future__ import annotations

import importlib.util
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from ascertain.errors import AscertainError
from ascertain.progress import Silent
from ascertain.record.store import open_record
from ascertain.record.verify import verify

HERE = Path(__file__).parent / "power"
SEED = 20130821
MOMENTS = 60
SHARES = (0.0, 0.5, 0.9)

# Makes a record and writes to it; after each commit it says in the file `acknowledged` how many entries there are.
WRITER = """
import datetime, io, os, sys
from pathlib import Path
from ascertain.record.entries import ExhibitAcquired, ExhibitPreserved, RecordCreated
from ascertain.record.store import new_record, open_record
root = Path(sys.argv[1])
said = os.open(root / "acknowledged", os.O_WRONLY | os.O_CREAT)
now = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
with new_record(root / "inquiry", 0) as record, record.writing("A. Analyst", now) as writer:
    writer.append(RecordCreated(name="inquiry", software="tests"))
os.write(said, b"1\\n")
record = open_record(root / "inquiry", 0)
for turn in range(6):
    with record.writing("A. Analyst", now) as writer:
        for part in range(2):
            data = f"exhibit {turn} {part} ".encode() * 300
            kept = writer.put_file(io.BytesIO(data))
            writer.append(ExhibitPreserved(exhibit=kept.name, size=kept.size, media_type="text/plain"))
            writer.append(ExhibitAcquired(exhibit=kept.name, original_name=f"{turn}-{part}.txt"))
    os.write(said, b"%d\\n" % record.head().size)
"""

# The same of the bulk intake, which makes many files durable together.
INTAKE = """
import os, sys
from pathlib import Path
import ascertain
root = Path(sys.argv[1])
said = os.open(root / "acknowledged", os.O_WRONLY | os.O_CREAT)
inquiry = ascertain.new(root / "inquiry", author="A. Analyst")
os.write(said, b"1\\n")
files = root.parent / "in"
files.mkdir()
for turn in range(3):
    for part in range(5):
        (files / f"{turn}-{part}").write_bytes(f"exhibit {turn} {part} ".encode() * 300)
    for _ in inquiry.preserve_each([files]):
        os.write(said, b"%d\\n" % inquiry.record.head().size)
"""


def _disk_module():
    spec = importlib.util.spec_from_file_location("faults_power_disk", HERE / "disk.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


disk = _disk_module()


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("needs a C compiler on Linux")
    built = tmp_path_factory.mktemp("shim") / "trace.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", built, HERE / "trace.c", "-ldl"], check=True)
    return built


def _traced(shim: Path, folder: Path, writer: str, **more: str) -> list:
    root = folder / "disk"
    root.mkdir()
    trace = folder / "trace"
    environment = {**os.environ, "LD_PRELOAD": str(shim), "TRACE_ROOT": str(root), "TRACE_FILE": str(trace), **more}
    subprocess.run([sys.executable, "-c", writer, root], check=True, env=environment)
    return disk.read_trace(trace)


def _failures(operations: list, root: Path, work: Path) -> tuple[list[str], int]:
    """What is wrong on the disks after power cuts, and how many disks there were."""
    chance = random.Random(SEED)
    moments = sorted(chance.sample(range(len(operations) + 1), min(MOMENTS, len(operations) + 1)))
    model, done, wrong, number = disk.Disk(root), 0, [], 0
    for moment in moments:
        for operation in operations[done:moment]:
            model.take(operation)
        done = moment
        acknowledged = int((model.written("acknowledged").split() or [b"0"])[-1])
        for share in SHARES:
            after = work / f"after-{number}"
            disk.after_power_cut(model, chance, share, after)
            problem = _problem(after / "inquiry", acknowledged)
            if problem:
                wrong.append(f"after operation {moment} of {len(operations)}, {share} kept: {problem}")
            shutil.rmtree(after)
            number += 1
    return wrong, number


def _problem(folder: Path, acknowledged: int) -> str:
    if not folder.exists():
        return f"{acknowledged} entries were acknowledged, and there is no record" if acknowledged else ""
    try:
        found = verify(open_record(folder, 0), Silent())
    except (AscertainError, SQLAlchemyError, OSError) as error:
        return f"{type(error).__name__}: {error}"
    if found.problems:
        return found.problems[0]
    return f"{acknowledged} acknowledged, {found.entries} there" if found.entries < acknowledged else ""


@pytest.mark.parametrize("writer", [pytest.param(WRITER, id="writer"), pytest.param(INTAKE, id="bulk_intake")])
def test_a_power_cut_at_any_moment_loses_nothing_acknowledged(shim: Path, tmp_path: Path, writer: str) -> None:
    wrong, number = _failures(_traced(shim, tmp_path, writer), tmp_path / "disk", tmp_path)
    assert number >= 100
    assert wrong == []


@pytest.mark.parametrize("writer", [pytest.param(WRITER, id="writer"), pytest.param(INTAKE, id="bulk_intake")])
def test_the_disk_that_forgets_finds_a_writer_that_does_not_sync(shim: Path, tmp_path: Path, writer: str) -> None:
    """The check can fail: the same writer, its fsync calls left out, loses what it acknowledged."""
    wrong, number = _failures(_traced(shim, tmp_path, writer, TRACE_NO_SYNC="1"), tmp_path / "disk", tmp_path)
    assert len(wrong) > number / 4
