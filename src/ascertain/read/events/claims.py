"""Incidents of a text as claims of the frame attack, every slot with its own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ascertain.model.claim import Claim, Frame, Modality, Slot, Span
from ascertain.read.events.incidents import Incident
from ascertain.read.events.mention import Mention
from ascertain.read.events.sentence import SentenceEvents, Told

_SLOTS: Final = ("when", "place", "agent", "weapon", "actor", "target", "victim")


def attack_claims(
    body: str,
    incidents: Iterable[Incident],
    speaker: str,
    language: str,
    unsure: frozenset[tuple[int, int]] = frozenset(),
) -> Iterator[Claim]:
    """A claim an incident, and one of its denial where the text denies it.

    The same value is taken once, with the words that say it first. `speaker` is the id of the party that speaks;
    `unsure` are the places of actors who are only accused: they are no actors of the attack's claim.
    """
    for incident in incidents:
        if incident.told:
            yield _claim(body, incident, incident.told, speaker, language, unsure)
        if incident.denied:
            claim = _claim(body, incident, incident.denied, speaker, language, unsure)
            yield claim.model_copy(update={"frame": Frame.DENIAL, "modality": Modality.DENIED, "negated": True})


def _claim(
    body: str,
    incident: Incident,
    told: list[tuple[SentenceEvents, Told]],
    speaker: str,
    language: str,
    unsure: frozenset[tuple[int, int]],
) -> Claim:
    sentence, first = told[0]
    mentions = [
        one for _, by in told for one in by.mentions if one.slot != "actor" or (one.start, one.end) not in unsure
    ]
    return Claim(
        frame=Frame.ATTACK,
        sentence=sentence.sentence,
        clause=sentence.sentence,
        speaker=speaker,
        slots=(_type(incident.type, told, first.words), *_slots(body, mentions)),
        incident=incident.number,
        language=language,
    )


def _type(attack_type: str, told: list[tuple[SentenceEvents, Told]], words: Span) -> Slot:
    said = next((one.words for _, one in told if one.trigger.type == attack_type), None)
    return Slot(name="type", value=attack_type if said else told[0][1].trigger.type, span=said or words)


def _slots(body: str, mentions: Sequence[Mention]) -> Iterator[Slot]:
    for name in _SLOTS:
        for mention in _once([one for one in mentions if one.slot == name]):
            span = Span(start=mention.start, end=mention.end, text=body[mention.start : mention.end])
            yield Slot(name=name, value=mention.value, span=span)
            if mention.point:
                yield Slot(name="point", value=mention.point, span=span)


def _once(mentions: Sequence[Mention]) -> Iterator[Mention]:
    seen: set[str] = set()
    for mention in mentions:
        if mention.value not in seen:
            seen.add(mention.value)
            yield mention
