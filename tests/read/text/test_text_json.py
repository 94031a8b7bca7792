"""What was read is kept as it was read: the same text, the same bytes, and no other bytes pass for one."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.errors import UnreadableExhibit
from ascertain.read.text.passage import Block, Text
from ascertain.read.text.pdf import read_pdf
from ascertain.read.text.place import Place, Sheet
from ascertain.read.text.table import Cell
from ascertain.read.text.text_json import text_from_json, text_to_json

MakePdf = Callable[[Sequence[Sequence[tuple[float, float, str]]]], bytes]

TEXT = Text(
    "قصفت المدينة\n\nKilled\n\n43",
    (
        Block(0, 12, "paragraph", 1, language="ar"),
        Block(14, 20, "cell", 1, Cell(1, 1, 1, header="column"), "en"),
        Block(22, 24, "cell", 2, Cell(1, 2, 1, guessed=True)),
    ),
    title="A title",
    published="2018-04-07",
    published_span=(14, 20),
    notes=("a note",),
    places=(Place(0, 4, 1, 10.1, 20.2, 30.3, 12.0), Place(5, 12, 1, 50, 20, 30, 12, 93), Place(22, 24, 2, 1, 2, 3, 4)),
    sheets=(Sheet(1, 595.3, 841.9, "pt"), Sheet(2, 595.3, 841.9, "pt")),
)


def test_a_text_comes_back_as_it_was() -> None:
    assert text_from_json(text_to_json(TEXT)) == TEXT


def test_a_text_that_was_read_comes_back_as_it_was(make_pdf: MakePdf) -> None:
    text = read_pdf(make_pdf([[(700, 12, "Published on 4 September 2018"), (600, 10, "Words.")], [(700, 12, "More.")]]))
    assert text_from_json(text_to_json(text)) == text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1), st.text(max_size=5))
def test_any_body_comes_back(body: str, title: str) -> None:
    text = Text(body, (Block(0, len(body), "paragraph"),), title=title or None)
    assert text_from_json(text_to_json(text)) == text


def test_a_word_takes_little_room() -> None:
    words = [Place(6 * n, 6 * n + 5, 1, 100.5 + n % 60, 200.5 + n // 60, 50.5, 12.5) for n in range(3_000)]
    text = Text("words " * 3_000, (Block(0, 17_999, "paragraph"),), places=tuple(words), sheets=TEXT.sheets[:1])
    assert len(text_to_json(text)) < 3_000 * 30 + 18_000


def _changed(**parts: Any) -> bytes:
    said = json.loads(text_to_json(TEXT))
    return json.dumps({**said, **parts}).encode()


BAD = {
    "of nothing": b"",
    "cut off": text_to_json(TEXT)[:-20],
    "of another format": _changed(format="ascertain text 2"),
    "that is a list": b"[]",
    "whose block lies behind the body": _changed(blocks=[[0, 999, "paragraph", None, None, None]]),
    "whose word lies behind the body": _changed(words=[[1, [900, 5, 0, 0, 0, 0, -1]]]),
    "whose words go back": _changed(words=[[1, [5, 5, 0, 0, 0, 0, -1, -9, 2, 0, 0, 0, 0, -1]]]),
    "whose row of words is cut off": _changed(words=[[1, [0, 5, 0]]]),
    "nested without end": b'{"format":' + b"[" * 100_000,
}


@pytest.mark.parametrize("name", BAD)
def test_no_text_is_made_of_a_map(name: str) -> None:
    with pytest.raises(UnreadableExhibit, match="no text map"):
        text_from_json(BAD[name])


@given(st.integers(0, len(text_to_json(TEXT)) - 1), st.integers(0, 255))
def test_any_damage_is_refused_or_still_a_sound_text(at: int, byte: int) -> None:
    data = text_to_json(TEXT)
    try:
        text = text_from_json(data[:at] + bytes([byte]) + data[at + 1 :])
    except UnreadableExhibit:
        return
    assert all(0 <= block.start < block.end <= len(text.body) for block in text.blocks)
    assert all(0 <= place.start < place.end <= len(text.body) for place in text.places)
