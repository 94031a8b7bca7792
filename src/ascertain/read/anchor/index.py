"""A text with the places of all its words, so that thousands of quotes are found without reading it again."""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ascertain.read.anchor.words import LETTERS, matches, word_form, words_of

Numbers = NDArray[np.int32]
MANY = 64  # so many places at most are told apart one by one
_MOST_WORK = 5_000_000  # comparisons of words for one phrase


@dataclass(frozen=True, eq=False)
class WordIndex:
    """The words of a text, numbered: the n-th stands at `starts[n]`..`ends[n]` and has the form `forms[numbers[n]]`."""

    starts: Numbers
    ends: Numbers
    numbers: Numbers
    known: dict[str, int]
    order: Numbers
    firsts: Numbers

    @cached_property
    def forms(self) -> tuple[str, ...]:
        """The form of each number."""
        return tuple(self.known)

    def numbered(self, forms: Sequence[str]) -> Numbers:
        """The numbers of these forms; -1 for a form that the text has not."""
        return np.fromiter((self.known.get(form, -1) for form in forms), np.int32, len(forms))

    def places(self, number: int) -> Numbers:
        """Where a word stands, in order."""
        if number < 0:
            return self.order[:0]
        return self.order[self.firsts[number] : self.firsts[number + 1]]

    def frequency(self, number: int) -> int:
        """How often a word stands in the text."""
        return 0 if number < 0 else int(self.firsts[number + 1] - self.firsts[number])

    def find(self, phrase: Numbers) -> Numbers:
        """Where the words of a phrase stand one after the other: the place of the first, in order.

        Many places of a long phrase that says one thing over and over are not looked at to the end.
        """
        size, total = len(phrase), len(self.numbers)
        if not size or size > total or (phrase < 0).any():
            return self.order[:0]
        rarest = int(np.argmin(self.firsts[phrase + 1] - self.firsts[phrase]))
        places = self.places(int(phrase[rarest])) - rarest
        places = places[(places >= 0) & (places <= total - size)]
        work = _MOST_WORK
        for offset in range(size):
            work -= len(places)
            if len(places) <= MANY or work < 0:
                break
            places = places[self.numbers[places + offset] == phrase[offset]]
        return places if len(places) > MANY else self.keep(places, phrase)

    def keep(self, places: Numbers, phrase: Numbers) -> Numbers:
        """Those of some places where a phrase stands."""
        size = len(phrase)
        return np.array([p for p in places if np.array_equal(self.numbers[p : p + size], phrase)], np.int32)


@dataclass(frozen=True, eq=False)
class IndexedText:
    """A text and its words, in two readings: parts of a word with hyphens apart, and joined (made when asked for)."""

    body: str

    @cached_property
    def digest(self) -> str:
        """What names the text."""
        return text_digest(self.body)

    @cached_property
    def apart(self) -> WordIndex:
        """The words, with air-strike as two."""
        return _index(self.body, joined=False)

    @cached_property
    def joined(self) -> WordIndex:
        """The words, with air-strike as one."""
        return _index(self.body, joined=True)

    def occurs_once(self, quote: str) -> bool:
        """Whether the words of a quote stand once in the text."""
        forms = [word.form for word in words_of(quote)]
        return len(self.apart.find(self.apart.numbered(forms))) == 1

    def word_start(self, at: int) -> int:
        """`at`, or the start of the word that it is inside of."""
        place = bisect_right(self.apart.starts, at) - 1
        inside = place >= 0 and self.apart.ends[place] > at
        return int(self.apart.starts[place]) if inside else at

    def word_end(self, at: int) -> int:
        """`at`, or the end of the word that it is inside of."""
        place = bisect_left(self.apart.ends, at)
        inside = place < len(self.apart.ends) and self.apart.starts[place] < at
        return int(self.apart.ends[place]) if inside else at


def index_text(body: str) -> IndexedText:
    """A text, ready for many quotes."""
    return IndexedText(body)


def text_digest(body: str) -> str:
    """What names a text: two texts with one digest are the same."""
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()


def _index(body: str, *, joined: bool) -> WordIndex:
    known: dict[str, int] = {}
    told: dict[str, int] = {}  # as written, so that a word's form is asked for once
    starts, ends, numbers = array("i"), array("i"), array("i")
    for found in matches(body, joined=joined):
        written = found.group()
        number = told.get(written)
        if number is None:
            form = word_form(written, LETTERS)
            number = told[written] = known.setdefault(form, len(known)) if form else -1
        if number >= 0:
            starts.append(found.start())
            ends.append(found.end())
            numbers.append(number)
    return _sorted(known, *(np.array(column, np.int32) for column in (starts, ends, numbers)))


def _sorted(known: dict[str, int], starts: Numbers, ends: Numbers, numbers: Numbers) -> WordIndex:
    order = np.argsort(numbers, kind="stable").astype(np.int32)
    firsts = np.concatenate(([0], np.cumsum(np.bincount(numbers, minlength=len(known))))).astype(np.int32)
    return WordIndex(starts, ends, numbers, known, order, firsts)
