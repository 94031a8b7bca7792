"""Two spellings of one word are found at the words as they were written."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.read.text.folding import fold, fold_with_map

WRITTEN = st.text(alphabet=st.characters() | st.sampled_from("أإآىةکیـً َﻻﷲ٣۴‏‎\u00ad“’–éﬁßİı\u0301\t\n  2²½"), max_size=60)


@given(WRITTEN)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(WRITTEN)
def test_every_folded_character_has_its_place_and_the_places_never_go_back(text: str) -> None:
    folded = fold_with_map(text)
    assert len(folded.starts) == len(folded.text)
    assert all(0 <= at < len(text) for at in folded.starts)
    assert all(a <= b for a, b in itertools.pairwise(folded.starts))


@given(WRITTEN, st.data())
def test_the_words_behind_a_folded_span_fold_to_what_was_found(text: str, data: st.DataObject) -> None:
    folded = fold_with_map(text)
    if not folded.text:
        return
    start = data.draw(st.integers(0, len(folded.text) - 1))
    end = data.draw(st.integers(start + 1, len(folded.text)))
    begin, after = folded.span(start, end)
    assert 0 <= begin < after <= len(text)
    assert folded.text[start:end] in fold(text[begin:after])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أحمد", "احمد"),
        ("إدلب", "ادلب"),
        ("القـــاعدة", "القاعدة"),
        ("الغوطة", "الغوطه"),
        ("مُصطَفى", "مصطفي"),
        ("ﻻجئون", "لاجئون"),
        ("ﺳﻮﺭﻳﺎ", "سوريا"),
        ("کرمانشاه", "كرمانشاه"),
        ("نیروی", "نيروي"),
        ("می\u200cرود", "میرود"),
        ("\u200fحلب\u200e", "حلب"),
        ("٤٣", "43"),
        ("۴۳", "43"),
        ("١٬٢٣٤", "1,234"),
        ("Café", "CAFE\u0301"),
        ("ﬁre", "fire"),
        ("Diyarbakır", "DİYARBAKIR"),
        ("“so-called” ‘army’", "\"so–called\" 'army'"),
        ("humani\u00adtarian", "humanitarian"),
        ("the\n  town", "The\u00a0town"),
        ("Straße", "STRASSE"),
        ("Ёлка", "елка"),
    ],
)
def test_spellings_of_one_word_fold_to_one_form(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("43²", "432"), ("1½", "11/2"), ("③", "3"), ("دوما", "دومة"), ("а", "a")])
def test_what_means_something_else_stays_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_a_name_found_in_the_folded_text_is_anchored_to_the_words_as_written() -> None:
    body = "قُصِفَت مدينةُ إدْلِبَ أمس"
    folded = fold_with_map(body)
    at = folded.text.index(fold("ادلب"))
    start, end = folded.span(at, at + len(fold("ادلب")))
    assert body[start:end] == "إدْلِبَ"


def test_a_ligature_is_anchored_as_a_whole() -> None:
    folded = fold_with_map("ﻻجئ")
    assert folded.text == "لاجي"
    assert folded.span(0, 1) == folded.span(0, 2) == (0, 1)


def test_no_words_stand_behind_an_empty_span() -> None:
    with pytest.raises(ValueError, match="no characters"):
        fold_with_map("words").span(2, 2)
