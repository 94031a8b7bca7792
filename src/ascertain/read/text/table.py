"""Cells that know their table, row and column, and so the header cells over and beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

Header = Literal["", "column", "row"]

_MOST_SPANNED = 200  # rows or columns; a page may claim 65,534
_SHARE_OF_NUMBERS = 0.5


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a cell stands: table, row and column count from 1; `rows` and `columns` are how many it covers.

    `header` says whether it heads a column or a row; `guessed`, that the exhibit does not say so and its words do.
    """

    table: int
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    header: Header = ""
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class GivenCell:
    """A cell as a file gives it, in the order of its row: how far it spans, what it heads, and its words."""

    rows: int
    columns: int
    header: Header
    text: str


def heads(header: Cell, cell: Cell) -> bool:
    """Whether `header` stands over or beside `cell` as its header."""
    if header.table != cell.table or header == cell:
        return False
    if header.header == "column":
        overlaps = header.column < cell.column + cell.columns and cell.column < header.column + header.columns
        return overlaps and header.row + header.rows <= cell.row
    if header.header == "row":
        overlaps = header.row < cell.row + cell.rows and cell.row < header.row + header.rows
        return overlaps and header.column + header.columns <= cell.column
    return False


def number_cells(
    table: int, rows: Sequence[Sequence[GivenCell]], *, first_row_set_apart: bool = False
) -> list[list[Cell]]:
    """The cells of a table with their rows and columns, spans counted; headers are guessed where none is said.

    `first_row_set_apart` says that the first row looks like a header, which counts when the words do not tell.
    """
    cells = [list(row) for row in _grid(table, rows)]
    if _has_headers(cells):
        return cells
    cells = _with_guessed_headers(cells, rows)
    if first_row_set_apart and not _has_headers(cells):
        cells[0] = [replace(cell, header="column", guessed=True) for cell in cells[0]]
    return cells


def _has_headers(cells: Sequence[Sequence[Cell]]) -> bool:
    return any(cell.header for row in cells for cell in row)


def _grid(table: int, rows: Sequence[Sequence[GivenCell]]) -> Iterator[list[Cell]]:
    free_from: dict[int, int] = {}  # column → the first row in which no cell from above covers it
    for at, row in enumerate(rows, start=1):
        column, numbered = 1, []
        for given in row:
            while free_from.get(column, 0) > at:
                column += 1
            high = max(1, min(given.rows, _MOST_SPANNED, len(rows) - at + 1))
            wide = max(1, min(given.columns, _MOST_SPANNED))
            numbered.append(Cell(table, at, column, high, wide, given.header))
            if high > 1:
                free_from.update(dict.fromkeys(range(column, column + wide), at + high))
            column += wide
        yield numbered


def _with_guessed_headers(cells: list[list[Cell]], rows: Sequence[Sequence[GivenCell]]) -> list[list[Cell]]:
    """The first row heads the columns, and the first column the rows, when they hold words and the rest numbers."""
    inner = [given.text for row in rows[1:] for given in row[1:]]
    if len(rows) < 2 or not inner or _numbers(inner) < _SHARE_OF_NUMBERS:
        return cells
    top, side = [given.text for given in rows[0]], [row[0].text for row in rows[1:] if row]
    if all(cell.rows == 1 for cell in cells[0]) and _numbers(top) == 0:
        cells[0] = [replace(cell, header="column", guessed=True) for cell in cells[0]]
    if side and _numbers(side) == 0:
        for row in cells[1:]:
            row[:1] = [replace(cell, header="row", guessed=True) for cell in row[:1] if cell.column == 1] or row[:1]
    return cells


def _numbers(texts: Iterable[str]) -> float:
    """The share of `texts` that are numbers: a digit, and no more than two letters."""
    given = [text for text in texts if text.strip()]
    number = sum(any(c.isdigit() for c in text) and sum(c.isalpha() for c in text) <= 2 for text in given)
    return number / len(given) if given else 0.0
