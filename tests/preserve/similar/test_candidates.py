from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ascertain.preserve.similar import candidates
from ascertain.preserve.similar.candidates import near_pairs

Rows = list[list[int]]


def pairs(rows: Rows, probes: list[int], first_new: int = 0) -> list[tuple[int, int]]:
    keys = [np.array(band, np.uint64) for band in zip(*rows, strict=True)]

    def all_near(later: np.ndarray, _: np.ndarray) -> np.ndarray:
        return np.ones(len(later), bool)

    found = near_pairs(keys, probes, all_near, first_new)
    return [(int(a), int(b)) for later, earlier in found for a, b in zip(later, earlier, strict=True)]


def by_hand(rows: Rows, probes: list[int], first_new: int) -> list[tuple[int, int]]:
    return [
        (later, earlier)
        for later in range(first_new, len(rows))
        for earlier in range(later)
        if any(one ^ other in probes for one, other in zip(rows[later], rows[earlier], strict=True))
    ]


tables = st.lists(st.lists(st.integers(0, 7), min_size=2, max_size=2), min_size=1, max_size=30)


@settings(max_examples=200)
@given(tables, st.sampled_from([[0], [0, 1], [0, 1, 2, 4]]), st.integers(0, 30))
def test_exactly_the_pairs_that_share_a_key_are_found_once(rows: Rows, probes: list[int], first_new: int) -> None:
    assert pairs(rows, probes, first_new) == by_hand(rows, probes, first_new)


@given(tables, st.integers(0, 30))
def test_what_arrives_later_adds_the_pairs_that_all_at_once_would_have(rows: Rows, first: int) -> None:
    first = min(first, len(rows))
    before = pairs(rows[:first], [0]) if first else []
    assert sorted(before + pairs(rows, [0], first)) == pairs(rows, [0])


def test_a_block_ends_and_the_next_goes_on() -> None:
    rows = [[number % 300] for number in range(700)]
    assert len(rows) > 2 * candidates._BLOCK
    assert pairs(rows, [0]) == by_hand(rows, [0], 0)


def test_of_a_crowd_only_the_last_thousand_are_paired() -> None:
    found = pairs([[1]] * 1500, [0])
    assert max(later - earlier for later, earlier in found) == candidates.CROWD
    assert len(found) == 1000 * 999 // 2 + 500 * 1000
