"""A release of a dataset to its claims: one pass over the rows, a comparison with what stands, one Parquet object.

Memory is bounded by the batches (`tables.table`) and by what DuckDB may use; keys and fingerprints of all rows are
compared in it, values are not. The time of the run enters nothing: the same input gives the same bytes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from ascertain.model.dataset import ROWS
from ascertain.progress import Progress, Silent
from ascertain.read.datasets.binding import Bound
from ascertain.read.datasets.evaluation import VALUES, Evaluation
from ascertain.read.datasets.parquet import ParquetObject
from ascertain.read.datasets.queries import (
    changes_query,
    claims_query,
    fingerprints_query,
    standing_query,
    withdrawn_query,
)
from ascertain.read.datasets.tables.table import Table

READER: Final = "datasets@1"
MEMORY: Final = "640MB"
SHOWN_FAILURES: Final = 200
_ROWS_AT_ONCE: Final = 100_000


@dataclass(frozen=True, slots=True)
class Release:
    """Which release of which dataset the bytes of an exhibit are."""

    dataset: str
    release: str
    exhibit: str


@dataclass(frozen=True, slots=True)
class FailedRow:
    """A row that is no claim: its number, why in a stable word, and in words for people."""

    row: int
    code: str
    reason: str


@dataclass(slots=True)
class Outcome:
    """What became of the rows of a release. `failures` are the first ones; all of them are in the object.

    `unknown` has the words that no table of codes knows, by slot, with their numbers; `doubts` what is odd in rows that
    are claims all the same; `changes` counts `new`, `changed`, `restored`, `withdrawn`, `unchanged` and `failed`.
    """

    rows: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    failures: list[FailedRow] = field(default_factory=list)
    unknown: dict[str, Counter[str]] = field(default_factory=dict)
    doubts: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    @property
    def claims(self) -> int:
        """How many claims are new with this release: those of its object."""
        return self.changes["new"] + self.changes["changed"] + self.changes["restored"]


def read_release(
    table: Table,
    bound: Bound,
    release: Release,
    before: Sequence[Path],
    target: Path,
    scratch: Path,
    progress: Progress | None = None,
) -> Outcome:
    """Read the rows of a table and write the release's object (`model.dataset.ROWS`) to `target`.

    `before` are the objects of the dataset's earlier releases, in order; `scratch` is an empty folder.
    Raises UnreadableExhibit for bytes that are no such table after all.
    """
    outcome = Outcome()
    with open_engine(scratch) as engine:
        values = scratch / "values.parquet"
        _read_values(engine, table, bound, values, outcome, progress or Silent())
        _compare(engine, values, before)
        _write(engine, values, bound, release, target, outcome)
    outcome.notes += table.notes
    outcome.notes += [f"no column for {slot}" for slot in bound.missing]
    if not bound.key:
        outcome.notes.append("no key: a row is known again by its content alone, so a changed row is another one")
    return outcome


def open_engine(scratch: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB that stays within its memory, works in a folder and fetches nothing."""
    return duckdb.connect(
        config={
            "memory_limit": MEMORY,
            "temp_directory": str(scratch / "spill"),
            "threads": 2,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )


def _read_values(
    engine: duckdb.DuckDBPyConnection, table: Table, bound: Bound, path: Path, outcome: Outcome, progress: Progress
) -> None:
    query, evaluation = fingerprints_query(bound), Evaluation(bound)
    with ParquetObject(path, VALUES, passing=True) as written:
        for batch in table.batches(bound.used):
            rows = evaluation.values(batch)
            engine.register("evaluated", rows)
            fingerprints = engine.sql(query).to_arrow_table()["fingerprint"]
            engine.unregister("evaluated")
            rows = rows.append_column("fingerprint", fingerprints)
            if not bound.key:
                rows = rows.set_column(rows.schema.get_field_index("key"), "key", fingerprints)
            written.write(rows)
            outcome.rows += rows.num_rows
            progress.advance(rows.num_rows)
    outcome.unknown, outcome.doubts = evaluation.unknown, evaluation.doubts


def _compare(engine: duckdb.DuckDBPyConnection, values: Path, before: Sequence[Path]) -> None:
    """Make the tables `standing`, `changes` and `withdrawn`."""
    engine.execute(f"CREATE VIEW read AS SELECT * FROM read_parquet('{_quoted(values)}')")
    said = "SELECT NULL::VARCHAR AS key, NULL::VARCHAR AS claim, NULL::VARCHAR AS fingerprint, false AS stands LIMIT 0"
    if before:
        latest = standing_query([str(path) for path in before], "claim, fingerprint")
        said = f"SELECT of_key AS key, claim, fingerprint, change <> 'withdrawn' AS stands FROM ({latest})"
    engine.execute(f"CREATE TABLE standing AS {said}")
    engine.execute(f"CREATE TABLE changes AS {changes_query('read', 'standing')}")
    engine.execute(f"CREATE TABLE withdrawn AS {withdrawn_query('read', 'standing')}")


def _write(
    engine: duckdb.DuckDBPyConnection, values: Path, bound: Bound, release: Release, target: Path, outcome: Outcome
) -> None:
    constant = {"exhibit": release.exhibit, "dataset": release.dataset, "release": release.release}
    with ParquetObject(target, ROWS, _described(bound, release)) as written:
        for rows in _pieces(engine, bound, release):
            _note_failures(rows, outcome)
            written.write(_with(rows, constant))
        gone = engine.sql("SELECT 'withdrawn' AS change, key, claim FROM withdrawn ORDER BY key").to_arrow_table()
        written.write(_with(gone, constant))
    for change, number in engine.execute("SELECT change, count(*) FROM changes GROUP BY change").fetchall():
        outcome.changes["failed" if change == "duplicate" else change] += number
    if gone.num_rows:
        outcome.changes["withdrawn"] = gone.num_rows


def _pieces(engine: duckdb.DuckDBPyConnection, bound: Bound, release: Release) -> Iterator[pa.Table]:
    prefix = "\n".join((READER, bound.mapping.identity, release.dataset, release.exhibit, ""))
    query = claims_query("read", prefix)
    ((last,),) = engine.execute('SELECT coalesce(max("row"), 0) FROM changes').fetchall()
    for start in range(0, last + 1, _ROWS_AT_ONCE):
        yield engine.sql(query, params=[start, start + _ROWS_AT_ONCE - 1]).to_arrow_table()


def _note_failures(rows: pa.Table, outcome: Outcome) -> None:
    failed = rows.filter(pc.equal(rows["change"], "failed"))
    for pair in pc.value_counts(failed["problem"]).to_pylist():
        outcome.failed[pair["values"]] += pair["counts"]
    room = SHOWN_FAILURES - len(outcome.failures)
    for row in failed.select(["row", "problem", "reason"]).slice(0, room).to_pylist():
        outcome.failures.append(FailedRow(row["row"], row["problem"], row["reason"]))


def _with(rows: pa.Table, constant: dict[str, str]) -> pa.Table:
    for name, value in constant.items():
        rows = rows.append_column(name, pa.array([value] * rows.num_rows, pa.string()))
    return rows


def _described(bound: Bound, release: Release) -> dict[str, str]:
    """What the object says of itself: where each slot's words stand, by the column's number and header."""
    about: dict[str, Any] = {
        "reader": READER,
        "mapping": bound.mapping.identity,
        "dataset": release.dataset,
        "release": release.release,
        "exhibit": release.exhibit,
        "columns": {slot: list(place) for slot, place in sorted(bound.columns().items())},
    }
    return {"ascertain": json.dumps(about, sort_keys=True, ensure_ascii=False)}


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
