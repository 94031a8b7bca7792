from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.errors import BadMoment
from ascertain.model.moment import Moment, parse_moment

YEARS = st.integers(1900, 2100)
DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 12, 31))
ONE_SIDE = st.one_of(
    DAYS.map(datetime.date.isoformat),
    st.tuples(YEARS, st.integers(1, 12)).map(lambda ym: f"{ym[0]}-{ym[1]:02}"),
    YEARS.map(str),
)
QUALIFIED = st.tuples(ONE_SIDE, st.sampled_from(("", "?", "~", "%"))).map("".join)
DECADES = st.integers(190, 210).map(lambda decade: f"{decade}X")
MOMENTS = st.one_of(QUALIFIED, DECADES, st.tuples(QUALIFIED, QUALIFIED).map("/".join))


@pytest.mark.parametrize(
    ("edtf", "earliest", "latest"),
    [
        ("2018-04-07", "2018-04-07", "2018-04-07"),
        ("2018-04", "2018-04-01", "2018-04-30"),
        ("2018", "2018-01-01", "2018-12-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2018-12", "2018-12-01", "2018-12-31"),
        ("2015-03-16/2015-05-20", "2015-03-16", "2015-05-20"),
        ("2013-09/2016-08", "2013-09-01", "2016-08-31"),
        ("2011/2018-04-04", "2011-01-01", "2018-04-04"),
        ("2018-09~", "2018-09-01", "2018-09-30"),
        ("2013-08-22?", "2013-08-22", "2013-08-22"),
        ("2018%", "2018-01-01", "2018-12-31"),
        ("2018-04~/2018-06?", "2018-04-01", "2018-06-30"),
        ("201X", "2010-01-01", "2019-12-31"),
        ("19XX", "1900-01-01", "1999-12-31"),
        ("2018-XX", "2018-01-01", "2018-12-31"),
        ("2018-04-XX", "2018-04-01", "2018-04-30"),
        ("2018-04-07T10:00:00Z", "2018-04-07", "2018-04-07"),
    ],
)
def test_a_moment_lies_between_its_first_and_its_last_possible_day(edtf: str, earliest: str, latest: str) -> None:
    moment = parse_moment(edtf)
    assert (moment.earliest.isoformat(), moment.latest.isoformat()) == (earliest, latest)
    assert moment.edtf == edtf


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("April 2018", id="words"),
        pytest.param("07/04/2018", id="slashes_of_a_calendar"),
        pytest.param("2018-4-7", id="no_leading_zeros"),
        pytest.param("2018-02-30", id="a_day_that_february_lacks"),
        pytest.param("2018-02-29", id="a_leap_day_in_a_common_year"),
        pytest.param("2018-04-00", id="a_day_zero"),
        pytest.param("2018-00", id="a_month_zero"),
        pytest.param("2018-13", id="a_thirteenth_month"),
        pytest.param("2018-21", id="a_season"),
        pytest.param("0000", id="a_year_zero"),
        pytest.param("-0100", id="a_year_before_christ"),
        pytest.param("10000", id="five_digits"),
        pytest.param("y170000002", id="a_year_too_far_away"),
        pytest.param("2018/2017", id="years_backwards"),
        pytest.param("2018-04-07/2018-04-06", id="days_backwards"),
        pytest.param("2018/", id="an_end_unknown"),
        pytest.param("/2018", id="a_start_unknown"),
        pytest.param("2018/..", id="an_end_open"),
        pytest.param("../2018", id="a_start_open"),
        pytest.param("2017/2018-02-29", id="an_interval_that_ends_on_no_day"),
        pytest.param("2017/2018/2019", id="three_sides"),
        pytest.param("[2018,2019]", id="a_set_of_level_2"),
        pytest.param("XXXX", id="a_year_of_no_digits"),
        pytest.param("２０１８", id="digits_of_full_width"),
        pytest.param(" 2018", id="a_space_before"),
        pytest.param("2018\n", id="a_line_end"),
        pytest.param("2018-04-07T25:00:00Z", id="an_hour_25"),
    ],
)
def test_what_has_no_first_and_last_day_is_refused(text: str) -> None:
    with pytest.raises(BadMoment):
        parse_moment(text)


@given(MOMENTS)
def test_a_moment_never_ends_before_it_begins(edtf: str) -> None:
    try:
        moment = parse_moment(edtf)
    except BadMoment as error:
        assert "backwards" in error.message
        return
    assert moment.earliest <= moment.latest
    assert moment.within(moment)
    assert moment.overlaps(moment)


@given(st.text(alphabet="0123456789-/X?~%.TZ:[]y", max_size=24))
def test_any_text_is_a_moment_or_a_bad_moment(text: str) -> None:
    try:
        moment = parse_moment(text)
    except BadMoment:
        return
    assert moment.earliest <= moment.latest


@given(DAYS, DAYS, DAYS, DAYS)
def test_moments_overlap_when_a_day_lies_in_both_and_lie_within_when_every_day_does(
    a: datetime.date, b: datetime.date, c: datetime.date, d: datetime.date
) -> None:
    first, second = (Moment("", *sorted(pair)) for pair in ((a, b), (c, d)))
    assert first.overlaps(second) == second.overlaps(first)
    assert first.overlaps(second) == (max(first.earliest, second.earliest) <= min(first.latest, second.latest))
    if first.within(second):
        assert first.overlaps(second)


def test_a_day_lies_within_its_month_and_a_month_only_overlaps_its_day() -> None:
    day, month = parse_moment("2018-04-07"), parse_moment("2018-04")
    assert day.within(month)
    assert not month.within(day)
    assert month.overlaps(day)
    assert not month.overlaps(parse_moment("2018-05"))
