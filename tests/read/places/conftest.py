from __future__ import annotations

import csv
from pathlib import Path

import pytest

from ascertain.read.places import Gazetteer, PlaceName
from ascertain.read.places.columns import read_columns
from ascertain.read.places.reference import rows_of_reference

SOURCE = Path(__file__).parents[3] / "src" / "ascertain"


def shipped_rows() -> list[PlaceName]:
    data = (SOURCE / "gazetteers" / "syria-cod" / "places.csv").read_bytes()
    rows, problems = read_columns(data, source="OCHA COD-AB", version="2016-09-05")
    assert problems == []
    with (SOURCE / "records" / "syria-cw" / "places.csv").open(encoding="utf-8", newline="") as file:
        places = [_typed(line) for line in csv.DictReader(file)]
    return rows + rows_of_reference(places, source="syria-cw")


def _typed(line: dict[str, str]) -> dict[str, object]:
    numbers = {name: float(line[name]) if line[name] else None for name in ("lat", "lon", "precision_km")}
    return {**line, **numbers}


@pytest.fixture(scope="session")
def syria() -> Gazetteer:
    return Gazetteer.of(shipped_rows())


@pytest.fixture
def two_villages() -> Gazetteer:
    """Two villages of one name, in two governorates, and the governorates."""
    return Gazetteer.of(
        [
            PlaceName("n", "Northland", "en", "admin1", "XX", 36.0, 37.0, 40.0, pcode="XX01"),
            PlaceName("s", "Southland", "en", "admin1", "XX", 33.0, 36.0, 40.0, pcode="XX02"),
            PlaceName("v1", "Tall Harab", "en", "populated", "XX|XX01", 36.1, 37.1, 3.0),
            PlaceName("v2", "Tell Harab", "en", "populated", "XX|XX02", 33.1, 36.1, 3.0),
        ]
    )
