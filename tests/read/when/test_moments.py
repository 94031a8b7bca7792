from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.model.moment import parse_moment
from ascertain.read.when import date_languages, find_moments

WRITTEN = datetime.date(2017, 1, 20)


def read(text: str, language: str = "en", written: datetime.date | None = WRITTEN) -> list[tuple[str, str]]:
    return [(when.edtf, when.time) for when in find_moments(text, language, written)]


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("at about 20:30 on 7 April 2016", "20:30"),
        ("at dawn on 7 April 2016", "dawn"),
        ("on 7 April 2016, at 2.30 a.m.", "02:30"),
        ("at 6 p.m. on 7 April 2016", "18:00"),
        ("12 a.m. on 7 April 2016", "00:00"),
        ("on 7 April 2016", ""),
        ("7 April 2016 saw 24 hours of shelling", ""),
        ("7 April 2016. People slept at night.", ""),
    ],
)
def test_a_time_of_day_stands_apart_from_the_day(text: str, time: str) -> None:
    assert read(text) == [("2016-04-07", time)]


def test_a_while_is_no_time_of_day() -> None:
    assert read("in the past 24 hours") == [("2017-01-19/2017-01-20", "")]


@pytest.mark.parametrize(
    "text",
    [
        "In February we will bring people together.",
        "He will travel to Ankara November 16-17.",
        "The Council will meet on 3 February.",
        "Talks are scheduled for Monday.",
    ],
)
def test_what_is_to_come_is_not_dated_into_the_past(text: str) -> None:
    assert read(text) == []


def test_a_date_beside_its_weekday_is_the_date() -> None:
    assert read("On Monday, Dec. 26, shells fell.") == [("2016-12-26", "")]


def test_the_last_year_up_to_now_is_no_calendar_year() -> None:
    assert read("Over the last year") == [("2016-01-20/2017-01-20", "")]


@pytest.mark.parametrize("language", date_languages())
@given(text=st.text(max_size=120), written=st.none() | st.dates())
def test_no_text_makes_it_raise_and_what_is_read_is_a_moment(
    language: str, text: str, written: datetime.date | None
) -> None:
    for when in find_moments(text, language, written, hemisphere="north"):
        assert 0 <= when.start < when.end <= len(text)
        parse_moment(when.edtf)


ENGLISH = (
    "the last two weeks ago Tuesday night overnight 7 April may March 2017 early of and to - in since mid end".split()
)
ARABIC = "في 7 نيسان كانون الثاني 2017 رمضان 1439 منذ قبل يومين الأسبوع الماضي بين و إلى أمس أواخر".split()


@pytest.mark.parametrize(("language", "vocabulary"), [("en", ENGLISH), ("ar", ARABIC)])
@given(data=st.data(), written=st.none() | st.dates())
def test_every_heap_of_date_words_gives_moments_that_stand(
    language: str, vocabulary: list[str], data: st.DataObject, written: datetime.date | None
) -> None:
    text = " ".join(data.draw(st.lists(st.sampled_from(vocabulary), max_size=14)))
    for when in find_moments(text, language, written):
        parse_moment(when.edtf)


def test_a_language_without_words_has_dates_in_figures_alone() -> None:
    assert read("3 Nisan 2018, 2018-04-07, 7.4.2018", "tr") == [("2018-04-07", ""), ("2018-04-07", "")]


@pytest.mark.parametrize("words", ["in April", "last year", "late August", "since June"])
def test_a_page_that_dates_itself_to_the_first_day_of_the_calendar_has_no_year_before(words: str) -> None:
    assert read(f"It happened {words}.", written=datetime.date(1, 1, 1)) == []


def test_there_is_no_year_after_the_last_of_the_calendar() -> None:
    assert read("It will end next year.", written=datetime.date(9999, 12, 1)) == []
