"""Who is said to be behind the incidents of a text, by whom and how surely, as claims of the frame attribution."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ascertain.model.claim import Claim, Modality
from ascertain.read.events.incidents import Incident
from ascertain.read.events.sentence import SentenceEvents
from ascertain.read.surety import Attribution, Named, Surety, attribution_claims, attributions, surety_words

_SURE = frozenset({Modality.ASSERTED, Modality.REPORTED})


def blame(
    body: str, incidents: Sequence[Incident], told: Sequence[SentenceEvents], about: Sequence[int], language: str
) -> list[tuple[int, Attribution]]:
    """What the sentences say of whoever did it, each with the number of its incident.

    Those whom the events name as actors, and others in a sentence that tells of one whom somebody accuses, suspects or
    clears: "the opposition accused government forces of the strike". `about` gives each sentence's incident.
    """
    of_sentence = {one.sentence.start: number for one, number in zip(told, about, strict=True)}
    actors = {(m.start, m.end) for incident in incidents for m in incident.actors()}
    named = {(m.start, m.end): m.value for one in told if one.told for m in one.named}
    spans = [(one.sentence.start, one.sentence.end) for one in told if one.told]
    mentions = [Named(start, end, value) for (start, end), value in sorted(named.items())]
    found = attributions(body, mentions, surety_words(language), spans)
    return [
        (of_sentence[one.sentence.start], one)
        for one in found
        if (one.actor.start, one.actor.end) in actors or _is_blamed(one)
    ]


def _is_blamed(one: Attribution) -> bool:
    """Whether words say how surely somebody did it, who is not merely the one who says so."""
    speaks = any(source.span.start < one.actor.end and one.actor.start < source.span.end for source in one.sources)
    if one.surety is Surety.CLAIMED:
        return True
    return bool(one.cues) and one.surety not in (Surety.REPORTED, Surety.NONE) and not speaks


def unsure(found: Sequence[tuple[int, Attribution]]) -> frozenset[tuple[int, int]]:
    """Where those are named who are only accused, denied or imagined to have done it: no actors of a plain attack."""
    return frozenset(
        (one.actor.start, one.actor.end)
        for _, one in found
        if one.modality not in _SURE or one.surety not in (Surety.REPORTED, Surety.CLAIMED)
    )


def blame_claims(found: Sequence[tuple[int, Attribution]], speaker: str, language: str) -> Iterator[Claim]:
    """A claim for each; where the author says it without a word of how surely, the attack's own claim has said it."""
    for incident, one in found:
        if one.cues or one.sources:
            yield from attribution_claims([one], speaker, language, incident)
