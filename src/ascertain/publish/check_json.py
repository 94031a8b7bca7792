"""A check's result as JSON (`ascertain-check/1`, see docs/check-json.md), and back again as corrected readings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from pydantic import ValidationError

from ascertain.errors import BadReadings
from ascertain.model.claim import Claim, Span
from ascertain.model.verdict import Checked, DecidingRow

FORMAT = "ascertain-check/1"
_READ_BACK = ("id", "frame", "modality", "negated", "speaker", "via", "slots", "rest", "left_out", "reason", "reader")


@dataclass(frozen=True, slots=True)
class CheckedStatement:
    """A statement as checked: what it is, as of when, every claim with its verdict, what could not be read.

    `names` gives the names, for people, of the ids that stand in the claims' slots.
    """

    exhibit: str
    original_name: str
    media_type: str
    title: str
    publisher: str
    published: str
    language: str
    url: str
    body: str
    as_of: str
    reference: tuple[tuple[str, str], ...]
    reader: str
    checker: str
    claims: tuple[Checked, ...]
    unread: tuple[Span, ...]
    notes: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)

    def verdicts(self) -> dict[str, int]:
        """How many claims have each verdict."""
        found = [checked.outcome.verdict.value for checked in self.claims]
        return {verdict: found.count(verdict) for verdict in dict.fromkeys(found)}


def to_json(statement: CheckedStatement) -> dict[str, Any]:
    """The result as plain JSON values."""
    return {
        "format": FORMAT,
        "statement": {
            "exhibit": statement.exhibit,
            "original_name": statement.original_name,
            "media_type": statement.media_type,
            "title": statement.title,
            "publisher": statement.publisher,
            "published": statement.published,
            "language": statement.language,
            "url": statement.url,
        },
        "as_of": statement.as_of,
        "reference": [{"name": name, "version": version} for name, version in statement.reference],
        "reader": statement.reader,
        "checker": statement.checker,
        "verdicts": statement.verdicts(),
        "claims": [_claim(checked) for checked in statement.claims],
        "names": dict(sorted(statement.names.items())),
        "unread": [span.model_dump() for span in statement.unread],
        "notes": list(statement.notes),
    }


def _claim(checked: Checked) -> dict[str, Any]:
    claim, outcome = checked.claim, checked.outcome
    return {
        "id": claim.id,
        "sentence": claim.sentence.text,
        "sentence_span": {"start": claim.sentence.start, "end": claim.sentence.end},
        "clause": claim.clause.model_dump(),
        "frame": claim.frame.value,
        "reading": checked.reading,
        "modality": claim.modality.value,
        "negated": claim.negated,
        "speaker": claim.speaker,
        "via": [slot.model_dump() for slot in claim.via],
        "slots": [slot.model_dump() for slot in claim.slots],
        "rest": [span.model_dump() for span in claim.rest],
        "left_out": [slot.model_dump() for slot in claim.left_out],
        "reader": claim.reader,
        "verdict": outcome.verdict.value,
        "reason": outcome.reason,
        "not_checkable_because": claim.reason,
        "differences": [asdict(difference) for difference in outcome.differences],
        "query": {"words": outcome.query.words, "sql": outcome.query.sql},
        "counts": [{"of": what, "number": number} for what, number in outcome.counts],
        "rows": _rows(outcome.rows),
        "denied_by": _rows(outcome.denied_by),
        "verdict_now": checked.later_verdict.value if checked.later_verdict else outcome.verdict.value,
        "changed_later": _rows(checked.changed_later),
    }


def _rows(rows: Iterable[DecidingRow]) -> list[dict[str, Any]]:
    return [{**asdict(row), "weight": row.weight.value} for row in rows]


def read_corrections(data: bytes, exhibit: str, body: str, author: str) -> tuple[Claim, ...]:
    """The claims of a readings file: the JSON of a check of the same statement, corrected by hand.

    Every claim of the file is taken, in its order; one that differs from what the reader read is signed by `author`.
    Raises BadReadings when the file is of another statement, or a span does not hold the words that it quotes.
    """
    try:
        plain = json.loads(data)
        claims = plain["claims"]
        belongs = plain["statement"]["exhibit"]
    except (ValueError, KeyError, TypeError) as error:
        raise BadReadings(
            "the readings file is not the JSON of a check", next_step="begin from `check --json`"
        ) from error
    if belongs != exhibit:
        raise BadReadings("the readings file is of another statement", next_step=f"it was made for exhibit {belongs}")
    if not isinstance(claims, list):
        raise BadReadings("`claims` is not a list", next_step="begin from `check --json`")
    return tuple(_corrected(number, plain_claim, exhibit, body, author) for number, plain_claim in enumerate(claims, 1))


def _corrected(number: int, plain: Mapping[str, Any], exhibit: str, body: str, author: str) -> Claim:
    try:
        fields = {name: plain[name] for name in _READ_BACK if name in plain}
        fields["reason"] = plain.get("not_checkable_because", "")
        span = plain["sentence_span"]
        fields["sentence"] = {**span, "text": plain["sentence"]}
        fields["clause"] = plain["clause"]
        claim = Claim.model_validate(fields)
    except (ValidationError, KeyError, TypeError) as error:
        raise BadReadings(f"claim {number} of the readings file: {str(error).splitlines()[0]}") from error
    for quoted in (
        claim.sentence,
        claim.clause,
        *(s.span for s in (*claim.via, *claim.slots, *claim.left_out)),
        *claim.rest,
    ):
        if body[quoted.start : quoted.end] != quoted.text:
            raise BadReadings(
                f"claim {number} of the readings file: “{quoted.text[:60]}” does not stand at {quoted.start}",
                next_step="a slot must quote the statement's own words",
            )
    if claim.identified(exhibit, claim.reader).id == claim.id:
        return claim
    return claim.identified(exhibit, f"corrected by {author}")
