"""Which bodies, incidents and agents a claim is about, in terms of the record."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from ascertain.check.facts import Facts
from ascertain.model.claim import Claim
from ascertain.model.count import Count, parse_count
from ascertain.model.moment import parse_moment
from ascertain.model.verdict import Difference


@dataclass(frozen=True, slots=True)
class Scope:
    """A claim's slots resolved against the record.

    `body` is the independent body whose finding the claim reports (None: the speaker's own claim); `bodies` it and its
    parts; `any_body` says that independent investigators are named, but none by name. `incidents` is None when the
    claim restricts neither place nor date. `groups` are the incidents of each named place and, where several
    dates are named, of each date.
    """

    body: str | None
    any_body: bool
    bodies: frozenset[str]
    incidents: frozenset[str] | None
    groups: tuple[tuple[str, frozenset[str]], ...]
    agents: tuple[str, ...]
    count: Count | None
    particular: bool

    @property
    def named_agents(self) -> list[str]:
        """The agents claimed, without the word for any of them."""
        return [agent for agent in self.agents if agent != "toxic_chemical"]

    @property
    def named_incident(self) -> bool:
        """Whether the claim is about particular incidents, not about use at large."""
        return self.incidents is not None and self.particular


def scope_of(claim: Claim, facts: Facts) -> Scope:
    """The scope of a claim."""
    body = _body(claim, facts)
    places = claim.values("place")
    dates = claim.values("when")
    zones = [p for z in claim.values("zone") if z in facts.zones for p in facts.zone_places(z)]
    restricting = [p for p in places if not facts.is_country(p)]
    by_place = [(facts.place_name(p), facts.incidents_at([p], dates)) for p in restricting]
    incidents: frozenset[str] | None = None
    if restricting or zones:
        incidents = frozenset().union(*(g for _, g in by_place), facts.incidents_at(zones, dates) if zones else ())
    elif dates:
        incidents = facts.incidents_at((), dates)
    by_date = [(d, facts.incidents_at(restricting, [d])) for d in dates if len(dates) > 1]
    return Scope(
        body=body,
        any_body=any(v not in facts.parties for v in claim.values("body")),
        bodies=facts.party_and_parts(body) if body else frozenset(),
        incidents=incidents,
        groups=(*by_place, *by_date),
        agents=claim.values("agent"),
        count=parse_count(claim.value("count")) if claim.value("count") else None,
        particular=bool(restricting or zones) or any(_days(d) <= _A_SEASON for d in dates),
    )


# A claim with no place, about more days than this, is about use at large.
_A_SEASON = 62
_A_DAY = len("2018-04-07")


def _days(date: str) -> int:
    moment = parse_moment(date)
    return (moment.latest - moment.earliest).days


def about(claim: Claim, facts: Facts) -> str:
    """Where and when a claim's incidents lie, in words."""
    names = [facts.place_name(p) for p in (*claim.values("place"), *claim.values("zone"))]
    where = " in " + _and(names) if names else ""
    dates = [("on " if len(m) == _A_DAY else "in ") + m.replace("/", " to ") for m in claim.values("when")]
    return where + (" " + _and(dates) if dates else "")


def undated(claim: Claim, facts: Facts, found: Iterable[str], examined: Iterable[str]) -> list[Difference]:
    """A difference where a claim gives a place without a date, and not every attack there that was examined fits it.

    `found` are the incidents that support the claim, `examined` those on which the bodies that count said anything.
    """
    if claim.values("when") or not claim.values("place"):
        return []
    there = {i for i in examined if facts.incidents[i]["place"] in claim.values("place")}
    fitting = sorted(facts.incidents[i]["when"] for i in set(found) & there)
    if not fitting or not there - set(found):
        return []
    words = f"found for the attack of {listed(fitting)}; the record holds others there, and the claim gives no date"
    return [Difference("date", words)]


def names_a_day(claim: Claim) -> bool:
    """Whether a claim gives a day."""
    return any(len(when) == _A_DAY for when in claim.values("when"))


def of_many_places(claim: Claim, facts: Facts) -> bool:
    """Whether a claim without a day names areas that hold several places: what happened in one is not of them all."""
    places = claim.values("place")
    return not names_a_day(claim) and bool(places) and all(len(facts.place_and_parts(p)) > 1 for p in places)


def misplaced(claim: Claim, facts: Facts) -> list[Difference]:
    """Differences where a claim puts a place in another that does not hold it, or means a city by its governorate."""
    named = [slot for slot in claim.slots if slot.name == "place" and not slot.inherited]
    slots = sorted(named, key=lambda slot: slot.span.start)
    found = []
    for first, second in pairwise(slots):
        between = claim.sentence.text[first.span.end - claim.sentence.start : second.span.start - claim.sentence.start]
        inside = first.value in facts.place_and_parts(second.value) or facts.is_country(second.value)
        if between.strip(" ,").lower() in _WITHIN and not inside:
            words = f"the record does not have {facts.place_name(first.value)} in {facts.place_name(second.value)}"
            found.append(Difference("scope", words))
    for slot in slots:
        start, end = slot.span.start - claim.sentence.start, slot.span.end - claim.sentence.start
        around = claim.sentence.text[max(0, start - len("city of ")) : end + len(" city")].lower()
        name = slot.span.text.lower()
        cities = (f"city of {name}", f"{name} city", f"ville de {name}", f"ville d'{name}", f"ville d’{name}")
        if len(facts.place_and_parts(slot.value)) > 1 and any(city in around or city in name for city in cities):
            found.append(Difference("scope", f"the rows may be of any place in {facts.place_name(slot.value)}"))
    return found


_WITHIN = ("in", "at", "dans", "à")


def spread(claim: Claim, facts: Facts, found: Iterable[str]) -> list[Difference]:
    """Differences where a claim speaks of several attacks, or of a long time, and the rows are of one attack."""
    incidents = [facts.incidents[i] for i in found]
    if len(incidents) != 1 or incidents[0]["kind"] != "incident":
        return []
    only = incidents[0]
    own = parse_moment(only["when"])
    intervals = [parse_moment(when) for when in claim.values("when") if "/" in when]
    differences = [
        Difference("date", f"the rows are of one attack, of {only['when']}")
        for moment in intervals
        if moment.earliest < own.earliest or moment.latest > own.latest
    ]
    one_of_several = max(len(claim.values("place")), len(claim.values("when"))) > 1
    units = [slot.span.text.lower() for slot in claim.slots if slot.name == "unit"]
    plural = any(unit.endswith("s") for unit in units) and not one_of_several
    if plural or _REPEATED.search(claim.clause.text):
        differences.append(Difference("count", f"the rows are of one attack, of {only['when']}"))
    return differences


_REPEATED = re.compile(
    r"\b(?:repeated\w*|several|multiple|numerous|both|twice|plusieurs|maintes|deux fois|répété\w*)\b", re.IGNORECASE
)


def number_of(number: int, one: str, several: str) -> str:
    """A number with its noun."""
    return f"{number} {one if number == 1 else several}"


def listed(names: Iterable[str]) -> str:
    """Names as a list in words."""
    return _and(list(names))


def _body(claim: Claim, facts: Facts) -> str | None:
    named = [*claim.values("body"), *(slot.value for slot in claim.via)]
    known = [b for b in named if b in facts.parties]
    return next((b for b in known if any(facts.independent(p) for p in facts.party_and_parts(b))), None)


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1] if names else ""
