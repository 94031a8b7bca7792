from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.errors import BadCount
from ascertain.model.count import Count, parse_count

NUMBERS = st.integers(0, 10**12)
SMALL = st.integers(1, 40)
ONE_NUMBER = ("exactly", "at least", "more than", "at most", "fewer than", "about", "nearly")


@st.composite
def counts(draw: st.DrawFn, numbers: st.SearchStrategy[int] = SMALL) -> Count:
    comparator = draw(st.sampled_from((*ONE_NUMBER, "between")))
    if comparator == "between":
        return Count.of(comparator, *sorted((draw(numbers), draw(numbers))))
    return Count.of(comparator, draw(numbers.filter(lambda n: n > 0)))


def allowed(count: Count, limit: int = 120) -> set[int]:
    """The integers that a count allows, of those that a test looks at."""
    low = -limit if count.low is None else count.low
    high = limit if count.high is None else count.high
    return set(range(low, high + 1))


@pytest.mark.parametrize(
    ("text", "low", "high", "comparator", "words"),
    [
        ("83", 83, 83, "exactly", "83"),
        ("0", 0, 0, "exactly", "0"),
        (">=43", 43, None, "at least", "at least 43"),
        (">80", 81, None, "more than", "more than 80"),
        ("<=5", None, 5, "at most", "at most 5"),
        ("<300", None, 299, "fewer than", "fewer than 300"),
        ("~500", 450, 550, "about", "about 500"),
        ("~<100", 90, 100, "nearly", "nearly 100"),
        ("40..70", 40, 70, "between", "40 to 70"),
        ("2,900,000", 2_900_000, 2_900_000, "exactly", "2,900,000"),
        (">= 1,466", 1466, None, "at least", "at least 1,466"),
        (" 40 .. 70 ", 40, 70, "between", "40 to 70"),
    ],
)
def test_a_count_has_the_bounds_that_its_comparator_means(
    text: str, low: int | None, high: int | None, comparator: str, words: str
) -> None:
    count = parse_count(text)
    assert (count.low, count.high, count.comparator, str(count)) == (low, high, comparator, words)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("many", id="a_word"),
        pytest.param("-3", id="negative"),
        pytest.param("3.5", id="a_fraction"),
        pytest.param("1,2", id="a_decimal_comma"),
        pytest.param("1,,000", id="an_empty_group"),
        pytest.param("1,0000", id="a_group_of_four"),
        pytest.param("4 0", id="a_space_inside"),
        pytest.param("70..40", id="a_range_backwards"),
        pytest.param("40..", id="a_range_without_an_end"),
        pytest.param("..40", id="a_range_without_a_start"),
        pytest.param("40-70", id="a_hyphen_for_the_range"),
        pytest.param("=5", id="a_sign_of_its_own"),
        pytest.param("~>3", id="two_signs_that_do_not_go_together"),
        pytest.param("<0", id="fewer_than_none"),
        pytest.param("٣", id="digits_of_another_script"),
        pytest.param("²", id="a_superscript"),
        pytest.param("1e3", id="an_exponent"),
        pytest.param("5 people", id="a_unit_behind_it"),
        pytest.param("9" * 25, id="more_than_sqlite_can_keep"),
        pytest.param("9" * 5000, id="more_digits_than_python_reads"),
    ],
)
def test_what_is_no_count_is_refused(text: str) -> None:
    with pytest.raises(BadCount):
        parse_count(text)


def test_an_unknown_comparator_is_refused() -> None:
    with pytest.raises(BadCount, match="perhaps"):
        Count.of("perhaps", 3)


@given(counts(NUMBERS))
def test_the_notation_of_a_count_is_read_back_as_that_count(count: Count) -> None:
    assert parse_count(count.notation()) == count


@given(st.text())
def test_any_text_is_a_count_or_a_bad_count(text: str) -> None:
    try:
        count = parse_count(text)
    except BadCount:
        return
    assert parse_count(count.notation()) == count


@given(counts())
def test_what_was_stated_lies_within_what_at_least_exactly_about_and_nearly_allow(count: Count) -> None:
    if count.comparator not in ("more than", "fewer than"):
        assert count.stated in allowed(count)
    else:
        assert count.stated not in allowed(count)


@given(counts(), counts())
def test_a_count_holds_for_another_exactly_when_it_allows_every_number_that_the_other_allows(
    ours: Count, theirs: Count
) -> None:
    assert ours.holds_for(theirs) == (allowed(theirs) <= allowed(ours))


@given(counts(), counts())
def test_two_counts_overlap_exactly_when_one_number_satisfies_both(ours: Count, theirs: Count) -> None:
    assert ours.overlaps(theirs) == bool(allowed(ours) & allowed(theirs))
    assert ours.overlaps(theirs) == theirs.overlaps(ours)


@given(counts())
def test_a_count_holds_for_itself_and_overlaps_itself(count: Count) -> None:
    assert count.holds_for(count)
    assert count.overlaps(count)


def test_at_least_forty_holds_for_eighty_three_and_not_the_other_way_round() -> None:
    at_least, exactly = parse_count(">=40"), parse_count("83")
    assert at_least.holds_for(exactly)
    assert not exactly.holds_for(at_least)
    assert not parse_count("~500").holds_for(at_least)
