from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from ascertain.model.vocabulary import agent_name, agents, agents_under, kinds_of_agent, ladders, words

VOCABULARIES = (
    "document_kinds document_seen party_kinds incident_kinds questions answers finding_scopes stances measures "
    "agreement_kinds roles register_kinds"
).split()


@pytest.mark.parametrize("name", VOCABULARIES)
def test_every_vocabulary_has_words_and_each_is_text(name: str) -> None:
    assert words(name)
    assert all(isinstance(word, str) and word for word in words(name))


def test_yes_and_no_are_words_and_no_truth_values() -> None:
    assert {"yes", "no"} <= set(words("answers"))


def test_an_answer_of_yes_ranks_above_likely_and_likely_above_no() -> None:
    rank = {answer: known["rank"] for answer, known in words("answers").items()}
    assert int(rank["yes"]) > int(rank["likely"]) > int(rank["no"])


def test_sarin_is_a_nerve_agent_and_a_toxic_chemical() -> None:
    assert {"sarin", "nerve_agent", "toxic_chemical"} <= kinds_of_agent("sarin")
    assert "chlorine" not in kinds_of_agent("sarin")


def test_a_toxic_chemical_is_not_sarin() -> None:
    assert kinds_of_agent("toxic_chemical") == {"toxic_chemical"}


@pytest.mark.parametrize("agent", sorted(agents()))
def test_every_agent_has_a_name_and_only_kinds_that_are_agents(agent: str) -> None:
    assert agent_name(agent)
    assert agent in kinds_of_agent(agent) <= set(agents())


@pytest.mark.parametrize("agent", sorted(agents()))
def test_what_is_under_an_agent_is_what_has_it_as_a_kind(agent: str) -> None:
    assert agents_under(agent) == {other for other in agents() if agent in kinds_of_agent(other)}


@pytest.mark.parametrize("body", sorted(ladders()))
def test_every_ladder_has_rungs(body: str) -> None:
    assert ladders()[body]["rungs"]


def test_every_standard_of_the_shipped_record_is_a_rung_of_a_ladder() -> None:
    rungs = {rung for ladder in ladders().values() for rung in ladder["rungs"]}
    with files("ascertain").joinpath("records", "syria-cw", "findings.csv").open(encoding="utf-8") as file:
        assert {row["standard"] for row in csv.DictReader(file)} <= {*rungs, ""}
