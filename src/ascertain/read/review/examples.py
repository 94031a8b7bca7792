"""Judgements as training data: what people decided, in rows that a trainer reads."""

from __future__ import annotations

from typing import Any

from ascertain.model.claim import Claim, Slot
from ascertain.read.review.applying import Review, Reviewed, State

_RIGHT = frozenset({State.ACCEPTED, State.CORRECTED, State.ADDED})


def training_examples(review: Review) -> list[dict[str, Any]]:
    """A row a judged claim: its sentence, and the slots with their places in it, as people say and as the machine said.

    `right` says whether the sentence holds such a claim (rejected: no). Disputed and unjudged claims teach nothing and
    are left out. A slot whose words stand outside the sentence has no place and `start` -1.
    """
    return [_row(one) for one in review.claims if one.state in _RIGHT or one.state is State.REJECTED]


def _row(one: Reviewed) -> dict[str, Any]:
    claim = one.claim
    return {
        "claim": claim.id,
        "sentence": claim.sentence.text,
        "language": claim.language,
        "frame": claim.frame.value,
        "modality": claim.modality.value,
        "negated": claim.negated,
        "right": one.state in _RIGHT,
        "state": one.state.value,
        "slots": _slots(claim) if one.state in _RIGHT else [],
        "machine": _machine(one.machine) if one.machine else None,
    }


def _machine(claim: Claim) -> dict[str, Any]:
    return {
        "frame": claim.frame.value,
        "modality": claim.modality.value,
        "negated": claim.negated,
        "slots": _slots(claim),
        "reader": claim.reader,
        "confidence": claim.confidence,
    }


def _slots(claim: Claim) -> list[dict[str, Any]]:
    return [_slot(slot, claim) for slot in (*claim.via, *claim.slots)]


def _slot(slot: Slot, claim: Claim) -> dict[str, Any]:
    start, end = slot.span.start - claim.sentence.start, slot.span.end - claim.sentence.start
    inside = 0 <= start < end <= claim.sentence.end - claim.sentence.start
    place = {"start": start, "end": end} if inside else {"start": -1, "end": -1}
    return {"name": slot.name, "value": slot.value, "words": slot.span.text, **place}
