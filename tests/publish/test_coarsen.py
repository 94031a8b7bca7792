from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ascertain
from ascertain.errors import UsageError
from ascertain.publish.coarsen import coarse_places, coarse_point, coarse_rows, parse_level

SHIPPED = Path(ascertain.__file__).parent / "records" / "syria-cw" / "places.csv"
latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)
sizes = st.integers(1, 1000)


def place(one: str, **known: Any) -> dict[str, Any]:
    empty = {
        "name": one.title(), "name_ar": "", "aliases": [], "admin1": "", "pcode": "", "part_of": "",
        "lat": None, "lon": None, "precision_km": None, "document": "report", "locator": "", "notes": "",
    }  # fmt: skip
    return {"id": one, **empty, **known}


PLACES = [
    place("arland", name="Syria", pcode="SY"),
    place("north", name="Northern governorate", name_ar="الشمال", admin1="Northern", pcode="SY07", part_of="arland"),
    place("hills", name="Hill district", admin1="Northern", pcode="SY0702", part_of="north"),
    place("estor", admin1="Northern", pcode="SY070201", part_of="hills", lat=35.44, lon=36.65, precision_km=2.0),
    place("quarter", admin1="Northern", part_of="estor", lat=35.45, lon=36.66, precision_km=1.0, notes="by the mill"),
    place("village", admin1="Northern", part_of="north", lat=35.9, lon=36.7),
    place("abroad", part_of=""),
]


def kilometres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    a, b = math.radians(lat), math.radians(other_lat)
    across = math.radians(other_lon - lon)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(across / 2) ** 2
    return 2 * 6371 * math.asin(min(1.0, math.sqrt(h)))


@given(latitudes, longitudes, st.floats(0, 50), sizes)
def test_the_precision_holds_the_true_point(lat: float, lon: float, precision: float, size: int) -> None:
    middle_lat, middle_lon, reach = coarse_point(lat, lon, precision, size)
    assert -90 <= middle_lat <= 90
    assert -180 <= middle_lon <= 180
    assert kilometres(lat, lon, middle_lat, middle_lon) + precision <= reach + 0.05
    assert reach >= size / 2


@given(latitudes, longitudes, sizes)
def test_the_middle_of_a_cell_lies_in_that_cell(lat: float, lon: float, size: int) -> None:
    first = coarse_point(lat, lon, 0, size)
    assert coarse_point(first[0], first[1], 0, size)[:2] == pytest.approx(first[:2], abs=2e-4)


@given(st.floats(30, 40), st.floats(30, 45), st.floats(0, 0.01), st.floats(0, 0.01))
def test_points_of_one_cell_have_one_answer_so_that_nothing_can_be_averaged(
    lat: float, lon: float, up: float, right: float
) -> None:
    answers = {coarse_point(lat + up * k, lon + right * k, 1, 50) for k in range(5)}
    assert len(answers) <= 4  # five points within a kilometre or so lie in at most four cells


def test_a_cell_keeps_no_name_no_code_and_no_word_of_the_place() -> None:
    told = coarse_places(PLACES, parse_level("10km"))["quarter"]
    assert told["name"] == "a cell of 10 km"
    assert (told["admin1"], told["pcode"], told["name_ar"]) == ("", "", "")
    assert set(told) == {"id", "name", "name_ar", "admin1", "pcode", "lat", "lon", "precision_km"}
    assert (told["lat"], told["lon"]) != (35.45, 36.66)


def test_neighbours_in_one_cell_are_one_row_with_the_widest_precision() -> None:
    rows = coarse_rows(PLACES, parse_level("100km"))
    assert [row["id"] for row in rows] == ["cell-100km-39-195", "unplaced"]
    assert rows[0]["precision_km"] == coarse_places(PLACES, parse_level("100km"))["estor"]["precision_km"]


@pytest.mark.parametrize(
    ("one", "level", "wanted"),
    [
        ("quarter", "district", "area-SY0702"),
        ("estor", "district", "area-SY0702"),
        ("hills", "district", "area-SY0702"),
        ("village", "district", "area-SY07"),  # no district is known: the next coarser area, never a finer one
        ("north", "district", "area-SY07"),
        ("quarter", "governorate", "area-SY07"),
        ("arland", "governorate", "area-SY"),
        ("abroad", "governorate", "unplaced"),
    ],
)
def test_a_place_is_its_area_at_the_level_or_the_next_coarser_one(one: str, level: str, wanted: str) -> None:
    assert coarse_places(PLACES, parse_level(level))[one]["id"] == wanted


def test_an_area_is_named_by_the_row_of_its_code_and_has_no_point() -> None:
    told = coarse_places(PLACES, parse_level("governorate"))["quarter"]
    assert (told["name"], told["name_ar"], told["admin1"]) == (
        "Northern governorate", "الشمال", "Northern governorate",
    )  # fmt: skip
    assert told["lat"] is told["lon"] is told["precision_km"] is None


def test_without_codes_the_governorate_is_what_the_row_says() -> None:
    places = [place("town", admin1="Westmark", lat=1.0, lon=2.0, precision_km=1.0)]
    assert coarse_rows(places, parse_level("district"))[0]["name"] == "Westmark"


def test_a_circle_of_parts_ends() -> None:
    places = [place("a", part_of="b"), place("b", part_of="a")]
    assert [row["id"] for row in coarse_rows(places, parse_level("district"))] == ["unplaced"]


@pytest.mark.parametrize("level", ["district", "governorate", "10km", "50km"])
def test_no_word_of_a_finer_place_of_the_shipped_record_comes_through(level: str) -> None:
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        places = [_typed(row) for row in csv.DictReader(file)]
    rows = coarse_rows(places, parse_level(level))
    written = repr(rows)
    for fine in (row for row in places if len(row["pcode"]) > 4 or (not row["pcode"] and row["part_of"] != "syria")):
        assert fine["id"] not in written
        assert fine["name"] not in {row["name"] for row in rows}
        assert fine["lat"] is None or (fine["lat"], fine["lon"]) not in {(row["lat"], row["lon"]) for row in rows}


def _typed(row: dict[str, str]) -> dict[str, Any]:
    numbers = {name: float(row[name]) if row[name] else None for name in ("lat", "lon", "precision_km")}
    return {**row, **numbers}


@pytest.mark.parametrize("text", ["", "village", "0km", "1001km", "-5km", "10", "10 km", "1e3km", "٥km"])
def test_other_levels_are_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_level(text)


@pytest.mark.parametrize(("lat", "lon"), [(91.0, 0.0), (0.0, 181.0), (math.nan, 0.0), (math.inf, 0.0)])
def test_a_point_that_is_not_on_earth_is_refused(lat: float, lon: float) -> None:
    with pytest.raises(UsageError):
        coarse_point(lat, lon, 0, 10)
