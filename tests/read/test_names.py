from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.read.names import NameIndex
from ascertain.read.tokens import tokenize

NAMES = [
    ("party", "usa", "US"),
    ("party", "usa", "United States"),
    ("party", "who", "WHO"),
    ("party", "jim", "OPCW-UN Joint Investigative Mechanism"),
    ("party", "opcw", "OPCW"),
    ("party", "syria", "Syria"),
    ("place", "syria_place", "Syria"),
    ("place", "khan_shaykhun", "Khan Shaykhun"),
    ("place", "douma", "دوما"),
    ("place", "nothing", "–"),
]
INDEX = NameIndex(NAMES)


def found(text: str) -> list[tuple[str, list[str]]]:
    """Each name's words and the ids of what it may name."""
    tokens = tokenize(text)
    return [
        (text[tokens[f.first].start : tokens[f.last - 1].end], [name.value for name in f.names])
        for f in INDEX.find(tokens)
    ]


def test_the_longest_name_at_a_place_is_the_one_that_is_meant() -> None:
    assert found("the OPCW-UN Joint Investigative Mechanism and the OPCW") == [
        ("OPCW-UN Joint Investigative Mechanism", ["jim"]),
        ("OPCW", ["opcw"]),
    ]


@pytest.mark.parametrize("written", ["OPCW/UN Joint Investigative Mechanism", "OPCW–UN joint investigative mechanism"])
def test_joiners_and_case_make_no_difference(written: str) -> None:
    assert found(f"The {written} said so") == [(written, ["jim"])]


def test_us_is_a_state_in_capitals_only() -> None:
    assert found("the US said") == [("US", ["usa"])]
    assert found("they told us") == []


def test_who_is_an_organisation_in_capitals_only() -> None:
    assert found("who said so? WHO did") == [("WHO", ["who"])]


def test_accents_make_no_difference() -> None:
    assert found("in Khân Shaykhūn") == [("Khân Shaykhūn", ["khan_shaykhun"])]


def test_a_name_of_two_things_gives_both() -> None:
    assert found("Syria") == [("Syria", ["syria", "syria_place"])]


def test_a_part_of_a_name_is_no_name() -> None:
    assert found("the Joint Mechanism of Khan") == []


def test_a_possessive_is_no_part_of_a_name() -> None:
    assert found("Syria's view") == [("Syria", ["syria", "syria_place"])]


@given(st.lists(st.sampled_from([written for _, _, written in NAMES] + ["and", ",", "us", "'s", "."]), max_size=10))
def test_names_stand_in_order_inside_the_text_and_do_not_overlap(words: list[str]) -> None:
    tokens = tokenize(" ".join(words))
    names = INDEX.find(tokens)
    assert all(0 <= n.first < n.last <= len(tokens) and n.names for n in names)
    assert all(a.last <= b.first for a, b in itertools.pairwise(names))


@given(st.text(max_size=60))
def test_no_text_makes_the_search_for_names_raise(text: str) -> None:
    INDEX.find(tokenize(text))


@given(st.text("abcé -'.7", max_size=20) | st.text("دوما -7", max_size=20))
def test_any_form_that_has_words_is_found_again_where_it_stands(written: str) -> None:
    tokens = tokenize(written)
    index = NameIndex([("party", "any", written)])
    if any(t.kind == "word" for t in tokens):
        assert index.find(tokens)
