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


@pytest.mark.parametrize(
    "text",
    [
        "He died of a heart attack in hospital.",
        "Prisoners began a hunger strike.",
        "Teachers began a strike over wages.",
        "The two sides hope to strike a deal.",
        "There was an explosion of prices in the market.",
        "The minister is under attack by critics.",
        "A cyber attack hit the bank.",
        "Children made a raid on the fridge.",
        "The director was shooting a film in the school.",
    ],
)
def test_a_phrase_with_the_word_of_an_event_may_tell_none(text: str) -> None:
    assert claims_of(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "He attacked the report as biased.",
        "Lawmakers killed the bill on Tuesday.",
        "The king bombarded the press with letters.",
    ],
)
def test_what_no_weapon_hurts_is_not_attacked(text: str) -> None:
    assert claims_of(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "The earthquake struck the town and killed 40 people.",
        "Flooding hit homes in the camp.",
        "Lightning struck a church.",
        "A car accident killed three children.",
    ],
)
def test_what_no_party_does_is_no_attack(text: str) -> None:
    assert claims_of(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "In the film, soldiers gassed the village and killed the children.",
        "In his novel, rebels bombed the church.",
        "Suppose the army shelled the hospital; what would follow?",
        "During an exercise, troops fired rockets at a mock village.",
        "A drill simulated a chemical attack on the station.",
        "Unlike the massacre of Srebrenica, nobody was punished here.",
        "Who bombed the hospital?",
    ],
)
def test_fiction_drills_comparisons_and_questions_tell_nothing(text: str) -> None:
    assert claims_of(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "There is no evidence that the army bombed the hospital.",
        "It is not true that the army bombed the hospital.",
        "Allegations that the army bombed the hospital are unfounded.",
        "The alleged chemical attack was staged.",
        "The video of the bombing was a fake.",
    ],
)
def test_what_is_said_to_be_untrue_is_denied(text: str) -> None:
    assert [claim.frame for claim in claims_of(text)] == [Frame.DENIAL]


@pytest.mark.parametrize(
    "text",
    [
        "Rockets hit the market in Idlib.",
        "The hospital was struck for the third time.",
        "Militants staged an attack on a school.",
        "The attack on the school was staged by militants from the hills.",
        "The Council condemned the attack in a report.",
        "Gunmen killed a law student.",
        "There is no evidence that he led the attack on the school.",
        "After the earthquake, warplanes struck the town.",
        "Troops attacked earthquake survivors.",
        "Rival militias clashed over control of the oil field.",
    ],
)
def test_what_only_looks_like_a_figure_of_speech_is_an_attack(text: str) -> None:
    assert [claim.frame for claim in claims_of(text)] == [Frame.ATTACK]


@pytest.mark.parametrize("how_many", ["", "two ", "three "])
def test_what_is_dropped_gives_the_type_before_what_drops_it(how_many: str) -> None:
    (claim,) = claims_of(f"Government helicopters dropped {how_many}barrel bombs on a school.")
    assert claim.value("type") == "barrel_bomb"
    assert claim.values("actor") == ("government helicopters",)


def test_a_helicopter_that_drops_is_not_what_is_dropped() -> None:
    (claim,) = claims_of("ألقت مروحيات النظام براميل متفجرة على مدرسة في القرية.", "ar")
    assert claim.value("type") == "barrel_bomb"


def test_any_attack_that_arabic_warns_of_is_not_denied() -> None:
    assert claims_of("حذرت المنظمة من أي هجوم على المستشفى.", "ar") == []
    assert [claim.frame for claim in claims_of("نفت الوزارة وقوع أي هجوم.", "ar")] == [Frame.DENIAL]


def test_the_header_of_a_column_tells_no_killing() -> None:
    assert claims_of("Killed") == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("An air strike hit a market, according to residents.", "en"),
        ("Une frappe aérienne a touché un marché, selon les secouristes.", "fr"),
    ],
)
def test_those_according_to_whom_it_is_are_no_victims(text: str, language: str) -> None:
    (claim,) = claims_of(text, language)
    assert claim.values("victim") == ()
