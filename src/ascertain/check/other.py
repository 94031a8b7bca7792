"""Statements of fact in no frame that the checker knows: what the record holds about the same things, and no more."""

from __future__ import annotations

from ascertain.check.answer import not_in_record
from ascertain.check.facts import Facts, query
from ascertain.check.rows import findings, show_finding
from ascertain.check.scope import listed, scope_of
from ascertain.model.claim import Claim
from ascertain.model.verdict import Outcome, Weight

_SHOWN = 5


def check_other(claim: Claim, facts: Facts) -> Outcome:
    """Never supported: the record has no table for this kind of fact. Shows the nearest findings."""
    scope = scope_of(claim, facts)
    named = [facts.place_name(p) for p in claim.values("place")] + [facts.name(p) for p in claim.values("actor")]
    found = findings(facts, ("chemical_use", "responsibility"), scope.incidents)
    asked = query(f"What does the record hold on {listed(named) or 'this'}?", found)
    near = [show_finding(facts, r, Weight.CONTEXT) for r in found.rows[-_SHOWN:]] if scope.named_incident else []
    return not_in_record("the record has no rows of this kind of fact; read it yourself", asked, near)
