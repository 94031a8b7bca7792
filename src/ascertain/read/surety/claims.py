"""Attributions as claims of a record: frames attribution and denial, every slot with its own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ascertain.model.claim import Claim, Frame, Modality, Slot
from ascertain.model.claim import Span as Words
from ascertain.read.surety.attribution import Attribution, Surety


def attribution_claims(
    found: Iterable[Attribution], speaker: str = "", language: str = "", incident: int = 0
) -> Iterator[Claim]:
    """A claim an attribution: slots `actor` and `surety` (its words are the first cue), `via` outermost first.

    What is said without any cue has no words for how surely and so no slot `surety`; what is imagined is a claim of
    modality hypothetical; a denial is of frame denial.
    """
    for one in found:
        denied = one.modality is Modality.DENIED
        yield Claim(
            frame=Frame.DENIAL if denied else Frame.ATTRIBUTION,
            sentence=one.sentence,
            clause=one.sentence,
            modality=one.modality,
            negated=denied,
            speaker=speaker,
            via=tuple(Slot(name="via", value=source.span.text, span=source.span) for source in one.sources),
            slots=tuple(_slots(one)),
            language=language,
            incident=incident,
            confidence=one.confidence,
        )


def _slots(one: Attribution) -> Iterator[Slot]:
    start, end = one.actor.start, one.actor.end
    text = one.sentence.text[start - one.sentence.start : end - one.sentence.start]
    yield Slot(name="actor", value=one.actor.value, span=Words(start=start, end=end, text=text))
    if one.surety is not Surety.NONE and one.cues:
        yield Slot(name="surety", value=one.surety.value, span=one.cues[0])
