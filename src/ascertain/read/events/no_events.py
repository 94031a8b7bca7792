"""What looks like an event and is none: an earthquake strikes, a bill is killed, a press is shelled with questions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from ascertain.read.events.lexicon import EventWords
from ascertain.read.names import FoundName
from ascertain.read.tokens import Token

_CAUSE_REACH: Final = 7
_WITH_REACH: Final = 4
_OBJECT_REACH: Final = 2
_ACTS: Final = frozenset({"actor", "weapon", "victim"})
_MARKS: Final = frozenset(",،;؛:.!?؟—–")


def no_event(
    tokens: Sequence[Token], one: FoundName, found: Sequence[FoundName], words: EventWords, start: int, *, noun: bool
) -> bool:
    """Whether the words around a trigger say that no one attacked; `start` is the beginning of its clause."""
    return (not noun and _caused(tokens, one, found, words, start)) or _figurative(tokens, one, words, noun=noun)


def _caused(
    tokens: Sequence[Token], verb: FoundName, found: Sequence[FoundName], words: EventWords, start: int
) -> bool:
    """Whether what stands before an active verb is no party's doing, and nobody acts between."""
    if verb.first and tokens[verb.first - 1].form in words.passive:
        return False
    first = max(start, verb.first - _CAUSE_REACH)
    for cause in words.no_events.causes.find(tokens[first : verb.first]):
        end = first + cause.last
        if not any(_is(other, _ACTS) and end <= other.first and other.last <= verb.first for other in found):
            return True
    return False


def _is(one: FoundName, kinds: Collection[str]) -> bool:
    return any(name.kind in kinds for name in one.names)


def _figurative(tokens: Sequence[Token], one: FoundName, words: EventWords, *, noun: bool) -> bool:
    """Whether it is done to what no weapon hurts ("attacked the report"), or with what hurts nobody."""
    rest = _clause(tokens[one.last :])
    if any(cue.first < _WITH_REACH for cue in words.no_events.with_words.find(rest)):
        return True
    if noun:
        if not rest or rest[0].form not in words.no_events.against:
            return False
        rest = rest[1:]
    articled = bool(rest) and rest[0].form in words.definite | words.indefinite
    for thing in words.no_events.things.find(rest):
        near = thing.first <= (_OBJECT_REACH if articled else 0)
        if near and (thing.last == len(rest) or rest[thing.last].form in words.no_events.ends):
            return True
    return False


def _clause(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens up to the next mark."""
    end = next((i for i, token in enumerate(tokens) if token.form in _MARKS), len(tokens))
    return tokens[:end]
