"""From what a person says of a claim to a judgement of it, whichever way it was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ascertain.model.claim import Claim, Slot
from ascertain.read.anchor import IndexedText
from ascertain.read.review.judgement import Decision, Judgement
from ascertain.read.review.words import find_words, is_inside

# A slot as a person writes it: its name, its value, its words.
Written = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """One row of a file, or one thing said, that is no judgement: where it stands, and why."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Filed:
    """What a file says: judgements, what in it is none, and how many are in the name of others and are left to them."""

    judgements: tuple[Judgement, ...]
    problems: tuple[Problem, ...]
    others: int = 0


OTHERS: Final = "others"


def said_by(author: str, said: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The last of some judgements in JSON that is this author's, or nobody's."""
    own = [one for one in said if one.get("author", "") in ("", author)]
    return own[-1] if own else None


def corrected_slots(
    claim: Claim, wanted: Sequence[Written], text: IndexedText, before: Claim | None = None
) -> Claim | list[str]:
    """The claim with these slots in place of its own, each anchored to its words; or what is wrong with them.

    A slot that the claim, or an earlier correction of it (`before`), has with this value and these words keeps its
    place. No value: the words are the value.
    """
    known_slots = [*(before.slots if before else ()), *claim.slots]
    slots: list[Slot] = []
    problems: list[str] = []
    for name, value, words in wanted:
        known = _known(known_slots, name, value, words)
        if known is not None:
            known_slots.remove(known)
            slots.append(known)
            continue
        if not words.strip():
            problems.append(f"{name}: a value needs its words in the text")
            continue
        span = find_words(words, text, claim.sentence)
        if isinstance(span, str):
            problems.append(f"{name}: {span}")
        else:
            inherited = not is_inside(span, claim.sentence)
            slots.append(Slot(name=name, value=value.strip() or span.text, span=span, inherited=inherited))
    return problems or claim.model_copy(update={"slots": tuple(slots)})


def judge(
    claim: Claim, decision: Decision, author: str, exhibit: str, *, correction: Claim | None = None, reason: str = ""
) -> Judgement:
    """A judgement of a reader's claim; a correction gets an id of its own and is signed by its author.

    Raises ValueError for a correction without a changed claim, and for one with an acceptance or a rejection.
    """
    if (decision is Decision.CORRECTED) != (correction is not None):
        raise ValueError("a correction, and nothing else, comes with the claim as it should be")
    if correction is None:
        return Judgement(claim.id, decision, author, None, reason)
    return Judgement(claim.id, decision, author, signed(correction, author, exhibit), reason)


def add(claim: Claim, author: str, exhibit: str, reason: str = "") -> Judgement:
    """A judgement that adds a claim which no reader has."""
    added = signed(claim, author, exhibit)
    return Judgement(added.id, Decision.ADDED, author, added, reason)


def signed(claim: Claim, author: str, exhibit: str) -> Claim:
    """A claim as its author's own: no machine's confidence, an id that says whose it is."""
    return claim.model_copy(update={"confidence": None}).identified(exhibit, f"{PERSON}{author}")


PERSON = "corrected by "


def says_the_same(one: Claim, other: Claim) -> bool:
    """Whether two claims say the same with the same words, whoever signed them."""
    ignored: Mapping[str, object] = {"id": "", "reader": "", "confidence": None}
    return one.model_copy(update=ignored) == other.model_copy(update=ignored)


def _known(slots: Sequence[Slot], name: str, value: str, words: str) -> Slot | None:
    """The slot with this value and these words but for white space, which tables and editors change."""
    same = (s for s in slots if (s.name, s.value) == (name, value) and s.span.text.split() == words.split())
    return next(same, None)
