"""Tolls of one sentence: what is read, and what is not taken for one."""

import pytest

from ascertain.model.claim import Modality
from ascertain.read.tolls import Role, Scope, Toll, find_tolls


def read(text: str, language: str = "en") -> tuple[Toll, ...]:
    return find_tolls(text, 0, len(text), language)


def told(text: str, language: str = "en") -> list[str]:
    return [f"{toll.kind} {toll.count.notation()} {toll.group}".strip() for toll in read(text, language)]


@pytest.mark.parametrize(
    ("text", "tolls"),
    [
        ("The strike killed 12 and wounded 30.", ["killed 12", "injured 30"]),
        ("12 dead, 30 wounded.", ["killed 12", "injured 30"]),
        ("30 people were wounded and 12 killed.", ["injured 30 people", "killed 12"]),
        ("It left 12 people dead and 30 wounded.", ["killed 12 people", "injured 30"]),
        ("Killed: 12; injured: 30.", ["killed 12", "injured 30"]),
        ("The blast killed 12, wounding 30 passers-by.", ["killed 12", "injured 30 civilians"]),
    ],
)
def test_killed_and_wounded_are_not_swapped(text: str, tolls: list[str]) -> None:
    assert told(text) == tolls


def test_two_claimants_keep_their_own_tolls() -> None:
    first, second = read("Activists said 27 civilians died, while state media reported nine deaths.")
    assert ([one.text for one in first.claimants], first.count.stated) == (["Activists"], 27)
    assert ([one.text for one in second.claimants], second.count.stated) == (["state media"], 9)
    assert {first.modality, second.modality} == {Modality.REPORTED}


def test_whom_a_claimant_quotes_is_nested() -> None:
    (toll,) = read("The Guardian, citing the White Helmets, said 19 people had been killed.")
    assert [one.text for one in toll.claimants] == ["Guardian", "White Helmets"]


def test_a_part_is_not_another_toll() -> None:
    whole, part = read("Twelve civilians, including five children, were killed.")
    assert (whole.role, part.role) == (Role.TOTAL, Role.PART)
    assert (part.kind, part.count.stated, part.group) == (whole.kind, 5, "children")


def test_a_figure_that_was_replaced_says_so() -> None:
    now, before = read("The death toll rose to 40 on Friday, up from 35 a day earlier.")
    assert (now.count.stated, now.role, before.count.stated, before.role) == (40, Role.TOTAL, 35, Role.EARLIER)


def test_killed_and_wounded_together_say_neither() -> None:
    assert told("The blast killed and wounded more than 60 people.") == ["casualties >60 people"]


def test_nobody_is_a_toll_of_zero() -> None:
    assert told("No civilians were killed in the strike.") == ["killed 0 civilians"]


def test_no_reports_of_deaths_is_no_toll_of_zero() -> None:
    assert told("There were no immediate reports of casualties.") == []
    assert told("No casualties were reported.") == []


def test_a_denial_of_any_is_the_claim_of_none() -> None:
    (toll,) = read("The ministry denied that any civilian was killed.")
    assert (toll.count.stated, toll.modality, toll.claimants[0].text) == (0, Modality.REPORTED, "ministry")


def test_a_denied_number_is_denied() -> None:
    (toll,) = read("The army denied killing 14 civilians.")
    assert (toll.count.stated, toll.modality) == (14, Modality.DENIED)


def test_fear_is_no_assertion() -> None:
    (toll,) = read("Hundreds of people are feared dead.")
    assert (toll.count.notation(), toll.modality) == (">=200", Modality.SUSPECTED)


def test_a_massacre_of_another_time_is_another_toll() -> None:
    (toll,) = read("It recalled the massacre of 1982, which killed 20,000 people.")
    assert toll.scope is Scope.ELSEWHERE


@pytest.mark.parametrize(
    "text",
    [
        "He had lived there for 27 years before he was killed.",
        "The 27-year-old was wounded by a 120mm mortar on 12 May.",
        "Aircraft carried out 34 strikes and destroyed 12 vehicles, wounding the economy.",
        "Some 400 sheep were killed.",
        "An attack would kill thousands.",
        "In the film, 40 villagers are killed.",
        "Were 12 people killed in the raid?",
        "Parliament killed the bill by 40 votes to 12.",
        "Resolution 2401 condemned the killing.",
        "Twenty deaths were prevented by the shelter.",
        "Three dead trees blocked the road.",
        "He wounded 12 spectators' feelings.",
    ],
)
def test_other_numbers_are_no_tolls(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "tolls"),
    [
        ("A family of five was killed.", ["killed 5 families"]),
        ("Both were killed.", ["killed 2"]),
        ("A mother and her four children died.", ["killed 1 women", "killed 4 children"]),
        ("The couple and their two sons were killed.", ["killed 2 families", "killed 2 children"]),
        ("More than two dozen civilians were killed.", ["killed >24 civilians"]),
        ("Hundreds of thousands of people were displaced.", ["displaced >=200000 people"]),
        ("The bombing claimed the lives of 18 worshippers.", ["killed 18 people"]),
        ("Rescuers pulled out the bodies of five men.", ["killed 5 men"]),
        ("Between 40 and 50 people were killed.", ["killed 40..50 people"]),
    ],
)
def test_numbers_in_words_and_turns_of_phrase(text: str, tolls: list[str]) -> None:
    assert told(text) == tolls


@pytest.mark.parametrize(
    ("text", "tolls"),
    [
        ("L'attaque a fait 12 morts et 30 blessés.", ["killed 12", "injured 30"]),
        ("Au moins 17 civils, dont cinq enfants, ont été tués.", ["killed >=17 civilians", "killed 5 children"]),
        ("Personne n'a été blessé dans cette frappe.", ["injured 0"]),
        ("Une attaque pourrait faire des milliers de morts.", []),
    ],
)
def test_french(text: str, tolls: list[str]) -> None:
    assert told(text, "fr") == tolls


@pytest.mark.parametrize(
    ("text", "tolls"),
    [
        ("مقتل خمسة مدنيين وإصابة عشرة آخرين في قصف.", ["killed 5 civilians", "injured 10 people"]),
        ("أسفر الهجوم عن سقوط ٢٧ قتيلا و٤٠ جريحا.", ["killed 27", "injured 40"]),
        ("قتيلان وثلاثة جرحى في انفجار لغم.", ["killed 2", "injured 3"]),
        ("عاش في القرية 27 عاما.", []),
    ],
)
def test_arabic(text: str, tolls: list[str]) -> None:
    assert told(text, "ar") == tolls


def test_a_heap_of_numbers_is_read_in_pieces() -> None:
    text = "killed 12, " * 700
    assert {toll.number_words.text for toll in read(text)} == {"12"}
    assert told("x" * 9000) == []
