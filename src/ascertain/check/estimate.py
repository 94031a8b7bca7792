"""Numbers of people, votes and cases: a claim's number against the figures that independent bodies published."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from ascertain.check.answer import contradicted, disputed, not_in_record, supported
from ascertain.check.compared import STALE_DAYS, agrees
from ascertain.check.facts import NOTHING, Facts, query
from ascertain.check.rows import FINDINGS, show_figure, show_finding
from ascertain.check.scope import Scope, about, scope_of
from ascertain.check.tally import check_tally
from ascertain.model.claim import Claim
from ascertain.model.count import Count, parse_count
from ascertain.model.moment import parse_moment
from ascertain.model.verdict import DecidingRow, Difference, Outcome, Query, Weight
from ascertain.model.vocabulary import words

_TOLLS = {"killed": "killed", "injured": "injured"}
# Numbers of a period, of which there are as many as there are periods.
_FLOWS = frozenset({"newly_displaced", "returned"})
_VOTES = frozenset({"votes_for", "votes_against", "abstentions"})
_FIGURES = """
SELECT x.*, d.party, d.symbol, d.title, d.published, d.published_latest, d.url, p.independent
FROM figures x JOIN documents d ON d.id = x.document JOIN parties p ON p.id = d.party
WHERE x.measure IN ? ORDER BY d.published_latest DESC, x.id
"""


def check_estimate(claim: Claim, facts: Facts) -> Outcome:
    """A number as of the view's date. The latest independent figure for the same thing decides."""
    scope, measure = scope_of(claim, facts), claim.value("measure")
    if scope.count is None:
        return not_in_record("the claim gives no number that could be read", Query("", ""))
    if measure == "tally":
        return check_tally(claim, facts, scope)
    figures = facts.ask(_FIGURES, [_measures(measure)])
    related = [(row, *_relates(claim, facts, scope, row, measure)) for row in figures.rows]
    rows = [(r, difference) for r, relates, difference in related if relates]
    results = [figures]
    tolls: list[dict[str, Any]] = []
    if measure in _TOLLS and scope.named_incident:
        found = facts.ask(
            FINDINGS + f" WHERE f.{measure} <> '' AND f.incident IN ? ORDER BY d.published_latest DESC",
            [sorted(scope.incidents or ()) or NOTHING],
        )
        tolls, results = list(found.rows), [figures, found]
        told = {r["incident"] for r in tolls} | {r["subject"] for r, _ in rows if r["subject"] in facts.incidents}
        if len(told) > 1:
            shown = [show_finding(facts, r, Weight.CONTEXT) for r in tolls]
            return not_in_record(
                f"{len(told)} incidents fit the claim; it does not say which",
                query(_words(claim, facts, scope, measure), *results),
                shown,
            )
    asked = query(_words(claim, facts, scope, measure), *results)
    candidates = [
        _Candidate(show_figure(facts, r), parse_count(r["count"]), _counts(r), difference, r["party"])
        for r, difference in rows
    ]
    candidates += [
        _Candidate(show_finding(facts, r), parse_count(r[measure]), r["independent"] == "yes", None, r["party"])
        for r in tolls
    ]
    return _decide(claim, facts, scope, candidates, asked)


_EXACTLY = re.compile(r"\b(?:exactly|precisely|only|exactement|précisément)\b", re.IGNORECASE)


class _Candidate:
    """A published number that may decide a claim."""

    def __init__(
        self, row: DecidingRow, count: Count, independent: bool, difference: Difference | None, party: str
    ) -> None:
        self.row, self.count, self.independent, self.difference, self.party = row, count, independent, difference, party


def _decide(claim: Claim, facts: Facts, scope: Scope, candidates: list[_Candidate], asked: Query) -> Outcome:
    assert scope.count is not None
    deciding = [c for c in candidates if c.independent]
    body = claim.value("body") or next((s.value for s in claim.via), "")
    if body in facts.parties:
        # A vote is of one of the bodies that its sentence names; an organisation publishes for its organs.
        bodies = claim.values("body") if claim.value("measure") in _VOTES else (body,)
        speaking_for_it = frozenset().union(*(facts.party_and_parts(b) | set(facts.ancestors(b)) for b in bodies))
        named = [c for c in deciding if c.party in speaking_for_it]
        others_differ = Difference("body", f"the record holds such a figure by others, none by {facts.name(body)}")
        deciding = named or [_with(c, others_differ) for c in deciding]
    # Figures for the very area come first; where none of them agrees, those for an area that overlaps it may.
    exact = [c for c in deciding if c.difference is None]
    if not any(agrees(scope.count, c.count) in ("yes", "nearly") for c in exact):
        exact = deciding
    toll = claim.value("measure") in _TOLLS
    judged = [(c, agrees(scope.count, _floor(c.count) if toll else c.count)) for c in exact]
    agreeing = [c for c, answer in judged if answer == "yes"]
    close = [c for c, answer in judged if answer == "nearly"]
    against = [c for c, answer in judged if answer == "no"]
    if agreeing and against and toll:
        rows = [c.row for c in agreeing] + [_as(c.row, Weight.AGAINST) for c in against]
        others = "; ".join(f"{c.row.body}: {c.count}" for c in against)
        return disputed(f"independent counts exclude one another ({others})", asked, rows)
    unnamed_vote = claim.value("measure") in _VOTES and body not in facts.parties
    if agreeing:
        best = agreeing[0]
        differences = [best.difference] if best.difference else []
        differences += [Difference("scope", "the claim does not say which vote")] if unnamed_vote else []
        loose = best.count.comparator != "exactly" or toll
        if (loose and _EXACTLY.search(claim.clause.text)) or (toll and scope.count.comparator == "at most"):
            differences.append(Difference("count", f"{best.row.body} says {best.count}"))
        return supported(f"{best.row.body}: {best.row.says}", asked, [c.row for c in agreeing[:4]], differences)
    if close:
        best = close[0]
        words = f"the claim says {scope.count}, {best.row.body} says {best.count}"
        differences = [Difference("count", words)] + ([best.difference] if best.difference else [])
        return supported(f"{best.row.body}: {best.row.says}", asked, [c.row for c in close[:4]], differences)
    if against:
        reason = f"the claim says {scope.count}, {against[0].row.body} says {against[0].count}"
        open_to_doubt = _may_be_another(claim)
        if against[0].difference is not None or open_to_doubt:
            which = against[0].difference.words if against[0].difference else open_to_doubt
            return not_in_record(f"{reason} ({which})", asked, [_as(c.row, Weight.CONTEXT) for c in against[:4]])
        return contradicted(reason, asked, [_as(c.row, Weight.AGAINST) for c in against[:4]])
    shown = [_as(c.row, Weight.CONTEXT if c.independent else Weight.ASSERTS) for c in candidates[:6]]
    if any(c.independent for c in candidates):
        return not_in_record("no independent figure published by then makes it true or excludes it", asked, shown)
    return not_in_record("no such figure by an independent body had been published", asked, shown)


def _may_be_another(claim: Claim) -> str:
    """Why a published number need not be about the same thing as the claim's; nothing when it must be."""
    if claim.value("measure") in _VOTES:
        return "it may be another vote"
    if claim.value("measure") in _FLOWS and not claim.values("when"):
        return "it may be of another time"
    return ""


def _floor(count: Count) -> Count:
    """A documented toll is a floor: a body that counted 83 dead does not say that there were no more."""
    low = count.low if count.low is not None else 0
    return count if count.comparator == "at most" else Count(low, None, count.stated, count.comparator)


def _with(candidate: _Candidate, difference: Difference) -> _Candidate:
    return _Candidate(candidate.row, candidate.count, candidate.independent, difference, candidate.party)


def _as(row: DecidingRow, weight: Weight) -> DecidingRow:
    return replace(row, weight=weight)


def _counts(row: dict[str, Any]) -> bool:
    return row["independent"] == "yes" or row["measure"] in _VOTES


def _measures(measure: str) -> list[str]:
    return {"patients": ["patients", "affected", "injured"], "injured": ["injured", "affected"]}.get(measure, [measure])


def _relates(
    claim: Claim, facts: Facts, scope: Scope, row: dict[str, Any], measure: str
) -> tuple[bool, Difference | None]:
    """Whether a figure is about the claim's area, incident or vote, and how its area or time differs."""
    subject = row["subject"]
    if measure in _VOTES:
        return _same_time(claim, facts, row), None
    if subject in facts.incidents:
        return scope.named_incident and subject in (scope.incidents or ()), None
    if row["actor"] and not claim.value("actor"):
        return False, None
    if not _same_time(claim, facts, row):
        return False, None
    areas = [a for a in (*claim.values("zone"), *claim.values("place")) if not facts.is_country(a) or a == subject]
    if not areas:
        return False, None
    limit = _limit(claim, row, areas)
    if subject in areas:
        return True, limit
    if any(_share(facts, area, subject) for area in areas):
        if limit is not None:
            return True, limit
        stated = [s for s in claim.slots if s.name in ("zone", "place") and not s.inherited]
        return True, None if not stated else Difference(
            "scope", f"the figure is for {facts.place_name(subject)}, not {facts.place_name(areas[0])}"
        )
    return False, None


def _limit(claim: Claim, row: dict[str, Any], areas: list[str]) -> Difference | None:
    """What a figure for an area says less than the claim: the cause, a second area, or the time of a toll."""
    if claim.values("agent"):
        return Difference("scope", "the figure is of all causes")
    if len(areas) > 1:
        return Difference("scope", "the figure is for one of the areas")
    if row["when"] and "/" in row["when"] and claim.values("when") and row["measure"] in (*_TOLLS, *_FLOWS):
        measured, dates = parse_moment(row["when"]), [parse_moment(w) for w in claim.values("when")]
        if not any(d.earliest <= measured.earliest and measured.latest <= d.latest for d in dates):
            return Difference("date", f"the figure is for {row['when']}")
    if row["measure"] in _TOLLS and not claim.values("when"):
        return Difference("date", f"the figure is for {row['when'] or 'another time'}")
    return None


def _share(facts: Facts, area: str, subject: str) -> bool:
    """Whether two areas overlap by what the record says of them: one lies in the other, or a zone covers a place."""
    first, second = _extent(facts, area), _extent(facts, subject)
    return bool(first & second)


def _extent(facts: Facts, area: str) -> frozenset[str]:
    if area in facts.zones:
        named = facts.zones[area]["admin1"] or ()
        by_name = {p for p, row in facts.places.items() if row["name"] in named}
        return facts.zone_places(area) | frozenset(by_name)
    if area not in facts.places or facts.is_country(area):
        return frozenset({area})
    governorates = str(facts.places[area]["admin1"]).split("|")
    wider = {p for p, row in facts.places.items() if len(governorates) > 1 and row["name"] in governorates}
    return facts.place_and_parts(area) | frozenset(wider)


def _same_time(claim: Claim, facts: Facts, row: dict[str, Any]) -> bool:
    if not row["when"]:
        return True
    measured = parse_moment(row["when"])
    dates = [parse_moment(w) for w in claim.values("when")]
    if dates:
        return any(d.overlaps(measured) for d in dates)
    if facts.as_of is None:
        return True
    return (facts.as_of - measured.latest).days <= STALE_DAYS


def _words(claim: Claim, facts: Facts, scope: Scope, measure: str) -> str:
    what = words("measures").get(measure, measure)
    body = claim.value("body")
    who = facts.name(body) if body else "independent bodies"
    return (
        f"Which figures by {who} give the number of {what}{about(claim, facts)}, and do they make “{scope.count}” true?"
    )
