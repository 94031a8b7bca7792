"""A number in a table is read with the headers over and beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from ascertain.read.text.docx import read_docx
from ascertain.read.text.html import read_html
from ascertain.read.text.passage import Text
from ascertain.read.text.table import GivenCell, Header, number_cells

MakeDocx = Callable[[Callable[[Document], None]], bytes]
TOLLS = [["Town", "Killed", "Injured"], ["Estor", "43", "120"], ["Other", "7", "12"]]


def _headers(text: Text, words: str) -> list[str]:
    block = next(block for block in text.blocks if text.body[block.start : block.end] == words)
    return [text.body[header.start : header.end] for header in text.headers_of(block)]


def _html(rows: list[list[str]], tag: str = "td", attributes: str = "") -> bytes:
    made = "".join("<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in row) + "</tr>" for row in rows)
    return f"<html><body><h1>Tolls</h1><p>These are the tolls.</p><table{attributes}>{made}</table></body>".encode()


def test_a_number_has_the_header_of_its_column_and_of_its_row() -> None:
    page = (
        "<table><thead><tr><th>Town<th>Killed<th>Injured</thead>"
        "<tr><th>Estor<td>43<td>120<tr><th>Other<td>7<td>12</table>"
    )
    text = read_html(f"<html><body><h1>Tolls</h1>{page}</body>".encode())
    assert _headers(text, "120") == ["Injured", "Estor"]
    assert _headers(text, "7") == ["Killed", "Other"]
    assert not any(block.cell.guessed for block in text.blocks if block.cell)


def test_headers_that_no_tag_names_are_guessed_from_the_numbers_and_marked_as_guessed() -> None:
    text = read_html(_html(TOLLS))
    assert _headers(text, "120") == ["Injured", "Estor"]
    assert {block.cell.guessed for block in text.blocks if block.cell and block.cell.header} == {True}


def test_a_cell_over_two_columns_heads_both() -> None:
    page = (
        "<table><tr><th rowspan=2>Town<th colspan=2>Civilians<tr><th>Killed<th>Injured"
        "<tr><td>Estor<td>43<td>120</table>"
    )
    text = read_html(f"<html><body><h1>Tolls</h1>{page}</body>".encode())
    assert _headers(text, "43") == ["Civilians", "Killed"]
    assert _headers(text, "120") == ["Civilians", "Injured"]
    assert _headers(text, "Estor") == ["Town"]


def test_tables_that_lay_a_page_out_are_no_tables() -> None:
    inner = "<table><tr><td>a<td>b<tr><td>c<td>d</table>"
    text = read_html(f"<html><body><table><tr><td>{inner}<td>x<tr><td>y<td>z</table></body>".encode())
    cells = {text.body[block.start : block.end]: block.cell for block in text.blocks}
    assert cells["x"] is None
    assert cells["b"] is not None
    assert all(block.cell is None for block in read_html(_html(TOLLS, attributes=" role=presentation")).blocks)


def test_spans_that_no_table_has_are_bounded() -> None:
    page = "<table>" + "<tr>" + "<td rowspan=99999 colspan=99999>x" * 50 + "<tr><td>1<td>2</table>"
    text = read_html(f"<html><body>{page}</body>".encode())
    assert max(block.cell.columns for block in text.blocks if block.cell) == 200


def test_word_tables_have_their_headers(make_docx: MakeDocx) -> None:
    def fill(document: Document) -> None:
        document.add_paragraph("The tolls.")
        table = document.add_table(rows=3, cols=3)
        for row, cells in enumerate(TOLLS):
            for column, words in enumerate(cells):
                table.cell(row, column).text = words

    text = read_docx(make_docx(fill))
    assert _headers(text, "120") == ["Injured", "Estor"]


def test_a_row_that_word_repeats_on_each_page_is_the_header(make_docx: MakeDocx) -> None:
    def fill(document: Document) -> None:
        table = document.add_table(rows=2, cols=2)
        for at, words in enumerate(["Town", "Actor", "Estor", "Unknown"]):
            table.cell(at // 2, at % 2).text = words
        properties: Any = table.rows[0]._tr.get_or_add_trPr()
        properties.append(properties.makeelement(qn("w:tblHeader"), {}))

    text = read_docx(make_docx(fill))
    assert _headers(text, "Unknown") == ["Actor"]
    assert not any(block.cell.guessed for block in text.blocks if block.cell)


def test_a_word_cell_over_several_rows_heads_each_of_them(make_docx: MakeDocx) -> None:
    def fill(document: Document) -> None:
        table = document.add_table(rows=3, cols=2)
        for at, words in enumerate(["Town", "Killed", "Estor", "43", "", "7"]):
            table.cell(at // 2, at % 2).text = words
        table.cell(1, 0).merge(table.cell(2, 0))

    text = read_docx(make_docx(fill))
    assert _headers(text, "7") == ["Killed", "Estor"]


@given(
    st.lists(
        st.lists(
            st.builds(
                GivenCell,
                st.integers(-1, 70_000),
                st.integers(-1, 70_000),
                st.sampled_from(["", "column", "row"]),
                st.sampled_from(["", "43", "Killed"]),
            ),
            max_size=5,
        ),
        max_size=6,
    )
)
def test_no_two_cells_of_a_table_begin_at_one_place(rows: list[list[GivenCell]]) -> None:
    cells = [cell for row in number_cells(1, rows) for cell in row]
    assert len({(cell.row, cell.column) for cell in cells}) == len(cells)
    assert len(cells) == sum(map(len, rows))
    assert all(cell.rows >= 1 and cell.columns >= 1 and cell.row + cell.rows - 1 <= len(rows) for cell in cells)


def test_words_alone_make_no_header() -> None:
    plain: Header = ""
    rows = [[GivenCell(1, 1, plain, words) for words in row] for row in (["a", "b"], ["c", "d"])]
    assert not any(cell.header for row in number_cells(1, rows) for cell in row)
