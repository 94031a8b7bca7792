"""Entities of a text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from ascertain.read.entities.chain import Chain
from ascertain.read.entities.entity import Entity
from ascertain.read.entities.features import features
from ascertain.read.entities.model import Model
from ascertain.read.entities.words import Word, split_sentences

# The threshold that maximises F1 is half of the F1 that is reached (Lipton, Elkan, Narayanaswamy: Thresholding
# classifiers to maximize F1 score, ECML 2014): about 0.3 here. A little lower, for reading is followed by review.
THRESHOLD = 0.25
# A long text goes through in pieces, so that memory does not grow with it.
_SENTENCES_AT_ONCE = 500

_Span = tuple[int, int, str, float]


def find_entities(text: str, model: Model, *, inner: bool = False, threshold: float = THRESHOLD) -> tuple[Entity, ...]:
    """The entities of a text in its order: mentions that do not overlap and are more probable than `threshold`.

    With `inner`, the names inside them too, which overlap them ("Assad" in "the Assad regime"). Reads English; a text
    in another language gives little and raises nothing.
    """
    sentences = split_sentences(text)
    found: list[Entity] = []
    for at in range(0, len(sentences), _SENTENCES_AT_ONCE):
        piece = sentences[at : at + _SENTENCES_AT_ONCE]
        numbers = [[_numbers(word, model) for word in features(sentence)] for sentence in piece]
        found += _entities(piece, model.whole, numbers, threshold, inner=False)
        if inner:
            found += _entities(piece, model.inner, numbers, threshold, inner=True)
    return tuple(sorted(found))


def _numbers(names: Sequence[str], model: Model) -> list[int]:
    return sorted({model.features[name] for name in names if name in model.features})


def _entities(
    sentences: Sequence[Sequence[Word]],
    chain: Chain,
    numbers: Sequence[Sequence[Sequence[int]]],
    threshold: float,
    *,
    inner: bool,
) -> Iterable[Entity]:
    for sentence, spans in zip(sentences, chain.spans(numbers), strict=True):
        for first, end, type_, probability in choose(spans, threshold):
            yield Entity(sentence[first].start, sentence[end - 1].end, type_, probability, inner)


def choose(spans: Iterable[_Span], threshold: float) -> tuple[_Span, ...]:
    """Spans that do not overlap, such that the sum of what each has above `threshold` is largest."""
    worth = sorted((span for span in spans if span[3] > threshold), key=lambda span: (span[1], span[0], span[2]))
    ends = [span[1] for span in worth]
    best: list[tuple[float, tuple[_Span, ...]]] = [(0.0, ())]
    for i, span in enumerate(worth):
        gain, before = best[bisect_right(ends, span[0], 0, i)]
        with_it = (gain + span[3] - threshold, (*before, span))
        best.append(with_it if with_it[0] > best[-1][0] else best[-1])
    return best[-1][1]
