"""The forward-backward algorithm of a linear chain, over many sentences at once.

Rabiner, L. R.: A tutorial on hidden Markov models, Proc. IEEE 77(2), 1989 (scaling: section V.A); Lafferty, McCallum,
Pereira: Conditional random fields, ICML 2001. Only additions, multiplications and divisions after the exponentials, so
nothing underflows: each place is scaled to sum to one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lattice:
    """Scaled quantities at each place (rows) and label (columns): `forward * backward` are the labels' probabilities.

    `emitted` are the exponentials of the scores less each row's largest, which is in `largest`; `steps` those of the
    transitions, zero where a label may not follow another.
    """

    forward: Floats
    backward: Floats
    scale: Floats
    emitted: Floats
    largest: Floats
    steps: Floats


@dataclass(frozen=True, slots=True)
class Layout:
    """Where sentences lie in the rows: longest first, one after the other."""

    starts: NDArray[np.intp]
    ends: NDArray[np.intp]
    columns: tuple[NDArray[np.intp], ...]  # the rows of the first words, of the second words …

    @classmethod
    def of(cls, lengths: Sequence[int]) -> Layout:
        """The layout of sentences of these lengths, which must not rise and not be 0."""
        sizes = np.array(lengths, dtype=np.intp)
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.intp)
        columns = tuple(starts[: int((sizes > t).sum())] + t for t in range(int(sizes.max())))
        return cls(starts, starts + sizes - 1, columns)


def run_lattice(
    scores: Floats, layout: Layout, transition: Floats, start: Floats, allowed: NDArray[np.bool_]
) -> Lattice:
    """Forward and backward quantities for `scores` (words by labels).

    `allowed` (labels by labels) says which label may follow which; `start` are the scores of a first label, minus
    infinity where it may not be first.
    """
    largest = scores.max(axis=1)
    emitted = np.exp(scores - largest[:, None])
    steps = np.where(allowed, np.exp(transition), 0.0)
    forward, backward, scale = np.zeros_like(scores), np.zeros_like(scores), np.zeros(len(scores))
    for t, rows in enumerate(layout.columns):
        reached = forward[rows - 1] @ steps if t else np.exp(start)
        product = reached * emitted[rows]
        scale[rows] = product.sum(axis=1)
        forward[rows] = product / scale[rows][:, None]
    backward[layout.ends] = 1.0
    for rows in reversed(layout.columns[1:]):
        backward[rows - 1] = (backward[rows] * emitted[rows]) @ steps.T / scale[rows][:, None]
    return Lattice(forward, backward, scale, emitted, largest, steps)
