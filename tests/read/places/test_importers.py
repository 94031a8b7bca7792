from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.errors import UnreadableExhibit, UsageError
from ascertain.read.places import PlaceName, from_parquet, to_parquet
from ascertain.read.places.cod import read_cod
from ascertain.read.places.columns import read_columns
from ascertain.read.places.geonames import read_geonames

ABOUT = {"source": "a test", "version": "1"}
SQUARE = {"type": "Polygon", "coordinates": [[[36.0, 0.0], [37.0, 0.0], [37.0, 1.0], [36.0, 1.0], [36.0, 0.0]]]}


def cod(properties: dict[str, str], geometry: object = SQUARE) -> bytes:
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


UNIT = {"NAME_EN": "Saraqab", "NAME_AR": "سراقب", "PCODE": "SY070003", "ADM2_PCODE": "SY0700", "ADM1_PCODE": "SY07"}
EXCHANGED = {**UNIT, "ADM0_EN": "الجمهورية العربية السورية", "ADM0_AR": "Syrian Arab Republic", "ADM0_PCODE": "SY"}
LINE = "1 Saraqib Saraqib Saraqeb,سراقب,Саракиб,http://x.y 35.86 36.8 P PPLA3 SY - 07 0700 070003 - 50000 - 9 D 2020"
LINE = LINE.replace(" ", "\t").replace("\t-\t", "\t\t")


def test_a_unit_gives_a_row_for_each_of_its_names() -> None:
    rows, problems = read_cod(cod(EXCHANGED), **ABOUT)
    assert problems == []
    assert {(row.name, row.language) for row in rows} == {("Saraqab", "en"), ("سراقب", "ar")}
    assert {(row.kind, row.path, row.pcode) for row in rows} == {("admin3", "SY|SY07|SY0700", "SY070003")}


def test_the_precision_is_the_radius_of_a_circle_of_the_units_area() -> None:
    row = read_cod(cod(EXCHANGED), **ABOUT)[0][0]
    assert row.precision_km == pytest.approx(math.sqrt(111.19**2 / math.pi), rel=0.01)
    assert (row.lat, row.lon) == (0.5, 36.5)


def test_arabic_in_the_column_of_english_is_arabic() -> None:
    rows, _ = read_cod(cod({**UNIT, "NAME_EN": "سراقب", "NAME_AR": "Saraqab"}), **ABOUT)
    assert {(row.name, row.language) for row in rows} == {("Saraqab", "en"), ("سراقب", "ar")}


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(cod({"NAME_EN": "X"}), id="no_pcode"),
        pytest.param(cod({"PCODE": "SY01"}), id="no_name"),
        pytest.param(cod(UNIT, {"type": "Polygon", "coordinates": []}), id="an_empty_polygon"),
        pytest.param(cod(UNIT, {"type": "Nonsense"}), id="no_geometry"),
        pytest.param(cod(UNIT, None), id="no_point"),
    ],
)
def test_a_feature_that_gives_no_place_is_named(broken: bytes) -> None:
    rows, problems = read_cod(broken, **ABOUT)
    assert rows == [] and [problem.row for problem in problems] == ["1"]


@pytest.mark.parametrize("data", [b"{", b'{"a": 1}', b"\xff\xfe\x00", b'{"features": 3}', b"{" * 5000])
def test_what_is_no_boundary_file_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableExhibit):
        read_cod(data, **ABOUT)


def test_a_line_of_geonames_gives_its_names_in_latin_and_arabic_letters() -> None:
    rows, problems = read_geonames(LINE.encode(), **ABOUT)
    assert problems == []
    assert [row.name for row in rows] == ["Saraqib", "Saraqeb", "سراقب"]
    assert rows[0].kind == "populated" and rows[0].population == 50000 and rows[0].id == "geonames:1"


def test_a_short_line_is_named_and_the_rest_is_read() -> None:
    rows, problems = read_geonames(f"{LINE}\nshort\tline\n".encode(), **ABOUT)
    assert len(rows) == 3 and [problem.row for problem in problems] == ["2"]


@given(st.binary(max_size=300))
def test_no_bytes_make_an_importer_raise_anything_but_a_refusal(data: bytes) -> None:
    for read in (read_cod, read_geonames, read_columns):
        try:
            rows, _ = read(data, **ABOUT)
        except (UnreadableExhibit, UsageError):
            continue
        assert all(row.problem() == "" for row in rows)


def test_any_csv_is_read_by_a_mapping() -> None:
    data = "nr,places,y,x\n7,Sarmin|سرمين,35.9,36.7\n8,Nowhere,,\n9,Far,95,0\n".encode()
    rows, problems = read_columns(data, **ABOUT, mapping={"id": "nr", "name": "places", "lat": "y", "lon": "x"})
    assert [(row.id, row.name) for row in rows] == [("7", "Sarmin"), ("7", "سرمين")]
    assert [problem.reason for problem in problems] == ["no point", "the point lies outside the world"]


def test_a_csv_without_the_needed_columns_says_which() -> None:
    with pytest.raises(UsageError, match="lat"):
        read_columns(b"id,name\n1,x\n", **ABOUT)


def test_rows_come_back_from_parquet_as_they_went() -> None:
    row = PlaceName("1", "سرمين", "ar", "populated", "SY", 35.9, 36.7, 3.0, 10, "", "s", "v")
    assert to_parquet([row]) == to_parquet([row])
    assert [PlaceName(**one) for one in from_parquet(to_parquet([row])).to_pylist()] == [row]


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1" + b"\0" * 50 + b"PAR1"])
def test_other_bytes_are_no_gazetteer(data: bytes) -> None:
    with pytest.raises(UnreadableExhibit):
        from_parquet(data)
