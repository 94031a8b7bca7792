"""Arabic proclitics are taken off where a known word remains, and nowhere else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ascertain.read.proclitics import without_articles, without_proclitics
from ascertain.read.tokens import tokenize

KNOWN = frozenset({"مدينه", "خان", "شيخون", "تركيا"})


def forms(text: str) -> list[str]:
    return [token.form for token in without_proclitics(tokenize(text), KNOWN)]


def test_and_in_to_and_the_are_taken_off_known_words() -> None:
    assert forms("وتركيا بخان المدينة للمدينة") == ["تركيا", "خان", "مدينه", "مدينه"]


def test_a_word_that_only_begins_like_one_stays() -> None:
    assert forms("بيت ولد") == ["بيت", "ولد"]


def test_a_token_keeps_its_place_and_its_text() -> None:
    (token,) = without_proclitics(tokenize("وتركيا"), KNOWN)
    assert (token.start, token.end, token.text) == (0, 6, "وتركيا")


def test_names_are_kept_without_articles() -> None:
    assert without_articles("منظمة حظر الأسلحة الكيميائية") == "منظمة حظر أسلحة كيميائية"


@given(st.text(max_size=100))
def test_nothing_is_lost_of_any_text(text: str) -> None:
    before, after = tokenize(text), without_proclitics(tokenize(text), KNOWN)
    assert [(t.start, t.end, t.text) for t in after] == [(t.start, t.end, t.text) for t in before]
