"""How fast bytes and entries are taken in and looked through, against what the machine can do.

    python benchmarks/custody.py --work /var/tmp/custody
    python benchmarks/custody.py --work /var/tmp/custody --scale 0.05 --json figures.json

Makes 1 GB in 2,000 files, one file of 4 GB, and a record of 1,000,000 entries under `--work`, measures everything in
one run on the same bytes, and removes what it made. `--scale` makes it smaller. Ratios within a run count; a figure
from another machine says little.

Each measurement is a function that gives a `Figure`. What is durable is on the disk (fsync of files and folders) when
the clock stops; the others read files that the operating system has in memory where they fit.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

MEGABYTE = 1024 * 1024
CHUNK = MEGABYTE
FILES, SMALL_TOTAL, LARGE, ENTRIES = 2000, 1024 * MEGABYTE, 4096 * MEGABYTE, 1_000_000
SEED = 20180407


@dataclass(frozen=True)
class Figure:
    """One measurement. `peak_mb` is the memory of the process that was measured, where there was one."""

    name: str
    of: str
    seconds: float
    files: int
    size_mb: float
    peak_mb: float = 0.0

    @property
    def mb_per_second(self) -> float:
        """The rate in MB (1,048,576 bytes)."""
        return self.size_mb / self.seconds

    def line(self) -> str:
        """The figure for a person."""
        peak = f"{self.peak_mb:6.0f} MB" if self.peak_mb else ""
        rates = f"{self.mb_per_second:6.0f} MB/s {self.files / self.seconds:7.0f} files/s"
        return f"{self.of:6} {self.name:33} {self.seconds:7.2f} s {rates} {peak}"


@dataclass(frozen=True)
class Tree:
    """Files that are measured, under one folder."""

    name: str
    folder: Path

    @property
    def files(self) -> list[Path]:
        """The files, in order."""
        return sorted(path for path in self.folder.rglob("*") if path.is_file())

    @property
    def size_mb(self) -> float:
        """Their bytes."""
        return sum(path.stat().st_size for path in self.files) / MEGABYTE


def main() -> int:
    """Make the files, measure, print, remove."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="an empty or new folder on the disk to be measured")
    parser.add_argument("--scale", type=float, default=1.0, help="1 is 1 GB and 4 GB")
    parser.add_argument("--repeat", type=int, default=1, help="how often; the median of each counts")
    parser.add_argument("--only", default="", help="measurements whose name contains this")
    parser.add_argument("--json", type=Path, help="write the figures here")
    asked = parser.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    if any(asked.work.iterdir()):
        parser.error(f"{asked.work} is not empty")
    figures: list[Figure] = []
    try:
        for tree in (small_files(asked.work, asked.scale), large_file(asked.work, asked.scale)):
            for measure in MEASUREMENTS:
                if asked.only in measure.__name__:
                    runs = sorted((_measured(measure, tree, asked.work) for _ in range(asked.repeat)), key=_seconds)
                    figures.append(runs[len(runs) // 2])
                    print(figures[-1].line(), flush=True)
        if asked.only in "entries":
            for figure in many_entries(asked.work / "entries", round(ENTRIES * asked.scale)):
                figures.append(figure)
                print(figure.line(), flush=True)
    finally:
        shutil.rmtree(asked.work, ignore_errors=True)
    if asked.json:
        facts = {"python": sys.version.split()[0], "cores": os.cpu_count(), "scale": asked.scale}
        rows = [{**asdict(figure), "mb_per_second": figure.mb_per_second} for figure in figures]
        asked.json.write_text(json.dumps({**facts, "figures": rows}, indent=2) + "\n", "utf-8")
    return 0


def small_files(work: Path, scale: float) -> Tree:
    """2,000 files of 0.1 to 0.9 MB in 20 folders, 1 GB together, the same in every run."""
    chance = random.Random(SEED)
    number = max(20, round(FILES * scale))
    sizes = [chance.uniform(0.1, 0.9) for _ in range(number)]
    unit = SMALL_TOTAL * scale / sum(sizes)
    for place, size in enumerate(sizes):
        path = work / "small" / f"{place % 20:02}" / f"{place:04}.bin"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(chance.randbytes(round(size * unit)))
    os.sync()
    return Tree("small", work / "small")


def large_file(work: Path, scale: float) -> Tree:
    """One file of 4 GB."""
    (work / "large").mkdir()
    chance = random.Random(SEED)
    with (work / "large" / "film.bin").open("wb") as file:
        for _ in range(max(1, round(LARGE * scale) // CHUNK)):
            file.write(chance.randbytes(CHUNK))
    os.sync()
    return Tree("large", work / "large")


def _seconds(figure: Figure) -> float:
    return figure.seconds


def _measured(measure: Callable[[Tree, Path], Figure], tree: Tree, work: Path) -> Figure:
    """One measurement, with nothing of an earlier one waiting to be written."""
    os.sync()
    try:
        return measure(tree, work / "out")
    finally:
        shutil.rmtree(work / "out", ignore_errors=True)


def _timed(name: str, tree: Tree, work: Callable[[], object]) -> Figure:
    begun = time.perf_counter()
    work()
    return Figure(name, tree.name, time.perf_counter() - begun, len(tree.files), tree.size_mb)


def _run(name: str, tree: Tree, command: list[object], *, stdin: str | None = None) -> Figure:
    """A command to its end, in a process of its own, with the memory that it took at most."""
    begun = time.perf_counter()
    words = [str(word) for word in command]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(words, stdin=subprocess.PIPE if stdin else None, text=True, **quiet) as process:  # type: ignore[call-overload]
        if stdin:
            process.stdin.write(stdin)
            process.stdin.close()
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{name}: {words[:4]} ended with {process.returncode}")
    return Figure(name, tree.name, seconds, len(tree.files), tree.size_mb, used.ru_maxrss / 1024)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_limit(tree: Tree, out: Path) -> Figure:
    """hashlib, one thread: what no program in Python can pass that hashes with one."""
    return _timed("hashlib, one thread", tree, lambda: [_digest(path) for path in tree.files])


def hash_two_threads(tree: Tree, out: Path) -> Figure:
    """hashlib, two threads."""
    with ThreadPoolExecutor(2) as threads:
        return _timed("hashlib, two threads", tree, lambda: list(threads.map(_digest, tree.files)))


def sha256sum(tree: Tree, out: Path) -> Figure:
    """coreutils."""
    names = "\0".join(str(path) for path in tree.files)
    return _run("sha256sum", tree, ["xargs", "-0", "sha256sum"], stdin=names)


def bagit_validate(tree: Tree, out: Path) -> Figure:
    """bagit.py on a bag of the same bytes (hard links), with two processes."""
    shutil.copytree(tree.folder, out / "data", copy_function=os.link)
    lines = (f"{_digest(path)}  data/{path.relative_to(tree.folder).as_posix()}\n" for path in tree.files)
    (out / "manifest-sha256.txt").write_text("".join(lines), "utf-8")
    (out / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", "utf-8")
    command = [sys.executable, "-m", "bagit", "--validate", "--processes", 2, "--quiet", out]
    return _run("bagit.py --validate --processes 2", tree, command)


def durable_copy(tree: Tree, out: Path) -> Figure:
    """Read, hash, write, fsync each file: what a careful program does without more."""
    return _timed("durable copy, a file at a time", tree, lambda: _copied(tree, out, 1))


def durable_copy_200(tree: Tree, out: Path) -> Figure:
    """The same, with the fsyncs of 200 files together."""
    return _timed("durable copy, 200 files at a time", tree, lambda: _copied(tree, out, 200))


def _copied(tree: Tree, out: Path, together: int) -> None:
    out.mkdir()
    waiting: list[int] = []
    for number, path in enumerate(tree.files):
        digest = hashlib.sha256()
        handle = os.open(out / str(number), os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        with path.open("rb", buffering=0) as file:
            for chunk in _chunks(file.read):
                digest.update(chunk)
                os.write(handle, chunk)
        waiting.append(handle)
        if len(waiting) >= together:
            _settle(waiting, out)
    _settle(waiting, out)


def _chunks(read: Callable[[int], bytes | None]) -> Iterator[bytes]:
    while chunk := read(CHUNK):
        yield chunk


def _settle(waiting: list[int], out: Path) -> None:
    for handle in waiting:
        os.fsync(handle)
        os.close(handle)
    waiting.clear()
    folder = os.open(out, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _ascertain(*words: object) -> list[object]:
    return [sys.executable, "-m", "ascertain", *words]


def _new_record(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([str(word) for word in _ascertain("new", folder, "--json")], check=True, stdout=subprocess.DEVNULL)


def start(tree: Tree, out: Path) -> Figure:
    """The command doing nothing: what each of the commands below contains."""
    return _run("ascertain --version", tree, _ascertain("--version"))


def ingest(tree: Tree, out: Path) -> Figure:
    """`ascertain preserve FOLDER`, durable when it ends."""
    _new_record(out / "record")
    return _run("ascertain preserve", tree, _ascertain("preserve", tree.folder, "--record", out / "record"))


def ingest_again(tree: Tree, out: Path) -> Figure:
    """The same command a second time: everything is there already."""
    _new_record(out / "record")
    command = _ascertain("preserve", tree.folder, "--record", out / "record")
    _run("", tree, command)
    return _run("ascertain preserve, again", tree, command)


def verify(tree: Tree, out: Path) -> Figure:
    """`ascertain verify` of a record of these files."""
    _filled_record(tree, out)
    return _run("ascertain verify", tree, _ascertain("verify", "--record", out / "record"))


def rebuild(tree: Tree, out: Path) -> Figure:
    """`ascertain rebuild` of a record of these files: the tables anew from the log."""
    _filled_record(tree, out)
    return _run("ascertain rebuild", tree, _ascertain("rebuild", "--record", out / "record"))


def bundle(tree: Tree, out: Path) -> Figure:
    """`ascertain publish bundle --all`: everything in a bag, with proofs, durable when it ends."""
    _filled_record(tree, out)
    command = _ascertain("publish", "bundle", out / "bundle", "--all", "--record", out / "record")
    return _run("ascertain publish bundle", tree, command)


def verify_bundle(tree: Tree, out: Path) -> Figure:
    """The stand-alone verifier on that bundle."""
    _filled_record(tree, out)
    _run("", tree, _ascertain("publish", "bundle", out / "bundle", "--all", "--record", out / "record"))
    return _run("verify_bundle.py", tree, [sys.executable, out / "bundle" / "verify_bundle.py"])


# Appends entries to a new record, 1,000 a transaction.
WRITER = """
import datetime, hashlib, sys
from pathlib import Path
from ascertain.record.entries import ExhibitAcquired, RecordCreated
from ascertain.record.store import new_record, open_record
folder, number = Path(sys.argv[1]), int(sys.argv[2])
now = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
with new_record(folder, 0) as record, record.writing("A. Analyst", now) as writer:
    writer.append(RecordCreated(name=folder.name, software="benchmark"))
record = open_record(folder, 0)
for start in range(1, number, 1000):
    with record.writing("A. Analyst", now) as writer:
        for n in range(start, min(number, start + 1000)):
            exhibit = hashlib.sha256(b"%d" % n).hexdigest()
            writer.append(ExhibitAcquired(exhibit=exhibit, original_name=f"folder/file-{n}.txt", source="A source"))
"""


def many_entries(folder: Path, number: int) -> Iterator[Figure]:
    """A log of many entries: appended, opened, verified, replayed. The files of these figures are its entries."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    steps = (
        ("append, 1,000 a transaction", [sys.executable, "-c", WRITER, folder, number]),
        ("open, and read the last entry", _ascertain("log", "--from", number - 1, "--record", folder)),
        ("ascertain verify", _ascertain("verify", "--record", folder)),
        ("ascertain rebuild", _ascertain("rebuild", "--record", folder)),
    )
    for name, command in steps:
        figure = _run(name, Tree("log", folder), command)
        yield replace(figure, files=number, size_mb=(folder / "record.sqlite").stat().st_size / MEGABYTE)


def _filled_record(tree: Tree, out: Path) -> None:
    _new_record(out / "record")
    _run("", tree, _ascertain("preserve", tree.folder, "--record", out / "record"))


MEASUREMENTS: tuple[Callable[[Tree, Path], Figure], ...] = (
    sha256sum, hash_limit, hash_two_threads, bagit_validate, durable_copy, durable_copy_200, start, ingest,
    ingest_again, verify, rebuild, bundle, verify_bundle,
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main())
