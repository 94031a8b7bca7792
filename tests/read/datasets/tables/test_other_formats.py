"""JSON lines, Parquet and workbooks of strangers."""

from __future__ import annotations

import contextlib
import datetime
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ascertain.errors import UnreadableExhibit
from ascertain.read.datasets.mapping import Form
from ascertain.read.datasets.tables import parquet_table, xlsx
from ascertain.read.datasets.tables.opening import open_table


def _read(path: Path, form: Form | None = None) -> list[dict[str, Any]]:
    table = open_table(path, form or Form())
    columns = tuple(range(len(table.header)))
    names = ["row", "problem", "reason", *table.header]
    rows = [row for batch in table.batches(columns) for row in batch.to_pylist()]
    return [dict(zip(names, row.values(), strict=True)) for row in rows]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"  \n\n", "empty"),
        (b"%PDF-1.7 and so on", "a PDF file"),
        (b"\x1f\x8b\x08", "a gzip file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Excel file"),
        (b"PAR1 and nothing", "damaged"),
        (b"PK\x03\x04 and nothing", "no workbook"),
        (b"\0\1\0\2\0\3\0\4", "no table of text"),
    ],
)
def test_what_is_no_table_is_refused_by_what_it_is(tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / "t.csv").write_bytes(data)
    with pytest.raises(UnreadableExhibit, match=says):
        _read(tmp_path / "t.csv")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from([b"", b"PAR1", b"PK\x03\x04", b'{"a":', b"a,b\n", b"\xff\xfe", b"\xef\xbb\xbf"]),
    rest=st.binary(max_size=200),
)
def test_no_bytes_do_more_than_be_refused(tmp_path: Path, start: bytes, rest: bytes) -> None:
    (tmp_path / "t").write_bytes(start + rest)
    with contextlib.suppress(UnreadableExhibit):
        _read(tmp_path / "t")


# JSON lines


def test_json_lines_keep_their_digits_and_name_what_lies_deeper(tmp_path: Path) -> None:
    (tmp_path / "t").write_text(
        '{"id": 1, "at": {"lat": 35.900, "tags": ["a", 1]}, "ok": true, "no": null}\n\n{"id": 2}\n'
    )
    first, second = _read(tmp_path / "t")
    assert (first["id"], first["at.lat"], first["at.tags"], first["ok"]) == ("1", "35.900", '["a", "1"]', "true")
    assert (second["row"], second["at.lat"]) == (3, None)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('{"id": 1', "unreadable"),
        ("[1, 2]", "unreadable"),
        ("7", "unreadable"),
        ('{"id": 1, "id": 2}', "duplicate_name"),
        ('{"id": "\\ud800"}', "encoding"),
        ("[" * 100_000, "unreadable"),
        ('{"a":' * 100 + "1" + "}" * 100, "unreadable"),
        ('{"id": "' + "a" * 1_100_000 + '"}', "too_long"),
    ],
)
def test_a_line_that_is_no_object_fails_alone(tmp_path: Path, line: str, code: str) -> None:
    (tmp_path / "t").write_text('{"id": 1}\n' + line + '\n{"id": 3}\n')
    assert [(row["row"], row["problem"]) for row in _read(tmp_path / "t")] == [(1, None), (2, code), (3, None)]


# Parquet


def test_parquet_cells_are_text(tmp_path: Path) -> None:
    columns = {
        "id": [1, 2],
        "day": [datetime.date(2018, 4, 7), None],
        "at": [datetime.datetime(2018, 4, 7), None],
        "lat": [35.9, None],
        "place": ["Estor", None],
    }
    pq.write_table(pa.table(columns), tmp_path / "t")
    first, second = _read(tmp_path / "t")
    assert (first["row"], first["id"], first["day"], first["lat"]) == (1, "1", "2018-04-07", "35.9")
    assert first["at"].startswith("2018-04-07 00:00:00")
    assert (second["row"], second["place"]) == (2, None)


def test_a_column_that_unfolds_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pq.write_table(pa.table({"id": ["a" * 1000 + str(n) for n in range(5000)]}), tmp_path / "t", compression="zstd")
    assert len(_read(tmp_path / "t")) == 5000
    monkeypatch.setattr(parquet_table, "_COLUMN_BYTES", 1_000_000)
    with pytest.raises(UnreadableExhibit, match="unfolds to"):
        _read(tmp_path / "t")


def test_a_giant_cell_in_a_dictionary_is_refused_before_it_is_repeated(tmp_path: Path) -> None:
    giant = pa.DictionaryArray.from_arrays(pa.array([0] * 10_000), ["a" * 1_000_000])
    pq.write_table(pa.table({"id": giant}), tmp_path / "t", compression="zstd")
    assert (tmp_path / "t").stat().st_size < 10_000
    with pytest.raises(UnreadableExhibit, match="a cell of 1,000,000 bytes"):
        _read(tmp_path / "t")


def test_a_nested_column_is_refused_when_it_is_read(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": ["1"], "deep": [{"a": 1}]}), tmp_path / "t")
    table = open_table(tmp_path / "t", Form())
    assert next(iter(table.batches((0,)))).num_rows == 1
    with pytest.raises(UnreadableExhibit):
        list(table.batches((1,)))


# Workbooks

_TYPES = "http://schemas.openxmlformats.org"
_WORKBOOK = (
    f'<workbook xmlns="{_TYPES}/spreadsheetml/2006/main" xmlns:r="{_TYPES}/officeDocument/2006/relationships">'
    '<sheets><sheet name="Incidents" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_LINKS = (
    f'<Relationships xmlns="{_TYPES}/package/2006/relationships">'
    '<Relationship Id="rId1" Type="sheet" Target="worksheets/sheet1.xml"/></Relationships>'
)
_STYLES = (
    f'<styleSheet xmlns="{_TYPES}/spreadsheetml/2006/main"><numFmts><numFmt numFmtId="170" formatCode="dd/mm/yyyy"/>'
    '<numFmt numFmtId="171" formatCode="0.0&quot;d&quot;"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs></styleSheet>'
)


def _workbook(path: Path, rows: str, strings: str = "", head: str = "") -> Path:
    space = f'xmlns="{_TYPES}/spreadsheetml/2006/main"'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", _WORKBOOK)
        book.writestr("xl/_rels/workbook.xml.rels", _LINKS)
        book.writestr("xl/styles.xml", _STYLES)
        book.writestr("xl/sharedStrings.xml", f"{head}<sst {space}>{strings}</sst>")
        book.writestr("xl/worksheets/sheet1.xml", f"<worksheet {space}><sheetData>{rows}</sheetData></worksheet>")
    return path


_HEAD = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
_STRINGS = "<si><t>date</t></si><si><r><t>pla</t></r><r><t>ce</t></r><rPh><t>x</t></rPh></si>"


def test_a_workbooks_cells_are_text_and_its_dates_are_dates(tmp_path: Path) -> None:
    rows = (
        '<row r="2"><c r="A2" s="1"><v>43197</v></c><c r="B2" t="inlineStr"><is><t>Estor</t></is></c></row>'
        '<row r="5"><c r="A5" s="2"><v>43197.5</v></c><c r="B5" t="str"><f>HYPERLINK("x")</f><v>=kept</v></c></row>'
        '<row r="6"><c r="A6" s="3"><v>7</v></c></row><row r="7"></row>'
    )
    read = _read(_workbook(tmp_path / "t", _HEAD + rows, _STRINGS))
    assert [(row["row"], row["date"], row["place"]) for row in read] == [
        (2, "2018-04-07", "Estor"),
        (5, "2018-04-07 12:00:00", "=kept"),
        (6, "7", None),
    ]


def test_a_workbook_that_unfolds_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "_STRINGS_BYTES", 1_000_000)
    bomb = _STRINGS + f"<si><t>{'a' * 3_000_000}</t></si>"
    with pytest.raises(UnreadableExhibit, match="unfolds to more"):
        _read(_workbook(tmp_path / "t", _HEAD, bomb))


def test_entities_of_a_workbook_are_not_resolved(tmp_path: Path) -> None:
    head = '<!DOCTYPE sst [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    strings = "<si><t>date</t></si><si><t>&f;&b;</t></si>"
    table = open_table(_workbook(tmp_path / "t", _HEAD, strings, head), Form())
    assert table.header == ("date", "")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 2000), flip=st.integers(0, 2000))
def test_a_damaged_workbook_is_refused_or_read(tmp_path: Path, cut: int, flip: int) -> None:
    data = bytearray(_workbook(tmp_path / "whole", _HEAD, _STRINGS).read_bytes())
    data[flip % len(data)] ^= 0x55
    (tmp_path / "t").write_bytes(data[: max(4, len(data) - cut)])
    with contextlib.suppress(UnreadableExhibit):
        _read(tmp_path / "t")


def test_parquet_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    twice = pa.Table.from_arrays([pa.array(["1"]), pa.array(["2"])], names=["deaths", "deaths"])
    pq.write_table(twice, tmp_path / "twice.parquet")
    with pytest.raises(UnreadableExhibit, match="one name"):
        open_table(tmp_path / "twice.parquet", Form())
