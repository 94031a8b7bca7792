"""Training on a small made-up corpus, and what the trained reader says."""

from __future__ import annotations

import pytest

from ascertain.errors import BadTraining
from ascertain.read.incidents import Example, Incident, Model, dump, load, read_incidents, train


def _words(incident: Incident, role: str) -> list[str]:
    return [filler.words for filler in incident.in_role(role)]


def test_an_incident_is_read_with_its_fillers(model: Model) -> None:
    text = (
        "a bomb exploded at the town hall in the town of queltes.  police said that the river column placed the bomb."
    )
    (incident,) = read_incidents(text, model)
    assert incident.type == "bombing"
    assert _words(incident, "PerpOrg") == ["river column"]
    assert "town hall" in _words(incident, "Target")
    assert _words(incident, "Weapon") == ["bomb"]


def test_case_does_not_matter(model: Model) -> None:
    text = (
        "Gunmen of the Red Valley Front killed judge Olga Tarvane in Queltes yesterday.  Witnesses saw the gunmen flee."
    )
    (incident,) = read_incidents(text, model)
    assert _words(incident, "Victim") == ["Olga Tarvane"]
    assert read_incidents(text.lower(), model)[0].type == incident.type == "attack"


def test_a_text_without_an_incident_gives_none(model: Model) -> None:
    assert read_incidents("the minister of trade met olga tarvane.  they talked about the harvest.", model) == ()


@pytest.mark.parametrize(
    "text", ["", " ", ".", "the", "\x00\ud800", "((((", "a " * 3000, "\n\n\n", "攻击", "bomb " * 500]
)
def test_nothing_is_raised_whatever_the_text(model: Model, text: str) -> None:
    for incident in read_incidents(text, model):
        assert all(text[filler.start : filler.end] == filler.words for filler in incident.fillers)


def test_every_filler_lies_in_the_text_with_a_probability(model: Model, corpus: list[Example]) -> None:
    told = [(e.text, filler) for e in corpus for i in read_incidents(e.text, model) for filler in i.fillers]
    assert told
    assert all(text[filler.start : filler.end] == filler.words for text, filler in told)
    assert all(0 < filler.probability <= 1 for _, filler in told)


def test_two_trainings_give_the_same_bytes(model: Model, corpus: list[Example]) -> None:
    assert dump(train(corpus)) == dump(model)


def test_a_stored_model_reads_as_before(model: Model, corpus: list[Example]) -> None:
    again = load(dump(model))
    assert [read_incidents(e.text, again) for e in corpus] == [read_incidents(e.text, model) for e in corpus]


def test_too_few_examples_are_refused(corpus: list[Example]) -> None:
    with pytest.raises(BadTraining, match="too few"):
        train(corpus[:3])


def test_examples_without_any_incident_are_refused(corpus: list[Example]) -> None:
    with pytest.raises(BadTraining, match="tells of an incident"):
        train([Example(e.docid, e.text) for e in corpus])
