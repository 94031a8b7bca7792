from __future__ import annotations

import datetime
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.read.lexicon import load_language
from ascertain.read.tokens import tokenize
from ascertain.read.when import find_dates

WORDS = load_language("en").dates
WRITTEN = datetime.date(2018, 4, 10)
SOME_WORDS = (
    "7 24, 25 30 31 1st 2nd April April, march March may May Sept. 2017 2018, 2013 1899 and to between from since of "
    "- – / ( ) , . in the on resolution S/2018/1 2018-04-07 de"
).split()
SENTENCES = st.lists(st.sampled_from(SOME_WORDS), max_size=14).map(" ".join)


def found(text: str, written: datetime.date | None = WRITTEN) -> list[tuple[str, str]]:
    """Each date's words and what was read from them."""
    tokens = tokenize(text)
    dates = find_dates(tokens, WORDS, written)
    return [(text[tokens[d.first].start : tokens[d.last - 1].end], d.edtf) for d in dates]


@pytest.mark.parametrize(
    ("text", "words", "edtf"),
    [
        ("in April", "April", "2018-04"),
        ("in December", "December", "2017-12"),
        ("in April 2017", "April 2017", "2017-04"),
        ("on 7 April 2018", "7 April 2018", "2018-04-07"),
        ("on April 7, 2018", "April 7, 2018", "2018-04-07"),
        ("the 7th of April 2018", "7th of April 2018", "2018-04-07"),
        ("on Sept. 3, 2018", "Sept. 3, 2018", "2018-09-03"),
        ("on 7 April", "7 April", "2018-04-07"),
        ("on 12 May", "12 May", "2017-05-12"),
        ("dated 2018-04-07", "2018-04-07", "2018-04-07"),
        ("from 3 to 5 June 2017", "3 to 5 June 2017", "2017-06-03/2017-06-05"),
        ("between 2014 and 2016", "between 2014 and 2016", "2014/2016"),
        ("since 2013", "since 2013", "2013/2018-04-10"),
        ("in 2013", "2013", "2013"),
        ("May 2018", "May 2018", "2018-05"),
    ],
)
def test_a_date_is_read_as_what_it_says_and_no_more(text: str, words: str, edtf: str) -> None:
    (date,) = found(text)
    assert date[1] == edtf
    assert words in date[0]


def test_a_list_of_days_is_those_days() -> None:
    (date,) = found("on 24, 25 and 30 March 2017")
    assert date == ("24, 25 and 30 March 2017", "2017-03-24|2017-03-25|2017-03-30")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("they may use it", id="may_as_a_verb"),
        pytest.param("It may, in the end, be used", id="may_before_a_comma"),
        pytest.param("they march on the town", id="march_as_a_verb"),
        pytest.param("resolution 2118", id="the_number_of_a_resolution"),
        pytest.param("document S/2018/1", id="the_symbol_of_a_document"),
        pytest.param("in 1 of 2 cases", id="numbers"),
        pytest.param("7/4/2018", id="a_calendar_of_an_unknown_order"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_no_date_gives_none(text: str) -> None:
    assert found(text) == []


def test_a_text_without_a_date_of_its_own_lends_no_year() -> None:
    assert found("on 7 April, in May, since 7 June", None) == []
    assert found("on 7 April 2018", None) == [("7 April 2018", "2018-04-07")]


def test_a_day_that_does_not_exist_is_no_day() -> None:
    assert "2018-02-31" not in [edtf for _, edtf in found("31 February 2018")]


@given(SENTENCES, st.none() | st.dates(datetime.date(1950, 1, 1), datetime.date(2090, 1, 1)))
def test_dates_stand_in_order_inside_the_text_and_do_not_overlap(text: str, written: datetime.date | None) -> None:
    tokens = tokenize(text)
    dates = find_dates(tokens, WORDS, written)
    assert all(0 <= d.first < d.last <= len(tokens) for d in dates)
    assert all(a.last <= b.first for a, b in itertools.pairwise(dates))


@given(st.text(max_size=60))
def test_no_text_makes_the_reader_of_dates_raise(text: str) -> None:
    find_dates(tokenize(text), WORDS, WRITTEN)


@given(st.sampled_from([*WORDS.months]).filter(lambda month: month not in ("may", "march")), st.booleans())
def test_a_month_without_a_day_never_gets_one(month: str, in_capitals: bool) -> None:
    for _, edtf in found(f"in {month.upper() if in_capitals else month.title()} they fled"):
        assert len(edtf) == len("2018-04")


@pytest.mark.parametrize(
    "text", ["from 16 March to 20 May 2015", "between 16 March and 20 May 2015", "16 March to 20 May 2015"]
)
def test_an_interval_with_one_year_has_that_year_on_both_sides(text: str) -> None:
    assert [edtf for _, edtf in found(text)] == ["2015-03-16/2015-05-20"]


def test_two_days_with_one_year_are_both_of_that_year() -> None:
    assert [edtf[:4] for _, edtf in found("on 3 April and 7 May 2017")] == ["2017", "2017"]


def test_days_that_run_backwards_are_no_interval() -> None:
    assert "2017-03-30/2017-03-24" not in [edtf for _, edtf in found("30 to 24 March 2017")]


def test_a_decade_is_not_its_first_year() -> None:
    assert found("in the 1980s") in ([], [("1980s", "198X")])


@pytest.mark.parametrize("text", ["since " * 2000, "between " * 2000, "1 May 2017 to " * 1000])
def test_a_text_of_nothing_but_date_words_does_not_exhaust_the_stack(text: str) -> None:
    found(text)
