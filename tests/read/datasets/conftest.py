"""Small tables and mappings of a country that does not exist."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from ascertain.read.datasets.binding import bind
from ascertain.read.datasets.mapping import Mapping
from ascertain.read.datasets.mapping_file import parse_mapping
from ascertain.read.datasets.reading import Outcome, Release, read_release
from ascertain.read.datasets.tables.opening import open_table

SMALL = b"""
mapping: 1
name: small
speaker: The Estor Observatory
table: {nulls: [unknown]}
key: id
slots:
  type: {column: kind, codes: kinds}
  when: {column: date, formats: ["%d/%m/%Y"], required: yes}
  when_precision: {column: date_code, codes: dates}
  lon: lon
  lat: lat
  place_precision: {column: place_code, codes: places}
  place: place
  via: source
  killed_low: low
  killed: best
  killed_high: high
  text: notes
codes:
  kinds: {source: made up, types: {air strike: air_strike, shelling: shelling}}
  dates: {source: made up, days: {"1": 1, "2": {days: 7, widen: around}, "3": {days: 31, widen: month}}}
  places: {source: made up, km: {"1": 5, "2": 25}}
"""
HEADER = "id,kind,date,date_code,lon,lat,place_code,place,source,low,best,high,notes"
ROWS = (
    "a1,air strike,2018-04-07,1,36.4,35.9,1,Estor,Radio Estor,2,3,5,a note",
    "a2,shelling,08/04/2018,2,36.5,35.8,2,Arvel,,,1,,",
    "a3,raid,2018-04,3,,,,unknown,Radio Estor,0,0,0,=1+1",
)


@dataclass
class Read:
    """A release that was read: what became of its rows, the rows of its object, and the object."""

    outcome: Outcome
    rows: list[dict[str, Any]]
    path: Path

    @property
    def claims(self) -> dict[str, dict[str, Any]]:
        return {row["key"]: row for row in self.rows if row["change"] in ("new", "changed", "restored")}


class Bench:
    """Reads bytes by a mapping, in a folder of its own."""

    rows = ROWS
    header = HEADER
    mapping = SMALL

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = 0

    def read(
        self, data: bytes, mapping: Mapping | bytes = SMALL, before: Sequence[Path] = (), release: str = "1"
    ) -> Read:
        self._number += 1
        folder = self._folder / str(self._number)
        (folder / "scratch").mkdir(parents=True)
        (folder / "source").write_bytes(data)
        wanted = parse_mapping(mapping, "small.yaml") if isinstance(mapping, bytes) else mapping
        table = open_table(folder / "source", wanted.table)
        named = Release("small", release, hashlib.sha256(data).hexdigest())
        target = folder / "object.parquet"
        outcome = read_release(table, bind(wanted, table.header), named, before, target, folder / "scratch")
        return Read(outcome, pq.read_table(target).to_pylist(), target)

    def table(self, *rows: str, header: str = HEADER) -> bytes:
        """A table in delimited text."""
        return ("\n".join((header, *rows)) + "\n").encode()


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)
