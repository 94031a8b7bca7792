from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.model.access import Access, Standing
from ascertain.publish.hidden_names import HiddenName, HiddenNames

CLOSED = Standing(Access.RESTRICTED)


def names(*texts: str) -> HiddenNames:
    return HiddenNames(HiddenName(text, f"exhibit {number}", CLOSED) for number, text in enumerate(texts))


def found(text: str, *hidden: str) -> list[str]:
    return [name.text for name in names(*hidden).found_in(text)]


@pytest.mark.parametrize(
    "text",
    [
        "handed over by Maryam Example yesterday",
        "MARYAM  EXAMPLE",
        "maryam\nexample",
        "Maryam-Example.",
        "“Ｍａｒｙａｍ Example”",
        "see Maryam Example's video",
    ],
)
def test_a_name_is_found_whatever_its_case_spacing_and_punctuation(text: str) -> None:
    assert found(text, "Maryam Example") == ["Maryam Example"]


@pytest.mark.parametrize("text", ["", "Maryam", "Example Maryam", "Maryamexample", "the Maryam and the Example"])
def test_other_words_are_not_the_name(text: str) -> None:
    assert found(text, "Maryam Example") == []


def test_a_file_name_is_found_in_a_note() -> None:
    assert found("the same as IMG_2041.jpg, but cut", "IMG_2041.jpg") == ["IMG_2041.jpg"]
    assert found("the same as IMG_20411.jpg", "IMG_2041.jpg") == []


def test_an_address_is_found() -> None:
    assert found("from https://example.org/m?x=1", "https://example.org/m") == ["https://example.org/m"]


def test_a_very_short_name_counts_only_where_it_stands_alone() -> None:
    assert found("b1", "b1") == ["b1"]
    assert found("as in b1 and b2", "b1") == []


def test_each_name_is_told_once_for_a_text() -> None:
    assert found("Maryam, Maryam and Yusuf", "Maryam", "Yusuf") == ["Maryam", "Yusuf"]


def test_names_in_other_scripts() -> None:
    assert found("شهادة مريم من سراقب", "مريم") == ["مريم"]


def test_nothing_hidden_finds_nothing() -> None:
    assert found("anything") == []
    assert found("anything", "", "…") == []


@given(st.lists(st.text(max_size=12), max_size=6), st.text(max_size=60))
def test_any_names_in_any_text(hidden: list[str], text: str) -> None:
    assert set(found(text, *hidden)) <= set(hidden)


@given(st.text(min_size=4, alphabet=st.characters(categories=["L"])), st.text(max_size=20), st.text(max_size=20))
def test_a_name_between_other_words_is_found(name: str, before: str, after: str) -> None:
    assert name in found(f"{before} {name} {after}", name)


def test_a_hundred_thousand_names_cost_no_more_than_a_few() -> None:
    many = names(*(f"interview number {number}" for number in range(100_000)))
    begun = time.perf_counter()
    for number in range(300):
        list(many.found_in(f"a note of {number} words that says nothing of any of them"))
    assert time.perf_counter() - begun < 1
