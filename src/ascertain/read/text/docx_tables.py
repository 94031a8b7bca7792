"""The cells of a Word document's tables with their rows, columns and headers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from docx.oxml.ns import qn
from lxml import etree

from ascertain.read.text.table import Cell, GivenCell, Header, number_cells

_MOST_CELLS = 200_000
_LOOKED_AT = 80  # characters of a cell, to tell numbers from words
_OFF = frozenset({"0", "false", "off"})


def cells_of(body: etree._Element) -> dict[etree._Element, Cell]:
    """Where each `w:tc` of the document's tables stands."""
    found: dict[etree._Element, Cell] = {}
    table = 0
    for element in body.iter(qn("w:tbl")):
        rows = [(row, list(row.iterchildren(qn("w:tc")))) for row in element.iterchildren(qn("w:tr"))]
        if len(rows) < 2 or len(found) + sum(len(cells) for _, cells in rows) > _MOST_CELLS:
            continue
        table += 1
        given = [[_given(cell, _header(row)) for cell in cells] for row, cells in rows]
        numbered = number_cells(table, given, first_row_set_apart=_sets_first_row_apart(element))
        for (_, cells), places in zip(rows, _merged([cells for _, cells in rows], numbered), strict=True):
            found.update(zip(cells, places, strict=True))
    return found


def _merged(rows: Sequence[Sequence[etree._Element]], cells: list[list[Cell]]) -> list[list[Cell]]:
    """The cells, each covering the rows below in which it goes on (`w:vMerge` without `restart`)."""
    begun: dict[int, tuple[int, int]] = {}  # column → row and number of the cell that may go on there
    for at, row in enumerate(rows):
        for number, element in enumerate(row):
            cell = cells[at][number]
            if _goes_on(element) and cell.column in begun:
                above, which = begun[cell.column]
                cells[above][which] = replace(cells[above][which], rows=at - above + 1)
            else:
                begun[cell.column] = (at, number)
    return cells


def _goes_on(cell: etree._Element) -> bool:
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merge is not None and merge.get(qn("w:val"), "continue") == "continue"


def _given(cell: etree._Element, header: Header) -> GivenCell:
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    written = span.get(qn("w:val"), "1") if span is not None else "1"
    wide = int(written) if written.isascii() and written.isdigit() and len(written) < 6 else 1
    return GivenCell(1, wide, header, "".join(_words(cell))[:_LOOKED_AT])


def _words(cell: etree._Element) -> Iterator[str]:
    return (text.text or "" for text in cell.iter(qn("w:t")))


def _sets_first_row_apart(table: etree._Element) -> bool:
    look = table.find(f"{qn('w:tblPr')}/{qn('w:tblLook')}")
    return look is not None and look.get(qn("w:firstRow"), "0") not in _OFF


def _header(row: etree._Element) -> Header:
    marked = row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}")
    return "column" if marked is not None and marked.get(qn("w:val"), "1") not in _OFF else ""
