"""A linear-chain conditional random field: the probability of every span that it thinks of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ascertain.read.entities.lattice import Floats, Lattice, Layout, run_lattice

OUTSIDE = "O"
# No mention of re3d has more than 25 words.
_LONGEST = 25
# Spans less probable than this are not followed.
_FLOOR = 0.02
# The digits behind these differ from one processor to another.
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Chain:
    """Weights over `labels` (O, B-Person, I-Person …): of features (rows), of transitions and of first labels."""

    labels: tuple[str, ...]
    weights: NDArray[np.float32]
    transition: Floats
    start: Floats

    def scores(self, sentences: Sequence[Sequence[Sequence[int]]]) -> Floats:
        """The scores of each label at each word, from the numbers of the word's features."""
        words = [word for sentence in sentences for word in sentence]
        found = np.zeros((len(words), len(self.labels)))
        for row, numbers in enumerate(words):
            if numbers:
                found[row] = self.weights[numbers].sum(axis=0)
        return found

    def spans(self, sentences: Sequence[Sequence[Sequence[int]]]) -> list[list[tuple[int, int, str, float]]]:
        """For each sentence the spans (first word, word after the last, type, probability) above a floor."""
        order = sorted((i for i in range(len(sentences)) if sentences[i]), key=lambda i: (-len(sentences[i]), i))
        spans: list[list[tuple[int, int, str, float]]] = [[] for _ in sentences]
        if order:
            layout = Layout.of([len(sentences[i]) for i in order])
            scores = self.scores([sentences[i] for i in order])
            lattice = run_lattice(
                scores, layout, self.transition, may_start(self.labels, self.start), may_follow(self.labels)
            )
            for i, first, last in zip(order, layout.starts, layout.ends, strict=True):
                spans[i] = list(_spans(lattice, self.labels, int(first), int(last)))
        return spans


def may_follow(labels: Sequence[str]) -> NDArray[np.bool_]:
    """Whether the second label may follow the first: only a mention of its type goes on."""
    return np.array([[b[0] != "I" or a[1:] == b[1:] for b in labels] for a in labels])


def may_start(labels: Sequence[str], start: Floats) -> Floats:
    """The scores of first labels; no sentence begins inside a mention."""
    return np.where([label[0] != "I" for label in labels], start, -np.inf)


def _spans(lattice: Lattice, labels: Sequence[str], first: int, last: int) -> Iterator[tuple[int, int, str, float]]:
    for begin, label in enumerate(labels):
        if label[0] == "B":
            inside = labels.index("I" + label[1:]) if "I" + label[1:] in labels else -1
            likely = lattice.forward[first : last + 1, begin] * lattice.backward[first : last + 1, begin]
            for row in np.flatnonzero(likely >= _FLOOR):
                for size, probability in _lengths(lattice, first + int(row), last, begin, inside):
                    yield int(row), int(row) + size, label[2:], probability


def _lengths(lattice: Lattice, row: int, last: int, label: int, inside: int) -> Iterator[tuple[int, float]]:
    """How long a mention that begins at `row` may be, in words, and how probable each length is."""
    reached = float(lattice.forward[row, label])
    for size in range(1, _LONGEST + 1):
        here = reached * float(lattice.backward[row, label])
        if here < _FLOOR:
            return
        onward = reached * _step(lattice, row, label, inside) if inside >= 0 and row < last else 0.0
        going_on = onward * float(lattice.backward[row + 1, inside]) if onward else 0.0
        if here - going_on > _FLOOR:
            yield size, min(round(here - going_on, _DIGITS), 1.0)
        if not onward:
            return
        reached, row, label = onward, row + 1, inside


def _step(lattice: Lattice, row: int, label: int, inside: int) -> float:
    return float(lattice.steps[label, inside] * lattice.emitted[row + 1, inside] / lattice.scale[row + 1])
