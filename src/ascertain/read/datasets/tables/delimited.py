"""Delimited text (RFC 4180 and its relatives): every row in its place, and what is not a row named by its number."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Final, TextIO

import pyarrow as pa

from ascertain.errors import UnreadableExhibit
from ascertain.read.datasets import hxl
from ascertain.read.datasets.mapping import Form
from ascertain.read.datasets.tables.clean import clean_batches
from ascertain.read.datasets.tables.encoded import TOO_LONG, bounded_lines, encoding_of, is_damaged, open_text
from ascertain.read.datasets.tables.table import (
    BATCH_CHARACTERS,
    BATCH_ROWS,
    MOST_COLUMNS,
    RowProblem,
    make_batch,
)

DELIMITERS: Final = (",", "\t", ";", "|")
_SAMPLE_LINES: Final = 50
_SAMPLE_CHARACTERS: Final = 1024 * 1024
_GULP: Final = 250  # rows between two looks at how many characters they had: 250 MB at most
Row = list[str]


@dataclass
class Delimited:
    """A file of delimited text. Rows count from 1, with the header and with empty lines, as in RFC 7111."""

    path: Path
    form: Form
    header: tuple[str, ...]
    encoding: str
    delimiter: str
    header_row: int
    notes: list[str] = field(default_factory=list)

    def batches(self, columns: Sequence[int]) -> Iterator[pa.Table]:
        """The rows under the header, in order: by Arrow's reader as long as the file is clean, then one by one."""
        done = self.header_row
        if self.encoding in ("utf-8", "utf-8-sig", "ascii"):
            width = len(self.header)
            clean = yield from clean_batches(self.path, self.delimiter, width, self.header_row, columns)
            if clean.whole:
                return
            done = clean.last
        yield from self.batches_by_row(columns, done)

    def batches_by_row(self, columns: Sequence[int], done: int) -> Iterator[pa.Table]:
        """The rows after the first `done`, read one by one."""
        with open_text(self.path, self.encoding) as file:
            reading = _Reading(file, self.delimiter, len(self.header))
            reading.skip(done)
            while (batch := reading.batch(columns)) is not None:
                yield batch
            if reading.blank:
                self.notes.append(f"{reading.blank:,} empty lines are no rows")


def open_delimited(path: Path, form: Form) -> Delimited:
    """Look at the beginning of a file of delimited text. Raises UnreadableExhibit for one without a header."""
    with path.open("rb") as file:
        encoding = encoding_of(file.read(4), form.encoding)
    notes = []
    sample = _sample(path, encoding)
    delimiter = form.delimiter or _delimiter(sample)
    if not form.delimiter:
        notes.append(f"columns are taken to be separated by {delimiter!r}")
    rows = list(_sample_rows(sample, delimiter))
    header_row, header = _header(rows, form)
    if len(header) > MOST_COLUMNS:
        raise UnreadableExhibit(f"the table has more than {MOST_COLUMNS:,} columns")
    if any(is_damaged(name) for name in header):
        raise UnreadableExhibit(
            f"the header is not {encoding} text", next_step="say `encoding:` in a mapping, such as cp1252 or cp1256"
        )
    return Delimited(path, form, header, encoding, delimiter, header_row, notes)


def _sample(path: Path, encoding: str) -> list[str]:
    lines: list[str] = []
    with open_text(path, encoding) as file:
        size = 0
        for line in islice(bounded_lines(file), _SAMPLE_LINES):
            lines.append(line)
            size += len(line)
            if size > _SAMPLE_CHARACTERS:
                break
    if not any(line.strip() for line in lines):
        raise UnreadableExhibit("the file has no rows")
    return lines


def _sample_rows(lines: Sequence[str], delimiter: str) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield []


def _delimiter(lines: Sequence[str]) -> str:
    """The delimiter by which most rows of the sample are as wide as the first, and wide."""

    def score(delimiter: str) -> tuple[float, int]:
        widths = [len(row) for row in _sample_rows(lines, delimiter) if row]
        if not widths or widths[0] < 2:
            return 0.0, 0
        return sum(width == widths[0] for width in widths) / len(widths), widths[0]

    best = max(DELIMITERS, key=score)
    return best if score(best) > (0.0, 0) else ","


def _header(rows: Sequence[Row], form: Form) -> tuple[int, tuple[str, ...]]:
    """The header's row number (0: there is none) and its names."""
    said = [(number, row) for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    if not said:
        raise UnreadableExhibit("the file has no header that can be read")
    if form.header == "hxl":
        for number, row in said[: hxl.SEARCHED_ROWS]:
            if hxl.is_tag_row(row):
                return number, tuple(hxl.normal_tag(cell) for cell in row)
        raise UnreadableExhibit(f"no row of HXL hashtags is among the first {hxl.SEARCHED_ROWS}")
    if form.header == "none":
        return 0, tuple(f"column {number}" for number in range(1, len(said[0][1]) + 1))
    wanted = said[0][0] if form.header == "first" else int(form.header)
    for number, row in said:
        if number == wanted:
            return number, tuple(cell.strip() for cell in row)
    raise UnreadableExhibit(f"row {wanted} is no header")


class _Reading:
    """One pass over the rows."""

    def __init__(self, file: TextIO, delimiter: str, width: int) -> None:
        self._characters = 0
        self._reader = csv.reader(self._counted(file), delimiter=delimiter, strict=True)
        self._width = width
        self._number = 0
        self.blank = 0

    def skip(self, rows: int) -> None:
        """Pass over the rows up to the header."""
        while self._number < rows:
            self._gulp(min(rows - self._number, _GULP))

    def batch(self, columns: Sequence[int]) -> pa.Table | None:
        """The next rows; None when there are no more."""
        rows: list[Row] = []
        numbers: list[int] = []
        problems: list[RowProblem] = []
        self._characters = 0
        while len(rows) < BATCH_ROWS and self._characters < BATCH_CHARACTERS:
            first = self._number + 1
            some, problem = self._gulp(_GULP)
            if not some and problem is None:
                break
            self._sort(some, first, rows, numbers, problems)
            if problem is not None:
                problems.append(problem)
        if not rows and not problems:
            return None
        return _table(rows, numbers, columns, problems)

    def _gulp(self, wanted: int) -> tuple[list[Row], RowProblem | None]:
        """The next rows, up to one that the csv module refuses, which is counted too."""
        rows: deque[Row] = deque()
        try:
            rows.extend(islice(self._reader, wanted))
        except csv.Error as error:
            self._number += len(rows) + 1
            return list(rows), RowProblem(self._number, "unreadable", f"{error} (line {self._reader.line_num:,})")
        self._number += len(rows)
        return list(rows), None

    def _sort(
        self, some: list[Row], first: int, rows: list[Row], numbers: list[int], problems: list[RowProblem]
    ) -> None:
        """Put rows of the right width among the rows, and the others among the problems."""
        if all(len(row) == self._width for row in some) and self._width > 1:
            rows.extend(some)
            numbers.extend(range(first, first + len(some)))
            return
        for number, row in enumerate(some, first):
            if len(row) == self._width and row != [""]:
                rows.append(row)
                numbers.append(number)
            elif not any(row):
                self.blank += 1
            elif row[0] == TOO_LONG:
                problems.append(RowProblem(number, "too_long", "a line that is longer than a row can be"))
            else:
                reason = f"{len(row):,} cells under a header of {self._width:,}"
                problems.append(RowProblem(number, "ragged", reason))

    def _counted(self, file: TextIO) -> Iterator[str]:
        for line in bounded_lines(file):
            self._characters += len(line)
            yield line


def _table(rows: list[Row], numbers: list[int], columns: Sequence[int], problems: list[RowProblem]) -> pa.Table:
    try:
        return make_batch(numbers, _columns(rows, columns), columns, problems)
    except UnicodeEncodeError:
        pass
    good: list[tuple[int, Row]] = []
    for number, row in zip(numbers, rows, strict=True):
        damaged = [position + 1 for position in columns if is_damaged(row[position])]
        if damaged:
            problems.append(RowProblem(number, "encoding", f"column {damaged[0]}: bytes that are no characters"))
        else:
            good.append((number, row))
    return make_batch([n for n, _ in good], _columns([row for _, row in good], columns), columns, problems)


def _columns(rows: list[Row], columns: Sequence[int]) -> list[Sequence[str]]:
    if not rows:
        return [[] for _ in columns]
    if len(columns) == 1:
        return [[row[columns[0]] for row in rows]]
    wanted: Callable[[Row], tuple[str, ...]] = itemgetter(*columns)
    return list(zip(*map(wanted, rows), strict=True))
