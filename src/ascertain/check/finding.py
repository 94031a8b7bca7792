"""Whether a chemical was used, and which: claims of use, and of what could not be established."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from ascertain.check.answer import compare, contradicted, disputed, not_in_record, supported
from ascertain.check.denials import denials_of
from ascertain.check.facts import Facts, Result, query
from ascertain.check.rows import findings, show_finding
from ascertain.check.scope import (
    Scope,
    about,
    listed,
    misplaced,
    names_a_day,
    number_of,
    of_many_places,
    scope_of,
    spread,
    undated,
)
from ascertain.check.tally import OF_USE, decide_by_tallies
from ascertain.model.claim import Claim
from ascertain.model.verdict import DecidingRow, Difference, Outcome, Query, Verdict, Weight
from ascertain.model.vocabulary import agent_name, agents_under, kinds_of_agent

_UNRESOLVED = ("insufficient", "undetermined")
_OPEN = (*_UNRESOLVED, "open")
_DEGREES = (
    (("almost certainly", "very likely", "highly likely", "more than likely", "very probably"), 2),
    (("likely", "probably", "most likely"), 1),
)
_EXCLUDED = ("ruled out", "rules out", "excluded", "proves that no", "proved that no")
_NOTHING_FOUND = (
    *("found no", "finds no", "detected no", "no evidence", "no trace", "no sign", "no indication"),
    "trouvé aucun",
)
_LEFT_OPEN = re.compile(
    r"\b(?:could not|cannot|unable|not able|did not|has not|have not|not (?:allow|permit|enable)|failed|insufficient"
    r"|(?:pas|ni) (?:\w+ )?(?:pu|en mesure|permis|établi|confirmé|conclu)|n['’]a pas|ne (?:permet|peut))",
    re.IGNORECASE,
)


def check_finding(claim: Claim, facts: Facts) -> Outcome:
    """Use of a chemical as of the view's date, by the body that the claim names or by any independent one."""
    scope = scope_of(claim, facts)
    asked_rows = findings(facts, ("chemical_use", "agent", "responsibility"), scope.incidents)
    own = [r for r in asked_rows.rows if r["party"] in scope.bodies] if scope.body else _independent(asked_rows)
    asked = query(_words(claim, facts, scope), asked_rows)
    if claim.negated:
        return _check_negative(claim, facts, scope, own, asked)
    wanted = scope.named_agents
    uses = [r for r in own if r["answer"] in ("yes", "likely") and _names(r, scope, own)]
    denied = denials_of(facts, {r["incident"] for r in uses}, {r["document"] for r in uses}, scope.incidents)
    if scope.count is not None:
        return _check_count(claim, facts, scope, uses, asked, denied)
    rivals = [
        r
        for r in own
        if r["answer"] == "no" and r["incident"] in {u["incident"] for u in uses} and _excludes(r, wanted)
    ]
    if uses and rivals and not scope.body:
        shown = _shown(facts, uses, Weight.DECIDES) + _shown(facts, rivals, Weight.AGAINST)
        return disputed("independent bodies disagree on the use", asked, shown, denied)
    if uses:
        return _use_found(claim, facts, scope, uses, own, asked, denied)
    return _use_not_found(claim, facts, scope, own, asked_rows, asked, denied)


def _independent(result: Result) -> list[dict[str, Any]]:
    return [r for r in result.rows if r["independent"] == "yes"]


def _names(row: dict[str, Any], scope: Scope, rows: list[dict[str, Any]]) -> bool:
    """Whether a finding of use is one of a claimed agent: in its own row, or in the same body's row on the agent."""
    if row["question"] == "responsibility" or (row["question"] == "agent" and _use_is_open(row, rows)):
        return False
    wanted = scope.named_agents
    if not wanted:
        return True
    case = (row["party"], row["incident"])
    found = [r for r in rows if (r["party"], r["incident"]) == case and r["answer"] in ("yes", "likely")]
    same = [r["agent"] for r in found if r["agent"]]
    agents = [row["agent"]] if row["agent"] else same
    return any(found in agents_under(a) for a in wanted for found in agents)


def _use_is_open(row: dict[str, Any], rows: list[dict[str, Any]]) -> bool:
    """Whether the same document leaves open if a chemical was used: a chemical found is then no finding of use."""
    same = [
        r["answer"]
        for r in rows
        if r["document"] == row["document"] and r["incident"] == row["incident"] and r["question"] == "chemical_use"
    ]
    return bool(same) and not any(answer in ("yes", "likely") for answer in same)


def _use_found(
    claim: Claim,
    facts: Facts,
    scope: Scope,
    uses: list[dict[str, Any]],
    own: list[dict[str, Any]],
    asked: Query,
    denied: tuple[DecidingRow, ...],
) -> Outcome:
    incidents = {r["incident"] for r in uses}
    differences = [*_standard(claim, uses), *undated(claim, facts, incidents, {r["incident"] for r in own})]
    differences += [*misplaced(claim, facts), *spread(claim, facts, incidents)]
    lacking = [p for p, group in scope.groups if not group & incidents]
    if lacking:
        differences.append(Difference("scope", f"no such finding for {listed(lacking)}"))
    missing = [a for a in scope.named_agents if not any(_names(r, _only(scope, a), uses) for r in uses)]
    if missing:
        differences.append(Difference("scope", f"no such finding names {listed(agent_name(a) for a in missing)}"))
    if all(r["scope"] != "incident" for r in uses) and names_a_day(claim):
        differences.append(Difference("scope", "the body concluded on the series or the place, not on this incident"))
    bodies = listed(dict.fromkeys(facts.name(r["party"]) for r in uses))
    number = number_of(len(incidents), "incident or series", "incidents or series")
    reason = f"{bodies} found use{about(claim, facts)} ({number})"
    return supported(reason, asked, [show_finding(facts, r) for r in uses], differences, denied)


def _only(scope: Scope, agent: str) -> Scope:
    return replace(scope, agents=(agent,))


def _standard(claim: Claim, uses: list[dict[str, Any]]) -> list[Difference]:
    # A chemical found on samples says nothing on how surely it was used: where there is a finding of use, that counts;
    # where the claim names a chemical, so does how surely that one was found.
    wanted = [a for a in claim.values("agent") if a != "toxic_chemical"]
    carrying = [r for r in uses if any(r["agent"] in agents_under(a) for a in wanted)]
    uses = [r for r in uses if r["question"] == "chemical_use"] or uses
    claimed = degree_of(claim.value("degree"))
    found = min(_surest(group) for group in (uses, carrying) if group)
    if claimed == found or (claimed == 3 and found == 3):
        return []
    strongest = next(r for r in (*uses, *carrying) if _sureness(r) == found)
    words = f"the finding's own phrase is “{strongest['phrase'] or strongest['answer']}”"
    return [Difference("standard", words)]


def _surest(rows: list[dict[str, Any]]) -> int:
    return max(_sureness(row) for row in rows)


def _sureness(row: dict[str, Any]) -> int:
    if row["answer"] == "yes":
        return 3
    return degree if (degree := degree_of(row["phrase"])) < 3 else 1


def degree_of(phrase: str) -> int:
    """How sure a phrase is: 3 without a hedge, 2 very likely, 1 likely."""
    folded = phrase.lower()
    return next((rank for forms, rank in _DEGREES if any(form in folded for form in forms)), 3)


def _use_not_found(
    claim: Claim,
    facts: Facts,
    scope: Scope,
    own: list[dict[str, Any]],
    everything: Result,
    asked: Query,
    denied: tuple[DecidingRow, ...],
) -> Outcome:
    wanted = scope.named_agents
    against = [
        r
        for r in own
        if r["answer"] == "no" and (not r["agent"] or any(r["agent"] in kinds_of_agent(a) for a in wanted))
    ]
    if scope.named_incident and against:
        return contradicted(_found_words(facts, against), asked, _shown(facts, against, Weight.AGAINST), denied)
    others = [r for r in own if r["answer"] in ("yes", "likely") and r["agent"] and r["question"] != "responsibility"]
    if scope.named_incident and wanted and others:
        found = listed(sorted({agent_name(r["agent"]) for r in others}))
        reason = f"what was found is {found}, not {listed(agent_name(a) for a in wanted)}"
        wider = any(r["agent"] in kinds_of_agent(a) for r in others for a in wanted)
        still_open = any(r["answer"] == "open" for r in own) or any(_use_is_open(r, own) for r in others)
        if scope.body and not wider and not still_open and not of_many_places(claim, facts):
            return contradicted(reason, asked, _shown(facts, others, Weight.AGAINST), denied)
        return not_in_record(reason, asked, _shown(facts, others, Weight.CONTEXT), denied)
    unresolved = [r for r in own if r["answer"] in _OPEN]
    if scope.body and scope.named_incident and any(r["answer"] != "open" for r in unresolved):
        return contradicted(_found_words(facts, unresolved), asked, _shown(facts, unresolved, Weight.AGAINST), denied)
    if scope.body and scope.named_incident:
        elsewhere = [
            r
            for r in _independent(everything)
            if r["answer"] in ("yes", "likely") and _names(r, scope, list(everything.rows))
        ]
        if elsewhere:
            names = listed(dict.fromkeys(facts.name(r["party"]) for r in elsewhere))
            difference = Difference("body", f"the finding is by {names}, not by {facts.name(scope.body)}")
            return supported(
                f"{names} found use", asked, _shown(facts, elsewhere, Weight.DECIDES), [difference], denied
            )
    asserting = [r for r in everything.rows if r["independent"] != "yes" and r["answer"] in ("yes", "likely")]
    by = facts.name(scope.body) if scope.body else "an independent body"
    reason = f"no finding of use by {by}{about(claim, facts)} had been published"
    rows = _shown(facts, asserting if scope.named_incident else [], Weight.ASSERTS)
    return not_in_record(
        reason, asked, [*rows, *_shown(facts, unresolved if scope.named_incident else [], Weight.CONTEXT)], denied
    )


def _check_negative(claim: Claim, facts: Facts, scope: Scope, own: list[dict[str, Any]], asked: Query) -> Outcome:
    wanted = scope.named_agents
    denied = denials_of(facts, (), (), scope.incidents)
    uses = [r for r in own if r["answer"] in ("yes", "likely") and _names(r, scope, own)]
    plainly = [r for r in own if r["answer"] == "no" and _excludes(r, wanted)]
    unresolved = [r for r in own if r["answer"] in _UNRESOLVED and r["question"] != "responsibility"]
    examined = [r for r in own if r["answer"] == "open" and r["question"] != "responsibility"]
    if not scope.named_incident:
        return not_in_record("the claim names no incident, so that no finding decides it", asked)
    said = claim.clause.text.lower()
    nothing = bool(claim.value("nothing")) or any(words in said for words in _NOTHING_FOUND)
    open_words = nothing or bool(_LEFT_OPEN.search(said))
    if plainly and not uses:
        phrase = listed(dict.fromkeys(f"“{r['phrase']}”" for r in plainly if r["phrase"])) or "that it found none"
        difference = Difference("standard", f"the body's own words are {phrase}: found nothing is not excluded")
        shown = _shown(facts, plainly, Weight.DECIDES)
        return supported(_found_words(facts, plainly), asked, shown, [] if open_words else [difference])
    if uses and of_many_places(claim, facts):
        reason = f"the claim does not say where; {_found_words(facts, uses)}"
        return not_in_record(reason, asked, _shown(facts, uses, Weight.CONTEXT), denied)
    if uses:
        return contradicted(_found_words(facts, uses), asked, _shown(facts, uses, Weight.AGAINST), denied)
    if unresolved and (claim.value("excluded") or any(words in said for words in _EXCLUDED)):
        reason = f"it was left open, not excluded — {_found_words(facts, unresolved)}"
        return contradicted(reason, asked, _shown(facts, unresolved, Weight.AGAINST), denied)
    if unresolved and not open_words:
        reason = f"it was left open — {_found_words(facts, unresolved)}"
        if scope.body:
            return contradicted(reason, asked, _shown(facts, unresolved, Weight.AGAINST), denied)
        return not_in_record(reason, asked, _shown(facts, unresolved, Weight.CONTEXT), denied)
    if unresolved:
        not_excluded = "the body could not establish it: that is not a finding that nothing was used"
        difference = Difference("standard", not_excluded)
        shown = _shown(facts, unresolved, Weight.DECIDES)
        return supported(_found_words(facts, unresolved), asked, shown, [difference] if nothing else [])
    state = "it was still being examined" if examined else "no finding had been published"
    return not_in_record(f"{state}{about(claim, facts)}", asked, _shown(facts, examined, Weight.CONTEXT))


def _excludes(row: dict[str, Any], wanted: list[str]) -> bool:
    """Whether a finding of "no" covers the claim: no nerve agent covers no sarin, and not no chemical at all."""
    if not wanted:
        return bool(row["question"] == "chemical_use")
    return any(row["agent"] in kinds_of_agent(agent) for agent in wanted)


def _check_count(
    claim: Claim, facts: Facts, scope: Scope, uses: list[dict[str, Any]], asked: Query, denied: tuple[DecidingRow, ...]
) -> Outcome:
    assert scope.count is not None
    single = {r["incident"] for r in uses if r["incident_kind"] == "incident"}
    series = {r["incident"] for r in uses if r["incident_kind"] == "series"}
    firm = {r["incident"] for r in uses if r["answer"] == "yes" and r["incident_kind"] == "incident"}
    shown = _shown(facts, uses, Weight.DECIDES)
    reason = (
        f"the rows give {len(single)} incidents of use or likely use ({len(firm)} without a hedge) "
        f"and {len(series)} series; the claim says {scope.count}"
    )
    stands = compare(scope.count, len(single))
    if uses and stands == "holds":
        return supported(reason, asked, shown, _standard(claim, uses) if single != firm else [], denied)
    context = _shown(facts, uses, Weight.CONTEXT)
    by_tally = decide_by_tallies(claim, facts, scope, OF_USE)
    if by_tally.verdict is not Verdict.NOT_IN_RECORD:
        words = f"{reason}; {by_tally.reason}"
        return replace(by_tally, reason=words, rows=(*by_tally.rows, *context), denied_by=denied)
    if uses and stands == "more" and scope.body:
        return supported(reason, asked, shown, [Difference("count", reason)], denied)
    return not_in_record(
        f"{reason}; no document of the body in the record states such a number", asked, context, denied
    )


def _found_words(facts: Facts, rows: list[dict[str, Any]]) -> str:
    return "; ".join(dict.fromkeys(f"{facts.name(r['party'])}: {show_finding(facts, r).says}" for r in rows))


def _shown(facts: Facts, rows: list[dict[str, Any]], weight: Weight) -> list[DecidingRow]:
    return [show_finding(facts, r, weight) for r in rows]


def _words(claim: Claim, facts: Facts, scope: Scope) -> str:
    who = facts.name(scope.body) if scope.body else "an independent body"
    agents = listed(agent_name(a) for a in scope.agents) or "a chemical"
    count = f", in {scope.count} cases" if scope.count else ""
    verb = "could not find or excludes" if claim.negated else "found"
    return f"Which findings by {who} {verb} the use of {agents}{about(claim, facts)}{count}?"
