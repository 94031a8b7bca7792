"""A report's claims: attacks, who is blamed for them and how surely, tolls, all of the incident that they are about."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascertain.model.claim import Claim, Frame
from ascertain.read.events.lexicon import LANGUAGES, event_words
from ascertain.read.lexicon import make_lexicon
from ascertain.read.places import Gazetteer, PlaceName
from ascertain.read.report import Reader, read_report

NAMES = [
    ("party", "syria_armed_forces", "government forces"),
    ("party", "isil", "ISIL"),
    ("place", "douma", "Douma"),
]
HARASTA = PlaceName("SY1", "Harasta", "en", "populated place", "SY", 33.56, 36.36, 3.0)


def reader_of(language: str) -> Reader:
    return Reader(make_lexicon(language, NAMES), event_words(language), Gazetteer.of([HARASTA]))


def claims_of(text: str, language: str = "en") -> tuple[Claim, ...]:
    return read_report(text, [(0, len(text))], reader_of(language), datetime.date(2018, 4, 9), "").claims


def one(text: str, frame: Frame) -> Claim:
    (claim,) = [claim for claim in claims_of(text) if claim.frame is frame]
    return claim


def test_whoever_is_accused_is_no_actor_of_the_attack_but_of_the_accusation() -> None:
    text = "The opposition accused government forces of carrying out an air strike on a market in Douma."
    assert one(text, Frame.ATTACK).values("actor") == ()
    blamed = one(text, Frame.ATTRIBUTION)
    assert blamed.value("actor") == "syria_armed_forces"
    assert blamed.value("surety") == "SUSPECTED OR ACCUSED"
    assert [slot.span.text for slot in blamed.via] == ["The opposition"]
    assert blamed.incident == one(text, Frame.ATTACK).incident


def test_who_claims_an_attack_is_blamed_by_its_own_words() -> None:
    assert one("ISIL claimed responsibility for a car bomb attack in Douma.", Frame.ATTRIBUTION).value("surety") == (
        "CLAIMED OR ADMITTED"
    )


def test_a_plain_report_names_its_actor_in_the_attack_alone() -> None:
    claims = claims_of("An air strike by government forces hit a market.")
    assert [(claim.frame, claim.value("actor")) for claim in claims] == [(Frame.ATTACK, "syria_armed_forces")]


def test_two_claimants_have_each_their_toll() -> None:
    text = "Doctors said 12 people were killed in an air strike, while the army said 5 people were killed."
    tolls = [claim for claim in claims_of(text) if claim.frame is Frame.ESTIMATE]
    assert [claim.value("killed") for claim in tolls] == ["12", "5"]
    assert all(claim.via for claim in tolls)


def test_a_place_of_the_gazetteer_has_a_point_with_its_uncertainty_on_the_same_words() -> None:
    claim = one("An air strike hit a market in Harasta.", Frame.ATTACK)
    assert claim.value("place") == "SY1"
    assert claim.value("point") == "geo:33.56000,36.36000;u=3000"
    assert {slot.span.text for slot in claim.slots if slot.name in ("place", "point")} == {"Harasta"}


def test_a_cell_is_a_toll_under_its_header() -> None:
    (claim,) = read_report("Killed\n\n12", [], reader_of("en"), None, "", [((0, 6), (8, 10))]).claims
    assert claim.value("killed") == "12"


@pytest.mark.parametrize("text", ["", " ", ".", "\u202e\u0000", "killed " * 500])
def test_odd_texts_are_read_without_an_error(text: str) -> None:
    claims_of(text)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200), st.sampled_from(LANGUAGES))
def test_every_slot_of_any_text_stands_on_its_own_words(text: str, language: str) -> None:
    for claim in claims_of(text, language):
        for slot in (*claim.slots, *claim.via):
            assert text[slot.span.start : slot.span.end] == slot.span.text != ""
