"""What keeps a claim from a plain verdict: words that no row decides, a date of report, a sayer without rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ascertain.check.facts import Facts
from ascertain.check.scope import listed
from ascertain.model.claim import Claim, Frame
from ascertain.model.moment import parse_moment
from ascertain.model.verdict import DecidingRow, Difference, Outcome, Verdict, Weight

_FOUND_BY_SOMEBODY = frozenset({Frame.ATTRIBUTION, Frame.FINDING, Frame.ATTACK, Frame.ESTIMATE})
_SAID_BY_SOMEBODY = _FOUND_BY_SOMEBODY | {Frame.COMMITMENT, Frame.PUBLICATION}
_SUPPORTING = (Verdict.SUPPORTED, Verdict.DIFFERENCE)


def gate(claim: Claim, facts: Facts, outcome: Outcome) -> Outcome:
    """The outcome as far as every word of the claim is decided by its rows."""
    of_the_attack = {slot.span.text for slot in claim.left_out if slot.name == "agent"}
    narrower = [span.text for span in claim.rest if span.text not in of_the_attack]
    if outcome.verdict is Verdict.CONTRADICTED and claim.frame is Frame.ESTIMATE and narrower:
        undecided = ", ".join(f"“{text}”" for text in narrower)
        return _undecided(outcome, f"no row decides {undecided}; without that: {outcome.reason}")
    if outcome.verdict is Verdict.CONTRADICTED:
        return _not_on_record_as_said(claim, facts, outcome)
    if outcome.verdict not in _SUPPORTING:
        return outcome
    if claim.left_out:
        names = ", ".join(f"“{slot.span.text}”" for slot in claim.left_out)
        reason = f"the claim also names {names}, which its reading leaves out; without that: {outcome.reason}"
        return _undecided(outcome, reason)
    more = [*_report_date(claim, outcome), *_sayers(claim, facts, outcome), *_times(claim)]
    rest = [span.text for span in claim.rest if not _in_the_bodys_words(span.text, outcome)]
    if rest:
        undecided = ", ".join(f"“{text}”" for text in rest)
        more.append(Difference("scope", f"no row decides {undecided}"))
    if not more:
        return outcome
    return replace(outcome, verdict=Verdict.DIFFERENCE, differences=(*outcome.differences, *more))


def _times(claim: Claim) -> Iterator[Difference]:
    """ "… several times": how often is decided where attacks or vetoes are counted, and nowhere else."""
    times = any(slot.name == "unit" and slot.span.text.lower() in ("times", "fois") for slot in claim.slots)
    counted = len([slot for slot in claim.slots if slot.name == "count"])
    if times and (counted > 1 or (claim.frame is Frame.COMMITMENT and not claim.values("veto"))):
        yield Difference("count", "no row decides how many times")


def _undecided(outcome: Outcome, reason: str) -> Outcome:
    rows = tuple(replace(row, weight=Weight.CONTEXT) for row in outcome.rows)
    return replace(outcome, verdict=Verdict.NOT_IN_RECORD, reason=reason, rows=rows, differences=())


def _not_on_record_as_said(claim: Claim, facts: Facts, outcome: Outcome) -> Outcome:
    """A claim that somebody said something is not made false by what others found; nor by words that were not read."""
    absent = _absent(claim, facts, outcome)
    if not absent:
        return outcome
    reason = f"the record does not hold what {listed(map(facts.name, absent))} said; on the substance: {outcome.reason}"
    return _undecided(outcome, reason)


def _sayers(claim: Claim, facts: Facts, outcome: Outcome) -> Iterator[Difference]:
    absent = _absent(claim, facts, outcome)
    if absent and not any(difference.kind == "body" for difference in outcome.differences):
        found_by = listed(dict.fromkeys(row.body for row in outcome.rows if row.weight is Weight.DECIDES))
        yield Difference("body", f"the rows are of {found_by}, none of {listed(map(facts.name, absent))}")


def _absent(claim: Claim, facts: Facts, outcome: Outcome) -> list[str]:
    """Those who are said to have found or said it, of whom no row is: not a State, a group or an organ either."""
    if claim.frame not in _SAID_BY_SOMEBODY or claim.value("measure") in _VOTES:
        return []
    bodies = claim.values("body") if claim.frame in _FOUND_BY_SOMEBODY else ()
    named = dict.fromkeys([*bodies, *(slot.value for slot in claim.via)])
    by = {row.body for row in outcome.rows if row.weight in (Weight.DECIDES, Weight.AGAINST)}
    return [p for p in named if p in facts.parties and not by & {facts.name(x) for x in _voices(claim, facts, p)}]


_VOTES = frozenset({"votes_for", "votes_against", "abstentions"})


def _voices(claim: Claim, facts: Facts, party: str) -> frozenset[str]:
    """A party and its parts; an organisation publishes figures for its organs."""
    above = facts.ancestors(party) if claim.frame is Frame.ESTIMATE else ()
    return facts.party_and_parts(party) | frozenset(above)


def _in_the_bodys_words(text: str, outcome: Outcome) -> bool:
    """Whether these words stand in a deciding row's own phrase: then the row decides them too.

    A single word does not suffice: "only" in a body's phrase may be said of something else.
    """
    deciding = [row for row in outcome.rows if row.weight is Weight.DECIDES]
    if text.lower() in _WHICH_REPORT:
        return bool(deciding) and all(text.lower() in _WORD.findall(row.title.lower()) for row in deciding)
    phrases = " ".join(f"{row.phrase} {row.says if row.table == 'figures' else ''}".lower() for row in deciding)
    return " " in text and text.lower() in phrases


_WORD = re.compile(r"\w+")
_WHICH_REPORT = frozenset(
    {"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "final", "interim", "initial"}
)


def _report_date(claim: Claim, outcome: Outcome) -> Iterator[Difference]:
    """The date on which the claim says that it was reported, against the dates of the deciding documents."""
    dates = [parse_moment(when) for when in claim.values("reported")]
    deciding: list[DecidingRow] = [row for row in outcome.rows if row.weight is Weight.DECIDES and row.published]
    published = [parse_moment(row.published) for row in deciding]
    if dates and not any(d.overlaps(p) for d in dates for p in published):
        days = ", ".join(sorted({row.published for row in deciding}))
        yield Difference("date", f"the deciding documents are of {days}")
