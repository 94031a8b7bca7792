"""The clean stretch of a file of delimited text, by Arrow's reader: many times as fast as row by row, and as strict.

Every byte is looked at before it is believed. The stretch ends before anything on which two readers of CSV could
disagree: a quotation mark out of place, a NUL, a lone carriage return, an empty line within, a line or a cell that is
too long, a row of another width, bytes that are no UTF-8. From there on the rows are read one by one.
"""

from __future__ import annotations

import io
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from ascertain.read.datasets.tables.encoded import LINE_CHARACTERS
from ascertain.read.datasets.tables.table import CELL_CHARACTERS, MOST_COLUMNS, batch_schema

_BLOCK: Final = 16 * 1024 * 1024
_QUOTE, _FEED, _RETURN = ord('"'), ord("\n"), ord("\r")
Bytes = np.ndarray[tuple[int], np.dtype[np.uint8]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """How far a file was clean: the number of the last row that was given, and whether no row is left."""

    last: int
    whole: bool


def clean_batches(
    path: Path, delimiter: str, width: int, header_row: int, columns: Sequence[int]
) -> Generator[pa.Table, None, Stretch]:
    """The rows under the header as batches, up to one that may not be clean; returns how far that was."""
    row = header_row + 1
    if width < 2 or width > MOST_COLUMNS or not delimiter.isascii() or delimiter == '"':
        return Stretch(header_row, whole=False)
    with path.open("rb") as file:
        watched = Watched(file, ord(delimiter))
        try:
            reader = csv.open_csv(
                pa.PythonFile(watched, "r"),
                csv.ReadOptions(
                    use_threads=False,
                    block_size=_BLOCK,
                    column_names=[f"c{position}" for position in range(width)],
                    skip_rows_after_names=header_row,
                ),
                csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
                csv.ConvertOptions(
                    column_types={f"c{position}": pa.string() for position in columns},
                    include_columns=[f"c{position}" for position in columns],
                    null_values=[],
                ),
            )
            for batch in reader:
                if not watched.is_clean or _has_long_cell(batch):
                    return Stretch(row - 1, whole=False)
                yield _numbered(batch, row, columns)
                row += batch.num_rows
        except (pa.ArrowInvalid, pa.ArrowKeyError):
            return Stretch(row - 1, whole=False)
    return Stretch(row - 1, whole=watched.is_clean)


def _numbered(batch: pa.RecordBatch, row: int, columns: Sequence[int]) -> pa.Table:
    nothing = pa.nulls(batch.num_rows, pa.string())
    numbers = pa.array(np.arange(row, row + batch.num_rows))
    cells = [batch.column(f"c{position}") for position in columns]
    return pa.Table.from_arrays([numbers, nothing, nothing, *cells], schema=batch_schema(columns))


def _has_long_cell(batch: pa.RecordBatch) -> bool:
    return any((pc.max(pc.binary_length(column)).as_py() or 0) > CELL_CHARACTERS for column in batch.columns)


class Watched(io.RawIOBase):
    """A file that is looked at as it is read. `is_clean` says whether all that was read so far is beyond doubt."""

    def __init__(self, file: BinaryIO, delimiter: int) -> None:
        super().__init__()
        self._file = file
        self._ends = np.zeros(256, bool)  # what may follow a quotation mark that closes, or precede one that opens
        self._ends[[delimiter, _FEED, _RETURN]] = True
        self._last = _FEED
        self._quotes = 0
        self._line = 0
        self._after_empty_line = False
        self.is_clean = True

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes; a few more than asked for, so that no run of quotation marks is cut."""
        data = self._file.read(size)
        if not data:
            self.is_clean &= self._quotes % 2 == 0
            return b""
        while data[-1] in (_QUOTE, _RETURN) and (more := self._file.read(1)):
            data += more
        if self.is_clean:
            block = np.frombuffer(data, np.uint8)
            self.is_clean = self._is_plain(block) and self._is_quoted_well(block)
            self._last = data[-1]
        return data

    def _is_plain(self, block: Bytes) -> bool:
        """No NUL, no carriage return without its line feed, no line that is too long, nothing after an empty line."""
        if not block.all():
            return False
        returns = np.flatnonzero(block == _RETURN)
        if returns.size and (returns[-1] + 1 == block.size or not (block[returns + 1] == _FEED).all()):
            return False
        feeds = np.flatnonzero(block == _FEED)
        ends = np.concatenate(([-1 - self._line], feeds, [block.size]))
        self._line = int(block.size - 1 - ends[-2])
        return bool(np.diff(ends).max() < LINE_CHARACTERS) and self._is_without_gaps(block, feeds)

    def _is_without_gaps(self, block: Bytes, feeds: np.ndarray[tuple[int], np.dtype[np.intp]]) -> bool:
        before = np.concatenate(([self._last], block[:-1]))
        empty = feeds[before[feeds] == _FEED]
        if block.size > 1:
            pair = feeds[(before[feeds] == _RETURN) & (feeds > 0)]
            empty = np.union1d(empty, pair[before[pair - 1] == _FEED])
        if empty.size:  # within quotation marks it is part of a cell
            quotes = np.flatnonzero(block == _QUOTE)
            inside = (np.searchsorted(quotes, empty) + self._quotes) % 2 == 1
            empty = empty[~inside]
        ends = (block == _FEED) | (block == _RETURN)
        if self._after_empty_line and not ends.all():
            return False
        if empty.size:
            self._after_empty_line = True
            return bool(ends[empty[0] :].all())
        return True

    def _is_quoted_well(self, block: Bytes) -> bool:
        """Every run of quotation marks opens a cell at its beginning, closes one at its end, or is of pairs in one."""
        quotes = np.flatnonzero(block == _QUOTE)
        if not quotes.size:
            return True
        starts = np.flatnonzero(np.diff(quotes, prepend=-2) != 1)
        lengths = np.diff(starts, append=quotes.size)
        inside = (self._quotes + starts) % 2 == 1
        first, after = quotes[starts], quotes[starts] + lengths
        left = np.where(first > 0, block[first - 1], self._last)
        right = np.where(after < block.size, block[np.minimum(after, block.size - 1)], _FEED)
        self._quotes += int(quotes.size)
        opens_well = inside | self._ends[left]
        must_end = inside == (lengths % 2 == 1)
        return bool((opens_well & (~must_end | self._ends[right])).all())
