from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.read.places import FoundPlace, Gazetteer, PlaceName, find_places
from ascertain.read.places.geometry import distance_km

CASES = Path(__file__).parents[3] / "benchmarks" / "cases" / "places" / "places.csv"
with CASES.open(encoding="utf-8", newline="") as _file:
    ROWS = list(csv.DictReader(_file))


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_the_places_of_a_labelled_sentence_are_found_and_no_others(row: dict[str, str], syria: Gazetteer) -> None:
    found = find_places(row["text"], syria, row["language"])
    gold = [] if row["gold"] == "none" else row["gold"].split(";")
    assert len(found) == len(gold), found
    for place, ids in zip(found, gold, strict=True):
        match ids:
            case "@":
                assert place.relation == "coordinates"
            case "*":
                assert place.relation in ("between", "road")
            case _:
                assert place.id in ids.split("|")


def only(text: str, gazetteer: Gazetteer, language: str = "en") -> FoundPlace:
    (place,) = find_places(text, gazetteer, language)
    return place


def test_an_ambiguous_name_keeps_every_place_and_a_radius_that_covers_them(two_villages: Gazetteer) -> None:
    place = only("Shells fell on Tell Harab.", two_villages)
    assert place.id == "" or place.candidates[0].probability >= 0.6
    bare = only("Shells fell on Tall-Harab", two_villages)
    assert {one.id for one in bare.candidates} == {"v1", "v2"}


def test_a_name_written_as_neither_is_never_forced(two_villages: Gazetteer) -> None:
    place = only("Shells fell on Tel Harab.", two_villages)
    assert place.id == "" and len(place.candidates) == 2
    for one in place.candidates:
        assert distance_km((place.lat, place.lon), one.point) + one.precision_km <= place.precision_km + 0.01


def test_a_unit_named_beside_a_name_decides(two_villages: Gazetteer) -> None:
    places = find_places("Shells fell on Tel Harab, Southland.", two_villages)
    assert [place.id for place in places] == ["v2", "s"]


def test_the_country_makes_more_probable_and_forces_nothing(two_villages: Gazetteer) -> None:
    assert [place.id for place in find_places("Tel Harab", two_villages, country="YY")] == [""]


def test_a_city_and_its_governorate_of_one_name_are_somewhere_in_the_governorate(syria: Gazetteer) -> None:
    place = only("Idlib was shelled.", syria)
    assert place.id in ("SY07", "idlib_governorate") and len(place.candidates) > 1
    assert only("Idlib city was shelled.", syria).id == "SY070000"


def test_a_distance_moves_the_point_and_widens_it(syria: Gazetteer) -> None:
    own, moved = only("Sarmin", syria), only("12 km south of Sarmin", syria)
    assert moved.relation == "12 km south of"
    assert distance_km((own.lat, own.lon), (moved.lat, moved.lon)) == pytest.approx(12, abs=0.1)
    assert moved.lat < own.lat and moved.precision_km > own.precision_km


def test_the_words_that_place_a_place_are_part_of_its_span(syria: Gazetteer) -> None:
    text = "It fell near the town of Sarmin yesterday."
    place = only(text, syria)
    assert text[place.start : place.end] == "near the town of Sarmin" and place.name == "Sarmin"


def test_between_two_places_lies_the_middle_with_both_in_reach(syria: Gazetteer) -> None:
    place = only("on the road between Saraqib and Ariha", syria)
    ends = [only(name, syria) for name in ("Saraqib", "Ariha")]
    assert place.relation == "between"
    assert all(distance_km((place.lat, place.lon), (end.lat, end.lon)) <= place.precision_km for end in ends)


@pytest.mark.parametrize("written", ["Khan Shaykhun", "Khan Cheikhoun", "KHAN SHEIKHUN", "Khan-Shaykhoun"])
def test_spellings_of_one_name_are_one_place(written: str, syria: Gazetteer) -> None:
    assert only(f"in {written}", syria).id == "khan_shaykhun"


@pytest.mark.parametrize("written", ["سراقب", "بسراقب", "وسراقب", "سَراقِب"])
def test_arabic_names_are_found_behind_prefixes_and_with_vowel_signs(written: str, syria: Gazetteer) -> None:
    assert only(f"في {written}", syria, "ar").id == "saraqib"


@pytest.mark.parametrize(
    ("text", "words"), [("as Aleppo fell", "Aleppo"), ("At Sarmin", "Sarmin"), ("in Ar Raqqah", "Ar Raqqah")]
)
def test_an_article_is_part_of_the_name_and_a_preposition_is_not(text: str, words: str, syria: Gazetteer) -> None:
    place = only(text, syria)
    assert text[place.start : place.end] == words


def test_a_word_without_a_capital_is_no_name(syria: Gazetteer) -> None:
    assert find_places("hama and homs and idlib", syria) == []


def test_an_empty_gazetteer_finds_nothing() -> None:
    assert find_places("Damascus", Gazetteer.of([])) == []
    assert len(Gazetteer.of([PlaceName("x", "!", "", "populated", "", 1, 1, 1)]).find("!")) == 0


@given(st.text(max_size=200))
def test_no_text_makes_finding_raise_and_spans_lie_in_it(text: str) -> None:
    for place in find_places(text, SMALL):
        assert 0 <= place.start < place.end <= len(text) and place.precision_km > 0


@given(
    st.lists(
        st.sampled_from("Hama near 5 km north of between and the Damascus – Homs highway , ' Al d' l'".split()),
        max_size=25,
    )
)
def test_places_stand_in_order(words: list[str]) -> None:
    text = " ".join(words)
    places = find_places(text, SMALL)
    assert [place.start for place in places] == sorted(place.start for place in places)
    assert all(place.name in text for place in places)


SMALL = Gazetteer.of(
    [
        PlaceName("h", "Hama", "en", "populated", "", 35.1, 36.7, 5.0),
        PlaceName("d", "Damascus", "en", "capital", "", 33.5, 36.3, 10.0),
        PlaceName("o", "Homs", "en", "populated", "", 34.7, 36.7, 5.0),
    ]
)
