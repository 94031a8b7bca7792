"""Guarantors, signatories and agreements: who bound whom to what, and since when."""

from __future__ import annotations

from typing import Any

from ascertain.check.answer import compare, contradicted, not_in_record, supported
from ascertain.check.facts import Facts, query
from ascertain.check.rows import show_role
from ascertain.check.scope import listed
from ascertain.model.claim import Claim
from ascertain.model.count import Count, parse_count
from ascertain.model.moment import parse_moment
from ascertain.model.verdict import Difference, Outcome, Weight

_ROLES = """
SELECT r.*, d.symbol, d.title, d.published, d.published_latest, d.url, a.name AS agreement_name, a.zones
FROM roles r JOIN documents d ON d.id = r.document JOIN agreements a ON a.id = r.agreement
WHERE r.role IN ? ORDER BY d.published_latest, r.id
"""
_AGREEMENTS = """
SELECT a.*, d.symbol, d.title, d.published, d.published_latest, d.url
FROM agreements a JOIN documents d ON d.id = a.document WHERE a.id IN ?
"""


def check_commitment(claim: Claim, facts: Facts) -> Outcome:
    """Guarantors of a zone, or the parties and the date of an agreement, as of the view's date."""
    if claim.values("veto"):
        return _check_veto(claim, facts)
    return _check_agreement(claim, facts) if claim.values("agreement") else _check_guarantors(claim, facts)


def _check_guarantors(claim: Claim, facts: Facts) -> Outcome:
    found = facts.ask(_ROLES, [["guarantor"]])
    area = [*claim.values("zone"), *claim.values("place")]
    rows = [r for r in found.rows if _concerns(facts, r, area)]
    named = list(claim.values("party"))
    where = listed(facts.place_name(a) for a in area) or "the de-escalation areas"
    asked = query(f"Who are the guarantors of {where}, and are {listed(map(facts.name, named))} among them?", found)
    guarantors = list(dict.fromkeys(r["party"] for r in rows))
    shown = [show_role(facts, r, says=f"guarantor under {r['agreement_name']}", weight=Weight.DECIDES) for r in rows]
    if not rows or not named:
        return not_in_record(f"the record names no guarantors for {where}", asked)
    strangers = [p for p in named if p not in guarantors]
    names = listed(map(facts.name, guarantors))
    if strangers:
        return contradicted(f"the guarantors are {names}, not {listed(map(facts.name, strangers))}", asked, shown)
    left_out = [p for p in guarantors if p not in named]
    unique = _once_per_party(rows)
    shown = [show_role(facts, r, says=f"guarantor under {r['agreement_name']}", weight=Weight.DECIDES) for r in unique]
    reason = f"the guarantors are {names}"
    differences = _ended(facts, claim.values("zone"))
    first = min(parse_moment(r["published"]).earliest for r in rows)
    if any(parse_moment(when).latest < first for when in claim.values("when")):
        differences.append(Difference("date", f"the rows begin on {first}"))
    if left_out:
        left = f"{len(guarantors)} guarantors, {len(named)} named: {listed(map(facts.name, left_out))} left out"
        differences.append(Difference("scope", left))
    return supported(reason, asked, shown, differences)


def _ended(facts: Facts, zones: tuple[str, ...]) -> list[Difference]:
    """A difference for each zone that was no more on the view's day."""
    until = {z: facts.zones[z]["until"] for z in zones if z in facts.zones and facts.zones[z]["until"]}
    return [
        Difference("date", f"{facts.place_name(z)} came to an end: {end}")
        for z, end in until.items()
        if facts.as_of is None or parse_moment(end).latest < facts.as_of
    ]


def _concerns(facts: Facts, row: dict[str, Any], area: list[str]) -> bool:
    zones = [z for z in (row["zone"], *(row["zones"] or ())) if z in facts.zones]
    if not area or any(facts.is_country(a) for a in area):
        return True
    covered = set(zones).union(*(facts.zone_places(z) for z in zones))
    covered |= {n.lower() for z in zones for n in facts.zones[z]["admin1"] or ()}
    names = {facts.place_name(a).lower() for a in area}
    return any(a in covered for a in area) or bool(names & covered)


def _once_per_party(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    seen: dict[str, dict[str, Any]] = {}
    for row in rows:
        seen.setdefault(row["party"], row)
    return list(seen.values())


def _check_veto(claim: Claim, facts: Facts) -> Outcome:
    """That a party vetoed a draft: of several drafts on one matter any that fits the claim's date decides."""
    found = facts.ask(_ROLES, [["vetoed"]])
    agreements = {r["agreement"]: facts.agreements[r["agreement"]] for r in found.rows}
    dates = [parse_moment(w) for w in claim.values("when")]
    rows = [
        r
        for r in found.rows
        if r["party"] in claim.values("party")
        and (not dates or any(d.overlaps(parse_moment(r["published"])) for d in dates))
        and set(claim.values("agreement")) & _same_matter(agreements, r["agreement"])
    ]
    asked = query(f"Did {listed(map(facts.name, claim.values('party')))} veto it?", found)
    shown = [show_role(facts, r, says=f"vetoed: {r['agreement_name']}", weight=Weight.DECIDES) for r in rows]
    if not shown:
        return not_in_record("the record holds no such veto by that date", asked)
    drafts = len({r["agreement"] for r in rows})
    count = parse_count(claim.value("count")) if claim.value("count") else Count.of("exactly", drafts)
    differences = (
        [] if compare(count, drafts) == "holds" else [Difference("count", f"the record holds {drafts} such vetoes")]
    )
    elsewhere = [place for place in claim.values("place") if not facts.is_country(place)]
    if elsewhere:
        where = listed(map(facts.place_name, elsewhere))
        differences.append(Difference("scope", f"no row says that it was in {where}"))
    return supported(f"{len(shown)} such veto(es)", asked, shown, differences)


def _same_matter(agreements: dict[str, dict[str, Any]], agreement: str) -> set[str]:
    """The drafts that share a name with one: three drafts to renew one mandate were put to the vote within a month."""
    names = set(agreements[agreement]["aliases"] or ())
    return {other for other, row in agreements.items() if other == agreement or names & set(row["aliases"] or ())}


# What parties sign; a resolution or a decision is adopted by an organ.
_BETWEEN_PARTIES = frozenset({"memorandum", "protocol", "joint_statement", "partnership"})


def _of_signing(facts: Facts, place: str) -> bool:
    """Whether another agreement of the record was made in a place."""
    return any(row["place"] == place for row in facts.agreements.values())


def _check_agreement(claim: Claim, facts: Facts) -> Outcome:
    wanted = list(claim.values("agreement"))
    found = facts.ask(_AGREEMENTS, [wanted])
    roles = facts.ask(_ROLES, [["signatory", "participant", "guarantor", "sponsor"]])
    parties = {r["party"] for r in roles.rows if r["agreement"] in wanted}
    names = [str(facts.agreements[a]["name"]) if a in facts.agreements else a for a in wanted]
    asked = query(f"When and by whom was {listed(names)} made?", found, roles)
    if not found.rows:
        return not_in_record("the record holds no such agreement by that date", asked)
    row = found.rows[0]
    kind = row["kind"].replace("_", " ")
    shown = [show_role(facts, row, says=f"{kind}: {row['name']}, {row['signed'] or 'no date'}", weight=Weight.DECIDES)]
    shown += [
        show_role(facts, r, says=f"{r['role']} of {r['agreement_name']}", weight=Weight.DECIDES)
        for r in roles.rows
        if r["agreement"] in wanted
    ]
    dates = [parse_moment(w) for w in claim.values("when")]
    if dates and row["signed"] and not any(d.overlaps(parse_moment(row["signed"])) for d in dates):
        return contradicted(f"{row['name']} is of {row['signed']}", asked, shown)
    elsewhere = [p for p in claim.values("place") if p != row["place"] and not facts.is_country(p)]
    if row["place"] and row["place"] not in claim.values("place") and any(_of_signing(facts, p) for p in elsewhere):
        return contradicted(f"{row['name']} was made in {facts.place_name(row['place'])}", asked, shown)
    differences = (
        [Difference("scope", f"the row does not say that it was made in {listed(map(facts.place_name, elsewhere))}")]
        if elsewhere
        else []
    )
    if dates and row["signed"] and not all(d.overlaps(parse_moment(row["signed"])) for d in dates):
        differences.append(Difference("date", f"the row says {row['signed']}"))
    if claim.values("count"):
        differences.append(Difference("count", "the row is of one act"))
    between_parties = row["kind"] in _BETWEEN_PARTIES
    author = str(facts.documents[row["document"]]["party"])
    adopting = {author, *facts.ancestors(author), *facts.party_and_parts(author)}
    beside = [b for b in claim.values("body") if b in facts.parties and b not in adopting]
    if beside:
        differences.append(Difference("body", f"the row names nothing of {listed(map(facts.name, beside))}"))
    strangers = [p for p in claim.values("party") if p not in parties | (set() if between_parties else adopting)]
    if strangers and parties and between_parties:
        return contradicted(f"its parties in the record are {listed(map(facts.name, sorted(parties)))}", asked, shown)
    if strangers:
        return not_in_record("the record does not name its parties", asked, shown)
    left_out = sorted(parties - set(claim.values("party"))) if claim.values("party") and between_parties else []
    differences += [Difference("scope", f"also {listed(map(facts.name, left_out))}")] if left_out else []
    return supported(f"{row['name']}, {row['signed']}", asked, shown, differences)
