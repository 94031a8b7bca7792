"""A review as JSON (`ascertain-review/1`), whole, and back as judgements."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from ascertain.errors import UsageError
from ascertain.model.claim import Claim, Span
from ascertain.read.anchor import IndexedText
from ascertain.read.review.applying import Review
from ascertain.read.review.judgement import Decision, Judgement, spans_of
from ascertain.read.review.judging import OTHERS, Filed, Problem, add, judge, said_by, says_the_same

FORMAT = "ascertain-review/1"


def review_to_json(review: Review, exhibit: str) -> dict[str, Any]:
    """The review as plain JSON values: each claim, what the machine said, who judged it how, and what was lost."""
    return {
        "format": FORMAT,
        "exhibit": exhibit,
        "text_sha256": review.text.digest,
        "claims": [
            {
                "claim": (one.machine or one.claim).model_dump(mode="json"),
                "state": one.state.value,
                "carried_over": one.carried,
                "judgements": [judgement_to_json(said) for said in one.judgements],
            }
            for one in review.claims
        ],
        "lost": [
            {
                "why": lost.why.value,
                "judgement": judgement_to_json(lost.judgement),
                "claim": lost.machine.model_dump(mode="json") if lost.machine else None,
            }
            for lost in review.lost
        ],
    }


def judgement_to_json(one: Judgement) -> dict[str, Any]:
    """A judgement as plain JSON values."""
    return {
        "author": one.author,
        "time": one.time,
        "judgement": one.decision.value,
        "reason": one.reason,
        "correction": one.correction.model_dump(mode="json") if one.correction else None,
    }


def review_from_json(data: bytes, review: Review, author: str, exhibit: str) -> Filed:
    """The judgements that a file makes in `author`'s name, and what in it is none.

    Of each claim the last judgement by `author`, or by nobody, is taken; those of others are theirs to make. Raises
    UsageError for what is no review of this exhibit.
    """
    machines = {one.machine.id: one.machine for one in review.claims if one.machine is not None}
    judgements: list[Judgement] = []
    problems: list[Problem] = []
    others = 0
    for number, item in enumerate(_items(data, exhibit), 1):
        try:
            found = _judged(item, machines, review.text, author, exhibit)
        except (ValidationError, KeyError, TypeError, ValueError, AttributeError) as error:
            problems.append(Problem(f"claim {number}", f"not a judged claim: {str(error).splitlines()[0]}"))
            continue
        if isinstance(found, Judgement):
            judgements.append(found)
        elif found == OTHERS:
            others += 1
        elif found:
            problems.append(Problem(f"claim {number}", found))
    return Filed(tuple(judgements), tuple(problems), others)


def _items(data: bytes, exhibit: str) -> list[Any]:
    try:
        plain = json.loads(data)
        told, belongs, items = plain["format"], plain["exhibit"], plain["claims"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UsageError(
            "the file is not the JSON of a review", next_step="begin from `ascertain read review --export`"
        ) from error
    if told != FORMAT or not isinstance(items, list):
        raise UsageError(f"the file is not of the format {FORMAT}")
    if belongs != exhibit:
        raise UsageError("the file is a review of another exhibit", next_step=f"it was made for {str(belongs)[:64]}")
    return items


def _judged(
    item: Mapping[str, Any], machines: Mapping[str, Claim], text: IndexedText, author: str, exhibit: str
) -> Judgement | str:
    last = said_by(author, item["judgements"])
    if last is None:
        return OTHERS if item["judgements"] else ""
    reason = str(last.get("reason", ""))
    decision = Decision(last["judgement"])
    correction = Claim.model_validate(last["correction"]) if last.get("correction") else None
    if correction is not None:
        wrong = next((span for span in spans_of(correction) if not stands(span, text)), None)
        if wrong is not None:
            return f"“{wrong.text[:60]}” does not stand at {wrong.start}"
    if decision is Decision.ADDED:
        return add(correction, author, exhibit, reason) if correction else "an added claim is missing"
    machine = machines.get(str(item["claim"]["id"]))
    if machine is None:
        return f"no claim {str(item['claim']['id'])[:40]!r} of this exhibit as it is read now"
    if decision is Decision.CORRECTED and (correction is None or says_the_same(correction, machine)):
        return "it is corrected and yet as it was"
    return judge(machine, decision, author, exhibit, correction=correction, reason=reason)


def stands(span: Span, text: IndexedText) -> bool:
    """Whether a span's words stand at its place."""
    return 0 <= span.start <= span.end and text.body[span.start : span.end] == span.text
