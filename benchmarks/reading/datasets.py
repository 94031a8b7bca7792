"""Datasets as sources: a million rows, read again, and a newer release; with what a bare conversion takes beside it.

The rows are made from a real file of UCDP GED (Sundberg and Melander 2013): its places, dates, parties and counts, each
row with an id of its own, its day moved by up to two weeks and its point by up to 200 metres. The seed is fixed.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import hashlib
import multiprocessing
import random
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from ascertain.read.datasets.binding import bind
from ascertain.read.datasets.mapping_file import shipped_mappings
from ascertain.read.datasets.reading import Release, read_release
from ascertain.read.datasets.tables.opening import open_table

CHANGED, DELETED = 0.01, 0.005


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said on the command line."""
    parser.add_argument("--rows", type=int, default=1_000_000, help="how many rows a release has")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Make two releases from UCDP GED's rows (`link/ged231_car.csv` of the data), and read them."""
    source = (args.data or Path()) / "link" / "ged231_car.csv"
    if not source.is_file():
        raise FileNotFoundError(f"no {source}")
    with tempfile.TemporaryDirectory() as folder:
        return measure(source, Path(folder), args.rows)


def measure(source: Path, folder: Path, rows: int) -> dict[str, Any]:
    """The figures for two releases of `rows` rows, made in an empty folder."""
    first, second = folder / "first.csv", folder / "second.csv"
    _make_release(source, first, rows, newer=False)
    _make_release(source, second, rows, newer=True)
    objects = [folder / f"{name}.parquet" for name in ("first", "again", "second")]
    return {
        "rows": rows,
        "size_mb": round(first.stat().st_size / 1e6),
        "floor_duckdb": _apart(_bare, first, folder / "bare.parquet"),
        "floor_csv_module": _apart(_rows_alone, first),
        "first": _apart(_read, first, objects[0], []),
        "again": _apart(_read, first, objects[1], []),
        "same_bytes": _hash(objects[0]) == _hash(objects[1]),
        "second": _apart(_read, second, objects[2], objects[:1]),
    }


def show(found: dict[str, Any]) -> str:
    """The figures as lines of a table."""
    lines = [f"{found['rows']:,} rows of UCDP GED's columns, {found['size_mb']} MB", ""]
    lines += [
        "| what | seconds | of processors | peak MB | object MB | rows |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for name, title in (
        ("floor_duckdb", "DuckDB alone, CSV to Parquet"),
        ("floor_csv_module", "Python's csv module alone, rows thrown away"),
        ("first", "first release, to claims"),
        ("again", "the same again"),
        ("second", "newer release, compared"),
    ):
        one = found[name]
        counts = ", ".join(f"{number:,} {word}" for word, number in one.get("changes", {}).items())
        figures = (one["seconds"], one["processor_seconds"], one["peak_mb"], one.get("object_mb", ""))
        lines.append(f"| {title} | {' | '.join(map(str, figures))} | {counts} |")
    lines += ["", f"the same bytes again: {'yes' if found['same_bytes'] else 'NO'}"]
    return "\n".join(lines)


def _read(source: Path, target: Path, before: list[Path]) -> dict[str, Any]:
    scratch = target.with_suffix(".work")
    scratch.mkdir()
    mapping = shipped_mappings()["ucdp-ged"]
    with source.open("rb") as file:
        exhibit = hashlib.file_digest(file, "sha256").hexdigest()
    table = open_table(source, mapping.table)
    outcome = read_release(table, bind(mapping, table.header), Release("ged", "1", exhibit), before, target, scratch)
    return {"changes": dict(sorted(outcome.changes.items())), "object_mb": round(target.stat().st_size / 1e6, 1)}


def _bare(source: Path, target: Path) -> dict[str, Any]:
    duckdb.connect(config={"threads": 2}).execute(
        f"COPY (SELECT * FROM read_csv('{source}', all_varchar=true)) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
    )
    return {"object_mb": round(target.stat().st_size / 1e6, 1)}


def _rows_alone(source: Path) -> dict[str, Any]:
    with source.open(encoding="utf-8", newline="") as file:
        for _ in csv.reader(file):
            pass
    return {}


def _apart(work: Callable[..., dict[str, Any]], *arguments: Any) -> dict[str, Any]:
    """Do a work in a process of its own, and say how long it took and how much memory at most."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (work, arguments))


def _measured(work: Callable[..., dict[str, Any]], arguments: tuple[Any, ...]) -> dict[str, Any]:
    start, worked = time.perf_counter(), time.process_time()
    found = work(*arguments)
    seconds, processor = round(time.perf_counter() - start, 1), round(time.process_time() - worked, 1)
    peak = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return {**found, "seconds": seconds, "processor_seconds": processor, "peak_mb": peak}


def _make_release(source: Path, target: Path, rows: int, *, newer: bool) -> None:
    """Rows drawn from the source's. The newer release has other counts in 1% of them and lacks 0.5%."""
    with source.open(encoding="utf-8", newline="") as file:
        header, *real = list(csv.reader(file))
    at = {name: position for position, name in enumerate(header)}
    drawn, fate = random.Random(5), random.Random(6)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for number in range(rows):
            row = _moved(drawn.choice(real), at, drawn)
            row[at["id"]] = str(number + 1)
            chance = fate.random()
            if newer and chance < DELETED:
                continue
            if newer and chance < DELETED + CHANGED:
                row[at["best"]], row[at["high"]] = str(int(row[at["best"]]) + 1), str(int(row[at["high"]]) + 1)
            writer.writerow(row)


def _moved(real: list[str], at: dict[str, int], drawn: random.Random) -> list[str]:
    row, days = list(real), datetime.timedelta(days=drawn.randint(-14, 14))
    for name in ("date_start", "date_end"):
        moved = datetime.datetime.fromisoformat(row[at[name]]) + days
        row[at[name]] = moved.isoformat()
    for name in ("lon", "lat"):
        row[at[name]] = f"{float(row[at[name]]) + drawn.uniform(-0.002, 0.002):.6f}"
    return row


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
