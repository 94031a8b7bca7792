"""The record as a check sees it: a view's Arrow tables under DuckDB, and how parties, places and incidents relate."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import duckdb
import pyarrow as pa

from ascertain.model.moment import Moment, parse_moment
from ascertain.model.verdict import Query

# An empty list for `IN ?`: equal to no id, and to no empty cell.
NOTHING = ["(none)"]


@dataclass(frozen=True, slots=True)
class Result:
    """Rows, and the query that gave them as a person can run it again."""

    rows: tuple[dict[str, Any], ...]
    sql: str


class Facts:
    """One view of the record, ready to be asked. `as_of` is the day by which its rows were published."""

    def __init__(self, tables: Mapping[str, pa.Table], as_of: datetime.date | None) -> None:
        self.as_of = as_of
        self._tables = tables
        self._database = duckdb.connect(":memory:")
        for name, table in tables.items():
            self._database.register(name, table)

    def ask(self, sql: str, parameters: Sequence[Any] = ()) -> Result:
        """Run a query with `?` parameters (a list parameter for `IN ?`)."""
        cursor = self._database.execute(sql, list(parameters))
        names = [column[0] for column in cursor.description]
        rows = tuple(dict(zip(names, row, strict=True)) for row in cursor.fetchall())
        return Result(rows, _inlined(sql, parameters))

    @cached_property
    def parties(self) -> dict[str, dict[str, Any]]:
        """The parties by id."""
        return self._by_id("parties")

    @cached_property
    def places(self) -> dict[str, dict[str, Any]]:
        """The places by id."""
        return self._by_id("places")

    @cached_property
    def zones(self) -> dict[str, dict[str, Any]]:
        """The zones by id."""
        return self._by_id("zones")

    @cached_property
    def incidents(self) -> dict[str, dict[str, Any]]:
        """The incidents by id."""
        return self._by_id("incidents")

    @cached_property
    def agreements(self) -> dict[str, dict[str, Any]]:
        """The agreements by id."""
        return self._by_id("agreements")

    @cached_property
    def documents(self) -> dict[str, dict[str, Any]]:
        """The documents by id."""
        return self._by_id("documents")

    def holds_all(self, kind: str, party: str) -> bool:
        """Whether the record holds all reports or cases of a party that there were on the view's day."""
        rows = self.ask("SELECT * FROM registers WHERE complete = 'yes' AND kind = ? AND party = ?", [kind, party]).rows
        return any(
            r["closed"] == "yes" or (self.as_of and r["as_of_latest"] and r["as_of_latest"] >= self.as_of.isoformat())
            for r in rows
        )

    def name(self, party: str) -> str:
        """A party's name for people."""
        return str(self.parties[party]["name"]) if party in self.parties else party

    def place_name(self, place: str) -> str:
        """A place's or zone's name for people."""
        known = self.places.get(place) or self.zones.get(place) or {}
        return str(known.get("name", place))

    def independent(self, party: str) -> bool:
        """Whether a party establishes facts independently of the parties to the conflict."""
        return party in self.parties and self.parties[party]["independent"] == "yes"

    def ancestors(self, party: str) -> tuple[str, ...]:
        """The parties that a party is part of, nearest first."""
        return _up(self.parties, party)

    def party_and_parts(self, party: str) -> frozenset[str]:
        """A party and all that is part of it."""
        return frozenset(p for p in self.parties if p == party or party in _up(self.parties, p))

    def place_and_parts(self, place: str) -> frozenset[str]:
        """A place and the places in it; a governorate holds every place that names it as its own."""
        inside = {p for p in self.places if p == place or place in _up(self.places, p)}
        name = self.place_name(place)
        return frozenset(inside | {p for p, row in self.places.items() if row["admin1"] == name})

    def zone_places(self, zone: str) -> frozenset[str]:
        """The places that a zone's own row names, with the places in them."""
        row = self.zones[zone]
        named = [p for p in row["places"] or () if p in self.places]
        return frozenset().union(*(self.place_and_parts(p) for p in named)) if named else frozenset()

    def incidents_at(self, places: Iterable[str], moments: Iterable[str]) -> frozenset[str]:
        """The incidents at any of these places (all when none is given) on any of these dates."""
        wanted = [self.place_and_parts(p) for p in places if p in self.places and not self.is_country(p)]
        dates = [parse_moment(m) for m in moments]
        return frozenset(
            incident
            for incident, row in self.incidents.items()
            if (not wanted or any(row["place"] in inside for inside in wanted))
            and (not dates or any(_moment(row).overlaps(d) for d in dates))
        )

    def is_country(self, place: str) -> bool:
        """Whether a place is part of nothing and holds others: the whole country, which restricts nothing."""
        row = self.places.get(place)
        if row is None:
            return False
        return not row["part_of"] and not row["admin1"] and any(r["part_of"] == place for r in self.places.values())

    def _by_id(self, table: str) -> dict[str, dict[str, Any]]:
        return {row["id"]: row for row in self._tables[table].to_pylist()}


def query(words: str, *results: Result) -> Query:
    """The question in words with the SQL that answered it."""
    return Query(words, ";\n".join(dict.fromkeys(result.sql for result in results)))


def _moment(row: Mapping[str, Any]) -> Moment:
    return parse_moment(row["when"])


def _up(rows: Mapping[str, Mapping[str, Any]], start: str) -> tuple[str, ...]:
    found: list[str] = []
    current = rows[start]["part_of"] if start in rows else ""
    while current and current not in found:
        found.append(current)
        current = rows[current]["part_of"] if current in rows else ""
    return tuple(found)


def _inlined(sql: str, parameters: Sequence[Any]) -> str:
    parts = " ".join(sql.split()).split("?")
    return "".join(p + (_literal(parameters[i]) if i < len(parameters) else "") for i, p in enumerate(parts))


def _literal(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "(" + ", ".join(_literal(v) for v in value) + ")"
    return "'" + str(value).replace("'", "''") + "'"
