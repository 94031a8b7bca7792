"""A body's own number of cases: what it says it investigated, documented, or found that chemicals were used in."""

from __future__ import annotations

from typing import Any

from ascertain.check.answer import contradicted, not_in_record, supported
from ascertain.check.compared import STALE_DAYS, agrees
from ascertain.check.facts import NOTHING, Facts, Result, query
from ascertain.check.rows import show_figure
from ascertain.check.scope import Scope, listed
from ascertain.model.claim import Claim
from ascertain.model.count import parse_count
from ascertain.model.moment import parse_moment
from ascertain.model.verdict import Difference, Outcome, Weight

OF_USE = ("cases_used_or_likely",)
OF_WORK = ("cases_investigated", "incidents_documented", "cases_alleged")
_TALLIES = """
SELECT x.*, d.party, d.symbol, d.title, d.published, d.published_latest, d.url
FROM figures x JOIN documents d ON d.id = x.document JOIN parties p ON p.id = d.party
WHERE x.measure IN ? AND p.independent = 'yes' AND (x.subject IN ? OR d.party IN ?) AND x.actor = ''
ORDER BY d.published_latest DESC, x.id
"""


def check_tally(claim: Claim, facts: Facts, scope: Scope) -> Outcome:
    """A number of cases against the numbers that the named body published of all its cases, latest first."""
    verb = claim.value("tally")
    of_use = bool(claim.value("outcome")) or not verb or any(word in verb for word in ("confirmed", "verified"))
    return decide_by_tallies(claim, facts, scope, OF_USE if of_use else OF_WORK)


def decide_by_tallies(claim: Claim, facts: Facts, scope: Scope, measures: tuple[str, ...]) -> Outcome:
    """The outcome by a body's own numbers. They are of all its cases: of one place, period or party they say nothing.

    A number of what was investigated grows, so that a lower one of an earlier day contradicts nothing.
    """
    body = scope.body or claim.value("body")
    found = _of_body(facts, body, measures)
    wanted = scope.named_agents
    rows = [r for r in found.rows if ([r["agent"]] == wanted if wanted else not r["agent"])]
    asked = query(f"Which number of cases had {facts.name(body)} published?", found)
    limits = [
        slot.span.text
        for slot in claim.slots
        if slot.name in ("place", "zone", "when", "actor") and not facts.is_country(slot.value)
    ]
    if not rows or limits:
        shown = [show_figure(facts, r, Weight.CONTEXT) for r in found.rows[:4]]
        why = f" for {listed(limits)} alone" if limits else ""
        return not_in_record(f"no such number by {facts.name(body)}{why} had been published", asked, shown)
    assert scope.count is not None
    answers = [agrees(scope.count, parse_count(r["count"])) for r in rows]
    for wanted_answer in ("yes", "nearly"):
        fitting = [(n, r) for n, (r, answer) in enumerate(zip(rows, answers, strict=True)) if answer == wanted_answer]
        if fitting:
            number, row = fitting[0]
            differences = _of_its_time(facts, row, rows[:number])
            if wanted_answer == "nearly":
                said = f"the claim says {scope.count}, the body {parse_count(row['count'])}"
                differences.append(Difference("count", said))
            return supported(
                f"the body's own number is {parse_count(row['count'])}", asked, [show_figure(facts, row)], differences
            )
    numbers = listed(dict.fromkeys(str(parse_count(r["count"])) for r in rows))
    reason = f"the body's own number is {numbers}; the claim says {scope.count}"
    if measures == OF_USE and set(answers) == {"no"}:
        return contradicted(reason, asked, [show_figure(facts, r, Weight.AGAINST) for r in rows[:4]])
    return not_in_record(reason, asked, [show_figure(facts, r, Weight.CONTEXT) for r in rows[:4]])


def _of_body(facts: Facts, body: str, measures: tuple[str, ...]) -> Result:
    bodies = sorted(facts.party_and_parts(body)) if body in facts.parties else NOTHING
    return facts.ask(_TALLIES, [list(measures), bodies, bodies])


def _of_its_time(facts: Facts, row: dict[str, Any], later: list[dict[str, Any]]) -> list[Difference]:
    """A difference where the number is no longer the body's latest, or is older than a year."""
    if any(r["published_latest"] > row["published_latest"] and r["measure"] == row["measure"] for r in later):
        return [Difference("date", f"the number is of {row['published']}; the body has published another since")]
    counted = parse_moment(row["when"] or row["published"])
    if facts.as_of is not None and (facts.as_of - counted.latest).days > STALE_DAYS:
        return [Difference("date", f"the number is of {row['when'] or row['published']}")]
    return []
