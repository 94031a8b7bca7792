from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.preserve.similar import shingles as module
from ascertain.preserve.similar.shingles import jaccard_distance, shingles

SENTENCE = "The commission found that chlorine was used in Estor on the seventh of April"
words = st.lists(st.sampled_from(["one", "two", "drei", "أربعة", "пять", "六", "sept"]), max_size=60)


def test_a_run_of_three_words_is_a_shingle() -> None:
    assert len(shingles("one two three four five")) == 3
    assert len(shingles("one two three one two three one two three")) == 3


def test_few_words_are_one_shingle_and_no_words_none() -> None:
    assert len(shingles("Estor")) == len(shingles("in Estor")) == 1
    assert len(shingles("")) == len(shingles(" \n .,;!?  \u200b")) == 0
    assert jaccard_distance(shingles("Estor"), shingles("estor!")) == 0
    assert jaccard_distance(shingles(""), shingles("")) == 0


@pytest.mark.parametrize(
    "written",
    [
        SENTENCE.upper(),
        SENTENCE.replace(" ", "\n\t "),
        SENTENCE.replace("commission", "com\u00admission"),
        SENTENCE.replace("Estor", "E\u0301stor"),
        f"«{SENTENCE}» …",
        "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in SENTENCE),
    ],
)
def test_case_spaces_accents_and_width_make_no_difference(written: str) -> None:
    assert jaccard_distance(shingles(SENTENCE), shingles(written)) == 0


def test_arabic_with_and_without_vowel_signs_tatweel_and_direction_marks_is_the_same() -> None:
    plain = "قال الشهود إن الهجوم وقع في المدينة صباح السبت"
    dressed = "\u202bقالَ الشُّهودُ إنّ الهجـــوم\u200f وقعَ في المدينةِ صباحَ السبت\u202c"
    assert jaccard_distance(shingles(plain), shingles(dressed)) == 0


def test_scripts_without_spaces_are_compared_by_characters() -> None:
    assert len(shingles("委员会认定使用了氯气")) == 8
    assert 0 < jaccard_distance(shingles("委员会认定使用了氯气"), shingles("委员会认定使用氯气")) < 0.7


def test_the_numbers_never_change() -> None:
    assert [int(number) for number in shingles("one two three four")] == [1364981611753835331, 4703122124324214909]


@given(words, words)
def test_the_distance_is_jaccards_own(one: list[str], other: list[str]) -> None:
    def by_hand(said: list[str]) -> set[tuple[str, ...]]:
        return {tuple(said[i : i + 3]) for i in range(len(said) - 2)} or ({tuple(said)} if said else set())

    a, b = by_hand(one), by_hand(other)
    wanted = round(1 - len(a & b) / len(a | b), 4) if a | b else 0.0
    assert jaccard_distance(shingles(" ".join(one)), shingles(" ".join(other))) == wanted


@given(words)
def test_a_text_in_pieces_has_the_shingles_of_the_whole(said: list[str]) -> None:
    text = " ".join(said)
    whole = shingles(text)
    before, module._PIECE = module._PIECE, 7
    try:
        assert np.array_equal(shingles(text), whole)
    finally:
        module._PIECE = before


@given(st.text(max_size=200))
def test_any_text_has_shingles(text: str) -> None:
    found = shingles(text)
    assert np.array_equal(found, np.unique(found))


def test_lone_surrogates_and_endless_words_are_read() -> None:
    assert len(shingles("\ud800 \udfff broken")) >= 1
    assert len(shingles("a" * 5_000_000)) >= 1


def test_a_huge_text_of_one_word_is_one_shingle_in_little_time() -> None:
    start = time.monotonic()
    assert len(shingles("chlorine " * 2_000_000)) == 1
    assert time.monotonic() - start < 20
