"""A reader's claims with what people say of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ascertain.model.claim import Claim
from ascertain.read.anchor import IndexedText
from ascertain.read.review.carrying import Lost, carry
from ascertain.read.review.judgement import Judgement, is_disputed, standing


class State(StrEnum):
    """How a claim stands."""

    OPEN = "not judged"
    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    REJECTED = "rejected"
    ADDED = "added"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A claim, what the machine said (None: a person added it), and every judgement that stands.

    `claim` is the correction where all who judged agree on one, else the machine's. `carried`: the judgements were
    made on an earlier version of the reader.
    """

    claim: Claim
    machine: Claim | None
    judgements: tuple[Judgement, ...]
    carried: bool = False

    @property
    def state(self) -> State:
        """How the claim stands; disputed when two people say different things of it."""
        if not self.judgements:
            return State.OPEN
        return State.DISPUTED if is_disputed(self.judgements) else State(self.judgements[0].decision.value)


@dataclass(frozen=True, slots=True)
class Review:
    """The claims of a text in its order, with the judgements, and those judgements that no claim answers to."""

    text: IndexedText
    claims: tuple[Reviewed, ...]
    lost: tuple[Lost, ...] = ()

    def open_for(self, author: str) -> list[Reviewed]:
        """What an author has not judged."""
        return [one for one in self.claims if author not in {judgement.author for judgement in one.judgements}]


def apply_judgements(
    claims: Sequence[Claim],
    judgements: Sequence[Judgement],
    text: IndexedText,
    *,
    earlier: Mapping[str, tuple[Claim, IndexedText]] | None = None,
    corrections_in: Mapping[int, IndexedText] | None = None,
) -> Review:
    """A reader's claims with the judgements, made of these claims or of those of an earlier version.

    `earlier` has the claims of earlier versions, with the text that each points into; `corrections_in`, by the entry
    of a judgement, the text that its correction points into, where that is another.
    """
    ids = {claim.id for claim in claims}
    direct: dict[str, list[Judgement]] = {}
    older: dict[str, list[Judgement]] = {}
    for one in standing(judgements):
        (direct if one.claim in ids else older).setdefault(one.claim, []).append(one)
    free = [claim for claim in claims if claim.id not in direct]
    carried, added, lost = carry(older, earlier or {}, free, text, corrections_in or {})
    found = [_reviewed(claim, direct.get(claim.id), carried.get(claim.id)) for claim in claims]
    for claim_id in dict.fromkeys(one.claim for one in added):
        said = tuple(one for one in added if one.claim == claim_id)
        correction = said[0].correction
        if correction is not None:
            found.append(Reviewed(correction, None, said))
    found.sort(key=lambda one: (one.claim.sentence.start, one.claim.clause.start, one.claim.id))
    return Review(text, tuple(found), tuple(lost))


def _reviewed(claim: Claim, direct: list[Judgement] | None, carried: list[Judgement] | None) -> Reviewed:
    said = tuple(direct or carried or ())
    correction = said[0].correction if said and not is_disputed(said) else None
    return Reviewed(correction or claim, claim, said, carried=not direct and bool(carried))


def results(review: Review) -> list[Claim]:
    """The claims that stand after review: not those rejected, as corrected; disputed ones as the machine has them."""
    return [one.claim for one in review.claims if one.state is not State.REJECTED]


def decisions(review: Review) -> dict[str, int]:
    """How many claims stand in each way."""
    found = [one.state.value for one in review.claims]
    return {state: found.count(state) for state in dict.fromkeys(found)}
