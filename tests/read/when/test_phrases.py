"""The labelled phrases of the development set are a specification: one read otherwise is a change of meaning."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path

import pytest

from ascertain.model.moment import parse_moment
from ascertain.read.when import find_moments

CASES = Path(__file__).parents[3] / "benchmarks" / "cases" / "dates" / "dev.csv"
with CASES.open(encoding="utf-8", newline="") as _file:
    ROWS = list(csv.DictReader(_file))


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_a_phrase_is_read_as_it_is_labelled(row: dict[str, str]) -> None:
    written = datetime.date.fromisoformat(row["written"]) if row["written"] else None
    found = find_moments(row["text"], row["language"], written, hemisphere=row["hemisphere"])
    gold = [] if row["gold"] == "none" else row["gold"].replace("|", ";").split(";")
    assert [when.edtf for when in found] == gold
    for when in found:
        parse_moment(when.edtf)
        assert row["text"][when.start : when.end].strip()
