from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.preserve.folding import fold, fold_with_places


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller", "MU\u0308LLER"),
        ("Straße", "STRASSE"),
        ("ﬁle", "file"),
        ("Ｎａｍｅ", "name"),
        ("na\u00adme", "n\u200bame"),
        ("محمّد", "محـــمد"),
        ("שָׁלוֹם", "שלום"),
        ("Ἀθῆναι", "αθηναι"),
        ("İstanbul", "istanbul"),
    ],
)
def test_spellings_that_read_alike_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("a", "а"), ("مدرسة", "مدرسه"), ("Ali", "Alia")])
def test_other_letters_stay_other_letters(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_every_folded_character_has_its_place_in_the_text(text: str) -> None:
    folded, places = fold_with_places(text)
    assert folded == fold(text)
    assert len(places) == len(folded)
    assert places == sorted(places)
    assert all(folded[i] in fold(text[place]) for i, place in enumerate(places))


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(), st.text())
def test_a_text_is_folded_character_by_character(one: str, other: str) -> None:
    assert fold(one + other) == fold(one) + fold(other)
