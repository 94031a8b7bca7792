"""A public statement's sentences to claims: what is asserted, by whom, and what is no assertion at all."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from ascertain.model.claim import Claim, Frame, Modality, Slot, Span
from ascertain.read.anaphora import Context, carry_over, resolve
from ascertain.read.coding import Coded, code_sentence
from ascertain.read.cores import Core, find_cores
from ascertain.read.lexicon import Lexicon
from ascertain.read.mood import MENTION, Mood, find_cue, mood_of
from ascertain.read.rest import left_out, rest_of, without_resolved
from ascertain.read.sentences import sentences
from ascertain.read.surroundings import announces, comments, surrounded, with_rest
from ascertain.read.tokens import fold
from ascertain.read.when import SEVERAL

NAME = "statement-rules"
VERSION = "1"
READER = f"{NAME}@{VERSION}"
_DOMAIN = frozenset({"party", "place", "zone", "agent", "count", "agreement"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of a text: its claims in their order, and the sentences that it could not read."""

    claims: tuple[Claim, ...]
    unread: tuple[Span, ...]


def read_statement(
    body: str, blocks: list[tuple[int, int]], lexicon: Lexicon, written: datetime.date | None, speaker: str
) -> Reading:
    """The claims of a statement.

    `blocks` are the parts of `body` (start, end) that are running text; `written` is the statement's date, from which
    dates without a year take theirs; `speaker` the id of the party that speaks, or nothing. Deterministic.
    """
    claims: list[Claim] = []
    announced: list[Span] = []
    before: list[str] = []
    last: Span | None = None
    place: Span | None = None
    unread: list[Span] = []
    context = Context()
    for block_start, block_end in blocks:
        announced = [span for span in announced if not span.text.endswith(".")]  # headings, and "…:"
        place = None if last is not None and last.text.endswith(".") else place
        for start, end in sentences(body, block_start, block_end):
            coded = code_sentence(body, start, end, lexicon, written)
            found = _read_sentence(coded, lexicon, speaker, context)
            if all(c.frame is Frame.NOT_CHECKABLE for c in found) and comments(coded, lexicon.language):
                claims = [with_rest(c, [coded.sentence]) if c.sentence == last else c for c in claims]
            last = coded.sentence
            if announces(coded, lexicon.language):
                announced.append(coded.sentence)
            earlier = bool(before)
            before.extend(token.form for token in coded.tokens)
            places = [*([place] if place else []), *_places(coded, lexicon)]
            place = places[-1] if places else None
            claims += [_after(claim, announced, before if earlier else [], places, lexicon) for claim in found]
            context = context.after(coded, found)
            if not found and len(coded.tokens) > 3:
                unread.append(coded.sentence)
    return Reading(tuple(claims), tuple(unread))


def _after(claim: Claim, announced: list[Span], before: list[str], places: list[Span], lexicon: Lexicon) -> Claim:
    """A claim with what the sentences before it leave open: whose words it is, which regime "the regime" is."""
    spans = [span for span in announced if span != claim.sentence]
    for slot in claim.slots:
        needed = lexicon.language.antecedents.get(fold(slot.span.text)) if slot.name == "actor" else None
        if needed and before and not any(word.startswith(needed) for word in before):
            spans.append(slot.span)
    named = {slot.name for slot in claim.slots}
    earlier = [place for place in places if place.end <= claim.clause.start]
    of_one_place = claim.frame is Frame.FINDING or (claim.frame is Frame.ATTRIBUTION and "body" in named)
    if earlier and of_one_place and not named & {"place", "zone", "count"}:
        spans.append(earlier[-1])
    return with_rest(claim, spans)


def _places(coded: Coded, lexicon: Lexicon) -> list[Span]:
    """The places that a sentence names, but for the country: a claim after them without one may be about them."""
    country = tuple(beginning for words in lexicon.language.antecedents.values() for beginning in words)
    marks = [m for m in coded.marks if m.kind in ("place", "zone")]
    return [coded.span(m.first, m.last) for m in marks if not coded.tokens[m.first].form.startswith(country)]


def _read_sentence(coded: Coded, lexicon: Lexicon, speaker: str, context: Context) -> list[Claim]:
    language = lexicon.language
    cores = find_cores(coded, language)
    judged = [(core, mood_of(coded, core, cores, language)) for core in cores]
    # What is only named under words that were not read is left to the sentence as a whole.
    cores = [core for core, mood in judged if mood.reason != MENTION]
    moods = [mood for _, mood in judged if mood.reason != MENTION]
    used = set().union(*(core.tokens(coded) | mood.tokens for core, mood in zip(cores, moods, strict=True)))
    claims = [
        resolve(
            _claim(coded, core, mood, speaker, rest_of(coded, core, mood, used, language)),
            coded,
            core,
            context,
            language,
        )
        for core, mood in zip(cores, moods, strict=True)
    ]
    claims = [without_resolved(claim) for claim in carry_over(claims, cores, coded)]
    claims = surrounded(coded, claims, used, language)
    cue = find_cue(coded, used, language)
    if coded.sentence.text.rstrip("\"'”’») ").endswith(("?", "؟")):
        claims = [c.model_copy(update={"modality": Modality.HYPOTHETICAL, "reason": "question"}) for c in claims]
        cue = cue or "question"
    if cue and not any(c.modality is Modality.HYPOTHETICAL for c in claims):
        claims.append(_bare(coded, Frame.NOT_CHECKABLE, speaker, cue))
    if not claims and any(mark.kind in _DOMAIN for mark in coded.marks) and len(coded.tokens) > 5:
        claims.append(resolve(_other(coded, speaker), coded, None, context, language))
    return sorted(claims, key=lambda claim: claim.clause.start)


def _claim(coded: Coded, core: Core, mood: Mood, speaker: str, rest: tuple[Span, ...]) -> Claim:
    tokens = core.tokens(coded) | mood.tokens
    denied = mood.modality is Modality.DENIED
    return Claim(
        frame=Frame.DENIAL if denied else core.pattern.frame,
        sentence=coded.sentence,
        clause=coded.span(min(tokens), max(tokens) + 1),
        modality=mood.modality,
        negated=core.pattern.negated or denied,
        speaker=speaker,
        via=mood.via,
        slots=(*core.slots, *mood.slots),
        rest=rest,
        left_out=left_out(coded, rest),
        reason=mood.reason,
    )


def _bare(coded: Coded, frame: Frame, speaker: str, reason: str) -> Claim:
    return Claim(frame=frame, sentence=coded.sentence, clause=coded.sentence, speaker=speaker, reason=reason)


def _other(coded: Coded, speaker: str) -> Claim:
    """A sentence about things of the record in a frame that this reader does not know: kept, with what it names."""
    from_marks = [
        ({"party": "actor", "date": "when"}.get(mark.kind, mark.kind), mark)
        for mark in coded.marks
        if mark.kind in ("party", "place", "zone", "agent", "agreement", "date")
    ]
    slots = tuple(
        Slot(name=name, value=m.value.split(SEVERAL)[0], span=coded.span(m.first, m.last)) for name, m in from_marks
    )
    return Claim(frame=Frame.OTHER, sentence=coded.sentence, clause=coded.sentence, speaker=speaker, slots=slots)
