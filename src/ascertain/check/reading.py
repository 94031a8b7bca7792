"""A claim's reading in plain words, so that a person sees at once whether it was read rightly."""

from __future__ import annotations

from ascertain.check.facts import Facts
from ascertain.check.scope import about, listed
from ascertain.model.claim import Claim, Frame
from ascertain.model.count import parse_count
from ascertain.model.vocabulary import agent_name, words

_TALLY = "cases"


def say(claim: Claim, facts: Facts) -> str:
    """What the claim was read to say."""
    if claim.frame is Frame.NOT_CHECKABLE:
        return f"no assertion ({claim.reason})"
    said = {
        Frame.ATTRIBUTION: _attribution,
        Frame.FINDING: _finding,
        Frame.ATTACK: _finding,
        Frame.ESTIMATE: _estimate,
        Frame.PUBLICATION: _publication,
        Frame.DENIAL: _denial,
        Frame.COMMITMENT: _commitment,
        Frame.OTHER: _other,
    }[claim.frame](claim, facts)
    by = [facts.name(slot.value) for slot in claim.via]
    mood = f" [{claim.modality.value}]" if claim.modality.value not in ("asserted", "reported") else ""
    return (f"according to {listed(by)}: " if by else "") + said + mood


def _who(claim: Claim, facts: Facts) -> str:
    bodies = [facts.name(b) if b in facts.parties else "independent investigators" for b in claim.values("body")]
    return listed(bodies)


def _agents(claim: Claim) -> str:
    named = [a for a in claim.values("agent") if a != "toxic_chemical"]
    return listed(agent_name(a) for a in named) or "chemical weapons"


def _count(claim: Claim) -> str:
    value = claim.value("count")
    return str(parse_count(value)) if value else ""


def _cases(claim: Claim) -> str:
    return f" in {_count(claim)} cases" if claim.value("count") else ""


def _attribution(claim: Claim, facts: Facts) -> str:
    who = _who(claim, facts)
    where = f"{_cases(claim)}{about(claim, facts)}"
    said = f"{facts.name(claim.value('actor'))} is responsible for the use of {_agents(claim)}{where}"
    return f"{who} found that {said}" if who else said


def _finding(claim: Claim, facts: Facts) -> str:
    who = _who(claim, facts)
    degree = f" {claim.value('degree')}" if claim.value("degree") else ""
    verb = "was not established as used" if claim.negated else f"was{degree} used"
    said = f"{_agents(claim)} {verb}{_cases(claim)}{about(claim, facts)}"
    return f"{who} found that {said}" if who else said


def _estimate(claim: Claim, facts: Facts) -> str:
    measure = claim.value("measure")
    what = _TALLY if measure == "tally" else words("measures").get(measure, measure)
    who = _who(claim, facts)
    said = f"{what}{about(claim, facts)}: {_count(claim)}"
    return f"{who}: {said}" if who else said


def _publication(claim: Claim, facts: Facts) -> str:
    what = f"{_count(claim)} reports" if claim.value("count") else f"a report{about(claim, facts)}"
    return f"{_who(claim, facts)} published {what}"


def _denial(claim: Claim, facts: Facts) -> str:
    party = claim.value("party")
    actor = claim.value("actor")
    if party:
        return f"{facts.name(party)} denies the use of {_agents(claim)}{about(claim, facts)}"
    if actor:
        return f"{facts.name(actor)} did not use {_agents(claim)}{about(claim, facts)}"
    return f"there was no use of {_agents(claim)}{about(claim, facts)}"


def _commitment(claim: Claim, facts: Facts) -> str:
    parties = listed(map(facts.name, claim.values("party")))
    agreements = [str(facts.agreements[a]["name"]) if a in facts.agreements else a for a in claim.values("agreement")]
    if agreements:
        verb = "was vetoed" if claim.value("veto") else "was made"
        return f"{listed(agreements)} {verb}{' by ' + parties if parties else ''}{about(claim, facts)}"
    areas = [facts.place_name(a) for a in (*claim.values("zone"), *claim.values("place"))]
    return f"{parties}: guarantors of {listed(areas) or 'the de-escalation areas'}"


def _other(claim: Claim, facts: Facts) -> str:
    named = [facts.place_name(p) for p in claim.values("place")] + [facts.name(p) for p in claim.values("actor")]
    return f"a statement of fact about {listed(named) or 'things of the record'}, in no frame that can be checked"
