"""Parquet tables of strangers, within limits: what a file says of its size is looked at before it is believed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ascertain.errors import UnreadableExhibit
from ascertain.read.datasets.tables.table import CELL_CHARACTERS, MOST_COLUMNS, batch_schema

_BATCH_ROWS: Final = 10_000
_COLUMN_BYTES: Final = 512 * 1024 * 1024  # of one column in one row group, unpacked
_MOST_ROWS: Final = 100_000_000
_DAMAGED = (pa.ArrowException, OSError, ValueError)


@dataclass
class ParquetTable:
    """A Parquet file. Its first row is row 1: it has no row of headers."""

    path: Path
    header: tuple[str, ...]
    notes: list[str] = field(default_factory=list)

    def batches(self, columns: Sequence[int]) -> Iterator[pa.Table]:
        """The rows, in order. Words stay in their dictionaries until their length is known."""
        names = [self.header[position] for position in columns]
        try:
            with pq.ParquetFile(self.path) as file:
                words = [name for name in names if not pa.types.is_nested(file.schema_arrow.field(name).type)]
            with pq.ParquetFile(self.path, read_dictionary=words) as file:
                _refuse_bombs(file.metadata, names)
                row = 1
                for batch in file.iter_batches(_BATCH_ROWS, columns=names, use_threads=False):
                    yield _cells(batch, row, names, columns)
                    row += batch.num_rows
        except _DAMAGED as error:
            raise UnreadableExhibit(f"the Parquet file is damaged ({str(error)[:200]})") from error


def open_parquet(path: Path) -> ParquetTable:
    """Look at a Parquet file's footer. Raises UnreadableExhibit when it is damaged or has no flat columns."""
    try:
        with pq.ParquetFile(path) as file:
            schema, rows = file.schema_arrow, file.metadata.num_rows
    except _DAMAGED as error:
        raise UnreadableExhibit(f"the Parquet file is damaged ({str(error)[:200]})") from error
    if len(schema) > MOST_COLUMNS or not len(schema) or rows > _MOST_ROWS:
        raise UnreadableExhibit(f"a table of {len(schema):,} columns and {rows:,} rows is not read")
    if len(set(schema.names)) < len(schema):
        raise UnreadableExhibit("two columns have one name: which of them is meant, a mapping cannot say")
    # A nested column has no words of its own: its place is kept, so that columns count as they stand.
    return ParquetTable(path, tuple(schema.names))


def _refuse_bombs(metadata: pq.FileMetaData, names: Sequence[str]) -> None:
    for group in range(metadata.num_row_groups):
        columns = metadata.row_group(group)
        for at in range(columns.num_columns):
            column = columns.column(at)
            if column.path_in_schema in names and column.total_uncompressed_size > _COLUMN_BYTES:
                size = column.total_uncompressed_size // (1024 * 1024)
                raise UnreadableExhibit(f"column {column.path_in_schema[:60]!r} unfolds to {size:,} MB in one piece")


def _cells(batch: pa.RecordBatch, row: int, names: Sequence[str], columns: Sequence[int]) -> pa.Table:
    schema, number = batch_schema(columns), batch.num_rows
    nothing = pa.nulls(number, pa.string())
    cells = [_text(batch.column(name), name) for name in names]
    rows = pa.array(range(row, row + number), pa.int64())
    return pa.Table.from_arrays([rows, nothing, nothing, *cells], schema=schema)


def _text(column: pa.Array, name: str) -> pa.Array:
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_nested(kind):
        raise UnreadableExhibit(f"column {name[:60]!r} holds tables of its own, no words")
    if pa.types.is_dictionary(column.type):
        words = column.dictionary
        if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind):
            longest = pc.max(pc.binary_length(words)).as_py() or 0
            if longest > 4 * CELL_CHARACTERS:
                raise UnreadableExhibit(f"column {name[:60]!r} has a cell of {longest:,} bytes")
        return pc.cast(words, pa.string()).take(column.indices)
    return pc.cast(column, pa.string())
