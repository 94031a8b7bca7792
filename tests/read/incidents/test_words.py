"""Words, sentences and candidates."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ascertain.read.incidents.candidates import prepare
from ascertain.read.incidents.words import normalise, split_words, stem


def test_words_keep_hyphens_and_initials_together() -> None:
    assert split_words("The U.S. car-bomb's fuse (M-19).").words == (
        "the", "u.s.", "car-bomb", "'s", "fuse", "(", "m-19", ")", ".",
    )  # fmt: skip


def test_a_rank_does_not_end_a_sentence() -> None:
    assert split_words("gen. lopez spoke. he left.").sentences == 2


def test_forms_of_a_verb_share_a_stem() -> None:
    assert stem("bombing") == stem("bombed") == stem("bombs") == stem("bomb")
    assert stem("kidnapped") == stem("kidnapping")


def test_two_mentions_are_the_same_without_articles_and_marks() -> None:
    assert normalise('the "Santo Tomas" farm') == "santo tomas farm"


def test_noun_phrases_are_candidates_with_and_without_what_is_before_the_noun() -> None:
    keys = prepare("Members of the northern brigade burned two parked buses.", frozenset()).keys
    assert {"two parked buses", "parked buses", "buses", "northern brigade", "members of northern brigade"} <= set(keys)


def test_a_known_last_word_is_a_candidate_within_a_longer_phrase() -> None:
    assert "dynamite" in prepare("a dynamite attack", frozenset({"dynamite"})).keys


@given(st.text(max_size=300))
def test_every_place_lies_in_the_text(text: str) -> None:
    document = prepare(text, frozenset({"bomb"}))
    words = document.words
    assert words.bounds[0] == 0 and words.bounds[-1] == len(words.words) == len(words.sentence)
    for number, key in enumerate(document.keys):
        start, end = document.span(number)
        assert 0 <= start < end <= len(text)
        assert normalise(text[start:end]) == key
