"""What a table of strangers is to the reader: a header, and batches of rows whose cells are text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import pyarrow as pa

BATCH_ROWS: Final = 50_000
BATCH_CHARACTERS: Final = 32 * 1024 * 1024  # of all cells in a batch, so that long cells do not fill the memory
CELL_CHARACTERS: Final = 131_072  # Python's csv module stops here too
MOST_COLUMNS: Final = 16_384  # as many as a workbook can have


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that cannot be read: its number, why in a stable word, and in words for people."""

    row: int
    code: str
    reason: str


class Table(Protocol):
    """A table, open. `header` has the columns' names; `notes` what was guessed or left out, whole when all was read."""

    @property
    def header(self) -> tuple[str, ...]:
        """The columns' names, as written (for HXL: the hashtags in their normal form)."""

    @property
    def notes(self) -> list[str]:
        """What was guessed or left out."""

    def batches(self, columns: Sequence[int]) -> Iterator[pa.Table]:
        """The rows, in order, in the columns of `batch_schema`: cells as text (null: no cell), or a problem."""


def batch_schema(columns: Sequence[int]) -> pa.Schema:
    """The schema of a batch: `row` (as RFC 7111 counts), `problem`, `reason`, and `c0`, `c7` … for the columns."""
    fixed = [pa.field("row", pa.int64()), pa.field("problem", pa.string()), pa.field("reason", pa.string())]
    return pa.schema([*fixed, *[pa.field(f"c{position}", pa.string()) for position in columns]])


def make_batch(
    rows: Sequence[int],
    cells: Sequence[Sequence[str | None]],
    columns: Sequence[int],
    problems: Sequence[RowProblem] = (),
) -> pa.Table:
    """A batch of good rows (their numbers, and for each wanted column its cells) with the problems among them."""
    schema = batch_schema(columns)
    nothing = pa.nulls(len(rows), pa.string())
    arrays = [pa.array(rows, pa.int64()), nothing, nothing, *[pa.array(column, pa.string()) for column in cells]]
    batch = pa.Table.from_arrays(arrays, schema=schema)
    if not problems:
        return batch
    failed = [{"row": one.row, "problem": one.code, "reason": one.reason} for one in problems]
    return pa.concat_tables([batch, pa.Table.from_pylist(failed, schema=schema)]).sort_by("row")
