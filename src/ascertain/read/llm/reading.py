"""From a model's answers to claims: only what stands in the text survives.

A claim whose quote is not found in one place is dropped, and so is each slot whose words are not, or whose value our
own readers do not read from those words. Everything dropped is counted, with its reason. Nothing in an answer is
executed, followed or shown unread: it can at worst be a wrong claim over words that do stand in the text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ascertain.model.claim import Claim, Frame, Modality, Slot, Span
from ascertain.read.llm.answer import Answer, QuotedClaim
from ascertain.read.llm.chunks import Chunk
from ascertain.read.llm.prompt import Prompt
from ascertain.read.llm.quotes import Passages
from ascertain.read.llm.values import Context, value_of
from ascertain.read.sentences import sentences

_MODALITIES = frozenset(Modality)
_LARGEST_INCIDENT = 1000


class Dropped(StrEnum):
    """Why something of an answer is left out."""

    MALFORMED = "malformed claim"
    UNKNOWN = "unknown frame, modality or slot"
    QUOTE = "quote not in the text, or in several places"
    VALUE = "value that the quoted words do not say"
    NOTHING_LEFT = "claim without what its frame needs"
    TWICE = "claim read twice where pieces overlap"


@dataclass(frozen=True, slots=True)
class LlmReading:
    """The claims of a text in its order, and how much was dropped for which reason."""

    claims: tuple[Claim, ...]
    dropped: Mapping[Dropped, int]


def read_answers(
    body: str, answers: Iterable[tuple[Chunk, Answer]], prompt: Prompt, context: Context, speaker: str = ""
) -> LlmReading:
    """The claims of the answers to a text's pieces. `speaker` is the id of the party that speaks, or nothing."""
    dropped: Counter[Dropped] = Counter()
    kept: dict[tuple[object, ...], Claim] = {}
    passages, incidents = Passages(body), 0
    for chunk, answer in answers:
        dropped[Dropped.MALFORMED] += answer.malformed
        before = incidents
        for quoted in answer.claims:
            claim = _claim(passages, chunk, quoted, prompt, context, dropped)
            if claim is None:
                continue
            incidents = max(incidents, before + claim.incident)
            numbered = before + claim.incident if claim.incident else 0
            claim = claim.model_copy(update={"speaker": speaker, "incident": numbered})
            dropped[Dropped.TWICE] += _said(claim) in kept
            kept.setdefault(_said(claim), claim)
    claims = tuple(sorted(kept.values(), key=lambda claim: (claim.clause.start, claim.clause.end, claim.frame)))
    return LlmReading(claims, {reason: number for reason, number in dropped.items() if number})


def _said(claim: Claim) -> tuple[object, ...]:
    slots = tuple(sorted((slot.name, slot.value, slot.span.start) for slot in claim.slots))
    return (claim.frame, claim.clause.start, claim.clause.end, claim.modality, claim.negated, slots)


def _claim(
    passages: Passages, chunk: Chunk, quoted: QuotedClaim, prompt: Prompt, context: Context, dropped: Counter[Dropped]
) -> Claim | None:
    if quoted.frame not in prompt.frames or quoted.modality not in _MODALITIES:
        dropped[Dropped.UNKNOWN] += 1
        return None
    clause = passages.place(quoted.quote, chunk.start, chunk.end)
    if clause is None:
        dropped[Dropped.QUOTE] += 1
        return None
    slots = tuple(_slots(passages, chunk, clause, quoted, prompt, context, dropped))
    if prompt.needs[quoted.frame].isdisjoint(slot.name for slot in slots):
        dropped[Dropped.NOTHING_LEFT] += 1
        return None
    return Claim(
        frame=Frame(quoted.frame),
        sentence=_sentence(passages.body, clause, chunk),
        clause=clause,
        modality=Modality(quoted.modality),
        negated=quoted.negated,
        via=tuple(_via(passages, chunk, clause, quoted, context, dropped)),
        slots=slots,
        incident=quoted.incident if 0 < quoted.incident <= _LARGEST_INCIDENT else 0,
        language=context.language,
    )


def _slots(
    passages: Passages,
    chunk: Chunk,
    clause: Span,
    quoted: QuotedClaim,
    prompt: Prompt,
    context: Context,
    dropped: Counter[Dropped],
) -> Iterator[Slot]:
    for slot in dict.fromkeys(quoted.slots):
        if slot.name not in prompt.slots[quoted.frame]:
            dropped[Dropped.UNKNOWN] += 1
            continue
        span = _within(slot.quote, passages, chunk, clause)
        if span is None:
            dropped[Dropped.QUOTE] += 1
            continue
        value = value_of(slot.name, span.text, slot.value.strip(), context)
        if not value:
            dropped[Dropped.VALUE] += 1
            continue
        inherited = span.start < clause.start or span.end > clause.end
        yield Slot(name=slot.name, value=value, span=span, inherited=inherited)


def _via(
    passages: Passages, chunk: Chunk, clause: Span, quoted: QuotedClaim, context: Context, dropped: Counter[Dropped]
) -> Iterator[Slot]:
    for words in quoted.via:
        span = _within(words, passages, chunk, clause)
        if span is None:
            dropped[Dropped.QUOTE] += 1
        else:
            yield Slot(name="via", value=value_of("body", span.text, "", context), span=span)


def _within(quote: str, passages: Passages, chunk: Chunk, clause: Span) -> Span | None:
    """The words of a slot: in the claim's clause, or else in one place of the piece."""
    return passages.place(quote, clause.start, clause.end) or passages.place(quote, chunk.start, chunk.end)


def _sentence(body: str, clause: Span, chunk: Chunk) -> Span:
    """The sentence or sentences that the clause stands in."""
    spans = [one for one in sentences(body, chunk.start, chunk.end) if one[0] < clause.end and one[1] > clause.start]
    start = min([clause.start, *(span[0] for span in spans)])
    end = max([clause.end, *(span[1] for span in spans)])
    return Span(start=start, end=end, text=body[start:end])
