"""Denials: that a party denies is a fact of the record; what it denies is decided by findings, not by it."""

from __future__ import annotations

import re
from typing import Any

from ascertain.check.answer import contradicted, not_in_record, supported
from ascertain.check.denials import DENYING, denials_of
from ascertain.check.facts import Facts, query
from ascertain.check.rows import findings, positions, show_finding, show_position
from ascertain.check.scope import Scope, about, listed, scope_of
from ascertain.model.claim import Claim
from ascertain.model.verdict import Difference, Outcome, Query, Weight
from ascertain.model.vocabulary import agents_under, kinds_of_agent, words

_PART = re.compile(r"\b(?:responsib\w+|involve\w+|implication|role)\b", re.IGNORECASE)


def check_denial(claim: Claim, facts: Facts) -> Outcome:
    """Either that somebody denies (decided by positions), or the denial itself (decided by findings)."""
    if not claim.negated:
        party = claim.value("party") or claim.value("actor")
        if not party:
            return not_in_record("the claim does not say who denies it", Query("", ""))
        return _somebody_denies(claim, facts, party, _stances(claim, facts, party))
    sayer = _another_who_says_so(claim, facts)
    return _somebody_denies(claim, facts, sayer, _OF_THE_USE) if sayer else _denied_content(claim, facts)


_OF_THE_USE = frozenset({"denies_use"})


def _another_who_says_so(claim: Claim, facts: Facts) -> str:
    """Of whom the text reports that he calls it made up: not the speaker, and nobody who establishes facts."""
    said_by = [slot.value for slot in claim.via if slot.value in facts.parties]
    if len(said_by) != 1 or claim.value("actor") or said_by[0] == claim.speaker:
        return ""
    return "" if any(facts.independent(p) for p in facts.party_and_parts(said_by[0])) else said_by[0]


def _somebody_denies(claim: Claim, facts: Facts, party: str, wanted: frozenset[str]) -> Outcome:
    scope = scope_of(claim, facts)
    incidents = scope.incidents if scope.incidents is not None else frozenset(facts.incidents)
    incidents -= _of_another_agent(facts, scope, incidents)
    found = positions(facts, incidents, (), DENYING)
    own = [r for r in found.rows if r["party"] in facts.party_and_parts(party)]
    of_the_whole = [] if own else [r for r in found.rows if r["party"] in facts.ancestors(party)]
    asked = query(f"Did {facts.name(party)} deny it{about(claim, facts)}?", found)
    against = [show_finding(facts, r, Weight.AGAINST) for r in _uses(facts, scope) if scope.named_incident]
    said = [r for r in own if r["stance"] in wanted]
    if said:
        shown = [show_position(facts, r, Weight.DECIDES) for r in said]
        differences = []
        if _PROVED.search(claim.clause.text):
            differences.append(Difference("standard", "what is on record is that it says so, not that it proved it"))
        if _OWN_USE.search(claim.clause.text) and not _accused(facts, party):
            differences.append(Difference("scope", "what it denied is the use, not a use of its own"))
        reason = f"{facts.name(party)} did; a denial does not cancel a finding"
        return supported(reason, asked, [*shown, *against], differences)
    if own:
        stances = listed(sorted({words("stances")[r["stance"]] for r in own}))
        shown = [show_position(facts, r, Weight.DECIDES) for r in own]
        difference = Difference("scope", f"what is on record is that it {stances}")
        return supported(f"{facts.name(party)} took such a position", asked, [*shown, *against], [difference])
    if of_the_whole:
        names = listed(dict.fromkeys(facts.name(r["party"]) for r in of_the_whole))
        shown = [show_position(facts, r, Weight.DECIDES) for r in of_the_whole]
        difference = Difference("body", f"the denial is of {names}")
        return supported(f"{names} did", asked, [*shown, *against], [difference])
    return not_in_record(f"the record holds no such denial by {facts.name(party)}", asked, against)


def _stances(claim: Claim, facts: Facts, party: str) -> frozenset[str]:
    """The stances that are the denial that the claim reports: who is accused denies the use by denying its own part."""
    if _PART.search(claim.clause.text):
        return frozenset({"denies_responsibility"})
    if _accused(facts, party):
        return _OF_THE_USE | {"denies_responsibility"}
    return _OF_THE_USE


_PROVED = re.compile(
    r"\b(?:prove[dns]?|demonstrate\w*|show(?:ed|n|s)|establish\w*|confirm\w*|prouv\w+|démontr\w+)\b", re.IGNORECASE
)
_OWN_USE = re.compile(r"\b(?:using|having used|that it|ever used|avoir|utilisé)\b", re.IGNORECASE)


def _accused(facts: Facts, party: str) -> bool:
    """Whether anybody holds a party responsible for an attack."""
    rows = facts.ask("SELECT DISTINCT actor FROM findings WHERE actor <> '' AND answer IN ('yes', 'likely')").rows
    own = facts.party_and_parts(party)
    return any(row["actor"] in own for row in rows)


def _of_another_agent(facts: Facts, scope: Scope, incidents: frozenset[str]) -> frozenset[str]:
    """The incidents whose findings name agents, and none that the claim names."""
    wanted = scope.named_agents
    named: dict[str, set[str]] = {}
    for row in findings(facts, ("agent", "chemical_use"), incidents).rows:
        if row["agent"] and row["answer"] in ("yes", "likely"):
            named.setdefault(row["incident"], set()).add(row["agent"])
    fits = [agents_under(a) | set(kinds_of_agent(a)) for a in wanted]
    return frozenset(i for i, agents in named.items() if wanted and not any(agents & fit for fit in fits))


def _denied_content(claim: Claim, facts: Facts) -> Outcome:
    scope = scope_of(claim, facts)
    uses = _uses(facts, scope)
    actor = claim.value("actor")
    if actor:
        relevant = facts.party_and_parts(actor) | set(facts.ancestors(actor))
        uses = [r for r in uses if r["question"] == "responsibility" and r["actor"] in relevant]
    asked = _asked(claim, facts, scope)
    denied = denials_of(facts, (), (), scope.incidents) if scope.named_incident else ()
    if not scope.named_incident and not actor:
        return not_in_record("the claim names no incident, so that no finding decides it", asked)
    if uses:
        names = listed(dict.fromkeys(facts.name(r["party"]) for r in uses))
        rows = [show_finding(facts, r, Weight.AGAINST) for r in uses]
        return contradicted(f"{names} found otherwise; a denial does not cancel a finding", asked, rows, denied)
    return not_in_record(f"no finding either way{about(claim, facts)} had been published", asked, denied, denied)


def _uses(facts: Facts, scope: Scope) -> list[dict[str, Any]]:
    found = findings(facts, ("agent", "chemical_use", "responsibility"), scope.incidents).rows
    rows = [r for r in found if r["independent"] == "yes" and r["answer"] in ("yes", "likely")]
    wanted = scope.named_agents
    if not wanted:
        return [r for r in rows if r["question"] != "agent"]
    cases = {(r["party"], r["incident"]) for r in rows if any(r["agent"] in agents_under(a) for a in wanted)}
    return [r for r in rows if (r["party"], r["incident"]) in cases]


def _asked(claim: Claim, facts: Facts, scope: Scope) -> Query:
    found = findings(facts, ("chemical_use", "responsibility"), scope.incidents)
    return query(f"Does a finding by an independent body stand against the denial{about(claim, facts)}?", found)
