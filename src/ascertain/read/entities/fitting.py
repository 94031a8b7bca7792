"""Training of a chain: penalised maximum likelihood by iRprop-.

Riedmiller, Braun: A direct adaptive method for faster backpropagation learning, ICNN 1993; the variant of Igel and
Hüsken, Neurocomputing 50, 2003. The likelihood of a linear chain is concave, so any climber arrives at the same place.
This one looks at the signs of the gradient alone, so the last bits of a sum, which differ from processor to processor,
do not move it: the same data give the same model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ascertain.read.entities.chain import Chain, may_follow, may_start
from ascertain.read.entities.lattice import Floats, Layout, run_lattice

ROUNDS = 60
PENALTY = 0.8
# Weights are kept as multiples of this: a file of a byte a weight, and no digits that mean nothing.
GRAIN = 1 / 32
_FIRST_STEP, _SMALLEST_STEP, _LARGEST_STEP = 2.0**-4, 2.0**-12, 1.0
_FASTER, _SLOWER = 1.25, 0.5

Sentences = Sequence[Sequence[Sequence[int]]]


@dataclass(frozen=True, slots=True)
class _Observed:
    """The training data as matrices, and how often each feature, transition and first label stands with its label."""

    labels: tuple[str, ...]
    words: csr_array
    layout: Layout
    later: NDArray[np.intp]  # the rows of all words that are not first
    emission: Floats
    transition: Floats
    start: Floats


def fit(sentences: Sentences, tags: Sequence[Sequence[str]], features: int) -> Chain:
    """A chain for sentences (the numbers of each word's features, below `features`) and the label of each word."""
    observed = _observe(sentences, tags, features)
    used = observed.emission > 0
    size, number = len(observed.labels), int(used.sum())
    values = np.zeros(number + size * size + size)
    step, before = np.full(len(values), _FIRST_STEP), np.zeros(len(values))
    for _ in range(ROUNDS):
        slope = _slope(observed, used, values)
        turned = slope * before
        faster, slower = np.minimum(step * _FASTER, _LARGEST_STEP), np.maximum(step * _SLOWER, _SMALLEST_STEP)
        step = np.where(turned > 0, faster, np.where(turned < 0, slower, step))
        before = np.where(turned < 0, 0.0, slope)
        values = values + np.sign(before) * step
    weights, transition, start = _parts(np.rint(values / GRAIN) * GRAIN, used)
    return Chain(observed.labels, weights.astype(np.float32), transition, start)


def _slope(observed: _Observed, used: NDArray[np.bool_], values: Floats) -> Floats:
    """The gradient of the penalised log-likelihood: what was observed less what the chain expects."""
    weights, transition, start = _parts(values, used)
    first = may_start(observed.labels, start)
    lattice = run_lattice(observed.words @ weights, observed.layout, transition, first, may_follow(observed.labels))
    expected = lattice.forward * lattice.backward
    later = observed.later
    onward = lattice.backward[later] * lattice.emitted[later] / lattice.scale[later][:, None]
    steps = (lattice.forward[later - 1].T @ onward) * lattice.steps
    slopes = (
        (observed.emission - observed.words.T @ expected)[used],
        (observed.transition - steps).ravel(),
        observed.start - expected[observed.layout.starts].sum(axis=0),
    )
    return np.concatenate(slopes) - 2 * PENALTY * values


def _parts(values: Floats, used: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    number, size = int(used.sum()), used.shape[1]
    weights = np.zeros(used.shape)
    weights[used] = values[:number]
    return weights, values[number:-size].reshape(size, size), values[-size:]


def _observe(sentences: Sentences, tags: Sequence[Sequence[str]], features: int) -> _Observed:
    order = sorted(range(len(sentences)), key=lambda i: (-len(sentences[i]), i))
    labels = tuple(sorted({tag for sentence in tags for tag in sentence}))
    column = {label: i for i, label in enumerate(labels)}
    told = np.array([column[tag] for i in order for tag in tags[i]], dtype=np.intp)
    rows = [word for i in order for word in sentences[i]]
    ends = np.concatenate([[0], np.cumsum([len(word) for word in rows])])
    numbers = np.array([number for word in rows for number in word], dtype=np.intp)
    words = csr_array((np.ones(len(numbers)), numbers, ends), shape=(len(rows), features))
    layout = Layout.of([len(sentences[i]) for i in order])
    later = np.setdiff1d(np.arange(len(rows)), layout.starts)
    marks = np.eye(len(labels))[told]
    return _Observed(
        labels=labels,
        words=words,
        layout=layout,
        later=later,
        emission=words.T @ marks,
        transition=marks[later - 1].T @ marks[later],
        start=marks[layout.starts].sum(axis=0),
    )
