"""Training, and the shipped model."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from ascertain.errors import UsageError
from ascertain.read.entities import Annotated, Mention, find_entities, read_annotated, save_model, train_entities
from ascertain.read.entities.training import longest, tags
from ascertain.read.entities.words import split_sentences

DATA = Path(__file__).parents[3] / "benchmarks" / "data" / "re3d"
TEXTS = (
    Annotated("a", "x", "Kerry met Lavrov in Geneva.", (Mention(0, 5, "Person"), Mention(20, 26, "Location"))),
    Annotated("b", "x", "Lavrov left Geneva.", (Mention(0, 6, "Person"), Mention(12, 18, "Location"))),
)


def test_the_shipped_model_is_the_one_that_the_shipped_data_give() -> None:
    shipped = files("ascertain.read.entities").joinpath("data", "re3d.npz").read_bytes()
    assert save_model(train_entities(read_annotated(DATA), name="re3d")) == shipped
    assert len(shipped) < 1_000_000


def test_the_order_of_the_texts_changes_nothing() -> None:
    assert save_model(train_entities(TEXTS)) == save_model(train_entities(TEXTS[::-1]))


def test_what_was_learned_is_found_again() -> None:
    model = train_entities(TEXTS * 1)
    found = find_entities("Lavrov left Geneva.", model, threshold=0.3)
    assert [(entity.start, entity.end, entity.type) for entity in found] == [(0, 6, "Person"), (12, 18, "Location")]


def test_nothing_to_learn_from_is_said() -> None:
    with pytest.raises(UsageError):
        train_entities([Annotated("a", "x", "Nobody came.", ())])


def test_the_longest_of_overlapping_mentions_is_kept() -> None:
    inside, around = Mention(4, 11, "Nationality"), Mention(0, 15, "Organisation")
    assert longest([inside, around]) == (around,)


def test_a_mention_that_ends_inside_a_word_labels_the_word() -> None:
    sentence = split_sentences("the campaign against Da’esh")[0]
    assert tags(sentence, [Mention(0, 8, "Location")]) == ["B-Location", "I-Location", "O", "O"]
