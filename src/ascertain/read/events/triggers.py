"""Where a sentence mentions an event, and whether it says that the event happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ascertain.read.events.lexicon import EventWords
from ascertain.read.events.no_events import no_event
from ascertain.read.names import FoundName
from ascertain.read.tokens import Token

# How many words before a trigger a cue may stand and still govern it; a clause's end cuts it short.
_REACH: Final = 7
_CLAUSE_ENDS: Final = frozenset({";", ":", "—", "–", ".", "!", "?", "؛", "؟"})
_SHORT_ENDS: Final = frozenset({",", "،"})
_NEAR: Final = 3
_ASKS: Final = frozenset({"?", "؟"})
# What may stand between an event and the verb of which it is the subject.
_OF_IT: Final = frozenset({"in", "on", "at", "of", "against", "a", "de", "du", "dans", "contre"})
_UNREAL: Final = ("forecast", "hypothetical")


class Realis(StrEnum):
    """Whether an event is said to have happened (Saurí and Pustejovsky's factuality, with few values)."""

    ASSERTED = "asserted"
    DENIED = "denied"
    HYPOTHETICAL = "hypothetical"
    FORECAST = "forecast"
    ANOTHER_TIME = "another time"
    GENERIC = "generic"


@dataclass(frozen=True, slots=True)
class Trigger:
    """The mention of an event over tokens `first`..`last` (exclusive).

    `definite` says that it speaks of an event as known ("the attack"), `generic_word` that its word fits any.
    """

    first: int
    last: int
    type: str
    verb: bool
    realis: Realis
    definite: bool
    indefinite: bool
    generic_word: bool


# What the use of a weapon is; of any other, remote violence.
_BY_WEAPON: Final = {
    "barrel_bomb": "barrel_bomb", "rocket": "shelling", "mortar": "shelling", "artillery": "shelling",
    "missile": "shelling", "grenade": "grenade", "mine": "landmine", "aircraft": "air_strike", "rifle": "shooting",
}  # fmt: skip


def find_triggers(
    tokens: Sequence[Token], found: Sequence[FoundName], words: EventWords, *, agent: bool = False
) -> list[Trigger]:
    """The mentions of events in a sentence. `found` are the phrases of `words` in its tokens.

    `agent` says that a chemical agent is named in the sentence.
    """
    cues = {kind: index.find(tokens) for kind, index in words.cues.items()}
    triggers = []
    for one in found:
        name = next((n for n in one.names if n.kind in ("noun", "verb", "use")), None)
        if name is None:
            continue
        attack_type = _use(one, found, agent) if name.kind == "use" else name.value
        if name.kind == "verb" and len(tokens) == one.last - one.first:
            continue  # the header of a table
        noun, start = name.kind == "noun", _clause_start(tokens, one.first)
        if not attack_type or no_event(tokens, one, found, words, start, noun=noun):
            continue
        before = tokens[one.first - 1].form if one.first else ""
        two_before = tokens[one.first - 2].form if one.first > 1 else ""
        known = bool({before, two_before} & words.definite) and not {before, two_before} & words.indefinite
        triggers.append(
            Trigger(
                one.first,
                one.last,
                attack_type,
                not noun,
                _realis(tokens, one, cues, words, noun=noun, known=known),
                known,
                bool({before, two_before} & words.indefinite),
                name.forms in words.generic,
            )
        )
    return triggers


def _use(verb: FoundName, found: Sequence[FoundName], agent: bool) -> str:
    """What the use of what is: by an agent, or a weapon near the verb, what is dropped before what drops it."""
    if agent:
        return "chemical_weapon"
    weapons = [
        (name.value == "aircraft", one.first < verb.first, abs(one.first - verb.first), name.value)
        for one in found
        for name in one.names
        if name.kind == "weapon" and abs(one.first - verb.first) <= _REACH
    ]
    return _BY_WEAPON.get(min(weapons)[3], "remote_violence") if weapons else ""


def _realis(
    tokens: Sequence[Token],
    one: FoundName,
    cues: dict[str, list[FoundName]],
    words: EventWords,
    *,
    noun: bool,
    known: bool,
) -> Realis:
    start = _clause_start(tokens, one.first)
    if any(cue.last <= one.first for cue in cues["fiction"]) or _asks(tokens):
        return Realis.HYPOTHETICAL
    if not (noun and known) and any(start <= cue.first and cue.last <= one.first for cue in cues["denial"]):
        return Realis.DENIED  # not of "the attack": "no evidence that he led the attack" denies no attack
    if _is_untrue(tokens, one, cues, words, noun=noun):
        return Realis.DENIED
    for kind, realis, reach in (
        ("other_time", Realis.ANOTHER_TIME, _REACH),
        ("negation", Realis.DENIED, _NEAR + 1),
        ("hypothetical", Realis.HYPOTHETICAL, _REACH),
        ("forecast", Realis.FORECAST, _NEAR),
    ):
        if any(max(start, one.first - reach) <= cue.first and cue.last <= one.first for cue in cues[kind]):
            return realis
    if noun and any(_said_after(tokens, one, cue, words) for kind in _UNREAL for cue in cues[kind]):
        return Realis.FORECAST  # "an attack is imminent", "an attack on a market was foiled"
    generic = noun and any(one.first - 2 <= cue.first and cue.last <= one.first for cue in cues["generic"])
    return Realis.GENERIC if generic else Realis.ASSERTED


def _asks(tokens: Sequence[Token]) -> bool:
    return any(token.form in _ASKS for token in tokens[-2:])


def _is_untrue(
    tokens: Sequence[Token], one: FoundName, cues: dict[str, list[FoundName]], words: EventWords, *, noun: bool
) -> bool:
    """Whether an event is said to be untrue ("the attack was staged"), or the claim that it happened."""
    if not noun and not any(cue.last <= one.first for cue in cues["claimed"]):
        return False
    for cue in cues["untrue"]:
        if (
            not _said_after(tokens, one, cue, words)
            or tuple(t.form for t in tokens[cue.last : cue.last + 1]) in words.by
        ):
            continue  # an attack staged by militants is one
        subject = tokens[one.last : max(cue.first - 1, one.last)]
        if not noun or not subject or subject[0].form in _OF_IT:
            return True
    return False


def _said_after(tokens: Sequence[Token], one: FoundName, cue: FoundName, words: EventWords) -> bool:
    """Whether a cue is what the clause says of an event: directly after it, or after a form of "be"."""
    if cue.first == one.last:
        return True
    if not one.last < cue.first < one.last + _REACH or tokens[cue.first - 1].form not in words.passive:
        return False
    return not any(token.form in _CLAUSE_ENDS | _SHORT_ENDS for token in tokens[one.last : cue.first])


def _clause_start(tokens: Sequence[Token], at: int) -> int:
    """Where the clause of a token begins: after a mark that ends one, or a comma some words before."""
    for i in range(at - 1, -1, -1):
        if tokens[i].form in _CLAUSE_ENDS or (tokens[i].form in _SHORT_ENDS and at - i > 1):
            return i + 1
    return 0
