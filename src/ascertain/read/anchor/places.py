"""The places of a text where the words of a quote stand, with how like it they are and what surrounds them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from ascertain.read.anchor.index import MANY, IndexedText, Numbers, WordIndex
from ascertain.read.anchor.pattern import Pattern, gap_form
from ascertain.read.anchor.surroundings import Sides, sides_of
from ascertain.read.anchor.words import CASE, HYPHENS, LETTERS, MARKS, word_form


class How(StrEnum):
    """In which way the words of a place are those of a quote, from strict to loose."""

    EXACT = "exact"
    FOLDED = "folded"  # but for white space, quotation marks, dashes, hyphenation, ligatures, accents, vowel signs
    CASE = "case"  # and but for case
    LETTERS = "letters"  # and but for forms of Arabic letters, of digits, of œ and ø
    PUNCTUATION = "punctuation"  # and but for marks between the words
    CLOSE = "close"  # with slips inside longer words


@dataclass(frozen=True, slots=True)
class Place:
    """Characters `start`..`end` of a text, how they are the quote's words, and how the surroundings agree."""

    start: int
    end: int
    how: How
    sides: Sides
    edits: int = 0


def places_of(pattern: Pattern, indexed: IndexedText, *, joined: bool) -> list[Place] | None:
    """Where the words of a quote stand one after the other; None when that is in more places than can be told apart."""
    index = indexed.joined if joined else indexed.apart
    phrase = index.numbered(pattern.forms)
    firsts = index.find(phrase)
    if len(firsts) > MANY:
        firsts = _with_a_side(index, pattern, firsts)
        if not 0 < len(firsts) <= MANY:
            return None
        firsts = index.keep(firsts, phrase)
    found = (place_at(pattern, indexed.body, index, int(first)) for first in firsts)
    return [place for place in found if place is not None]


def place_at(pattern: Pattern, body: str, index: WordIndex, first: int, edits: int = 0) -> Place | None:
    """The place whose first word is the `first` of the text; None when the quote's edge is not inside its words."""
    last = first + len(pattern.words) - 1
    start, end = _edges(pattern, body, index, first, last)
    if start is None or end is None:
        return None
    sides = sides_of(index, pattern, first)
    if edits:
        return Place(*_with_marks(pattern, body, start, end), How.CLOSE, sides, edits)
    verbatim = start - len(pattern.lead), end + len(pattern.trail)
    if verbatim[0] >= 0 and body[slice(*verbatim)] == pattern.exact:
        return Place(*verbatim, How.EXACT, sides)
    how = _likeness(pattern, body, index, first, last)
    return Place(*_with_marks(pattern, body, start, end), how, sides)


def _with_a_side(index: WordIndex, pattern: Pattern, firsts: Numbers) -> Numbers:
    """Those of many places that have one whole side but for its outermost word."""
    after_quote = len(pattern.words)
    left = _stand(index, firsts, pattern.before[:-1], [-1 - n for n in range(len(pattern.before))])
    right = _stand(index, firsts, pattern.after[:-1], [after_quote + n for n in range(len(pattern.after))])
    kept: Numbers = firsts[left | right]
    return kept


def _stand(index: WordIndex, firsts: Numbers, forms: tuple[str, ...], offsets: list[int]) -> NDArray[np.bool_]:
    """For each place whether these words stand at these distances from it."""
    numbers = index.numbered(forms)
    if not forms or (numbers < 0).any():
        return np.zeros(len(firsts), bool)
    total = len(index.numbers)
    holds = np.ones(len(firsts), bool)
    for number, offset in zip(numbers, offsets, strict=False):
        at = firsts + offset
        holds &= (at >= 0) & (at < total) & (index.numbers[np.clip(at, 0, total - 1)] == number)
    return holds


def _edges(pattern: Pattern, body: str, index: WordIndex, first: int, last: int) -> tuple[int | None, int | None]:
    start: int | None = int(index.starts[first])
    end: int | None = int(index.ends[last])
    if pattern.cut_start is not None:
        start = _cut(body, int(index.starts[first]), int(index.ends[first]), pattern.cut_start)
    if pattern.cut_end is not None:
        end = _cut(body, int(index.starts[last]), int(index.ends[last]), pattern.cut_end)
        while end is not None and end > index.starts[last] and body[end - 1] in HYPHENS:
            end -= 1
    return start, end


def _cut(body: str, start: int, end: int, form: str) -> int | None:
    """The furthest place inside a word up to which it has a form."""
    for at in range(end, start - 1, -1):
        if word_form(body[start:at], LETTERS) == form:
            return at
    return None


def _likeness(pattern: Pattern, body: str, index: WordIndex, first: int, last: int) -> How:
    starts, ends = index.starts, index.ends
    gaps = tuple(gap_form(body[ends[n] : starts[n + 1]]) for n in range(first, last))
    if gaps != pattern.gaps:
        return How.PUNCTUATION
    quoted = [word.written for word in pattern.words]
    stands = [body[starts[n] : ends[n]] for n in range(first, last + 1)]
    for looseness, how in ((MARKS, How.FOLDED), (CASE, How.CASE)):
        if all(word_form(a, looseness) == word_form(b, looseness) for a, b in zip(quoted, stands, strict=True)):
            return how
    return How.LETTERS


def _with_marks(pattern: Pattern, body: str, start: int, end: int) -> tuple[int, int]:
    """The edges, widened by the marks that the quote has outside its words, as far as the text has them too."""
    at = start
    for mark in reversed("".join(pattern.lead.split())):
        near = at
        while near > 0 and body[near - 1].isspace():
            near -= 1
        if near == 0 or gap_form(f" {body[near - 1]}") != gap_form(f" {mark}"):
            break
        at = near - 1
    stop = end
    for mark in "".join(pattern.trail.split()):
        near = stop
        while near < len(body) and body[near].isspace():
            near += 1
        if near == len(body) or gap_form(f" {body[near]}") != gap_form(f" {mark}"):
            break
        stop = near + 1
    return at, stop
