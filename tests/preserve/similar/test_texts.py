from __future__ import annotations

import random

import numpy as np
import pytest

from ascertain.errors import UsageError
from ascertain.preserve.similar.minhash import SIZE, could_be_within, sign
from ascertain.preserve.similar.relation import Relation
from ascertain.preserve.similar.shingles import jaccard_distance, shingles
from ascertain.preserve.similar.texts import related_texts

VOCABULARY = [f"word{number}" for number in range(3000)]


def text(seed: int, length: int = 150) -> list[str]:
    return random.Random(seed).choices(VOCABULARY, k=length)


def changed(said: list[str], number: int, seed: int) -> list[str]:
    drawn, copy = random.Random(seed), list(said)
    for place in drawn.sample(range(len(copy)), number):
        copy[place] = f"changed{drawn.random()}"
    return copy


class Texts:
    """Texts by id, with their shingles and signatures."""

    def __init__(self, said: dict[str, list[str]]) -> None:
        self.shingles = {one: shingles(" ".join(words)) for one, words in said.items()}
        self.ids = list(said)

    def related(self, first_new: int = 0, threshold: float = 0.3, of: list[str] | None = None) -> tuple[Relation, ...]:
        ids = of or self.ids
        signatures = [sign(self.shingles[one]) for one in ids]
        return related_texts(ids, signatures, self.shingles.__getitem__, first_new, threshold).relations

    def by_hand(self, threshold: float) -> set[Relation]:
        found = set()
        for i, one in enumerate(sorted(self.ids)):
            for other in sorted(self.ids)[:i]:
                distance = jaccard_distance(self.shingles[one], self.shingles[other])
                if distance <= threshold:
                    found.add(Relation(other, one, distance))
        return found


@pytest.fixture
def texts() -> Texts:
    said = {
        f"{seed:03}-{edits:02}": changed(text(seed), edits, seed + edits)
        for seed in range(20)
        for edits in (0, 2, 5, 20)
    }
    return Texts(said)


def test_every_pair_within_the_distance_is_found_and_its_distance_is_exact(texts: Texts) -> None:
    for threshold in (0.1, 0.3):
        assert set(texts.related(threshold=threshold)) == texts.by_hand(threshold) != set()


def test_any_order_of_arrival_finds_the_same(texts: Texts) -> None:
    at_once = set(texts.related())
    order = sorted(texts.ids, key=lambda one: one[::-1])
    told: set[Relation] = set()
    for first in range(0, len(order), 16):
        told |= set(texts.related(first, of=order[: first + 16]))
    assert told == at_once


def test_only_candidates_are_read_again(texts: Texts) -> None:
    asked: set[str] = set()

    def ask(one: str) -> np.ndarray:
        asked.add(one)
        return texts.shingles[one]

    ids = [one for one in texts.ids if one.endswith("-00")]
    found = related_texts(ids, [sign(texts.shingles[one]) for one in ids], ask)
    assert (found.relations, asked) == ((), set())


def test_a_signature_is_the_same_for_any_order_of_words_and_on_every_machine() -> None:
    found = sign(shingles("one two three four"))
    assert len(found) == SIZE
    assert [int(number) for number in found[:3]] == [1063195952, 2149468893, 1665900669]
    assert np.array_equal(sign(np.empty(0, np.uint64)), np.full(SIZE, 2**32 - 1, np.uint32))


def test_the_share_of_equal_numbers_estimates_jaccards_index() -> None:
    one, other = shingles(" ".join(text(1, 800))), shingles(" ".join(changed(text(1, 800), 40, 2)))
    share = float((sign(one) == sign(other)).mean())
    assert abs(share - (1 - jaccard_distance(one, other))) < 0.15
    assert could_be_within(sign(one)[None], sign(other)[None], 0.3)[0]


def test_a_signature_of_many_shingles_is_that_of_its_parts() -> None:
    many = np.unique(np.random.RandomState(1).randint(0, 2**62, 20_000).astype(np.uint64))
    half = len(many) // 2
    assert np.array_equal(sign(many), np.minimum(sign(many[:half]), sign(many[half:])))


def test_no_texts_have_no_relations_and_a_wide_threshold_is_refused() -> None:
    assert related_texts([], [], lambda _: np.empty(0, np.uint64)).relations == ()
    for threshold in (-0.1, 0.51):
        with pytest.raises(UsageError):
            related_texts([], [], lambda _: np.empty(0, np.uint64), threshold=threshold)
