"""The main job: a statement's claims, each with its verdict as of a date, and what later publications changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ascertain.check.attribution import check_attribution
from ascertain.check.commitment import check_commitment
from ascertain.check.denial import check_denial
from ascertain.check.estimate import check_estimate
from ascertain.check.facts import Facts
from ascertain.check.finding import check_finding
from ascertain.check.gate import gate
from ascertain.check.other import check_other
from ascertain.check.publication import check_publication
from ascertain.check.reading import say
from ascertain.check.scope import scope_of
from ascertain.model.claim import Claim, Frame, Modality
from ascertain.model.verdict import Checked, DecidingRow, Outcome, Query, Verdict, Weight

VERSION = "1"

_CHECKS: dict[Frame, Callable[[Claim, Facts], Outcome]] = {
    Frame.ATTRIBUTION: check_attribution,
    Frame.FINDING: check_finding,
    Frame.ATTACK: check_finding,
    Frame.ESTIMATE: check_estimate,
    Frame.PUBLICATION: check_publication,
    Frame.DENIAL: check_denial,
    Frame.COMMITMENT: check_commitment,
    Frame.OTHER: check_other,
}

_NOT_CHECKABLE = {
    "call": "a call on somebody: it asserts nothing",
    "concern": "a feeling or judgement: it asserts nothing that a row could decide",
    "intention": "an intention or promise: only the future decides it",
    "forecast": "a forecast, risk or possibility: it does not say that it happened",
    "condition": "a condition: it does not say that it happened",
    "value": "a judgement of value",
    "possibility": "said only as a possibility",
    "question": "a question",
    "mention": "named in passing: the sentence itself asserts something else",
    "negation": "named only in a negation: it does not say that it happened, nor that it did not",
}


@dataclass(frozen=True, slots=True)
class Views:
    """The record as published by the check's date, and as it is published now."""

    then: Facts
    now: Facts


def check_claims(claims: Iterable[Claim], views: Views) -> tuple[Checked, ...]:
    """Every claim with its verdict, in order. The same claims and views give the same verdicts."""
    return tuple(check_claim(claim, views) for claim in claims)


def check_claim(claim: Claim, views: Views) -> Checked:
    """One claim with its verdict as of the views' date."""
    reading = say(claim, views.now)
    if claim.frame is Frame.NOT_CHECKABLE or claim.modality in (Modality.HYPOTHETICAL, Modality.POSSIBLE):
        reason = _NOT_CHECKABLE.get(claim.reason, "not an assertion of fact")
        return Checked(claim, reading, Outcome(Verdict.NOT_CHECKABLE, reason, Query("", "")))
    if claim.frame is Frame.ATTACK and not scope_of(claim, views.now).named_incident:
        return Checked(claim, reading, Outcome(Verdict.NOT_CHECKABLE, _NOT_CHECKABLE["mention"], Query("", "")))
    outcome = gate(claim, views.then, _CHECKS[claim.frame](claim, views.then))
    now = gate(claim, views.now, _CHECKS[claim.frame](claim, views.now))
    return Checked(claim, reading, outcome, now.verdict, _later(outcome, now, views))


def _later(then: Outcome, now: Outcome, views: Views) -> tuple[DecidingRow, ...]:
    """The deciding rows that were published after the check's date."""
    known = {(row.table, row.id) for row in then.rows}
    return tuple(
        row
        for row in now.rows
        if (row.table, row.id) not in known
        and row.weight in (Weight.DECIDES, Weight.AGAINST, Weight.CONTEXT)
        and row.document not in views.then.documents
        and row.document in views.now.documents
    )
