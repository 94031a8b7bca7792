"""The rows of a gazetteer: one name of one place each, and their table in Arrow and Parquet."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from ascertain.errors import UnreadableExhibit

SCHEMA: Final = pa.schema(
    [
        ("id", pa.string()),
        ("name", pa.string()),
        ("language", pa.string()),
        ("kind", pa.string()),
        ("path", pa.string()),
        ("lat", pa.float64()),
        ("lon", pa.float64()),
        ("precision_km", pa.float64()),
        ("population", pa.int64()),
        ("pcode", pa.string()),
        ("source", pa.string()),
        ("version", pa.string()),
    ]
)
_ENOUGH = 20_000_000  # rows: more than any gazetteer of the world has


@dataclass(frozen=True, slots=True)
class PlaceName:
    """One name of a place.

    `path` holds the places that it lies in, outermost first, joined by "|" (P-codes, or ids where there are none).
    `precision_km` is the radius around the point within which what the name refers to lies. `language` is a code of
    ISO 639 or empty; `population` 0 where it is not known.
    """

    id: str
    name: str
    language: str
    kind: str
    path: str
    lat: float
    lon: float
    precision_km: float
    population: int = 0
    pcode: str = ""
    source: str = ""
    version: str = ""

    def problem(self) -> str:
        """What is wrong with the row, or nothing."""
        if not self.id or not self.name.strip():
            return "no id or no name"
        if not (math.isfinite(self.lat) and math.isfinite(self.lon) and math.isfinite(self.precision_km)):
            return "a coordinate or the precision is no number"
        if not (-90 <= self.lat <= 90 and -180 <= self.lon <= 180):
            return "the point lies outside the world"
        return "" if self.precision_km > 0 else "the precision is not positive"


@dataclass(frozen=True, slots=True)
class Problem:
    """A row of a file that gives no place, by its number (from 1) or id, and why."""

    row: str
    reason: str


def sound(rows: Iterable[tuple[str, PlaceName]]) -> tuple[list[PlaceName], list[Problem]]:
    """The rows (with what to call them) that are places, and the problems of the others."""
    good, bad = [], []
    for called, row in rows:
        problem = row.problem()
        if problem:
            bad.append(Problem(called, problem))
        else:
            good.append(row)
    return good, bad


def to_table(rows: Sequence[PlaceName]) -> pa.Table:
    """Rows as an Arrow table."""
    names = [field.name for field in fields(PlaceName)]
    return pa.table({name: [getattr(row, name) for row in rows] for name in names}, schema=SCHEMA)


def to_parquet(rows: Sequence[PlaceName]) -> bytes:
    """Rows as the bytes of a Parquet file; the same rows give the same bytes."""
    stream = io.BytesIO()
    pq.write_table(to_table(rows), stream, compression="zstd")
    return stream.getvalue()


def from_parquet(data: bytes) -> pa.Table:
    """The table of a Parquet file as `to_parquet` writes it. Raises UnreadableExhibit for anything else."""
    try:
        file = pq.ParquetFile(io.BytesIO(data))
        if file.metadata.num_rows > _ENOUGH or file.schema_arrow.names != SCHEMA.names:
            raise UnreadableExhibit("this Parquet file is no gazetteer", next_step="import the gazetteer again")
        return file.read().cast(SCHEMA)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise UnreadableExhibit("this is no Parquet file of a gazetteer", next_step="import it again") from error
