"""Near-duplicate texts: shingles within a Jaccard distance.

Candidates are found by MinHash banding and by the share of equal signature numbers; the distance of what remains is
Jaccard's own, on the full sets of shingles.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ascertain.errors import UsageError
from ascertain.preserve.similar.candidates import Flags, Indices, near_pairs
from ascertain.preserve.similar.minhash import Signature, band_keys, could_be_within
from ascertain.preserve.similar.relation import Found, Gathering
from ascertain.preserve.similar.shingles import Numbers, jaccard_distance

METHOD = "minhash-jaccard@1"
USUAL_THRESHOLD = 0.3
WIDEST = 0.5  # beyond, banding would miss too many
LEAST_SHINGLES = 5


def related_texts(
    ids: Sequence[str],
    signatures: Sequence[Signature],
    shingles_of: Callable[[str], Numbers],
    first_new: int = 0,
    threshold: float = USUAL_THRESHOLD,
) -> Found:
    """The pairs within a Jaccard distance of `threshold` of which at least one stands at `first_new` or later.

    `shingles_of` gives the shingles of an id; it is asked for candidates alone, so that the texts need not all be in
    memory. Texts with fewer than five shingles are for the caller to leave out. Raises UsageError for a threshold
    outside 0 to 0.5.
    """
    if not 0 <= threshold <= WIDEST:
        raise UsageError(f"texts are compared within a distance of 0 to {WIDEST}, not {threshold}")
    gathering = Gathering(list(ids))
    if signatures:
        signed = np.stack(signatures)

        def is_likely(later: Indices, earlier: Indices) -> Flags:
            return could_be_within(signed[later], signed[earlier], threshold)

        for later, earlier in near_pairs(band_keys(signed), (0,), is_likely, first_new):
            _measure(ids, later, earlier, shingles_of, threshold, gathering)
    return gathering.found()


def _measure(
    ids: Sequence[str],
    later: Indices,
    earlier: Indices,
    shingles_of: Callable[[str], Numbers],
    threshold: float,
    gathering: Gathering,
) -> None:
    distances = np.array(
        [jaccard_distance(shingles_of(ids[a]), shingles_of(ids[b])) for a, b in zip(later, earlier, strict=True)],
        np.float64,
    )
    near = distances <= threshold
    gathering.add(later[near], earlier[near], distances[near])
