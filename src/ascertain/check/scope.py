"""Which bodies, incidents and agents a claim is about, in terms of the record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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


def number_of(number: int, one: str, several: str) -> str:
    """A number with its noun."""
    return f"{number} {one if number == 1 else several}"


def listed(names: Iterable[str]) -> str:
    """Names as a list in words."""
    return _and(list(names))


def _body(claim: Claim, facts: Facts) -> str | None:
    named = [*claim.values("body"), *(slot.value for slot in claim.via)]
    return next((b for b in named if b in facts.parties and facts.independent(b)), None)


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1] if names else ""
