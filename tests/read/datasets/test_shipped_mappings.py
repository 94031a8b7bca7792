"""The mappings that ship, on tables in their layouts. All but UCDP's rows are made up."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from ascertain.model.vocabulary import attack_types
from ascertain.read.datasets.mapping_file import parse_mapping, shipped_mappings
from ascertain.read.datasets.proposing import shipped_for

EXCERPT = Path(__file__).parent / "data" / "ucdp_ged231_car_excerpt.csv"
ACLED = (
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,"
    "actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,"
    "latitude,longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp"
)
DAY = datetime.date


def _acled(key: str, date: str, code: str, event: str, sub: str, deaths: str) -> str:
    return (
        f"{key},{date},2018,{code},Political violence,{event},{sub},Forces of Arland,,State forces,Civilians (Arland),,"
        f"Civilians,State forces-Civilians,Civilian targeting,999,Nowhere,Arland,North,Estor,,Estor,35.9,36.4,2,"
        f"Radio Estor; Estor Post,Subnational,A made-up note.,{deaths},,1523100000"
    )


def test_ucdps_rows_are_claims_with_their_ranges_and_precision(bench: Any) -> None:
    read = bench.read(EXCERPT.read_bytes(), shipped_mappings()["ucdp-ged"])
    assert read.outcome.changes == {"new": 31, "failed": 1}
    first = read.claims["36210"]
    assert (first["type"], first["speaker"], first["via"]) == ("state_based_violence", "UCDP", "Reuters  25/2-09")
    assert (first["when_earliest"], first["when_latest"], first["date_precision_days"]) == (
        DAY(2009, 2, 20), DAY(2009, 2, 20), 1,
    )  # fmt: skip
    assert (first["killed_low"], first["killed"], first["killed_high"], first["precision_km"]) == (3, 3, 3, 100)
    assert (first["cells"]["place_precision"], first["cells"]["when"]) == ("5", "2009-02-20T00:00:00")
    second = read.claims["36211"]
    assert (second["when_latest"] - second["when_earliest"]).days == 34


def test_a_range_that_ucdp_itself_has_backwards_is_named_and_not_mended(bench: Any) -> None:
    read = bench.read(EXCERPT.read_bytes(), shipped_mappings()["ucdp-ged"])
    (failure,) = read.outcome.failures
    assert (failure.code, failure.reason) == ("bounds", "killed: at least 7 and at most 6")
    assert read.outcome.doubts == {"killed: the best estimate lies outside its own bounds": 1}


def test_an_acled_export_is_read_with_its_own_words_kept(bench: Any) -> None:
    rows = (
        _acled("ARL1", "07 April 2018", "1", "Explosions/Remote violence", "Air/drone strike", "3"),
        _acled("ARL2", "2018-04-11", "2", "Violence against civilians", "Attack", "0"),
        _acled("ARL3", "15-Apr-2018", "3", "Riots", "Something new", "0"),
    )
    read = bench.read(bench.table(*rows, header=ACLED), shipped_mappings()["acled"])
    one, two, three = (read.claims[f"ARL{n}"] for n in (1, 2, 3))
    assert (one["type"], one["killed_low"], one["killed"], one["killed_high"]) == ("air_strike", None, 3, None)
    assert (one["when_earliest"], one["via"], one["precision_km"]) == (DAY(2018, 4, 7), "Radio Estor; Estor Post", 25)
    assert (two["when_earliest"], two["when_latest"]) == (DAY(2018, 4, 5), DAY(2018, 4, 17))
    assert (three["when_earliest"], three["when_latest"]) == (DAY(2018, 4, 1), DAY(2018, 4, 30))
    assert (three["type"], three["cells"]["type"]) == ("riot", "Something new")
    assert read.outcome.unknown["type"] == {"Something new": 1}
    assert one["cells"]["when_precision"] == "1"


def test_a_table_in_the_manner_of_airwars_is_read(bench: Any) -> None:
    header = (
        "Unique Reference Code,Incident date,Strike type,Latitude,Longitude,Geolocation accuracy,Location,Country,"
        "Belligerent,Civilians reported killed,Civilians reported injured,Civilian harm status,URL"
    )
    rows = (
        'X001,"April 7, 2018",Airstrike,35.9,36.4,Village,Estor,Arland,Forces of Arland,3–5,12,Fair,https://example.org/1',
        "X002,2018-04-08,Ground raid,,,Unknown,Arvel,Arland,Unknown,1,,Weak,",
    )
    read = bench.read(bench.table(*rows, header=header), shipped_mappings()["airwars"])
    one, two = read.claims["X001"], read.claims["X002"]
    assert (one["killed_civilians_low"], one["killed_civilians"], one["killed_civilians_high"]) == (3, None, 5)
    assert (one["type"], one["injured"], one["grade"], one["precision_km"]) == ("air_strike", 12, "Fair", 3)
    assert (two["killed_civilians"], two["actor_a"], two["lat"], two["type"]) == (1, None, None, None)


def test_a_table_with_hxl_hashtags_is_read_by_its_hashtags(bench: Any) -> None:
    data = (
        "Ref,When,Gouvernorat,Village,Lat,Lon,Dead,Hurt,Said by\n"
        "#event+id,#date+occurred,#adm1+name,#loc+name,#geo+lat,#geo+lon,#affected+killed,#affected+injured,#meta+source\n"
        "7,2018-04-07,North,Estor,35.9,36.4,3,4,Radio Estor\n"
    )
    read = bench.read(data.encode(), shipped_mappings()["hxl"])
    claim = read.claims["7"]
    assert (claim["row"], claim["admin1"], claim["place"], claim["via"]) == (3, "North", "Estor", "Radio Estor")
    assert (claim["killed"], claim["injured"], claim["when_earliest"]) == (3, 4, DAY(2018, 4, 7))


@pytest.mark.parametrize("name", sorted(shipped_mappings()))
def test_a_shipped_mapping_comes_through_the_same_door(name: str) -> None:
    mapping = shipped_mappings()[name]
    assert parse_mapping(mapping.canonical(), "again").identity == mapping.identity
    assert all(codes.source for codes in mapping.codes.values())


def test_every_type_that_ucdp_and_acled_have_has_its_place() -> None:
    types = attack_types()
    assert {one["ucdp"] for one in types.values() if "ucdp" in one} == {"1", "2", "3"}
    assert all(one.get("kind_of", "battle") in types for one in types.values())


def test_the_mapping_that_fits_a_header_is_named() -> None:
    assert shipped_for(EXCERPT.read_text().splitlines()[0].split(",")) == "ucdp-ged"
    assert shipped_for(ACLED.split(",")) == "acled"
    assert shipped_for(["a", "b"]) == ""
