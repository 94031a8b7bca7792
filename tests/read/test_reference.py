from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.jobs.importing import load_reference, shipped
from ascertain.read.reference import read_reference


def problems(files: dict[str, bytes]) -> list[str]:
    return [str(problem) for problem in read_reference(files).problems]


def test_a_good_folder_has_rows_and_no_problem(small: Any) -> None:
    reference = read_reference(small.files())
    assert reference.problems == ()
    assert (reference.name, reference.version, reference.title) == ("small", "1", "A small reference record")
    assert {type(row).table: row.id for row in reference.rows}["figures"] == "n1"


@pytest.mark.parametrize("name", sorted(shipped()))
def test_a_shipped_reference_record_has_no_problem(name: str) -> None:
    reference, files = load_reference(name)
    assert [str(problem) for problem in reference.problems] == []
    assert reference.name == name
    assert len(reference.rows) > 0
    assert "about.toml" in files


def test_syria_cw_is_shipped() -> None:
    assert "syria-cw" in shipped()


@pytest.mark.parametrize(
    ("table", "row", "column", "cell", "line", "words"),
    [
        pytest.param("documents", "late", "published", "March 2019", 3, "not an EDTF date", id="a_date_in_words"),
        pytest.param("documents", "late", "published", "2019-02-30", 3, "not an EDTF date", id="a_day_of_no_calendar"),
        pytest.param("documents", "late", "published", "2019/2018", 3, "runs backwards", id="an_interval_backwards"),
        pytest.param("documents", "late", "kind", "novel", 3, "'novel' is not one of", id="a_kind_of_no_vocabulary"),
        pytest.param("documents", "late", "party", "nobody", 3, "no id in parties", id="a_party_that_is_not_there"),
        pytest.param("documents", "late", "id", "report", 3, "stands already in line 2", id="an_id_that_stands_twice"),
        pytest.param("documents", "late", "id", "a b", 3, "pattern", id="an_id_with_a_space"),
        pytest.param("documents", "late", "title", "", 3, "at least 1", id="an_empty_cell_that_has_to_say_something"),
        pytest.param("figures", "n1", "count", "some", 2, "not a count", id="a_count_in_words"),
        pytest.param("figures", "n1", "count", "1,2", 2, "not a count", id="a_count_with_a_decimal_comma"),
        pytest.param("figures", "n1", "count", "9" * 30, 2, "larger than any count", id="a_count_too_large"),
        pytest.param("figures", "n1", "measure", "feared", 2, "not one of", id="a_measure_of_no_vocabulary"),
        pytest.param("figures", "n1", "subject", "atlantis", 2, "no id in places or zones", id="a_subject_nowhere"),
        pytest.param("findings", "f1", "answer", "perhaps", 2, "not one of", id="an_answer_of_no_vocabulary"),
        pytest.param("findings", "f1", "answer", "", 2, "not one of", id="no_answer"),
        pytest.param("findings", "f1", "agent", "water", 2, "not an agent", id="an_agent_of_no_vocabulary"),
        pytest.param("findings", "f1", "document", "lost", 2, "no id in documents", id="a_document_not_there"),
        pytest.param("places", "town", "lat", "north", 2, "number", id="a_latitude_in_words"),
        pytest.param("places", "town", "lat", "nan", 2, "90", id="a_latitude_that_is_no_number"),
        pytest.param("places", "town", "lon", "190", 2, "180", id="a_longitude_off_the_globe"),
        pytest.param("parties", "body", "independent", "maybe", 2, "neither yes nor no", id="independent_maybe"),
    ],
)
def test_a_bad_cell_is_one_problem_with_its_file_line_and_column(
    small: Any, table: str, row: str, column: str, cell: str, line: int, words: str
) -> None:
    small.row(table, row)[column] = cell
    named = [p for p in problems(small.files()) if not p.startswith("findings.csv:3, column document: 'late'")]
    assert len(named) == 1
    assert named[0].startswith(f"{table}.csv:{line}, column {column}: ")
    assert words in named[0]


def test_a_bad_row_is_not_one_more_problem_for_each_row_that_refers_to_it(small: Any) -> None:
    small.row("documents", "report")["published"] = "2018-99"
    assert len(problems(small.files())) == 1


def test_two_bad_cells_of_a_row_are_both_named(small: Any) -> None:
    small.row("figures", "n1").update(count="some", measure="feared")
    assert {p.split(":")[1].split(" ")[-1] for p in problems(small.files())} == {"count", "measure"}


def test_a_document_without_address_and_symbol_cannot_be_found(small: Any) -> None:
    small.row("documents", "letter").update(url="", symbol="")
    assert problems(small.files()) == [
        "documents.csv:4, column url: a document needs an address or a symbol by which it can be found"
    ]
    small.row("documents", "letter")["symbol"] = "A/72/3"
    assert problems(small.files()) == []


def test_a_row_without_a_document_is_refused(small: Any) -> None:
    small.row("figures", "n1")["document"] = ""
    (problem,) = problems(small.files())
    assert problem.startswith("figures.csv:2, column document: ")


@pytest.mark.parametrize("file", ["documents.csv", "parties.csv", "about.toml"])
def test_a_missing_file_is_the_one_problem(small: Any, file: str) -> None:
    files = small.files()
    del files[file]
    (problem,) = problems(files)
    assert problem.startswith(f"{file}: the file is missing")


@pytest.mark.parametrize(
    "about",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"name = ", id="not_toml"),
        pytest.param(b'name = "\xff"', id="not_utf8"),
        pytest.param(b'name = 5\nversion = "1"\ntitle = "t"', id="a_name_that_is_a_number"),
        pytest.param(b'name = ""\nversion = "1"\ntitle = "t"', id="an_empty_name"),
    ],
)
def test_a_bad_about_file_is_named(small: Any, about: bytes) -> None:
    named = problems({**small.files(), "about.toml": about})
    assert named
    assert all(p.startswith("about.toml") for p in named)


def test_an_unknown_column_a_missing_column_and_a_column_twice_are_named(small: Any) -> None:
    files = small.files()
    head, rest = files["figures.csv"].split(b"\n", 1)
    for header, column, words in (
        (head.replace(b"count", b"number"), "number", "no such column"),
        (head.replace(b"count", b"number"), "count", "the column is missing"),
        (head.replace(b"when", b"count"), "count", "the column stands twice"),
        (head + b",", "(empty)", "no such column"),
    ):
        named = problems({**files, "figures.csv": header + b"\n" + rest})
        assert any(p.startswith(f"figures.csv:1, column {column}: ") and words in p for p in named), named


def test_an_unknown_table_is_named_and_other_files_are_passed_over(small: Any) -> None:
    files = {**small.files(), "rumours.csv": b"id\n", "zone.geojson": b"{", "README.md": b"\xff"}
    assert problems(files) == ["rumours.csv: no such table in the format"]


def _appended(small: Any, row: bytes) -> list[str]:
    files = small.files()
    return problems({**files, "figures.csv": files["figures.csv"] + row})


@pytest.mark.parametrize(
    ("row", "named"),
    [
        pytest.param(b"n2,caf\xe9,killed,1\n", "figures.csv:3: not UTF-8", id="latin_1"),
        pytest.param(b"n2,\xed\xa0\x80\n", "figures.csv:3: not UTF-8", id="half_a_surrogate_pair"),
        pytest.param(b"n2,\0\n", "figures.csv:3: a NUL byte", id="a_nul_byte"),
        pytest.param(b"n2,town,killed,1,,report,d,f,,,,\n", "figures.csv:3: the row has more cells", id="more_cells"),
        pytest.param(b"n2,town\n", "figures.csv:3: the row has fewer cells", id="fewer_cells"),
        pytest.param(b'n2,"town\n', "figures.csv:3: not readable as CSV", id="a_quote_never_closed"),
        pytest.param(b'n2,"to"wn"\n', "figures.csv:3: not readable as CSV", id="a_quote_inside"),
        pytest.param(b"n2," + b"a" * 1_000_001 + b"\n", "figures.csv:3: not readable as CSV", id="a_cell_above_1_mb"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(small: Any, row: bytes, named: str) -> None:
    (problem,) = _appended(small, row)
    assert problem.startswith(named)


def test_a_quote_left_open_is_named_where_its_row_begins(small: Any) -> None:
    (problem,) = _appended(small, b'n2,"town\n' + b"n3,town,killed,1,,report,d,f\n" * 20)
    assert problem.startswith("figures.csv:3: not readable as CSV")


def test_problems_before_an_unreadable_line_are_named_too(small: Any) -> None:
    small.row("figures", "n1")["count"] = "some"
    assert len(_appended(small, b'n2,"town\n')) == 2


def test_an_empty_file_lacks_its_columns(small: Any) -> None:
    named = problems({**small.files(), "figures.csv": b""})
    assert named
    assert all(p.startswith("figures.csv:1, column ") and p.endswith("the column is missing") for p in named)


def test_a_file_of_a_header_only_has_no_rows_and_no_problem(small: Any) -> None:
    files = small.files()
    files["figures.csv"] = files["figures.csv"].split(b"\n")[0]
    assert problems(files) == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda data: b"\xef\xbb\xbf" + data, id="a_byte_order_mark"),
        pytest.param(lambda data: data.replace(b"\n", b"\r\n"), id="line_ends_of_windows"),
        pytest.param(lambda data: data.rstrip(b"\n"), id="no_line_end_at_the_end"),
        pytest.param(lambda data: data + b"\n\n", id="empty_lines"),
    ],
)
def test_what_spreadsheets_do_to_a_file_is_no_problem(small: Any, change: Any) -> None:
    expected = read_reference(small.files()).rows
    files = {name: change(data) if name.endswith(".csv") else data for name, data in small.files().items()}
    changed = read_reference(files)
    assert (changed.problems, changed.rows) == ((), expected)


def test_an_empty_cell_of_an_optional_column_means_its_default(small: Any) -> None:
    small.row("findings", "f1")["scope"] = ""
    reference = read_reference(small.files())
    assert reference.problems == ()
    assert {row.scope for row in reference.rows if type(row).table == "findings"} == {"incident"}


def test_a_file_in_utf_16_is_one_problem(small: Any) -> None:
    files = small.files()
    files["figures.csv"] = files["figures.csv"].decode().encode("utf-16")
    assert len(problems(files)) == 1


@given(st.dictionaries(st.sampled_from(("about.toml", "documents.csv", "parties.csv", "figures.csv")), st.binary()))
def test_no_bytes_make_the_reader_raise(files: dict[str, bytes]) -> None:
    assert read_reference(files).problems


@given(st.text(max_size=12), st.sampled_from(("id", "count", "when", "measure", "subject", "document", "agent", "via")))
def test_no_cell_makes_the_reader_raise(cell: str, column: str) -> None:
    cells = {
        "id": "n1", "subject": "town", "measure": "killed", "count": "5", "when": "", "document": "d",
        "confirmed_by": "d", "confirmed_from": "f", "agent": "", "via": "",
    }  # fmt: skip
    cells[column] = cell
    quoted = ['"' + value.replace('"', '""') + '"' for value in cells.values()]
    data = (",".join(cells) + "\n" + ",".join(quoted) + "\n").encode("utf-8", "surrogatepass")
    read_reference({"figures.csv": data})
