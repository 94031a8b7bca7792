"""Words and sentences of the labeller."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ascertain.read.entities.words import LONGEST_SENTENCE, split_sentences, split_words


def _words(text: str) -> list[str]:
    return [word.text for word in split_words(text)]


def test_the_stop_of_an_abbreviation_is_part_of_it() -> None:
    assert _words("Gen. Joseph L. Votel of the U.S. Army") == [
        "Gen.",
        "Joseph",
        "L.",
        "Votel",
        "of",
        "the",
        "U.S.",
        "Army",
    ]


def test_the_stop_after_a_name_is_not() -> None:
    assert _words("They fled Syria. Iraq took them.")[2:4] == ["Syria", "."]


def test_an_apostrophe_inside_a_name_stays_and_a_possessive_goes() -> None:
    assert _words("Da’esh's leader") == ["Da’esh", "'s", "leader"]


def test_a_line_end_ends_a_sentence() -> None:
    assert [len(sentence) for sentence in split_sentences("Attack in Baghdad\nThe Minister said")] == [3, 3]


def test_an_abbreviation_does_not_end_a_sentence() -> None:
    assert len(split_sentences("Lt. Gen. Stephen Townsend spoke. He left.")) == 2


def test_a_text_without_any_end_is_cut() -> None:
    assert {len(sentence) for sentence in split_sentences("word " * 1000)} == {LONGEST_SENTENCE}


@given(st.text())
def test_words_lie_where_they_say_and_do_not_overlap(text: str) -> None:
    words = split_words(text)
    assert all(text[word.start : word.end] == word.text for word in words)
    assert all(before.end <= after.start for before, after in pairwise(words))
    assert [word for sentence in split_sentences(text) for word in sentence] == words
