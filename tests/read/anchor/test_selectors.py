from __future__ import annotations

import pytest

from ascertain.read.anchor import Anchored, Fragment, Selector, TextPosition, TextQuote, anchor, select
from ascertain.read.anchor.selectors import (
    LONGEST_CONTEXT,
    MEDIA_FRAGMENTS,
    RFC_5147,
    RFC_8118,
    character_fragment,
    place_fragment,
    position_of,
)  # fmt: skip

TEXT = (
    "One person was hurt in Estor. " * 3
    + "The Commission visited Daran on Friday. "
    + "One person was hurt in Estor. " * 3
)


def test_a_selector_has_the_words_and_whole_words_around_them() -> None:
    start = TEXT.index("Daran")
    selector = select(TEXT, start, start + 5)
    assert selector.quote == TextQuote("Daran", "in Estor. The Commission visited ", " on Friday. One person was hurt ")
    assert (selector.before_tells, selector.after_tells) == (True, True)


def test_the_surroundings_grow_until_they_tell_the_place() -> None:
    start = TEXT.index("hurt", 40)
    selector = select(TEXT, start, start + 4)
    assert selector.after_tells
    assert "Commission" in selector.quote.suffix


def test_where_nothing_tells_the_place_the_selector_says_so() -> None:
    text = "3 dead. " * 500
    selector = select(text, 2000, 2006)
    assert not selector.before_tells
    assert not selector.after_tells
    assert len(selector.quote.prefix) < 3 * LONGEST_CONTEXT


@pytest.mark.parametrize("span", [(0, 0), (5, 3), (-1, 2), (0, 10**9)])
def test_no_span_has_no_selector(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no span"):
        select(TEXT, *span)


def test_a_position_by_rfc_5147_is_believed_in_its_own_text_alone() -> None:
    text = "3 dead. " * 50
    fragment = character_fragment(TextPosition(80, 86), text)
    assert fragment.value.startswith("char=80,86;length=400,UTF-8;md5=")
    selector = Selector(TextQuote("3 dead"), None, (fragment,))
    found = anchor(selector, text)
    assert isinstance(found, Anchored)
    assert found.start == 80
    assert not isinstance(anchor(selector, text + "x"), Anchored)
    assert not isinstance(anchor(selector, text[:-1] + "x"), Anchored)


@pytest.mark.parametrize(
    "value", ["", "char=", "char=5", "line=3", "char=1,99999999999999999999", "char=-1,2", "page=1"]
)
def test_what_is_no_range_of_characters_is_none(value: str) -> None:
    assert position_of(Fragment(value, RFC_5147), TEXT) is None


def test_pages_and_boxes_are_named_by_their_standards() -> None:
    assert place_fragment("page=3&viewrect=1,2,3,4").conforms_to == RFC_8118
    assert place_fragment("xywh=10,20,300,40").conforms_to == MEDIA_FRAGMENTS
