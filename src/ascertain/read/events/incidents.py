"""Which mentions of events in one text are of the same incident: incidents are kept apart, mentions are not counted.

A mention joins the last incident that it can be of: a type that fits, no other day, no other place, and either words
that speak of an event as known, or the same day or place, or nothing of its own. What is said to be another or a second
one opens an incident. Decided in the order of the text, so that reading is deterministic.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ascertain.model.claim import Span
from ascertain.model.vocabulary import kinds_of_attack
from ascertain.read.events.mention import Mention
from ascertain.read.events.sentence import SentenceEvents, Told
from ascertain.read.events.triggers import Realis


@dataclass
class Incident:
    """An incident of a text: the mentions that tell it, and those that deny it, each with its sentence."""

    number: int
    told: list[tuple[SentenceEvents, Told]] = field(default_factory=list)
    denied: list[tuple[SentenceEvents, Told]] = field(default_factory=list)

    _distinct: dict[str, dict[str, Mention]] = field(default_factory=dict)
    _type: str = ""

    @property
    def type(self) -> str:
        """The narrowest type that a mention gives; the first of several."""
        return self._type

    def add(self, sentence: SentenceEvents, told: Told) -> None:
        """Take a mention in. What it adds is kept ready: a text may tell of one incident in thousands of sentences."""
        asserted = told.trigger.realis is Realis.ASSERTED
        if asserted and not self.told:  # what was only denied so far is told now: its own mentions count
            self._distinct, self._type = {}, ""
        (self.told if asserted else self.denied).append((sentence, told))
        if asserted or not self.told:
            self._type = max(self._type or told.trigger.type, told.trigger.type, key=_narrowness)
            for one in told.mentions:
                self._distinct.setdefault(one.slot, {}).setdefault(one.value, one)

    def mentions(self, slot: str) -> list[Mention]:
        """What fills a slot, each value once, in the order of the text."""
        return list(self._distinct.get(slot, {}).values())

    def actors(self) -> list[Mention]:
        """Every mention of somebody who is said to have done it."""
        return [one for _, told in self.told or self.denied for one in told.of("actor")]


def _narrowness(attack_type: str) -> tuple[bool, int]:
    return not _is_any(attack_type), len(kinds_of_attack(attack_type))


def group(sentences: Iterable[SentenceEvents]) -> list[Incident]:
    """The incidents of a text. Mentions in the mood of a threat, a forecast or another time open none and join none."""
    incidents: list[Incident] = []
    for sentence in sentences:
        here: list[Incident] = []
        for told in sentence.told:
            realis = told.trigger.realis
            if realis not in (Realis.ASSERTED, Realis.DENIED):
                continue
            known = _known(told, incidents, here)
            if known is None:
                known = Incident(len(incidents) + 1)
                incidents.append(known)
            known.add(sentence, told)
            if realis is Realis.ASSERTED:
                here.append(known)
    return incidents


def about_incidents(incidents: Iterable[Incident], sentences: Iterable[Span]) -> list[int]:
    """For each sentence of a text the number of the incident that it is about: its first, or the last before it."""
    first: dict[int, int] = {}
    for incident in incidents:
        for sentence, _ in incident.told:
            first.setdefault(sentence.sentence.start, incident.number)
    about, last = [], 0
    for span in sentences:
        last = first.get(span.start, last)
        about.append(last)
    return about


def _known(told: Told, incidents: list[Incident], here: list[Incident]) -> Incident | None:
    trigger = told.trigger
    if trigger.indefinite and not here:
        same = [one for one in incidents[-_REMEMBERED:] if _same_day_and_place(told, one) and _types_fit(told, one)]
        return same[-1] if same else None
    if trigger.realis is Realis.DENIED:
        return next((one for one in reversed(incidents[-_REMEMBERED:]) if _is_denial_of(told, one)), None)
    for incident in reversed(incidents[-_REMEMBERED:]):
        if not incident.told or not _types_fit(told, incident) or _conflict(told, incident):
            continue
        if incident in here or trigger.definite or trigger.generic_word or trigger.verb:
            return incident
        if _same(told, incident, "when") or _same(told, incident, "place"):
            return incident
        if not told.of("when") and not told.of("place"):
            return incident
    return None


def _is_denial_of(told: Told, incident: Incident) -> bool:
    """Whether what is denied is this incident: spoken of as known, or on its day or at its place."""
    if not _types_fit(told, incident) or _conflict(told, incident):
        return False
    return told.trigger.definite or _same(told, incident, "when") or _same(told, incident, "place")


def _is_any(attack_type: str) -> bool:
    return attack_type in ("attack", "remote_violence", "killing")


def _types_fit(told: Told, incident: Incident) -> bool:
    """Whether one type is the other, or wider; "attack" fits whatever happened, "killed" whatever kills."""
    one, other = told.trigger.type, incident.type
    if "attack" in (one, other) or one in kinds_of_attack(other) or other in kinds_of_attack(one):
        return True
    return any(a == "killing" and _LETHAL & set(kinds_of_attack(b)) for a, b in ((one, other), (other, one)))


_REMEMBERED = 50  # incidents back that a mention may be of: a list of a thousand strikes is read in linear time
_LETHAL = frozenset({"remote_violence", "battle", "attack"})


def _conflict(told: Told, incident: Incident) -> bool:
    """Whether a mention has a day, a place or somebody behind it that the incident cannot have."""
    when, where = told.of("when"), told.of("place")
    days, places = incident.mentions("when"), incident.mentions("place")
    other_day = bool(when and days) and not any(_overlap(a, b) for a in when for b in days)
    other_place = bool(where and places) and not any(_nested(a, b) for a in where for b in places)
    who, others = told.of("actor"), incident.mentions("actor")
    other_actor = bool(who and others) and not {a.value for a in who} & {b.value for b in others}
    return other_day or other_place or (other_actor and not told.trigger.definite)


def _same(told: Told, incident: Incident, slot: str) -> bool:
    fits = _overlap if slot == "when" else _nested
    return any(fits(a, b) for a in told.of(slot) for b in incident.mentions(slot))


def _same_day_and_place(told: Told, incident: Incident) -> bool:
    return _same(told, incident, "when") and _same(told, incident, "place")


def _overlap(one: Mention, other: Mention) -> bool:
    if not (one.earliest and other.earliest):
        return one.value == other.value
    return one.earliest <= other.latest and other.earliest <= one.latest


def _nested(one: Mention, other: Mention) -> bool:
    return one.value == other.value or one.value in other.within or other.value in one.within
