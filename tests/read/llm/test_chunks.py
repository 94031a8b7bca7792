"""Pieces of a text."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ascertain.read.llm.chunks import chunks


def test_a_short_text_is_one_piece() -> None:
    text = "One sentence. Another."
    assert [text[c.start : c.end] for c in chunks(text, [(0, len(text))])] == [text]


def test_a_text_without_words_is_none() -> None:
    assert chunks("   ", [(0, 3)]) == ()


@given(st.lists(st.text("ab .", min_size=1, max_size=60), max_size=20), st.integers(5, 50), st.integers(0, 20))
def test_pieces_cover_every_sentence_and_none_is_too_long(parts: list[str], largest: int, overlap: int) -> None:
    text = "\n\n".join(parts)
    made = chunks(text, [(0, len(text))], largest, overlap)
    covered = {place for piece in made for place in range(piece.start, piece.end)}
    assert all(place in covered for place, character in enumerate(text) if not character.isspace())
    assert all(piece.end - piece.start <= largest for piece in made)
    assert all(a.start < b.start and a.end < b.end for a, b in pairwise(made))


def test_a_sentence_at_the_edge_is_whole_in_the_next_piece() -> None:
    text = " ".join(f"Sentence number {n} stands here." for n in range(40))
    made = chunks(text, [(0, len(text))], 200, 80)
    assert all(b.start < a.end for a, b in pairwise(made))
