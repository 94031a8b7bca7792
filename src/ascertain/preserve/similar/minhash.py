"""MinHash: a text's shingles as 128 numbers, of which two texts share about as many as Jaccard's index says.

Method: Broder et al., *Min-wise independent permutations* (2000); banding as in Leskovec, Rajaraman, Ullman, *Mining of
Massive Datasets*, 3.4. Each of 128 fixed functions sends every shingle to 32 bits; the least is kept.

Written here over numpy rather than taken from a library: signatures are kept and compared later, so they must not
change with a library's version (docs/similar.md).
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from ascertain.preserve.similar.shingles import Numbers

SIZE = 128
BANDS = 32  # of four numbers each: texts at distance 0.3 share a band with a chance of 0.9998, at 0.5 of 0.87
DEVIATIONS = 4
_BLOCK = 8_192  # shingles at a time
Signature = NDArray[np.uint32]


def sign(shingles: Numbers) -> Signature:
    """The signature of a set of shingles. An empty set has the largest number everywhere."""
    least = np.full(SIZE, np.iinfo(np.uint32).max, np.uint32)
    for start in range(0, len(shingles), _BLOCK):
        sent = shingles[start : start + _BLOCK, None] * _FACTORS + _ADDED
        np.minimum(least, (sent >> np.uint64(32)).astype(np.uint32).min(axis=0), out=least)
    return least


def band_keys(signatures: NDArray[np.uint32]) -> list[Numbers]:
    """For each band the key of each signature (rows): texts that share a key are candidates."""
    keys = []
    for band in np.split(signatures.astype(np.uint64), BANDS, axis=1):
        mixed = np.zeros(len(signatures), np.uint64)
        for column in band.T:
            mixed = (mixed ^ column) * np.uint64(0x9E3779B97F4A7C15)
            mixed ^= mixed >> np.uint64(29)
        keys.append(mixed)
    return keys


def could_be_within(one: NDArray[np.uint32], other: NDArray[np.uint32], distance: float) -> NDArray[np.bool_]:
    """Which pairs of signatures (rows) leave it open that their texts lie within a distance.

    The share of equal numbers estimates Jaccard's index with a standard deviation of at most sqrt(p(1 - p) / 128); what
    is four of them away is left out, about one in 30,000 of the pairs that lie exactly at the distance.
    """
    share = (one == other).mean(axis=1)
    wanted = 1 - distance
    return np.asarray(share >= wanted - DEVIATIONS * np.sqrt(wanted * distance / SIZE))


def _fixed(label: str) -> Numbers:
    said = b"".join(blake2b(f"{label} {i}".encode(), digest_size=8).digest() for i in range(SIZE))
    return np.frombuffer(said, "<u8").astype(np.uint64)


_FACTORS = _fixed("ascertain minhash factor") | np.uint64(1)
_ADDED = _fixed("ascertain minhash added")
