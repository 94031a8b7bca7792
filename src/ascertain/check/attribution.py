"""Who is responsible: claims that a party used chemicals or carried out attacks, said by a body or by the speaker."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from ascertain.check.answer import compare, contradicted, disputed, not_in_record, supported
from ascertain.check.denials import denials_of
from ascertain.check.facts import Facts, Result, query
from ascertain.check.rows import findings, show_finding
from ascertain.check.scope import Scope, about, listed, misplaced, number_of, of_many_places, scope_of, spread, undated
from ascertain.model.claim import Claim
from ascertain.model.verdict import DecidingRow, Difference, Outcome, Weight
from ascertain.model.vocabulary import agent_name, agents_under

Case = tuple[str, str]
# A claimed number of cases beyond this many times the found one is another claim, not the same with a difference.
_FAR = 1.5
# "Has used", "a history of using": said of a practice. A plain "used" may mean one attack that the text speaks of.
_GENERAL = re.compile(r"\b(?:has|have|had|history|repeated(?:ly)?|in the past|a eu|ont eu)\b", re.IGNORECASE)


class Cases:
    """The cases of responsibility in the record that bear on a claim, by body and incident."""

    def __init__(self, facts: Facts, actor: str, scope: Scope) -> None:
        self.facts, self.actor, self.scope = facts, actor, scope
        self.asked: Result = findings(facts, ("responsibility", "agent", "chemical_use"), scope.incidents)
        self.rows = [r for r in self.asked.rows if r["question"] == "responsibility"]
        self.agents: dict[Case, set[str]] = {}
        for row in self.asked.rows:
            if row["agent"] and row["answer"] in ("yes", "likely"):
                self.agents.setdefault((row["party"], row["incident"]), set()).add(row["agent"])

    def relation(self, found: str) -> str:
        """How the actor that a finding names stands to the claimed one: same, wider, other."""
        parties = self.facts.parties
        if found == self.actor:
            return "same"
        if self.actor in parties and found in self.facts.party_and_parts(self.actor):
            # "X and/or Y" leaves open which of them acted, for each of them and for what they are part of.
            between = (found, *self.facts.ancestors(found))
            below = between[: between.index(self.actor)]
            return "wider" if any(parties[p]["kind"] == "alternatives" for p in below) else "same"
        ancestors = self.facts.ancestors(self.actor)
        if found in ancestors:
            # A State acts through its armed forces: where cases are counted, one against the State counts for both.
            whole_forces = parties[self.actor]["kind"] == "armed_forces" and parties[found]["kind"] == "state"
            return "same" if whole_forces and self.scope.count is not None else "wider"
        return "wider" if ancestors and set(self.facts.ancestors(found)) & set(ancestors) else "other"

    def positive(self, independent: bool, relation: str) -> list[dict[str, Any]]:
        """The findings that name a responsible actor in this relation to the claimed one."""
        return [
            r
            for r in self.rows
            if r["answer"] == "yes"
            and (r["independent"] == "yes") == independent
            and self.relation(r["actor"]) == relation
            and self._agent_fits(r)
        ]

    def _agent_fits(self, row: dict[str, Any]) -> bool:
        wanted = self.scope.agents
        found = self.agents.get((row["party"], row["incident"]), set())
        return not wanted or any(found & agents_under(a) for a in wanted) or "toxic_chemical" in wanted

    def agents_missing(self, rows: list[dict[str, Any]]) -> list[str]:
        """The claimed agents that none of these findings' cases has."""
        found = set().union(*(self.agents.get((r["party"], r["incident"]), set()) for r in rows)) if rows else set()
        return [a for a in self.scope.named_agents if not found & agents_under(a)]


def check_attribution(claim: Claim, facts: Facts) -> Outcome:
    """Responsibility as of the view's date. Only an independent body's finding supports; others are shown to assert."""
    actor, scope = claim.value("actor"), scope_of(claim, facts)
    cases = Cases(facts, actor, scope)
    asked = query(_words(claim, facts, scope), cases.asked)
    if not actor:
        return not_in_record("the claim does not say who", asked)
    if not (scope.named_incident or scope.agents or scope.count or claim.value("unit") or claim.value("when")):
        return not_in_record("the claim does not say for what", asked)
    positive = cases.positive(independent=True, relation="same")
    by_body = [r for r in positive if r["party"] in scope.bodies] if scope.body else positive
    denied = denials_of(facts, {r["incident"] for r in by_body}, {r["document"] for r in by_body}, scope.incidents)
    rivals = _rivals(cases, by_body)
    if rivals and not scope.body:
        shown = [show_finding(facts, r) for r in by_body] + _against(facts, rivals)
        return disputed("independent bodies name different actors", asked, shown, denied)
    if by_body:
        return _supported(claim, cases, by_body, asked, denied)
    return _unsupported(claim, cases, positive, asked, denied)


def _rivals(cases: Cases, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Findings by other independent bodies that hold another party responsible for the same incidents."""
    incidents = {r["incident"] for r in rows}
    return [r for r in cases.positive(independent=True, relation="other") if r["incident"] in incidents]


def _supported(
    claim: Claim, cases: Cases, rows: list[dict[str, Any]], asked: Any, denied: tuple[DecidingRow, ...]
) -> Outcome:
    facts, scope = cases.facts, cases.scope
    shown = [show_finding(facts, r) for r in rows] + _agent_rows(cases, rows)
    incidents = sorted({r["incident"] for r in rows if r["incident_kind"] == "incident"})
    series = len({r["incident"] for r in rows if r["incident_kind"] == "series"})
    bodies = listed(dict.fromkeys(facts.name(r["party"]) for r in rows))
    actors = listed(dict.fromkeys(facts.name(r["actor"]) for r in rows))
    number = number_of(len(incidents), "case", "cases")
    number += f" and {number_of(series, 'series', 'series')}" if series else ""
    reason = f"{bodies} found responsible, in {number}{about(claim, facts)}: {actors}"
    differences = _differences(claim, cases, rows, incidents)
    if scope.count is not None and compare(scope.count, len(incidents)) == "fewer":
        if scope.body is not None and facts.holds_all("cases", scope.body):
            return contradicted(
                f"{reason}; the claim says {scope.count}, and the record holds all of its cases", asked, shown, denied
            )
        if scope.count.stated > _FAR * len(incidents):
            context = [replace(row, weight=Weight.CONTEXT) for row in shown]
            return not_in_record(f"{reason}; the claim says {scope.count}", asked, context, denied)
        differences.append(Difference("count", f"the claim says {scope.count}, the record holds {len(incidents)}"))
    elif scope.count is not None and compare(scope.count, len(incidents)) == "more":
        differences.append(Difference("count", f"the claim says {scope.count}, the record holds {len(incidents)}"))
    return supported(reason, asked, shown, differences, denied)


def _differences(claim: Claim, cases: Cases, rows: list[dict[str, Any]], incidents: list[str]) -> list[Difference]:
    scope = cases.scope
    differences = []
    missing = cases.agents_missing(rows)
    if missing:
        names = listed(agent_name(a) for a in missing)
        differences.append(Difference("scope", f"no such finding names {names}"))
    lacking = [p for p, group in scope.groups if not group & set(incidents)]
    if lacking:
        names = listed(lacking)
        differences.append(Difference("scope", f"no independent body had found so for {names}"))
    counting = [r for r in cases.asked.rows if not scope.body or r["party"] in scope.bodies]
    differences += [*misplaced(claim, cases.facts), *spread(claim, cases.facts, {r["incident"] for r in rows})]
    differences += undated(claim, cases.facts, incidents, {r["incident"] for r in counting})
    by_speaker = scope.count is None and not scope.body and not scope.any_body
    if not scope.named_incident and by_speaker and not (_GENERAL.search(claim.clause.text) and len(incidents) > 1):
        words = (
            f"found for {number_of(len(incidents), 'case', 'cases')} in particular, not for chemical attacks at large"
        )
        differences.append(Difference("scope", words))
    return differences


def _unsupported(
    claim: Claim, cases: Cases, positive: list[dict[str, Any]], asked: Any, denied: tuple[DecidingRow, ...]
) -> Outcome:
    facts, scope = cases.facts, cases.scope
    actor = facts.name(cases.actor)
    own = [r for r in cases.rows if (r["party"] in scope.bodies if scope.body else r["independent"] == "yes")]
    other = [r for r in own if r["answer"] == "yes" and cases.relation(r["actor"]) == "other"]
    wider = [r for r in own if r["answer"] == "yes" and cases.relation(r["actor"]) == "wider"]
    office = cases.actor in facts.parties and facts.parties[cases.actor]["kind"] == "office" and scope.count is None
    if (scope.named_incident or office) and wider and not cases.agents_missing(wider):
        names = listed(dict.fromkeys(facts.name(r["actor"]) for r in wider))
        difference = Difference("scope", f"the finding names {names}, not {actor} in particular")
        return supported(
            f"{names} was found responsible", asked, [show_finding(facts, r) for r in wider], [difference], denied
        )
    if scope.named_incident and other:
        names = listed(dict.fromkeys(facts.name(r["actor"]) for r in other))
        return contradicted(f"{names}, not {actor}, was found responsible", asked, _against(facts, other), denied)
    same_actor = [r for r in own if r["answer"] == "yes" and cases.relation(r["actor"]) == "same"]
    if scope.named_incident and same_actor:
        return _other_agent(claim, cases, same_actor, asked, denied)
    unresolved = [r for r in own if r["answer"] in ("no", "insufficient", "undetermined")]
    if scope.body and scope.named_incident and unresolved:
        reason = f"{facts.name(scope.body)} did not reach that conclusion{about(claim, facts)}"
        return contradicted(reason, asked, _against(facts, unresolved), denied)
    if scope.body and positive:
        names = listed(dict.fromkeys(facts.name(r["party"]) for r in positive))
        difference = Difference("body", f"the finding is by {names}, not by {facts.name(scope.body)}")
        return supported(
            f"{names} found {actor} responsible",
            asked,
            [show_finding(facts, r) for r in positive],
            [difference],
            denied,
        )
    return _asserted_only(claim, cases, asked, denied)


def _other_agent(
    claim: Claim, cases: Cases, rows: list[dict[str, Any]], asked: Any, denied: tuple[DecidingRow, ...]
) -> Outcome:
    facts = cases.facts
    shown = [show_finding(facts, r, Weight.AGAINST) for r in rows] + _agent_rows(cases, rows)
    found = listed(sorted({agent_name(a) for r in rows for a in cases.agents.get((r["party"], r["incident"]), ())}))
    wanted = listed(agent_name(a) for a in cases.scope.agents)
    one_incident = len({r["incident"] for r in cases.asked.rows}) == 1
    if found and one_incident and not of_many_places(claim, facts):
        return contradicted(f"the finding of responsibility is for {found}, not {wanted}", asked, shown, denied)
    reason = f"the findings of responsibility are for {found or 'no agent that they name'}; the claim says {wanted}"
    return not_in_record(reason, asked, [replace(row, weight=Weight.CONTEXT) for row in shown], denied)


def _asserted_only(claim: Claim, cases: Cases, asked: Any, denied: tuple[DecidingRow, ...]) -> Outcome:
    facts, scope = cases.facts, cases.scope
    asserting = [
        show_finding(facts, r, Weight.ASSERTS)
        for r in cases.rows
        if r["independent"] != "yes" and r["answer"] in ("yes", "likely") and cases.relation(r["actor"]) != "other"
    ]
    context = [
        show_finding(facts, r, Weight.CONTEXT)
        for r in cases.asked.rows
        if r["independent"] == "yes" and scope.named_incident and r["answer"] != "no"
    ]
    who = listed(dict.fromkeys(row.body for row in asserting))
    by = facts.name(scope.body) if scope.body else "an independent body"
    reason = f"no finding of responsibility by {by}{about(claim, facts)} had been published"
    if who:
        reason += f"; asserted by {who}"
    return not_in_record(reason, asked, [*asserting, *context], denied)


def _agent_rows(cases: Cases, rows: list[dict[str, Any]]) -> list[DecidingRow]:
    """The same bodies' findings on the agent of these cases, when the claim names one."""
    if not cases.scope.agents:
        return []
    wanted = {(r["party"], r["incident"]) for r in rows}
    return [
        show_finding(cases.facts, r)
        for r in cases.asked.rows
        if r["question"] == "agent" and (r["party"], r["incident"]) in wanted and r["answer"] in ("yes", "likely")
    ]


def _against(facts: Facts, rows: list[dict[str, Any]]) -> list[DecidingRow]:
    return [show_finding(facts, r, Weight.AGAINST) for r in rows]


def _words(claim: Claim, facts: Facts, scope: Scope) -> str:
    who = facts.name(scope.body) if scope.body else "an independent body"
    agents = f" ({listed(agent_name(a) for a in scope.agents)})" if scope.agents else ""
    count = f" in {scope.count} cases" if scope.count else ""
    return (
        f"Which findings by {who} say that {facts.name(claim.value('actor'))} was responsible for the use of chemical "
        f"weapons{agents}{about(claim, facts)}{count}?"
    )
