"""What one cell says."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.read.datasets.mapping import Days
from ascertain.read.datasets.words import (
    Wrong,
    read_count,
    read_days,
    read_degrees,
    read_point,
    widened,
)

DAY = datetime.date


@pytest.mark.parametrize(
    ("text", "formats", "first", "last"),
    [
        ("2018-04-07", (), DAY(2018, 4, 7), DAY(2018, 4, 7)),
        ("2018-04-07T23:30:00+02:00", (), DAY(2018, 4, 7), DAY(2018, 4, 7)),
        ("2018-04-07 00:00:00.000000", (), DAY(2018, 4, 7), DAY(2018, 4, 7)),
        ("2018-02", (), DAY(2018, 2, 1), DAY(2018, 2, 28)),
        ("2018", (), DAY(2018, 1, 1), DAY(2018, 12, 31)),
        ("7/4/2018", ("%d/%m/%Y",), DAY(2018, 4, 7), DAY(2018, 4, 7)),
        ("7 April 2018", ("%d/%m/%Y", "%d %B %Y"), DAY(2018, 4, 7), DAY(2018, 4, 7)),
        ("April 2018", ("%B %Y",), DAY(2018, 4, 1), DAY(2018, 4, 30)),
    ],
)
def test_a_date_is_as_wide_as_its_words(text: str, formats: Any, first: datetime.date, last: datetime.date) -> None:
    assert read_days(text, formats) == (first, last)


@pytest.mark.parametrize(
    "text", ["7/4/2018", "2018-02-30", "2018-13", "20180407", "0001-01-01", "9999", "٢٠١٨", "soon"]
)
def test_what_is_no_date_is_wrong(text: str) -> None:
    assert isinstance(read_days(text, ()), Wrong)


@given(st.dates(DAY(1800, 1, 1), DAY(2100, 12, 31)))
def test_every_day_is_read_as_it_is_written(day: datetime.date) -> None:
    assert read_days(day.isoformat(), ()) == (day, day)
    assert read_days(day.strftime("%d.%m.%Y"), ("%d.%m.%Y",)) == (day, day)


@given(st.text(max_size=20), st.sampled_from([(), ("%d/%m/%Y",), ("%B %Y",)]))
def test_any_text_is_an_interval_or_wrong(text: str, formats: Any) -> None:
    found = read_days(text, formats)
    assert isinstance(found, Wrong) or found[0] <= found[1]


def test_a_known_week_is_widened_to_all_days_that_may_be_meant() -> None:
    day = DAY(2018, 4, 11)
    assert widened((day, day), Days(days=7, widen="around")) == (DAY(2018, 4, 5), DAY(2018, 4, 17))
    assert widened((day, day), Days(days=31, widen="month")) == (DAY(2018, 4, 1), DAY(2018, 4, 30))
    assert widened((day, day), Days(days=366, widen="year")) == (DAY(2018, 1, 1), DAY(2018, 12, 31))
    assert widened((day, day), Days(days=6)) == (day, day)


@pytest.mark.parametrize(
    ("text", "decimal", "found"),
    [
        ("83", ".", (None, 83, None)),
        ("1,200", ".", (None, 1200, None)),
        ("1.200", ",", (None, 1200, None)),
        ("3.0", ".", (None, 3, None)),
        ("3,0", ",", (None, 3, None)),
        ("3–5", ".", (3, None, 5)),
        ("3 - 5", ".", (3, None, 5)),
    ],
)
def test_a_count_is_read_whole(text: str, decimal: str, found: Any) -> None:
    assert read_count(text, decimal, ranges=True) == found


@pytest.mark.parametrize(
    ("text", "code"),
    [("-3", "negative"), ("−3", "negative"), ("5–3", "bounds"), ("2.5", "bad_count"), ("12,34", "bad_count"),
     ("~40", "bad_count"), ("1e3", "bad_count"), ("٣", "bad_count"), ("9" * 13, "bad_count")],
)  # fmt: skip
def test_what_is_no_count_is_wrong(text: str, code: str) -> None:
    found = read_count(text, ".", ranges=True)
    assert isinstance(found, Wrong)
    assert found.code == code


@given(st.integers(0, 10**12 - 1))
def test_every_count_is_read_as_it_is_written(number: int) -> None:
    assert read_count(str(number), ".", ranges=False) == (None, number, None)
    assert read_count(f"{number:,}", ".", ranges=False) == (None, number, None)


@given(st.text(max_size=15))
def test_any_text_is_degrees_within_bounds_or_wrong(text: str) -> None:
    found = read_degrees(text, ".", 90)
    assert isinstance(found, Wrong) or -90 <= found <= 90


def test_degrees_may_have_a_decimal_comma_where_that_is_said() -> None:
    assert read_degrees("36,5", ",", 180) == 36.5
    assert isinstance(read_degrees("36,5", ".", 180), Wrong)


@pytest.mark.parametrize("text", ["35.9, 36.4", "(35.9; 36.4)", "35.9,36.4"])
def test_a_point_in_one_cell_is_longitude_and_latitude(text: str) -> None:
    assert read_point(text, "lat lon") == (36.4, 35.9)


@pytest.mark.parametrize("text", ["35.9", "35.9,36.4,1", "x,y", "95,36", ""])
def test_what_is_no_point_is_wrong(text: str) -> None:
    assert isinstance(read_point(text, "lat lon"), Wrong)
