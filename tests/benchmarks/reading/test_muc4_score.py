"""The template score, by cases small enough to be reckoned by hand."""

from __future__ import annotations

from typing import Any

import pytest
from reading.muc4_score import ROLES, normalise, score, score_document


def template(kind: str, **roles: list[list[str]]) -> dict[str, Any]:
    return {"incident_type": kind, **{role: roles.get(role, []) for role in ROLES}}


def test_articles_punctuation_case_and_white_space_do_not_count() -> None:
    assert normalise(' The "Santo  Tomas" farm. ') == "santo tomas farm"


def test_the_same_templates_score_one() -> None:
    gold = [template("bombing", Weapon=[["bomb"]], Target=[["car", "the parked car"]])]
    assert score_document(gold, gold).total.f1 == 1.0


def test_one_mention_of_an_entity_is_enough() -> None:
    gold = [template("attack", PerpOrg=[["fmln", "liberation front"]])]
    assert score_document([template("attack", PerpOrg=[["the FMLN"]])], gold).total.f1 == 1.0


def test_an_entity_with_one_mention_too_many_is_wrong() -> None:
    gold = [template("attack", PerpOrg=[["fmln"]])]
    total = score_document([template("attack", PerpOrg=[["fmln", "army"]])], gold).total
    assert (total.predicted, total.right, total.found) == (2, 1, 1)


def test_another_type_is_spurious_and_missing_with_all_its_fillers() -> None:
    gold = [template("arson", Target=[["bus"]])]
    total = score_document([template("bombing", Target=[["bus"]])], gold).total
    assert (total.predicted, total.gold, total.right) == (2, 2, 0)


def test_a_type_that_the_gold_type_holds_agrees() -> None:
    gold = [template("attack / bombing")]
    assert score_document([template("bombing")], gold).total.f1 == 1.0


def test_templates_are_mapped_where_most_is_right() -> None:
    gold = [template("attack", Victim=[["a b"]]), template("attack", Victim=[["c d"], ["e f"]])]
    said = [template("attack", Victim=[["c d"], ["e f"]]), template("attack", Victim=[["a b"]])]
    assert score_document(said, gold).total.f1 == 1.0


def test_gold_templates_that_say_the_same_are_one() -> None:
    gold = [template("attack"), template("attack")]
    assert score_document([template("attack")], gold).total.f1 == 1.0


def test_two_predictions_of_one_gold_entity_are_both_right_and_find_one() -> None:
    gold = [template("attack", PerpOrg=[["fmln", "front"]])]
    total = score_document([template("attack", PerpOrg=[["fmln"], ["front"]])], gold).total
    assert (total.predicted, total.right, total.gold, total.found) == (3, 3, 2, 2)


def test_many_templates_are_mapped_without_trying_every_order() -> None:
    gold = [template("attack", Victim=[[f"name {number}"]]) for number in range(30)]
    assert score_document(gold[::-1], gold).total.f1 == 1.0


def test_a_document_without_prediction_is_missing_and_one_without_gold_is_not_read() -> None:
    gold = {"one": [template("attack")], "two": [template("attack")]}
    total = score({"one": [template("attack")], "three": [template("attack")]}, gold).total
    assert (total.predicted, total.gold, total.right) == (1, 2, 1)
    assert total.f1 == pytest.approx(2 / 3)
