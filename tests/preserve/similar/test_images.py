from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascertain.errors import UsageError
from ascertain.preserve.similar.images import hamming_distance, related_images
from ascertain.preserve.similar.pdq import ImagePrint
from ascertain.preserve.similar.relation import NEAREST, Relation


def turned(print_: ImagePrint, bits: list[int], quality: int = 100) -> ImagePrint:
    number = int.from_bytes(print_.bits)
    for bit in bits:
        number ^= 1 << bit
    return ImagePrint(number.to_bytes(32), quality)


def prints(number: int, seed: int = 0) -> list[ImagePrint]:
    drawn = random.Random(seed)
    return [ImagePrint(drawn.randbytes(32), 100) for _ in range(number)]


def by_hand(ids: list[str], known: list[ImagePrint], threshold: int) -> set[Relation]:
    found = set()
    for i, one in enumerate(known):
        for j in range(i):
            distance = hamming_distance(one, known[j])
            if distance <= threshold:
                found.add(Relation(min(ids[i], ids[j]), max(ids[i], ids[j]), float(distance)))
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 255), max_size=50, unique=True), max_size=12), st.integers(0, 47))
def test_no_pair_within_the_threshold_is_missed_and_none_beyond_is_told(changes: list[list[int]], within: int) -> None:
    (origin,) = prints(1)
    known = [origin, *(turned(origin, bits) for bits in changes), *prints(5, seed=1)]
    ids = [f"{number:02}" for number in range(len(known))]
    assert set(related_images(ids, known, threshold=within).relations) == by_hand(ids, known, within)


def test_new_ones_are_compared_with_all_and_old_ones_not_again() -> None:
    origin, other = prints(2)
    known = [origin, turned(origin, [1]), other, turned(origin, [2]), turned(other, [3])]
    ids = ["a", "b", "c", "d", "e"]
    assert related_images(ids, known, first_new=3).relations == (
        Relation("a", "d", 1.0), Relation("b", "d", 2.0), Relation("c", "e", 1.0),
    )  # fmt: skip


def test_any_order_of_arrival_finds_the_same() -> None:
    origin = prints(1)[0]
    known = {f"{n:03}": turned(origin, random.Random(n).sample(range(256), 12)) for n in range(90)}
    orders = [sorted(known), sorted(known, reverse=True), sorted(known, key=lambda one: hash(one) % 7)]
    found = []
    for order in orders:
        told: set[Relation] = set()
        for first in range(0, len(order), 30):
            ids = order[: first + 30]
            told |= set(related_images(ids, [known[one] for one in ids], first_new=first).relations)
        found.append(told)
    assert found[0] == found[1] == found[2] != set()


def test_prints_that_say_nothing_are_in_no_pair() -> None:
    origin = prints(1)[0]
    known = [origin, turned(origin, [], quality=49), turned(origin, [1], quality=50)]
    assert related_images(["a", "b", "c"], known).relations == (Relation("a", "c", 1.0),)
    assert related_images(["a"], [ImagePrint(bytes(32), 0)]).relations == ()
    assert related_images([], []).relations == ()


def test_of_many_copies_the_nearest_are_kept_and_the_rest_is_counted() -> None:
    origin = prints(1)[0]
    known = [origin, turned(origin, [0]), *([origin] * (NEAREST + 50))]
    ids = [f"{number:04}" for number in range(len(known))]
    found = related_images(ids, known)
    last = ids[-1]
    assert found.left_out[last] == len(known) - 1 - NEAREST
    assert all(relation.distance == 0 for relation in found.relations if last in (relation.a, relation.b))


@pytest.mark.parametrize("threshold", [-1, 48, 256])
def test_a_threshold_that_the_search_does_not_reach_is_refused(threshold: int) -> None:
    with pytest.raises(UsageError):
        related_images(["a"], prints(1), threshold=threshold)
