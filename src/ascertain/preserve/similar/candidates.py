"""Which pairs are worth comparing: those that share a key. Finds them without looking at every pair.

The items stand in a fixed order; each item from `first_new` on is paired with items before it. What a pair is does not
depend on what else is there, so that any order of arrival finds the same pairs, with one exception: a *crowd*. Of more
than 1,000 earlier items with one key only the last 1,000 are paired with a new one, so that a flood of copies costs
time in proportion to its number and not to its square.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ascertain.preserve.similar.shingles import Numbers

CROWD = 1_000
_BLOCK = 256  # new items at a time
Indices = NDArray[np.int64]
Flags = NDArray[np.bool_]


def near_pairs(
    keys: Sequence[Numbers], probes: Iterable[int], is_near: Callable[[Indices, Indices], Flags], first_new: int
) -> Iterator[tuple[Indices, Indices]]:
    """Pairs (later, earlier) that are near and whose keys in one of the bands differ by one of the probes.

    `keys` has for each band the key of each item; `probes` are the bits by which two keys may differ (0: equal);
    `is_near` looks at candidates. Each pair once; yields sorted arrays of indices, a block of new items at a time.
    """
    bands = [_Band(band) for band in keys]
    masks = np.fromiter(probes, np.uint64)
    total = len(keys[0])
    for start in range(first_new, total, _BLOCK):
        once = _near_in_bands(bands, masks, is_near, np.arange(start, min(start + _BLOCK, total), dtype=np.int64))
        yield once // total, once % total


def _near_in_bands(
    bands: Sequence[_Band], masks: Numbers, is_near: Callable[[Indices, Indices], Flags], block: Indices
) -> Indices:
    """The block's pairs, each as one number. An item that has a crowd around it already is looked up no further."""
    total, first = bands[0].total, block[0]
    once = np.empty(0, np.int64)
    for band in bands:
        later, earlier = band.before(block, masks)
        near = is_near(later, earlier)
        if near.any():
            once = np.union1d(once, later[near] * total + earlier[near])
            block = block[np.bincount(once // total - first, minlength=block[-1] - first + 1)[block - first] < CROWD]
        if not len(block):
            break
    return once


class _Band:
    """One band's keys, in order, so that equal keys lie together and earlier items come first."""

    def __init__(self, keys: Numbers) -> None:
        self._keys = keys
        self._order = np.argsort(keys, kind="stable").astype(np.int64)
        self._sorted = keys[self._order]
        self.total = np.int64(len(keys))
        starts = np.flatnonzero(np.concatenate([[True], self._sorted[1:] != self._sorted[:-1]]))
        self._rank_of_place = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(keys))))
        self._distinct = self._sorted[starts]
        self._ordinal = self._rank_of_place * self.total + self._order  # rises along the order

    def before(self, block: Indices, masks: Numbers) -> tuple[Indices, Indices]:
        """Each of the block with the earlier items whose key is its own but for the bits of a mask."""
        wanted = (self._keys[block, None] ^ masks).ravel()
        block = np.repeat(block, len(masks))
        rank = np.searchsorted(self._distinct, wanted)
        there = (rank < len(self._distinct)) & (self._distinct[np.minimum(rank, len(self._distinct) - 1)] == wanted)
        block, rank = block[there], rank[there]
        start = np.searchsorted(self._ordinal, rank * self.total)
        end = np.searchsorted(self._ordinal, rank * self.total + block)
        start = np.maximum(start, end - CROWD)
        lengths = end - start
        later = np.repeat(block, lengths)
        within = np.arange(len(later)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return later, self._order[np.repeat(start, lengths) + within]
