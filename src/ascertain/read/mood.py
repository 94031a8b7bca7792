"""Whether a clause is asserted, reported of somebody, possible, or only called for, feared, intended or foreseen."""

from __future__ import annotations

from dataclasses import dataclass

from ascertain.model.claim import Frame, Modality, Slot
from ascertain.read.coding import Coded
from ascertain.read.cores import Core
from ascertain.read.lexicon import Language, slots_of
from ascertain.read.when import SEVERAL

# Cues that reach into a phrase which otherwise presupposes its content: "the risk of a chemical attack by ...".
_UNREAL = ("forecast", "condition")
MENTION = "mention"
_ABOUT_ATTACKS = frozenset({Frame.ATTRIBUTION, Frame.ATTACK})
# How many coded words before a noun phrase such a cue may stand.
_REACH = 5
# How many words may lead from "could not confirm" to what was not confirmed.
_CONJUNCTION = 2
# How many coded words may stand between the reporting words and the claim.
_UP_TO_THE_CLAIM = 3


@dataclass(frozen=True, slots=True)
class Mood:
    """How a core is said: its modality, the cue's kind as the reason, whom it is reported of, the tokens for it.

    `slots` are what the reporting words say beside: the date of the report.
    """

    modality: Modality
    reason: str
    via: tuple[Slot, ...]
    tokens: frozenset[int]
    slots: tuple[Slot, ...] = ()


def mood_of(coded: Coded, core: Core, cores: list[Core], language: Language) -> Mood:
    """The mood of a core, from the words that govern it in its sentence."""
    begin = _clause_start(coded.text, core, cores, language)
    before = coded.text[begin : core.start]
    via, slots, tokens = _reported(coded, begin, core, language)
    grammar, after = language.grammar, coded.text[core.stretches[-1][1] :]
    # "There was no chemical attack in …", "without any use of …".
    if core.pattern.presupposed and grammar.none.search(before):
        return Mood(Modality.DENIED, "negation", via, tokens, slots)
    # "must not repeat the use of …": no assertion either way.
    if core.pattern.presupposed and grammar.not_so.search(before):
        return Mood(Modality.HYPOTHETICAL, "negation", via, tokens, slots)
    denied = grammar.denying.search(before) or grammar.denied_after.match(after.lstrip())
    if denied or _under_negated(coded.text, core, cores):
        return Mood(Modality.HYPOTHETICAL, "negation", via, tokens, slots)
    if core.pattern.presupposed and core.pattern.frame in _ABOUT_ATTACKS and _unread(coded, begin, core, language):
        return Mood(Modality.HYPOTHETICAL, MENTION, via, tokens, slots)
    if core.pattern.modality is not Modality.ASSERTED:
        return Mood(core.pattern.modality, "possibility", via, tokens, slots)
    cue = _governing(before, after, core, language)
    if cue is not None:
        return Mood(Modality.HYPOTHETICAL, cue, via, tokens, slots)
    doubt = language.cues["doubt"].search(before) or language.cues["doubt"].search(coded.text[core.start : core.end])
    if doubt:
        return Mood(Modality.POSSIBLE, "possibility", via, tokens, slots)
    return Mood(Modality.REPORTED if via else Modality.ASSERTED, "", via, tokens, slots)


def _under_negated(text: str, core: Core, cores: list[Core]) -> bool:
    """Whether a core is what the one just before it denies having found: "could not confirm that …"."""
    before = [other for other in cores if other.stretches[-1][1] <= core.start]
    last = max(before, key=lambda other: other.stretches[-1][1], default=None)
    if last is None or not last.pattern.negated:
        return False
    between = text[last.stretches[-1][1] : core.start].split()
    return len(between) <= _CONJUNCTION and not {",", ";", "and", "et"} & set(between)


def _unread(coded: Coded, begin: int, core: Core, language: Language) -> bool:
    """Whether a noun phrase stands under words that were not read, so that nobody knows what is said of it.

    "Nobody has proved the use of …" would else pass for an assertion of the use. Words of concern, calls and the like
    are known to leave what they are about standing; a mention without any frame of its own needs words of concern.
    """
    before = coded.text[begin : core.start]
    known = ("concern",) if core.pattern.weak else tuple(k for k in language.cues if k != "doubt")
    if any(language.cues[kind].search(before) for kind in known):
        return False
    if core.pattern.weak:
        return True
    spare = coded.tokens_of(begin, core.start) - set().union(*(coded.tokens_of(s, e) for s, e in core.stretches))
    return any(coded.tokens[i].form not in language.neutral for i in spare)


def find_cue(coded: Coded, used: set[int], language: Language) -> str:
    """The kind of the first cue in the words that no claim stands on; nothing when there is none."""
    found = [
        (match.start(), kind)
        for kind, pattern in language.cues.items()
        if kind != "doubt"
        for match in pattern.finditer(coded.text)
        if not coded.tokens_of(*match.span()) & used
    ]
    return min(found)[1] if found else ""


def _clause_start(text: str, core: Core, cores: list[Core], language: Language) -> int:
    earlier = [other.stretches[-1][1] for other in cores if other.end <= core.start]
    boundaries = [m.end() for m in language.boundary.finditer(text, 0, core.start)]
    return max([0, *earlier, *boundaries])


def _governing(before: str, after: str, core: Core, language: Language) -> str | None:
    if core.pattern.frame == "estimate" and core.pattern.presupposed:
        return None
    kinds: tuple[str, ...]
    near = " ".join(before.split()[-_REACH:])
    if core.pattern.presupposed:
        kinds, reach = _UNREAL, near
        if language.grammar.not_yet.search(near) and core.pattern.frame in ("attribution", "attack"):
            return "forecast"
    else:
        kinds, reach = tuple(k for k in language.cues if k != "doubt"), before
    for kind in kinds:
        if language.cues[kind].search(reach):
            return kind
    first_words = " ".join(after.split()[:6])
    ruled_out = language.cues["forecast"].match(first_words)
    return "forecast" if ruled_out else None


def _reported(
    coded: Coded, begin: int, core: Core, language: Language
) -> tuple[tuple[Slot, ...], tuple[Slot, ...], frozenset[int]]:
    for pattern in language.reporting:
        for found in pattern.finditer(coded.text, begin, core.start):
            if len(coded.text[found.end() : core.start].split()) <= _UP_TO_THE_CLAIM:
                slots = [
                    Slot(name=name, value=value, span=coded.span(mark.first, mark.last))
                    for name, start, end in slots_of(found)
                    for mark in coded.marks_in(coded.text[start:end])
                    if mark.kind in ("party", "date")
                    for value in mark.value.split(SEVERAL)
                ]
                via = tuple(slot for slot in slots if slot.name == "via")
                return (
                    via,
                    tuple(slot for slot in slots if slot.name != "via"),
                    frozenset(coded.tokens_of(*found.span())),
                )
    return (), (), frozenset()
