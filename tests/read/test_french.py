"""French statements: what is asserted of whom, and what must never pass for an assertion."""

from __future__ import annotations

import datetime

import pytest

from ascertain.model.claim import Claim, Frame, Modality
from ascertain.read.language import language_of
from ascertain.read.lexicon import LANGUAGES, load_language, make_lexicon
from ascertain.read.numbers import find_counts
from ascertain.read.statement import read_statement
from ascertain.read.tokens import tokenize
from ascertain.read.when import find_dates

FRENCH = make_lexicon(
    "fr",
    [
        ("party", "opcw", "OIAC"),
        ("party", "un", "ONU"),
        ("party", "ffm", "mission d’établissement des faits"),
        ("party", "jim", "Mécanisme d’enquête conjoint"),
        ("party", "army", "armée syrienne"),
        ("party", "state", "régime syrien"),
        ("party", "russia", "Russie"),
        ("party", "turkey", "Turquie"),
        ("party", "council", "Conseil de sécurité"),
        ("place", "douma", "Douma"),
        ("place", "khan", "Khan Cheikhoun"),
        ("place", "saraqib", "Saraqeb"),
        ("zone", "idlib", "zone de désescalade d’Idlib"),
    ],
)
WRITTEN = datetime.date(2020, 4, 10)


def claims(text: str) -> tuple[Claim, ...]:
    return read_statement(text, [(0, len(text))], FRENCH, WRITTEN, "").claims


def claim(text: str) -> Claim:
    (only,) = claims(text)
    return only


def slots(found: Claim) -> dict[str, str]:
    return {slot.name: slot.value for slot in reversed(found.slots) if slot.name != "unit"}


def asserted(found: Claim) -> bool:
    return found.modality in (Modality.ASSERTED, Modality.REPORTED) and found.frame in (
        Frame.ATTRIBUTION,
        Frame.FINDING,
        Frame.ATTACK,
    )


def test_french_is_read() -> None:
    assert "fr" in LANGUAGES


@pytest.mark.parametrize(
    "text",
    [
        "L'OIAC n'a trouvé aucune preuve d'utilisation d'armes chimiques à Saraqeb.",
        "Du chlore aurait été utilisé à Douma le 7 avril 2018.",
        "L'Organisation a établi l'usage d'armes chimiques à Douma.",
    ],
)
def test_a_short_sentence_is_known_as_french(text: str) -> None:
    assert language_of(text) == "fr"


def test_a_body_holds_somebody_responsible() -> None:
    found = claim(
        "L'OIAC a conclu que l'armée syrienne était responsable d'une attaque au chlore à Douma le 7 avril 2018."
    )
    assert found.frame is Frame.ATTRIBUTION and asserted(found) and not found.rest
    assert slots(found) == {
        "body": "opcw",
        "actor": "army",
        "agent": "chlorine",
        "place": "douma",
        "when": "2018-04-07",
    }


def test_the_body_is_the_first_named_not_the_one_it_belongs_to() -> None:
    found = claim(
        "Le Mécanisme d'enquête conjoint de l'OIAC et de l'ONU a attribué au régime syrien l'attaque de Douma."
    )
    assert slots(found) == {"body": "jim", "actor": "state", "place": "douma"}


def test_articles_and_prepositions_run_together_with_names() -> None:
    found = claim(
        "D’après l’OIAC, l’armée syrienne a eu recours à l’arme chimique lors de l’attaque de Khan Cheikhoun."
    )
    assert [slot.value for slot in found.via] == ["opcw"]
    assert slots(found) == {"actor": "army", "agent": "toxic_chemical", "body": "opcw", "place": "khan"}


def test_agreement_does_not_matter() -> None:
    for used in ("des armes chimiques ont été utilisées", "le gaz sarin a été utilisé", "du chlore a été employé"):
        found = claim(f"La mission d'établissement des faits a confirmé que {used} à Saraqeb.")
        assert found.frame is Frame.FINDING and asserted(found) and slots(found)["body"] == "ffm"


@pytest.mark.parametrize(
    ("words", "degree"),
    [("très probablement été utilisé", "very likely"), ("été vraisemblablement utilisé", "likely")],
)
def test_how_sure_a_body_is_has_the_names_that_checks_know(words: str, degree: str) -> None:
    assert slots(claim(f"L'OIAC a conclu que du chlore avait {words} à Saraqeb."))["degree"] == degree


@pytest.mark.parametrize(
    "text",
    [
        "Il n'est pas vrai que l'armée syrienne a utilisé du chlore à Douma.",
        "Rien ne prouve que l'armée syrienne a utilisé du chlore à Douma.",
        "L'OIAC n'a jamais conclu que l'armée syrienne avait utilisé du chlore à Douma.",
        "Ni l'OIAC ni l'ONU n'ont établi que l'armée syrienne a utilisé du chlore à Douma.",
        "L'utilisation de chlore par l'armée syrienne à Douma n'est pas établie.",
        "La Russie conteste l'utilisation de chlore par l'armée syrienne à Douma.",
        "L'armée syrienne n'a utilisé ni chlore ni sarin à Douma.",
        "L'armée syrienne n'aurait pas utilisé de chlore à Douma.",
        "L'armée syrienne n'a utilisé aucune arme chimique à Douma.",
        "Faux : l'armée syrienne a utilisé du chlore à Douma.",
        "Il est difficile de croire que l'armée syrienne a utilisé du chlore à Douma.",
    ],
)
def test_a_denied_sentence_asserts_nothing(text: str) -> None:
    assert not any(asserted(found) and not found.negated for found in claims(text))


@pytest.mark.parametrize(
    "text",
    [
        "L'armée syrienne aurait utilisé du chlore à Douma.",
        "Du chlore aurait été utilisé par l'armée syrienne à Douma.",
        "L'armée syrienne serait responsable de l'attaque au chlore de Douma.",
        "L'armée syrienne est soupçonnée d'avoir utilisé du chlore à Douma.",
        "L'attaque présumée au chlore de Douma a été menée par l'armée syrienne.",
        "L'OIAC pourrait établir que l'armée syrienne a utilisé du chlore à Douma.",
        "Si l'armée syrienne a utilisé du chlore à Douma, elle en répondra.",
        "L'armée syrienne a-t-elle utilisé du chlore à Douma ?",
        "Est-il vrai que l'armée syrienne a utilisé du chlore à Douma ?",
    ],
)
def test_the_press_conditional_a_condition_and_a_question_assert_nothing(text: str) -> None:
    assert not any(asserted(found) for found in claims(text))


def test_a_denial_is_read_as_one() -> None:
    found = claim("L'armée syrienne n'a jamais utilisé de sarin à Khan Cheikhoun.")
    assert (found.frame, found.negated) == (Frame.DENIAL, True)
    found = claim("La Russie nie l'utilisation d'armes chimiques à Douma.")
    assert (found.frame, found.negated, slots(found)["party"]) == (Frame.DENIAL, False, "russia")


def test_what_a_body_could_not_find_is_no_finding_of_use() -> None:
    found = claim("L'OIAC n'a pas pu établir si des armes chimiques avaient été utilisées à Saraqeb.")
    assert (found.frame, found.negated) == (Frame.FINDING, True)
    assert slots(claim("L'OIAC a exclu l'utilisation de sarin à Douma."))["excluded"]
    assert slots(claim("L'OIAC n'a trouvé aucune trace de sarin à Douma."))["nothing"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("L'armée syrienne a utilisé du chlore dans l'est de Douma.", "est"),
        ("Seule l'armée syrienne a utilisé du chlore à Douma.", "Seule"),
        ("L'armée syrienne a utilisé du chlore à Douma contre un hôpital.", "hôpital"),
        ("Les médias répètent que l'armée syrienne a utilisé du chlore à Douma.", "répètent"),
    ],
)
def test_words_that_were_not_read_are_kept_as_the_rest(text: str, left: str) -> None:
    assert any(left in span.text for found in claims(text) for span in found.rest)


def test_a_name_after_a_preposition_is_not_who_did_it() -> None:
    assert not any(asserted(c) for c in claims("Les ennemis de l'armée syrienne ont utilisé du chlore à Douma."))


@pytest.mark.parametrize(
    "text",
    [
        "La Russie doit user de son influence à Douma.",
        "Nous exprimons notre vive préoccupation face à la situation à Douma.",
        "Nous continuerons à lutter contre l'impunité en matière d'armes chimiques.",
        "Une offensive à Douma risque de déplacer 700 000 personnes.",
        "L'usage d'armes chimiques est inacceptable.",
    ],
)
def test_calls_concerns_intentions_forecasts_and_judgements_are_not_checkable(text: str) -> None:
    assert claim(text).frame is Frame.NOT_CHECKABLE


@pytest.mark.parametrize(
    ("words", "notation"),
    [
        ("trois millions", "3000000"),
        ("2,9 millions", "2900000"),
        ("948 000", "948000"),
        ("948\u202f000", "948000"),
        ("quatre-vingt-sept", "87"),
        ("vingt et un", "21"),
        ("plus de 80", ">80"),
        ("plus d'un million", ">1000000"),
        ("au moins 43", ">=43"),
        ("près de trois millions", "~<3000000"),
        ("quelque 2,1 millions", "~2100000"),
        ("une trentaine", "~30"),
        ("une quinzaine", "~15"),
        ("plusieurs dizaines", ">=20"),
        ("entre 40 et 50", "40..50"),
    ],
)
def test_numbers(words: str, notation: str) -> None:
    tokens = tokenize(f"{words} de personnes")
    counts = find_counts(tokens, [False] * len(tokens), FRENCH.language.numbers)
    assert [c.count.notation() for c in counts] == [notation]


@pytest.mark.parametrize("words", ["une attaque", "un rapport", "2.9 millions", "1,089 civils", "1er rapport"])
def test_articles_and_foreign_decimals_are_no_numbers(words: str) -> None:
    tokens = tokenize(words)
    assert not find_counts(tokens, [False] * len(tokens), FRENCH.language.numbers)


@pytest.mark.parametrize(
    ("words", "edtf"),
    [
        ("le 4 avril 2017", "2017-04-04"),
        ("le 1er décembre 2019", "2019-12-01"),
        ("en août 2013", "2013-08"),
        ("les 24, 25 et 30 mars 2017", "2017-03-24|2017-03-25|2017-03-30"),
        ("depuis le 1er décembre 2019", "2019-12-01/2020-04-10"),
        ("du 16 mars au 20 mai 2015", "2015-03-16/2015-05-20"),
        ("entre le 24 mars et le 30 mars 2017", "2017-03-24/2017-03-30"),
    ],
)
def test_dates(words: str, edtf: str) -> None:
    assert [date.edtf for date in find_dates(tokenize(words), load_language("fr").dates, WRITTEN)] == [edtf]


def test_tolls_votes_and_the_displaced_have_their_measures() -> None:
    assert slots(claim("Une attaque à Douma a fait plus de 80 morts."))["measure"] == "killed"
    votes = claims("Au Conseil de sécurité, onze États ont voté pour et deux ont voté contre.")
    assert [(slots(c)["measure"], slots(c)["count"]) for c in votes] == [("votes_for", "11"), ("votes_against", "2")]
    displaced = claim("Près de 900 000 personnes ont été déplacées dans la zone de désescalade d'Idlib.")
    assert (slots(displaced)["measure"], slots(displaced)["zone"]) == ("newly_displaced", "idlib")


def test_guarantors() -> None:
    found = claim("La Russie et la Turquie sont les garants de la zone de désescalade d'Idlib.")
    assert found.frame is Frame.COMMITMENT
    assert found.values("party") == ("russia", "turkey")
