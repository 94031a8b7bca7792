"""What one sentence tells of events: its triggers, and what stands around each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ascertain.model.claim import Span
from ascertain.read.events.lexicon import EventWords
from ascertain.read.events.mention import Mention
from ascertain.read.events.triggers import Realis, Trigger, find_triggers
from ascertain.read.names import FoundName
from ascertain.read.proclitics import without_proclitics
from ascertain.read.tokens import Token, tokenize

_PARTICIPANTS: Final = frozenset({"weapon", "target", "victim"})
# How many words may stand between an event and who did it, what with, to whom.
_REACH: Final = 14
_BY_REACH: Final = 4


@dataclass(frozen=True, slots=True)
class Told:
    """A trigger with its own words and the mentions that go with it."""

    trigger: Trigger
    words: Span
    mentions: tuple[Mention, ...]

    def of(self, slot: str) -> tuple[Mention, ...]:
        """The mentions that fill a slot."""
        return tuple(one for one in self.mentions if one.slot == slot)


@dataclass(frozen=True, slots=True)
class SentenceEvents:
    """A sentence and the events that it tells, in their order; `named` is who stands in it, whatever they did."""

    sentence: Span
    told: tuple[Told, ...]
    named: tuple[Mention, ...] = ()


def read_sentence(body: str, start: int, end: int, words: EventWords, mentions: Sequence[Mention]) -> SentenceEvents:
    """The events of `body[start:end]`; `mentions` are the dates, places and parties that lie in it."""
    tokens = tokenize(body[start:end], start)
    if words.language == "ar":
        tokens = without_proclitics(tokens, words.known)
    taken = [one for one in mentions if one.slot != "when"]
    found = [one for one in words.phrases.find(tokens) if not _within(tokens, one, taken)]
    triggers = find_triggers(tokens, found, words, agent=any(one.slot == "agent" for one in mentions))
    named = _named(tokens, found, mentions)
    actors = list(_actors(tokens, named, triggers, words))
    doing = {(actor.start, actor.end) for _, actor in actors}
    around = [*(one for one in _participants(tokens, found, words) if (one.start, one.end) not in doing), *mentions]
    told = []
    for trigger in triggers:
        own = tuple(_own(trigger, triggers, around, tokens, words)) + tuple(a for t, a in actors if t == trigger)
        told.append(Told(trigger, _span(body, tokens, trigger.first, trigger.last), own))
    return SentenceEvents(Span(start=start, end=end, text=body[start:end]), tuple(told), tuple(named))


def _within(tokens: Sequence[Token], one: FoundName, mentions: Sequence[Mention]) -> bool:
    """Whether a phrase lies inside a name: the "Strike" of a "Strike Force" is no event."""
    first, last = tokens[one.first].start, tokens[one.last - 1].end
    return any(m.start <= first and last <= m.end for m in mentions)


def _participants(tokens: Sequence[Token], found: Sequence[FoundName], words: EventWords) -> Iterator[Mention]:
    """The weapons, targets and victims that a sentence names; "residents said" are no victims."""
    sources = {cue.last for cue in words.according.find(tokens)}
    for one in found:
        if sources & {one.first, one.first - 1}:
            continue  # "according to the residents"
        if _says(tokens, one.last, words) or (words.language == "ar" and _says(tokens, one.first - 1, words)):
            continue
        for name in one.names:
            if name.kind in _PARTICIPANTS:
                yield Mention(name.kind, name.value, tokens[one.first].start, tokens[one.last - 1].end)
                break


def _says(tokens: Sequence[Token], at: int, words: EventWords) -> bool:
    return any(tuple(t.form for t in tokens[max(at, 0) : at + len(one)]) == one for one in words.saying)


def _own(
    trigger: Trigger,
    triggers: Sequence[Trigger],
    around: Sequence[Mention],
    tokens: Sequence[Token],
    words: EventWords,
) -> Iterator[Mention]:
    """The mentions for which this is the nearest event of the sentence; a lone date or place is of all of them."""
    for mention in around:
        if mention.slot in ("actor", "party"):
            continue
        alone = mention.slot in ("when", "place") and sum(m.slot == mention.slot for m in around) == 1
        if alone or (
            _nearest(mention, triggers, tokens) == trigger and not _stands_apart(mention, trigger, tokens, words)
        ):
            yield mention


def _stands_apart(mention: Mention, trigger: Trigger, tokens: Sequence[Token], words: EventWords) -> bool:
    """Whether somebody before an event's noun is not said to be hurt in it: "the Minister responds to the attack"."""
    if mention.slot not in ("victim", "target") or trigger.verb or mention.start > tokens[trigger.first].start:
        return False
    before = tokens[max(trigger.first - _BY_REACH, 0) : trigger.first]
    return not any(token.form in words.hurt_in and token.start >= mention.end for token in before)


def _nearest(mention: Mention, triggers: Sequence[Trigger], tokens: Sequence[Token]) -> Trigger | None:
    def distance(trigger: Trigger) -> tuple[int, int]:
        start, end = tokens[trigger.first].start, tokens[trigger.last - 1].end
        gap = mention.start - end if mention.start >= end else start - mention.end
        return max(gap, 0), int(mention.start < start)

    near = min(triggers, key=distance, default=None)
    far = near is not None and distance(near)[0] > _REACH * 8 and mention.slot in _PARTICIPANTS
    return None if far else near


def _named(tokens: Sequence[Token], found: Sequence[FoundName], mentions: Sequence[Mention]) -> list[Mention]:
    """Parties that the text names, and words for those who act ("gunmen")."""
    parties = [one for one in mentions if one.slot == "party"]
    acting = [
        Mention("party", name.value, tokens[one.first].start, tokens[one.last - 1].end)
        for one in found
        for name in one.names
        if name.kind == "actor"
    ]
    return [*parties, *acting]


def _actors(
    tokens: Sequence[Token], named: Sequence[Mention], triggers: Sequence[Trigger], words: EventWords
) -> Iterator[tuple[Trigger, Mention]]:
    """Who is said to have done it: after "by", or before an active verb."""
    for trigger in triggers:
        candidates = [
            m for m in named if not (m.start < tokens[trigger.last - 1].end and tokens[trigger.first].start < m.end)
        ]
        actor = _after_by(trigger, tokens, candidates, words) or _subject(trigger, tokens, candidates, words)
        if actor is not None:
            yield trigger, Mention("actor", actor.value, actor.start, actor.end)


def _after_by(trigger: Trigger, tokens: Sequence[Token], named: Sequence[Mention], words: EventWords) -> Mention | None:
    for i in range(trigger.last, min(trigger.last + _REACH, len(tokens))):
        for by in words.by:
            if tuple(t.form for t in tokens[i : i + len(by)]) == by:
                after = tokens[i + len(by) - 1].end
                limit = tokens[min(i + len(by) + _BY_REACH, len(tokens)) - 1].end
                return min((m for m in named if after <= m.start < limit), key=lambda m: m.start, default=None)
    return None


def _subject(trigger: Trigger, tokens: Sequence[Token], named: Sequence[Mention], words: EventWords) -> Mention | None:
    """The last party before an active verb of its clause, with few words between; Arabic has it after the verb too."""
    if not trigger.verb:
        return None
    if trigger.first and tokens[trigger.first - 1].form in words.passive:
        return None
    start = tokens[max(trigger.first - _BY_REACH, 0)].start
    before = [m for m in named if start <= m.start and m.end <= tokens[trigger.first].start]
    if before:
        return max(before, key=lambda m: m.start)
    if words.language == "ar":
        limit = tokens[min(trigger.last + 1, len(tokens) - 1)].end
        after = [m for m in named if tokens[trigger.last - 1].end <= m.start < limit]
        return min(after, key=lambda m: m.start, default=None)
    return None


def _span(body: str, tokens: Sequence[Token], first: int, last: int) -> Span:
    start, end = tokens[first].start, tokens[last - 1].end
    return Span(start=start, end=end, text=body[start:end])


def is_told(told: Told) -> bool:
    """Whether the event is said to have happened, or to be denied: what becomes a claim."""
    return told.trigger.realis in (Realis.ASSERTED, Realis.DENIED)
