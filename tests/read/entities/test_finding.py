"""Finding entities with the shipped labeller."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascertain.read.entities import TYPES, find_entities, shipped_model
from ascertain.read.entities.finding import choose

TEXT = "The Assad regime dropped barrel bombs on Aleppo on Monday, Gen. Joseph Votel said."


def _found(text: str, *, inner: bool = False) -> set[tuple[str, str]]:
    return {(text[e.start : e.end], e.type) for e in find_entities(text, shipped_model(), inner=inner)}


def test_mentions_are_found_whole_with_their_types() -> None:
    assert _found(TEXT) >= {
        ("The Assad regime", "Organisation"),
        ("barrel bombs", "Weapon"),
        ("Aleppo", "Location"),
        ("Monday", "Temporal"),
    }


def test_a_name_inside_a_mention_is_given_only_when_asked_for() -> None:
    assert ("Assad", "Person") not in _found(TEXT)
    assert ("Assad", "Person") in _found(TEXT, inner=True)


def test_mentions_do_not_overlap() -> None:
    found = find_entities(TEXT * 30, shipped_model())
    assert all(before.end <= after.start for before, after in pairwise(found))


def test_a_higher_threshold_gives_fewer() -> None:
    low, high = (set(find_entities(TEXT, shipped_model(), threshold=t)) for t in (0.1, 0.9))
    assert len(high) < len(low)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "\x00\ud800",
        "قُتل 83 شخصا في خان شيخون",
        "🙂" * 50,
        "a" * 100_000,
        "(" * 5000,
        "A. " * 3000,
        "\u202eABC",
    ],
)
def test_no_text_is_too_strange(text: str) -> None:
    find_entities(text, shipped_model(), inner=True)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_every_entity_lies_in_the_text(text: str) -> None:
    for entity in find_entities(text, shipped_model(), inner=True):
        assert 0 <= entity.start < entity.end <= len(text)
        assert text[entity.start : entity.end].strip() == text[entity.start : entity.end]
        assert entity.type in TYPES
        assert 0 < entity.probability <= 1


def test_the_choice_is_the_best_sum_not_the_first() -> None:
    spans = [(0, 3, "Person", 0.6), (0, 1, "Person", 0.5), (2, 3, "Location", 0.5)]
    assert choose(spans, 0.25) == ((0, 1, "Person", 0.5), (2, 3, "Location", 0.5))


_SPANS = st.lists(st.tuples(st.integers(0, 9), st.integers(1, 4), st.floats(0, 1)), max_size=7)


@given(_SPANS)
def test_no_other_choice_has_a_larger_sum(drawn: list[tuple[int, int, float]]) -> None:
    spans = [(start, start + size, "Person", p) for start, size, p in drawn]

    def best(rest: list[tuple[int, int, str, float]]) -> float:
        if not rest:
            return 0.0
        first, others = rest[0], rest[1:]
        apart = [s for s in others if s[1] <= first[0] or s[0] >= first[1]]
        return max(best(others), first[3] - 0.25 + best(apart))

    chosen = choose(spans, 0.25)
    assert sum(s[3] - 0.25 for s in chosen) == pytest.approx(best(spans))
    assert all(a[1] <= b[0] for a, b in pairwise(chosen))
