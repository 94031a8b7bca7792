"""A judgement: what a person says of a claim. The machine's claim and the person's stand beside each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ascertain.model.claim import Claim, Span


class Decision(StrEnum):
    """What somebody decides of a claim."""

    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    REJECTED = "rejected"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Somebody's decision on a claim.

    `claim` is the id of the claim that was judged, or of the one that was added; `correction` the claim as it should
    be (corrected, added), or nothing; `time` and `entered` say when, and which entry of the log it is.
    """

    claim: str
    decision: Decision
    author: str
    correction: Claim | None = None
    reason: str = ""
    time: str = ""
    entered: int = -1


def standing(judgements: Iterable[Judgement]) -> list[Judgement]:
    """The judgements that stand: of each claim the last of each author, in the order of their entries."""
    last: dict[tuple[str, str], Judgement] = {}
    for one in judgements:
        last.pop((one.claim, one.author), None)
        last[one.claim, one.author] = one
    return list(last.values())


def is_disputed(judgements: Iterable[Judgement]) -> bool:
    """Whether several people say different things of one claim."""
    said = {(one.decision, _content(one.correction) if one.correction else None) for one in judgements}
    return len(said) > 1


def spans_of(claim: Claim) -> tuple[Span, ...]:
    """Every span of a claim: sentence, clause, and the words of all its slots."""
    slots = (*claim.via, *claim.slots, *claim.left_out)
    return (claim.sentence, claim.clause, *(slot.span for slot in slots), *claim.rest)


def _content(claim: Claim) -> str:
    """What a claim says, whoever signed it."""
    return claim.model_copy(update={"id": "", "reader": "", "confidence": None}).model_dump_json()
