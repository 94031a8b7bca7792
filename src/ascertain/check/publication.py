"""How many reports a body published: several honest counts of the register, and which of them the claim's number is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ascertain.check.answer import compare, contradicted, not_in_record, supported
from ascertain.check.facts import NOTHING, Facts, query
from ascertain.check.rows import show_document
from ascertain.check.scope import about, number_of, scope_of
from ascertain.model.claim import Claim
from ascertain.model.moment import parse_moment
from ascertain.model.verdict import DecidingRow, Difference, Outcome, Query, Verdict, Weight
from ascertain.model.vocabulary import words

# A document finds use where it says so, or names an agent or an actor without leaving the use itself open.
_USES = """
WITH uses AS (
    SELECT f.document, f.incident FROM findings f WHERE f.answer IN ('yes', 'likely') AND f.question <> 'occurred'
    AND NOT EXISTS (SELECT 1 FROM findings o WHERE o.document = f.document AND o.incident = f.incident
                    AND o.question = 'chemical_use' AND o.answer NOT IN ('yes', 'likely'))
)
"""
_DOCUMENTS = (
    _USES
    + """
SELECT d.*, (SELECT count(DISTINCT u.incident) FROM uses u WHERE u.document = d.id) AS uses,
       (SELECT count(*) FROM findings f WHERE f.document = d.id) AS findings
FROM documents d WHERE d.party IN ? AND d.kind IN ? ORDER BY d.published_latest, d.id
"""
)


def check_publication(claim: Claim, facts: Facts) -> Outcome:
    """A number of reports as of the view's date, counted with and without interim reports and updates."""
    scope, body = scope_of(claim, facts), claim.value("body")
    if body not in facts.parties:
        return not_in_record("the claim names no body of the record", Query("", ""))
    if scope.count is None:
        return _check_one(claim, facts)
    kinds = {k: info.get("counts_as", "") for k, info in words("document_kinds").items()}
    counted = [k for k, counts_as in kinds.items() if counts_as]
    found = facts.ask(_DOCUMENTS, [sorted(facts.party_and_parts(body)), counted])
    about_rows = _about(claim, facts)
    rows = [r for r in found.rows if about_rows(r) and not (kinds[r["kind"]] == "report" and _is_release(r))]
    reports = [r for r in rows if kinds[r["kind"]] == "report"]
    confirming = [r for r in rows if r["uses"]]
    counts = (
        ("documents, interim reports and updates included", len(rows)),
        ("reports without interim reports and updates", len(reports)),
        ("documents with a finding of use or likely use", len(confirming)),
        ("incidents or series with a finding of use or likely use in them", _incidents(facts, confirming)),
    )
    asked = query(f"Which reports had {facts.name(body)} published, and which of them find use of a chemical?", found)
    outcome = _decide(claim, facts, scope.count, counts, rows, asked)
    if outcome.verdict is Verdict.SUPPORTED and len(claim.values("count")) > 1:
        more = Difference("count", "the claim gives two numbers, the rows decide one")
        outcome = supported(outcome.reason, outcome.query, outcome.rows, [more])
    return replace(outcome, counts=counts)


def _about(claim: Claim, facts: Facts) -> Callable[[dict[str, Any]], bool]:
    """Whether a document is one of those that the claim counts: on its places, of its dates."""
    places = [p for p in claim.values("place") if not facts.is_country(p)]
    places += [p for z in claim.values("zone") if z in facts.zones for p in facts.zone_places(z)]
    dates = [parse_moment(when) for when in claim.values("when")]
    there = facts.incidents_at(places, ()) if places else frozenset()
    on_it = {r["document"] for r in facts.ask(_ON_INCIDENTS, [sorted(there) or NOTHING]).rows}
    return lambda row: (
        (not places or row["id"] in on_it)
        and (not dates or any(d.overlaps(parse_moment(row["published"])) for d in dates))
    )


_ON_INCIDENTS = "SELECT DISTINCT document FROM findings WHERE incident IN ?"


def _check_one(claim: Claim, facts: Facts) -> Outcome:
    """That a body published a report, on an incident or on a day."""
    body = claim.value("body")
    kinds = [k for k, info in words("document_kinds").items() if info.get("counts_as")]
    sql = """SELECT d.*, f.incident FROM documents d LEFT JOIN findings f ON f.document = d.id
             WHERE d.party IN ? AND d.kind IN ? ORDER BY d.published_latest, d.id"""
    found = facts.ask(sql, [sorted(facts.party_and_parts(body)), kinds])
    dates = [parse_moment(when) for when in claim.values("when")]
    # Without an incident of its own, the claim's date is the day of publication; with one it may be either.
    about_incidents = facts.incidents_at(claim.values("place"), ()) if claim.values("place") else None
    rows = {
        r["id"]: r
        for r in found.rows
        if (about_incidents is None or r["incident"] in about_incidents)
        and (not dates or any(d.overlaps(parse_moment(r["published"])) for d in dates))
    }
    asked = query(f"Which reports had {facts.name(body)} published{about(claim, facts)}?", found)
    shown = [show_document(facts, r, Weight.DECIDES, words("document_kinds")[r["kind"]]["name"]) for r in rows.values()]
    if not shown or not (dates or about_incidents):
        return not_in_record(f"no such report of {facts.name(body)} is in the record", asked, shown)
    return supported(
        f"{facts.name(body)} published {number_of(len(shown), 'such document', 'such documents')}", asked, shown
    )


def _decide(
    claim: Claim,
    facts: Facts,
    claimed: Any,
    counts: tuple[tuple[str, int], ...],
    rows: list[dict[str, Any]],
    asked: Query,
) -> Outcome:
    said = "; ".join(f"{number} {what}" for what, number in counts)
    reason = f"the record holds {said}; the claim says {claimed}"
    shown = [_shown(facts, r) for r in rows]
    confirming_claimed = "confirm" in claim.sentence.text.lower()
    own = counts[2] if confirming_claimed else counts[1]
    if shown and compare(claimed, own[1]) == "holds":
        return supported(reason, asked, shown)
    other = next((c for c in counts[:3] if c[1] and compare(claimed, c[1]) == "holds"), None)
    if shown and other is not None:
        return supported(reason, asked, shown, [Difference("count", f"{claimed} is the number of {other[0]}")])
    limited = bool(claim.values("place") or claim.values("zone") or claim.values("when"))
    if shown and not limited and facts.holds_all("reports", claim.value("body")):
        return contradicted(f"{reason}; the record holds all of them", asked, shown)
    tail = "the record may not hold every report, so that a higher number is not excluded"
    return not_in_record(f"{reason}; {tail}", asked, shown)


def _shown(facts: Facts, row: dict[str, Any]) -> DecidingRow:
    kind = words("document_kinds")[row["kind"]]["name"]
    says = (
        f"{kind}; finds use or likely use in {number_of(row['uses'], 'incident or series', 'incidents or series')}"
        if row["uses"]
        else f"{kind}; no finding of use"
    )
    return show_document(facts, row, Weight.DECIDES if row["uses"] else Weight.CONTEXT, says)


def _incidents(facts: Facts, rows: list[dict[str, Any]]) -> int:
    found = facts.ask(
        _USES + "SELECT count(DISTINCT incident) AS n FROM uses WHERE document IN ?",
        [[r["id"] for r in rows] or NOTHING],
    )
    return int(found.rows[0]["n"])


def _is_release(row: dict[str, Any]) -> bool:
    return bool(row["part_of"]) and row["kind"] in ("press_release",)
