"""What a text tells of attacks: which happened, which are one, who did what with what to whom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.model.claim import Claim, Frame
from ascertain.read.events.claims import attack_claims
from ascertain.read.events.incidents import group
from ascertain.read.events.lexicon import LANGUAGES, event_words
from ascertain.read.events.mention import Mention
from ascertain.read.events.sentence import read_sentence
from ascertain.read.sentences import sentences


def claims_of(text: str, language: str = "en", mentions: tuple[Mention, ...] = ()) -> list[Claim]:
    words = event_words(language)
    told = [
        read_sentence(text, start, end, words, [one for one in mentions if start <= one.start < end])
        for start, end in sentences(text)
    ]
    return list(attack_claims(text, group(told), "", language))


def day(text: str, words: str, edtf: str) -> Mention:
    at = text.index(words)
    return Mention("when", edtf, at, at + len(words), edtf, edtf)


def place(text: str, words: str) -> Mention:
    at = text.index(words)
    return Mention("place", words.lower(), at, at + len(words))


def test_an_attack_is_one_claim_with_its_type_actor_target_and_victims_each_on_its_words() -> None:
    (claim,) = claims_of("Government warplanes bombed a hospital with barrel bombs, killing two doctors.")
    assert claim.frame is Frame.ATTACK
    assert claim.values("target") == ("hospital",)
    assert claim.values("victim") == ("medical_workers",)
    assert claim.values("weapon") == ("barrel_bomb",)
    assert claim.values("actor") == ("Government warplanes".lower(),)


@pytest.mark.parametrize(
    "text",
    [
        "No chemical attack took place.",
        "The ministry denied any air strike.",
    ],
)
def test_what_is_denied_is_a_denial_and_no_attack(text: str) -> None:
    assert [claim.frame for claim in claims_of(text)] in ([Frame.DENIAL], [])


@pytest.mark.parametrize(
    "text",
    [
        "If the army attacked, thousands would flee.",
        "The police foiled an attack on a market.",
        "The ministry warned of the threat of a chemical attack.",
        "They commemorated the anniversary of the massacre.",
        "An air strike is imminent, and will an attack follow?",
        "An attack on a market was foiled.",
    ],
)
def test_threats_forecasts_and_memories_are_no_incidents(text: str) -> None:
    assert claims_of(text) == []


def test_the_attack_is_the_one_told_before() -> None:
    text = "An air strike hit a school. The attack was carried out by helicopters."
    (claim,) = claims_of(text)
    assert claim.values("actor") == ("helicopters",)
    assert claim.values("target") == ("school",)


def test_another_strike_is_another_incident() -> None:
    first, second = claims_of("An air strike hit a school. Another air strike hit a market.")
    assert (first.incident, second.incident) == (1, 2)
    assert second.values("target") == ("market",)


def test_attacks_on_two_days_are_two_incidents() -> None:
    text = "Shelling hit homes on Monday. Shelling hit a mosque on Tuesday."
    mentions = (day(text, "Monday", "2018-04-02"), day(text, "Tuesday", "2018-04-03"))
    assert [claim.values("when") for claim in claims_of(text, mentions=mentions)] == [("2018-04-02",), ("2018-04-03",)]


def test_attacks_at_two_places_are_two_incidents() -> None:
    text = "Shelling hit homes in Douma. Shelling hit a mosque in Saraqib."
    found = claims_of(text, mentions=(place(text, "Douma"), place(text, "Saraqib")))
    assert [claim.values("place") for claim in found] == [("douma",), ("saraqib",)]


def test_a_kidnapping_is_not_the_strike_before_it() -> None:
    types = [claim.value("type") for claim in claims_of("An air strike hit a school. Gunmen kidnapped a doctor.")]
    assert types == ["air_strike", "abduction"]


def test_residents_who_say_something_are_no_victims() -> None:
    (claim,) = claims_of("An air strike hit a market, residents said.")
    assert claim.values("victim") == ()


def test_a_weapon_that_is_dropped_tells_an_attack() -> None:
    (claim,) = claims_of("Helicopters dropped barrel bombs on the town.")
    assert claim.value("type") in ("barrel_bomb", "air_strike")
    assert claim.values("actor") == ("helicopters",)


def test_french_and_arabic_tell_the_same() -> None:
    (french,) = claims_of("Une frappe aérienne a touché un hôpital.", "fr")
    (arabic,) = claims_of("استهدفت غارة جوية مستشفى في البلدة.", "ar")
    for claim in (french, arabic):
        assert (claim.value("type"), claim.value("target")) == ("air_strike", "hospital")


def test_an_arabic_word_is_found_behind_its_proclitics() -> None:
    (claim,) = claims_of("وقصفت قوات النظام السوق بالبراميل المتفجرة.", "ar")
    assert claim.values("target") == ("market",)
    assert next(slot for slot in claim.slots if slot.name == "target").span.text == "السوق"


@given(st.text(max_size=300), st.sampled_from(LANGUAGES))
def test_any_text_is_read_and_every_slot_stands_on_its_own_words(text: str, language: str) -> None:
    for claim in claims_of(text, language):
        for slot in claim.slots:
            assert text[slot.span.start : slot.span.end] == slot.span.text != ""
