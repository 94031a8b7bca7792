"""Tolls as claims of the frame estimate, every slot with its own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ascertain.model.claim import Claim, Frame, Modality, Slot, Span
from ascertain.read.tolls.toll import Role, Scope, Toll


def toll_claims(
    sentence: Span, tolls: Iterable[Toll], speaker: str, language: str, incident: int = 0
) -> Iterator[Claim]:
    """A claim a toll, so that two claimants' tolls stay apart.

    A part, an earlier figure and one beyond others have a slot `role`, what is not of the event alone a slot `scope`:
    who adds tolls up must look at both. Their span is the number's.

    `speaker` is the id of the party that speaks in the text, `incident` the incident's number in it (0: not known).
    """
    for toll in tolls:
        yield Claim(
            frame=Frame.ESTIMATE,
            sentence=sentence,
            clause=sentence,
            modality=toll.modality,
            negated=toll.modality is Modality.DENIED,
            speaker=speaker,
            via=tuple(Slot(name="via", value=span.text, span=span) for span in toll.claimants),
            slots=tuple(_slots(toll)),
            incident=incident,
            language=language,
        )


def _slots(toll: Toll) -> Iterator[Slot]:
    yield Slot(name=toll.kind.value, value=toll.count.notation(), span=toll.number_words)
    yield Slot(name="measure", value=toll.kind.value, span=toll.kind_words)
    if toll.group and toll.group_words:
        yield Slot(name="group", value=toll.group, span=toll.group_words)
    if toll.role is not Role.TOTAL:
        yield Slot(name="role", value=toll.role.value, span=toll.number_words)
    if toll.scope is not Scope.EVENT:
        yield Slot(name="scope", value=toll.scope.value, span=toll.number_words)
