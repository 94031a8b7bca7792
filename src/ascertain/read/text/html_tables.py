"""The cells of a web page's tables with their rows, columns and headers. Tables that only lay a page out have none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml.html import HtmlElement

from ascertain.read.text.table import Cell, GivenCell, Header, number_cells

_LAYOUT_ROLES = frozenset({"presentation", "none"})
_GROUPS = frozenset({"thead", "tbody", "tfoot"})
_CELLS = frozenset({"td", "th"})
_SCOPES: Mapping[str, Header] = {"col": "column", "colgroup": "column", "row": "row", "rowgroup": "row"}
_MOST_CELLS = 200_000  # of a page: beyond it, cells are words without a table
_LOOKED_AT = 80  # characters of a cell, to tell numbers from words


def cells_of(tree: HtmlElement) -> dict[HtmlElement, Cell]:
    """Where each `td` and `th` of the page's tables of data stands; tables are numbered in their order."""
    found: dict[HtmlElement, Cell] = {}
    table = 0
    for element in tree.iter("table"):
        rows = list(_rows(element))
        if not _holds_data(element, rows) or len(found) + sum(map(len, rows)) > _MOST_CELLS:
            continue
        table += 1
        given = [[_given(cell, row) for cell in row] for row in rows]
        for elements, cells in zip(rows, number_cells(table, given), strict=True):
            found.update(zip(elements, cells, strict=True))
    return found


def _rows(table: HtmlElement) -> Iterator[list[HtmlElement]]:
    """The rows of a table, not those of a table inside it."""
    for child in table:
        for row in child if child.tag in _GROUPS else (child,):
            if row.tag == "tr":
                yield [cell for cell in row if cell.tag in _CELLS]


def _holds_data(table: HtmlElement, rows: list[list[HtmlElement]]) -> bool:
    layout = (table.get("role") or "").strip().lower() in _LAYOUT_ROLES
    if layout or next(table.iterdescendants("table"), None) is not None:
        return False
    return len(rows) > 1 and max(map(len, rows)) > 1


def _given(cell: HtmlElement, row: list[HtmlElement]) -> GivenCell:
    text = "".join(cell.itertext())[:_LOOKED_AT]
    return GivenCell(_span(cell, "rowspan"), _span(cell, "colspan"), _header(cell, row), text)


def _span(cell: HtmlElement, name: str) -> int:
    written = (cell.get(name) or "").strip()
    return int(written) if written.isascii() and written.isdigit() and len(written) < 6 else 1


def _header(cell: HtmlElement, row: list[HtmlElement]) -> Header:
    in_head = next(cell.iterancestors("thead"), None) is not None
    if cell.tag != "th":
        return "column" if in_head else ""
    said = _SCOPES.get((cell.get("scope") or "").strip().lower())
    if said is not None:
        return said
    return "column" if in_head or all(other.tag == "th" for other in row) else "row"
