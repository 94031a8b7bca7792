"""Delimited text: rows in their places, by two readers that must agree."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ascertain.errors import BadMapping, UnreadableExhibit
from ascertain.read.datasets.mapping import Form
from ascertain.read.datasets.tables import clean
from ascertain.read.datasets.tables.delimited import open_delimited
from ascertain.read.datasets.tables.table import CELL_CHARACTERS

PLAIN = Form()


def _rows(batches: Any) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for batch in batches for row in batch.to_pylist()]


def _read(path: Path, data: bytes, form: Form = PLAIN) -> list[tuple[Any, ...]]:
    path.write_bytes(data)
    table = open_delimited(path, form)
    return _rows(table.batches(tuple(range(len(table.header)))))


CELLS = st.text(alphabet='ab,"\n\r;é\0 ', max_size=6)


@st.composite
def tables(draw: Any) -> bytes:
    """A well-formed table, perhaps with one character put in or taken out, or no table at all."""
    written = io.StringIO()
    rows = draw(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6))
    csv.writer(written, lineterminator=draw(st.sampled_from(["\n", "\r\n"]))).writerows([["x", "y", "z"], *rows])
    text = written.getvalue()
    at = draw(st.integers(6, len(text)))
    text = text[:at] + draw(st.text(alphabet='a,"\n\r', max_size=2)) + text[at + draw(st.integers(0, 1)) :]
    data = text.encode()
    return data + draw(st.sampled_from([b"", b"\xff", b"\n\n", b'"']))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=tables(), block=st.sampled_from([16, 64, 1 << 24]))
def test_both_readers_see_the_same_rows(tmp_path: Path, data: bytes, block: int) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(data)
    try:
        table = open_delimited(path, Form(delimiter=","))
    except UnreadableExhibit:
        return
    columns = tuple(range(len(table.header)))
    usual, clean._BLOCK = clean._BLOCK, block
    try:
        swift = _rows(table.batches(columns))
    finally:
        clean._BLOCK = usual
    assert swift == _rows(table.batches_by_row(columns, table.header_row))
    assert [row[0] for row in swift] == sorted({row[0] for row in swift})


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(st.text(max_size=8), min_size=2, max_size=2).filter(any), min_size=1, max_size=5))
def test_what_was_written_as_csv_is_read_as_it_was(tmp_path: Path, rows: list[list[str]]) -> None:
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows([["x", "y"], *rows])
    read = _read(tmp_path / "table.csv", written.getvalue().encode("utf-8", "replace"), Form(delimiter=","))
    assert [row[3:] for row in read] == [tuple(c.encode("utf-8", "replace").decode() for c in row) for row in rows]


def test_a_clean_file_is_read_by_the_swift_reader_alone(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text('x,y\n1,"a ""b"", c"\n2,\n\n')
    batches = list(clean.clean_batches(path, ",", 2, 1, (0, 1)))
    assert _rows(batches) == [(2, None, None, "1", 'a "b", c'), (3, None, None, "2", "")]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    data = f"x{delimiter}y\n1{delimiter}a\n2{delimiter}b\n".encode()
    assert [row[3:] for row in _read(tmp_path / "t", data)] == [("1", "a"), ("2", "b")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_says_the_encoding(tmp_path: Path, encoding: str) -> None:
    assert _read(tmp_path / "t", "x,y\n1,é\n".encode(encoding)) == [(2, None, None, "1", "é")]


def test_an_encoding_is_declared_and_never_guessed(tmp_path: Path) -> None:
    data = "x,y\n1,إدلب\n".encode("cp1256")
    assert _read(tmp_path / "t", data, Form(encoding="cp1256"))[0][4] == "إدلب"
    assert _read(tmp_path / "t", data)[0][1] == "encoding"
    with pytest.raises(BadMapping, match="no encoding"):
        _read(tmp_path / "t", data, Form(encoding="cp9999"))


def test_a_truncated_file_fails_its_last_row_alone(tmp_path: Path) -> None:
    rows = _read(tmp_path / "t", b'x,y\n1,a\n2,"cut of')
    assert [(row[0], row[1]) for row in rows] == [(2, None), (3, "unreadable")]


def test_empty_lines_are_counted_and_are_no_rows(tmp_path: Path) -> None:
    assert [row[0] for row in _read(tmp_path / "t", b"\nx,y\n\n1,a\n\n\n2,b\n")] == [4, 7]


def test_a_giant_cell_fails_its_row(tmp_path: Path) -> None:
    giant = b"a" * (CELL_CHARACTERS + 1)
    rows = _read(tmp_path / "t", b"x,y\n1," + giant + b"\n2,b\n")
    assert [(row[0], row[1]) for row in rows] == [(2, "unreadable"), (3, None)]


def test_a_line_without_an_end_is_one_failure(tmp_path: Path) -> None:
    rows = _read(tmp_path / "t", b"x,y\n1," + b"a,b" * 700_000 + b"\n2,b\n")
    assert [(row[0], row[1]) for row in rows] == [(2, "too_long"), (3, None)]


def test_ten_thousand_columns_are_read(tmp_path: Path) -> None:
    path = tmp_path / "t"
    path.write_text(",".join(f"c{n}" for n in range(10_000)) + "\n" + ",".join(["1"] * 10_000) + "\n")
    table = open_delimited(path, PLAIN)
    assert len(table.header) == 10_000
    assert _rows(table.batches((0, 9_999))) == [(2, None, None, "1", "1")]


def test_more_columns_than_a_table_can_have_are_refused(tmp_path: Path) -> None:
    (tmp_path / "t").write_text(",".join("c" for _ in range(20_000)) + "\n")
    with pytest.raises(UnreadableExhibit, match="more than 16,384 columns"):
        open_delimited(tmp_path / "t", PLAIN)


def test_hashtags_of_hxl_are_the_header(tmp_path: Path) -> None:
    data = b"A table\nWhen,Where,Dead\n#date+start,#loc +name,#affected+killed\n2018-04-07,Estor,3\n"
    path = tmp_path / "t"
    path.write_bytes(data)
    table = open_delimited(path, Form(header="hxl", delimiter=","))
    assert table.header == ("#date+start", "#loc+name", "#affected+killed")
    assert _rows(table.batches((1,))) == [(4, None, None, "Estor")]


@pytest.mark.parametrize(("header", "names", "first"), [("none", ("column 1", "column 2"), 1), ("2", ("1", "a"), 3)])
def test_the_header_is_where_it_is_said_to_be(tmp_path: Path, header: str, names: Any, first: int) -> None:
    (tmp_path / "t").write_text("x,y\n1,a\n2,b\n")
    table = open_delimited(tmp_path / "t", Form(header=header))
    assert table.header == names
    assert _rows(table.batches((0,)))[0][0] == first
