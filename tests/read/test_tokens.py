from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.read.tokens import fold, is_joiner, name_forms, tokenize


@given(st.text(max_size=80), st.integers(0, 1000))
def test_tokens_stand_in_order_inside_the_text_and_are_its_own_characters(text: str, offset: int) -> None:
    tokens = tokenize(text, offset)
    assert [text[t.start - offset : t.end - offset] for t in tokens] == [t.text for t in tokens]
    assert all(a.end <= b.start for a, b in itertools.pairwise(tokens))
    assert all(t.text and not t.text.isspace() for t in tokens)


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once_for_what_people_write(text: str) -> None:
    assert fold(fold(text)) == fold(fold(fold(text)))


@given(st.text(alphabet="abcéèüçñABCأإآىةابت", max_size=20))
def test_case_and_accents_make_no_difference(text: str) -> None:
    assert fold(text) == fold(text.upper().lower()) == fold(fold(text))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("didn't", [("didn't", "not", "nt")]),
        ("don’t", [("don’t", "not", "nt")]),
        ("Syria's", [("Syria", "syria", "word"), ("'s", "'s", "poss")]),
        ("bodies' view", [("bodies", "bodies", "word"), ("'", "'s", "poss"), ("view", "view", "word")]),
        ("1,466.5", [("1,466.5", "1,466.5", "num")]),
        ("Café", [("Café", "cafe", "word")]),
        ("OPCW-UN", [("OPCW", "opcw", "word"), ("-", "-", "mark"), ("UN", "un", "word")]),
        ("2118(2013)", [("2118", "2118", "num"), ("(", "(", "mark"), ("2013", "2013", "num"), (")", ")", "mark")]),
    ],
)
def test_words_numbers_and_marks_are_told_apart(text: str, kinds: list[tuple[str, str, str]]) -> None:
    assert [(t.text, t.form, t.kind) for t in tokenize(text)] == kinds


def test_arabic_is_matched_without_marks_and_with_one_alef() -> None:
    assert fold("الأَسَد") == fold("الاسد")
    assert fold("دوما") != fold("دومة")


@pytest.mark.parametrize("written", ["OPCW-UN", "OPCW/UN", "OPCW UN", "opcw–un"])
def test_joiners_are_left_out_of_names(written: str) -> None:
    assert name_forms(written) == ("opcw", "un")


def test_a_comma_joins_no_name() -> None:
    assert not any(is_joiner(t) for t in tokenize(",;:()"))
