from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.model.count import Count, parse_count
from ascertain.read.lexicon import load_language
from ascertain.read.numbers import find_counts
from ascertain.read.tokens import tokenize

WORDS = load_language("en").numbers
SOME_WORDS = (
    "at least more than up to some nearly about between from and to - or more four forty three hundred thousand "
    "million dozens 7 30 1,466 2.9 1,46 12.3.4 % / . no fewer people killed 83 resolution"
).split()
SENTENCES = st.lists(st.sampled_from(SOME_WORDS), max_size=10).map(" ".join)


def found(text: str) -> list[tuple[str, str]]:
    """Each count's words and its notation."""
    tokens = tokenize(text)
    counts = find_counts(tokens, [False] * len(tokens), WORDS)
    return [(text[tokens[c.first].start : tokens[c.last - 1].end], c.count.notation()) for c in counts]


@pytest.mark.parametrize(
    ("words", "notation"),
    [
        ("83", "83"),
        ("at least four", ">=4"),
        ("no fewer than 85", ">=85"),
        ("more than 30", ">30"),
        ("over 1.5 million", ">1500000"),
        ("up to 500", "<=500"),
        ("fewer than 10", "<10"),
        ("some 200", "~200"),
        ("nearly 100", "~<100"),
        ("exactly 33", "33"),
        ("2.9 million", "2900000"),
        ("1,466", "1466"),
        ("ten thousand", "10000"),
        ("forty-three", "43"),
        ("one hundred and twenty", "120"),
        ("between 40 and 70", "40..70"),
        ("from 40 to 70", "40..70"),
        ("40 to 70", "40..70"),
        ("dozens", ">=24"),
        ("not exceeding 50", "<=50"),
        ("half a dozen", "~6"),
        ("83 or more", ">=83"),
    ],
)
def test_a_count_is_read_with_the_comparator_that_its_words_have(words: str, notation: str) -> None:
    assert found(f"They say that {words} people fled.") == [(words, notation)]


@pytest.mark.parametrize("words", ["did not exceed 50", "didn't exceed 50", "never exceeded 50"])
def test_a_bound_that_is_denied_is_the_other_bound(words: str) -> None:
    assert [notation for _, notation in found(f"The dead {words}.")] == ["<=50"]


@pytest.mark.parametrize("words", ["several dozen", "a few dozen", "many dozen"])
def test_several_dozen_are_not_about_twelve(words: str) -> None:
    assert "~12" not in [notation for _, notation in found(f"They say that {words} people fled.")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("100% of them", id="a_share"),
        pytest.param("on the 5th floor", id="an_ordinal"),
        pytest.param("3.5 kilometres", id="a_fraction"),
        pytest.param("1,46 people", id="a_decimal_comma"),
        pytest.param("$5 a day", id="money"),
        pytest.param("S/2018/1", id="the_symbol_of_a_document"),
        pytest.param("no. 5", id="a_number_of_a_thing"),
        pytest.param("12.3.4", id="a_number_of_a_section"),
        pytest.param("nobody fled", id="no_number"),
    ],
)
def test_what_is_no_count_gives_none(text: str) -> None:
    assert found(text) == []


def test_tokens_that_a_name_or_a_date_has_taken_are_no_counts() -> None:
    tokens = tokenize("in 2018 some 200 fled")
    counts = find_counts(tokens, [t.text == "2018" for t in tokens], WORDS)
    assert [c.count for c in counts] == [Count.of("about", 200)]


@given(SENTENCES)
def test_counts_stand_in_order_inside_the_text_do_not_overlap_and_can_be_written_down(text: str) -> None:
    tokens = tokenize(text)
    counts = find_counts(tokens, [False] * len(tokens), WORDS)
    assert all(0 <= c.first < c.last <= len(tokens) for c in counts)
    assert all(a.last <= b.first for a, b in itertools.pairwise(counts))


@given(st.text(max_size=60))
def test_no_short_text_makes_the_reader_of_counts_raise(text: str) -> None:
    tokens = tokenize(text)
    find_counts(tokens, [False] * len(tokens), WORDS)


@given(st.integers(0, 10**9), st.sampled_from(("at least", "more than", "about", "exactly", "at most")))
def test_any_number_in_digits_is_read_as_itself(number: int, comparator: str) -> None:
    ((_, notation),) = found(f"they say {comparator} {number:,} fled")
    assert parse_count(notation) == Count.of(comparator, number)


@pytest.mark.parametrize("text", ["resolution 2118", "article 5", "paragraph 12", "page 7"])
def test_the_number_of_a_text_is_no_count(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "wrong"), [("half a million people", "1000000"), ("2,9 million people", "1000000"), ("three four", "4")]
)
def test_a_part_of_a_number_is_not_read_as_a_number(text: str, wrong: str) -> None:
    assert wrong not in [notation for _, notation in found(text)]


def test_a_range_with_a_hyphen_is_a_range() -> None:
    assert found("33-39 people") == [("33-39", "33..39")]


def test_a_comparator_after_the_unit_is_the_counts_comparator() -> None:
    assert [notation for _, notation in found("83 people or more")] == [">=83"]


def test_a_number_of_many_magnitudes_does_not_raise() -> None:
    found("5 " + "million " * 60)
