"""A claim's words in another text: the same exhibit read again, by a newer reader or OCR engine."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from ascertain.model.claim import Claim, Slot, Span
from ascertain.read.anchor import Anchored, How, IndexedText, Selector, TextQuote, anchor, select

Place = Callable[[Span], Span | None]


def placed_anew(claim: Claim, place: Place) -> Claim | None:
    """The claim with every span where `place` says that it stands; None when one of them has no place."""
    spans = (claim.sentence, claim.clause, *claim.rest)
    slots = (*claim.via, *claim.slots, *claim.left_out)
    found = {span: place(span) for span in (*spans, *(slot.span for slot in slots))}
    if None in found.values():
        return None

    def of(slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
        return tuple(slot.model_copy(update={"span": found[slot.span]}) for slot in slots)

    changed = {"sentence": found[claim.sentence], "clause": found[claim.clause]}
    several = {"via": of(claim.via), "slots": of(claim.slots), "left_out": of(claim.left_out)}
    return claim.model_copy(update={**changed, **several, "rest": tuple(found[span] for span in claim.rest)})


def between(old: IndexedText, new: IndexedText) -> Place:
    """From a place in the old text to that of the same words in the new one.

    Words with slips in them are no place: a person judged other letters.
    """
    same = old.digest == new.digest

    @cache
    def place(span: Span) -> Span | None:
        if not span.text or not 0 <= span.start < span.end <= len(old.body):
            return span if span.start == span.end else None
        if old.body[span.start : span.end] != span.text:
            return None
        return span if same else _found(select(old, span.start, span.end), new)

    return place


def as_quoted(text: IndexedText) -> Place:
    """From a span that may be of another text to its place: where it says, or else where its words stand."""

    def place(span: Span) -> Span | None:
        if 0 <= span.start <= span.end and text.body[span.start : span.end] == span.text:
            return span
        return _found(Selector(TextQuote(span.text)), text)

    return place


def _found(selector: Selector, text: IndexedText) -> Span | None:
    found = anchor(selector, text)
    if not isinstance(found, Anchored) or found.how is How.CLOSE:
        return None
    return Span(start=found.start, end=found.end, text=found.text)
