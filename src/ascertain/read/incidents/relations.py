"""What the other candidates of a document say of one: listed beside it, in its sentence, of its last word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from ascertain.read.incidents.candidates import Document, Span
from ascertain.read.incidents.logistic import Floats

_IN_A_LIST = frozenset([",", "and", '"', "'s", "(", ")", "as", "well", "y", "e", "or", ";"])
_GAP = 7
_LOW = -9.0
_WORTH_A_LOOK = -5.0
RELATIONS = 7
NESTED = 5


class Neighbours:
    """Which candidates begin, end or lie where."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.first: dict[int, set[int]] = defaultdict(set)
        self.after: dict[int, set[int]] = defaultdict(set)
        self.sentence: dict[int, set[int]] = defaultdict(set)
        self.head: dict[str, set[int]] = defaultdict(set)
        words = document.words
        for number, places in enumerate(document.places):
            self.head[words.stems[places[0][1] - 1]].add(number)
            for first, after in places:
                self.first[first].add(number)
                self.after[after].add(number)
                self.sentence[words.sentence[first]].add(number)

    def listed(self, number: int) -> set[int]:
        """Candidates that only commas, "and", brackets, ages and articles part from this one."""
        found: set[int] = set()
        for first, after in self.document.places[number]:
            left = first
            while left > 0 and first - left < _GAP and self._joins(left - 1):
                left -= 1
            if left < first:
                found |= self.after.get(left, set())
            right = after
            while right < len(self.document.words.words) and right - after < _GAP and self._joins(right):
                right += 1
            if right > after:
                found |= self.first.get(right, set())
        return found - {number}

    def _joins(self, place: int) -> bool:
        word = self.document.words.words[place]
        return word in _IN_A_LIST or word.isdigit() or self.document.words.tags[place] == "DT"

    def beside(self, number: int) -> set[int]:
        """Candidates of the same sentences that do not overlap with this one."""
        found: set[int] = set()
        for first, _ in self.document.places[number]:
            found |= self.sentence[self.document.words.sentence[first]]
        places = self.document.places
        return {other for other in found if other != number and not overlap(places[other], places[number])}

    def nested(self, number: int) -> set[int]:
        """Candidates that end where this one ends."""
        found: set[int] = set()
        for _, after in self.document.places[number]:
            found |= self.after[after]
        return found - {number}


def overlap(some: Iterable[Span], others: Iterable[Span]) -> bool:
    """Whether any two of the spans share a word."""
    others = tuple(others)
    return any(first < b and a < after for first, after in some for a, b in others)


def relations(document: Document, odds: Floats, neighbours: Neighbours) -> Floats:
    """Candidates × roles × RELATIONS, from log odds (candidates × roles)."""
    found = np.full((*odds.shape, RELATIONS), _LOW, np.float32)
    second = np.sort(odds, 0)[-2] if len(odds) > 1 else None
    for number in np.flatnonzero(odds.max(1, initial=_LOW) > _WORTH_A_LOOK).tolist():
        row = found[number]
        if listed := sorted(neighbours.listed(number)):
            row[:, 0] = odds[listed].max(0)
        if beside := sorted(neighbours.beside(number)):
            row[:, 1] = odds[beside].max(0)
            row[:, 2] = odds[beside].max()
        head = document.words.stems[document.places[number][0][1] - 1]
        if same := sorted(neighbours.head[head] - {number}):
            row[:, 3] = odds[same].max(0)
            row[:, 4] = np.log1p(np.exp(odds[same]).sum(0))
        row[:, 5] = 0 if second is None else odds[number] - second
        row[:, 6] = [np.delete(odds[number], role).max() for role in range(odds.shape[1])]
    return found


def nesting(document: Document, odds: Floats, neighbours: Neighbours) -> Floats:
    """Candidates × roles × NESTED: rank, distance to the best, to longer and shorter phrases with its end."""
    found = np.zeros((*odds.shape, NESTED), np.float32)
    if not len(odds):
        return found
    length = np.array([key.count(" ") for key in document.keys])
    found[:, :, 0] = (-odds).argsort(0, kind="stable").argsort(0, kind="stable")
    found[:, :, 1] = odds - odds.max(0)
    found[:, :, 4] = (odds > -0.85).sum(0)
    for number in range(len(odds)):
        nested = np.array(sorted(neighbours.nested(number)), np.intp)
        for column, part in (
            (2, nested[length[nested] > length[number]]),
            (3, nested[length[nested] < length[number]]),
        ):
            found[number, :, column] = odds[number] - (odds[part].max(0) if len(part) else _LOW)
    return found
