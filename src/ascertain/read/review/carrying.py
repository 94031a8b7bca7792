"""From a reader's version to the next: which new claim is the one that a person judged, if that is certain.

A judgement goes over when exactly one new claim is of the same frame, on words that overlap, with the same slots (or
those that the person corrected it to), and no other judged claim would go to it. What does not go over is listed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ascertain.model.claim import Claim, Span
from ascertain.read.anchor import IndexedText
from ascertain.read.review.judgement import Decision, Judgement
from ascertain.read.review.moving import between, placed_anew


class WhyNot(StrEnum):
    """Why a judgement goes to no claim of the newer reading."""

    NO_CLAIM = "the claim that it is about is not in the record"
    WORDS_GONE = "its words do not stand in the text as it is read now"
    NOT_READ = "the newer reader has no claim on these words"
    READ_OTHERWISE = "the newer reader reads these words otherwise"
    AMBIGUOUS = "the newer reader has several claims that it may be about"


@dataclass(frozen=True, slots=True)
class Lost:
    """A judgement that goes to no claim, and why; `machine` is the claim that was judged."""

    judgement: Judgement
    machine: Claim | None
    why: WhyNot


def same_reading(one: Claim, other: Claim) -> bool:
    """Whether two claims say the same with words that overlap, whatever their sentences and readers."""
    if one.frame is not other.frame or (one.negated, one.modality) != (other.negated, other.modality):
        return False
    return overlap(one.clause, other.clause) and _slots_agree(one, other)


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans share half of the shorter one, or more."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared > 0 and 2 * shared >= min(one.end - one.start, other.end - other.start)


def carry(
    judged: Mapping[str, Sequence[Judgement]],
    machines: Mapping[str, tuple[Claim, IndexedText]],
    newer: Sequence[Claim],
    text: IndexedText,
    corrections_in: Mapping[int, IndexedText],
) -> tuple[dict[str, list[Judgement]], list[Judgement], list[Lost]]:
    """Where judgements of an earlier reading go: by id of the newer claims; the added claims that stand by themselves.

    `judged` has the standing judgements by the id of the claim; `machines` that claim with the text that it points
    into; `corrections_in` the text that the correction of a judgement (by its entry) points into.
    """
    going: defaultdict[str, list[str]] = defaultdict(list)
    ready: dict[str, list[Judgement]] = {}
    added: list[Judgement] = []
    lost: list[Lost] = []
    for claim_id, judgements in judged.items():
        machine = machines.get(claim_id)
        placed = [_placed(one, text, corrections_in) for one in judgements]
        why = _target(machine, placed, newer, text)
        if any(one is None for one in placed):
            lost += [Lost(one, machine and machine[0], WhyNot.WORDS_GONE) for one in judgements]
        elif isinstance(why, Claim):
            going[why.id].append(claim_id)
            ready[claim_id] = [one for one in placed if one is not None]
        elif judgements[0].decision is Decision.ADDED and why is WhyNot.NOT_READ:
            added += [one for one in placed if one is not None]
        else:
            lost += [Lost(one, machine and machine[0], why) for one in judgements]
    carried: dict[str, list[Judgement]] = {}
    for target, sources in going.items():
        readers = [machines[one][0].reader if one in machines else "" for one in sources]
        if len(set(readers)) == len(readers):  # at most one claim of each version has become this one
            said = sorted((one for source in sources for one in ready[source]), key=lambda one: one.entered)
            carried[target] = list({one.author: one for one in said}.values())
        else:
            lost += [
                Lost(one, machines[source][0] if source in machines else None, WhyNot.AMBIGUOUS)
                for source in sources
                for one in judged[source]
            ]
    return carried, added, lost


def _placed(one: Judgement, text: IndexedText, corrections_in: Mapping[int, IndexedText]) -> Judgement | None:
    """A judgement with its correction's words where they stand now; None when they have no place."""
    if one.correction is None:
        return one
    there = placed_anew(one.correction, between(corrections_in.get(one.entered, text), text))
    return None if there is None else Judgement(
        one.claim, one.decision, one.author, there, one.reason, one.time, one.entered
    )  # fmt: skip


def _target(
    machine: tuple[Claim, IndexedText] | None,
    placed: Sequence[Judgement | None],
    newer: Sequence[Claim],
    text: IndexedText,
) -> Claim | WhyNot:
    """The one new claim that says what was judged."""
    wanted = [one.correction for one in placed if one is not None and one.correction is not None]
    if machine is not None:
        there = placed_anew(machine[0], between(machine[1], text))
        if there is None:
            return WhyNot.WORDS_GONE
        wanted.append(there)
    if not wanted:
        return WhyNot.NO_CLAIM
    same = [claim for claim in newer if any(same_reading(one, claim) for one in wanted)]
    if len(same) > 1:
        return WhyNot.AMBIGUOUS
    if same:
        return same[0]
    near = any(one.frame is claim.frame and overlap(one.clause, claim.clause) for one in wanted for claim in newer)
    return WhyNot.READ_OTHERWISE if near else WhyNot.NOT_READ


def _slots_agree(one: Claim, other: Claim) -> bool:
    """The same names and values, each on overlapping words."""
    left, right = (sorted(((s.name, s.value, s.span) for s in (*c.slots, *c.via)), key=_key) for c in (one, other))
    return len(left) == len(right) and all(
        a[:2] == b[:2] and overlap(a[2], b[2]) for a, b in zip(left, right, strict=True)
    )


def _key(slot: tuple[str, str, Span]) -> tuple[str, str, int]:
    return slot[0], slot[1], slot[2].start
