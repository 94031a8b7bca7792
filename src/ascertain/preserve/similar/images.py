"""Near-duplicate images: PDQ fingerprints within a Hamming distance.

Search: multi-index hashing (Norouzi, Punjani, Fleet, *Fast search in Hamming space with multi-index hashing*, 2012).
The 256 bits are 16 bands of 16; two prints within 31 bits agree in some band but for one bit, so that looking up every
band with none or one bit turned misses none. The candidates' distance is then counted in full.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ascertain.errors import UsageError
from ascertain.preserve.similar.candidates import Flags, Indices, near_pairs
from ascertain.preserve.similar.pdq import BITS, LEAST_QUALITY, PUBLISHED_THRESHOLD, ImagePrint
from ascertain.preserve.similar.relation import Found, Gathering

METHOD = "pdq@1"
WIDEST = 47  # beyond, three bits of a band could be turned, and the search is no longer one
_BANDS, _BAND_BITS = 16, 16


def related_images(
    ids: Sequence[str], prints: Sequence[ImagePrint], first_new: int = 0, threshold: int = PUBLISHED_THRESHOLD
) -> Found:
    """The pairs within `threshold` bits of which at least one stands at `first_new` or later.

    Prints whose quality says nothing are in no pair. Raises UsageError for a threshold outside 0 to 47.
    """
    if not 0 <= threshold <= WIDEST:
        raise UsageError(f"images are compared within 0 to {WIDEST} bits, not {threshold}")
    telling = [index for index, one in enumerate(prints) if one.quality >= LEAST_QUALITY]
    gathering = Gathering([ids[index] for index in telling])
    if telling:
        bits = np.frombuffer(b"".join(prints[index].bits for index in telling), np.uint8).reshape(-1, BITS // 8)
        new = int(np.searchsorted(telling, first_new))
        _gather(bits, new, threshold, gathering)
    return gathering.found()


def hamming_distance(one: ImagePrint, other: ImagePrint) -> int:
    """In how many of 256 bits two prints differ."""
    return (int.from_bytes(one.bits) ^ int.from_bytes(other.bits)).bit_count()


def _gather(bits: NDArray[np.uint8], first_new: int, threshold: int, gathering: Gathering) -> None:
    words, bands = bits.view(np.uint64), bits.view(np.uint16)
    keys = [band.astype(np.uint64) for band in bands.T]

    def distances(later: Indices, earlier: Indices) -> NDArray[np.int64]:
        counted: NDArray[np.int64] = np.bitwise_count(words[later] ^ words[earlier]).sum(axis=1, dtype=np.int64)
        return counted

    def is_near(later: Indices, earlier: Indices) -> Flags:
        return distances(later, earlier) <= threshold

    for later, earlier in near_pairs(keys, _masks(threshold // _BANDS), is_near, first_new):
        gathering.add(later, earlier, distances(later, earlier).astype(np.float64))


def _masks(turned: int) -> Iterator[int]:
    """Every way to turn at most so many bits of a band."""
    for number in range(turned + 1):
        for chosen in combinations(range(_BAND_BITS), number):
            yield sum(1 << bit for bit in chosen)
