"""The aligner: from a selector to a place in a text that may have changed, or to the reason why there is none.

A place is taken when the evidence names one place, never because it is the best of several. In this order:

1. the very text that the selector was made from (its digest), with the quote at its position;
2. the quote's words, one after the other. Their surroundings must be those of the selector, wholly or nearly: both
   sides, or one with which the quote stood once in its own text; and no rival may have a side of some length.
   Without surroundings there must be one such place;
3. the quote with slips inside longer words, when the surroundings, or enough other words of the quote, name the place.

No place: `Why`. Words are compared as `words` folds them; digits and short words are never nearly equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from ascertain.read.anchor.close import find_close
from ascertain.read.anchor.index import IndexedText, index_text
from ascertain.read.anchor.pattern import Pattern, make_pattern
from ascertain.read.anchor.places import How, Place, places_of
from ascertain.read.anchor.selectors import Selector, TextPosition, position_of

LONGEST_QUOTE = 1_000_000
_LONG_QUOTE_WORDS = 12  # so many words stand once or are a copy
_ONE_WORD_LETTERS = 5  # a single word must have so many letters to be found in another case


class Why(StrEnum):
    """Why a quote has no place."""

    EMPTY = "the quote has no words"
    TOO_LONG = "the quote is longer than any passage"
    ABSENT = "its words do not stand in the text"
    ELSEWHERE = "its words stand only in other surroundings"
    AMBIGUOUS = "its words stand in several places, and nothing tells which"


@dataclass(frozen=True, slots=True)
class Anchored:
    """Where the quote stands: code points `start`..`end`, the words there, how they were found.

    `edits` counts the slips between them and the quote; more than none only when `how` is CLOSE.
    """

    start: int
    end: int
    text: str
    how: How
    edits: int = 0


@dataclass(frozen=True, slots=True)
class NotAnchored:
    """The quote has no place in the text, or not one."""

    why: Why


def anchor(selector: Selector, text: str | IndexedText) -> Anchored | NotAnchored:
    """Where a selector's words stand in a text. Index the text once (`index_text`) when there are many selectors."""
    quote = selector.quote
    indexed = index_text(text) if isinstance(text, str) else text
    if not quote.exact.strip():
        return NotAnchored(Why.EMPTY)
    if len(quote.exact) > LONGEST_QUOTE:
        return NotAnchored(Why.TOO_LONG)
    for position in _positions(selector, indexed.body):
        stands = indexed.body[position.start : position.end]
        if position.text == indexed.digest and stands == quote.exact:
            return Anchored(position.start, position.end, stands, How.EXACT)
    return _by_words(selector, indexed)


def anchor_all(selectors: Iterable[Selector], text: str | IndexedText) -> Iterator[Anchored | NotAnchored]:
    """Where each selector's words stand, in their order."""
    indexed = index_text(text) if isinstance(text, str) else text
    return (anchor(selector, indexed) for selector in selectors)


def _positions(selector: Selector, body: str) -> Iterator[TextPosition]:
    if selector.position is not None:
        yield selector.position
    for fragment in selector.fragments:
        position = position_of(fragment, body)
        if position is not None:
            yield position


def _by_words(selector: Selector, indexed: IndexedText) -> Anchored | NotAnchored:
    reasons = []
    for joined in (False, True):
        pattern = make_pattern(selector, joined=joined)
        if not pattern.words:
            return NotAnchored(Why.EMPTY)
        patterns = [pattern]
        if pattern.cuts_a_word:
            patterns.append(make_pattern(selector, joined=joined, apart_from_sides=True))
        for one in patterns:
            found = _exactly(one, indexed, joined=joined)
            if isinstance(found, Place):
                return _anchored(indexed.body, found)
            reasons.append(found)
    if Why.AMBIGUOUS in reasons:
        return NotAnchored(Why.AMBIGUOUS)
    close = find_close(make_pattern(selector, joined=False), indexed)
    if close is not None:
        return _anchored(indexed.body, close)
    return NotAnchored(Why.ELSEWHERE if Why.ELSEWHERE in reasons else Why.ABSENT)


def _anchored(body: str, place: Place) -> Anchored:
    return Anchored(place.start, place.end, body[place.start : place.end], place.how, place.edits)


def _exactly(pattern: Pattern, indexed: IndexedText, *, joined: bool) -> Place | Why:
    places = places_of(pattern, indexed, joined=joined)
    if places is None:
        return Why.AMBIGUOUS
    if not places:
        return Why.ABSENT
    return _by_surroundings(pattern, places) if pattern.has_surroundings else _by_likeness(pattern, places)


def _by_surroundings(pattern: Pattern, places: list[Place]) -> Place | Why:
    agreeing = [place for place in places if place.sides.any]
    if not agreeing:
        alone = len(places) == 1 and len(pattern.words) >= _LONG_QUOTE_WORDS
        return places[0] if alone else Why.ELSEWHERE
    for place in agreeing:
        rivals = [rival for rival in agreeing if rival is not place]
        if place.sides.telling and all(place.sides.clearly_before(rival.sides) for rival in rivals):
            return place
    return Why.AMBIGUOUS if len(agreeing) > 1 else Why.ELSEWHERE


def _by_likeness(pattern: Pattern, places: list[Place]) -> Place | Why:
    """Nothing is known of the surroundings: the words, however like they are, must stand in one place."""
    if len(places) > 1:
        return Why.AMBIGUOUS
    place = places[0]
    if place.how is How.PUNCTUATION:  # it may run over the end of a sentence
        return Why.ELSEWHERE
    short = len(pattern.words) == 1 and pattern.letters < _ONE_WORD_LETTERS
    return Why.ABSENT if short and place.how is How.CASE else place
