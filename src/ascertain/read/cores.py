"""The cores of claims in a coded sentence: where a pattern fits, with the places, dates and counts around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ascertain.model.claim import Slot
from ascertain.read.coding import Coded
from ascertain.read.lexicon import Language, Pattern, slots_of
from ascertain.read.when import SEVERAL

_KIND_SLOT = {
    "place": "place",
    "zone": "zone",
    "date": "when",
    "count": "count",
    "agent": "agent",
    "agreement": "agreement",
}


@dataclass(frozen=True, slots=True)
class Core:
    """A pattern's match with the adjuncts that belong to it: stretches of the sentence's code, and the slots filled."""

    pattern: Pattern
    start: int
    end: int
    stretches: tuple[tuple[int, int], ...]
    slots: tuple[Slot, ...]

    def tokens(self, coded: Coded) -> set[int]:
        """The tokens that the core and its adjuncts stand on."""
        return set().union(*(coded.tokens_of(start, end) for start, end in self.stretches))


def find_cores(coded: Coded, language: Language) -> list[Core]:
    """The claims' cores, in the order of the text; where two want the same words, the earlier pattern has them."""
    matches: list[tuple[Pattern, re.Match[str]]] = []
    for pattern in language.patterns:
        for found in pattern.regex.finditer(coded.text):
            if not any(_overlap(found, other) for _, other in matches) and not _is_object(found, language):
                matches.append((pattern, found))
    matches.sort(key=lambda match: match[1].start())
    cores: list[Core] = []
    for number, (pattern, found) in enumerate(matches):
        if pattern.weak and (_wanted(found, cores) or language.grammar.object_of.search(coded.text, 0, found.start())):
            continue
        limit = next((m.start() for p, m in matches[number + 1 :] if not p.weak), len(coded.text))
        floor = max((core.stretches[-1][1] for core in cores), default=0)
        cores.append(_core(coded, pattern, found, floor, limit, language))
    return cores


# How many plain words may stand between a core and its next adjunct.
_GAP = 4


def _wanted(found: re.Match[str], cores: list[Core]) -> bool:
    return any(start < found.end() and found.start() < end for core in cores for start, end in core.stretches)


def _is_object(found: re.Match[str], language: Language) -> bool:
    """ "investigators mandated by the Council have found …": a name after a preposition is not who finds."""
    subject = min((start for name, start, _ in slots_of(found) if name in language.grammar.subjects), default=-1)
    return subject == found.start() and bool(language.grammar.preposition.search(found.string, 0, found.start()))


def _overlap(one: re.Match[str], other: re.Match[str]) -> bool:
    return one.start() < other.end() and other.start() < one.end()


def _core(coded: Coded, pattern: Pattern, found: re.Match[str], floor: int, limit: int, language: Language) -> Core:
    slots = list(_slots(coded, found, pattern, language))
    stretches = [found.span()]
    leading = list(_before(coded.text, found.start(), floor, language))
    about_a_place = any("place" in name for adjunct in leading for name, _, _ in slots_of(adjunct))
    for adjunct in leading:
        reported = not about_a_place and _of_the_report(coded.text, adjunct, found)
        slots += [_renamed(slot) if reported else slot for slot in _slots(coded, adjunct, None, language)]
        stretches.append(adjunct.span())
    for adjunct in _after(coded.text, found.end(), limit, language):
        slots += _slots(coded, adjunct, None, language)
        stretches.append(adjunct.span())
    return Core(pattern, found.start(), found.end(), tuple(sorted(stretches)), tuple(slots))


def _of_the_report(text: str, adjunct: re.Match[str], found: re.Match[str]) -> bool:
    """Whether a leading date is that of a report ("On 2 November the OPCW reported …"), not of what it reports."""
    body = next((start for name, start, _ in slots_of(found) if name == "body"), None)
    return body == found.start() or "<P" in text[adjunct.end() : found.start()]


def _renamed(slot: Slot) -> Slot:
    return slot.model_copy(update={"name": "reported"}) if slot.name == "when" else slot


def _after(text: str, at: int, limit: int, language: Language) -> Iterator[re.Match[str]]:
    """The adjuncts that follow a core, with at most a few plain words between them (which stay the claim's rest)."""
    while at < limit:
        at = at + 1 if text[at : at + 1] == " " else at
        found = next(
            (m for start in _starts(text, at, limit, language) if (m := _adjunct(text, start, limit, language))), None
        )
        if found is None:
            return
        yield found
        at = found.end()


def _adjunct(text: str, at: int, limit: int, language: Language) -> re.Match[str] | None:
    return next((m for a in language.adjuncts if (m := a.match(text, at)) and at < m.end() <= limit), None)


def _starts(text: str, at: int, limit: int, language: Language) -> Iterator[int]:
    """Where the next adjunct may begin: here, or past a few words that are neither names nor the end of the clause."""
    yield at
    boundary = language.boundary.search(text, at, limit)
    end = boundary.start() if boundary else limit
    for word in list(re.finditer(r"\S+", text[at:end]))[:_GAP]:
        if "<" in word.group():
            return
        yield at + word.end() + 1


def _before(text: str, start: int, floor: int, language: Language) -> Iterator[re.Match[str]]:
    """Adjuncts that open the sentence or the clause and lead to the core: "On 4 April 2017, in Idlib, ..."."""
    begin = max(floor, max((m.end() for m in language.boundary.finditer(text, floor, start)), default=floor))
    opening, at = _chain(text, begin, start, language)
    yield from opening
    if at >= start:
        return
    # Failing that, adjuncts that stand directly before the core: "... that on 4 April 2017, in Idlib, the regime ...".
    for word in re.finditer(r"\S+", text[at:start]):
        closing, end = _chain(text, at + word.start(), start, language)
        if closing and end >= start:
            yield from closing
            return


def _chain(text: str, at: int, end: int, language: Language) -> tuple[list[re.Match[str]], int]:
    """The adjuncts that follow one another from here, commas between them allowed, and where they end."""
    found: list[re.Match[str]] = []
    while at < end:
        while at < end and text[at] in " ,":
            at += 1
        adjunct = _adjunct(text, at, end, language)
        if adjunct is None:
            break
        found.append(adjunct)
        at = adjunct.end()
    return found, at


def _slots(coded: Coded, found: re.Match[str], pattern: Pattern | None, language: Language) -> Iterator[Slot]:
    for name, start, end in slots_of(found):
        marks = list(coded.marks_in(found.string[start:end]))
        if not marks:
            tokens = sorted(coded.tokens_of(start, end))
            value = language.values.get(name, {}).get(found.string[start:end], found.string[start:end])
            yield Slot(name=name, value=value, span=coded.span(tokens[0], tokens[-1] + 1))
        for mark in marks:
            own = name if mark.kind == "count" or name == "reported" else _KIND_SLOT.get(mark.kind, name)
            value = mark.value.split(":")[0] if mark.kind == "unit" else mark.value
            for one in value.split(SEVERAL) if mark.kind == "date" else (value,):
                yield Slot(
                    name="unit" if mark.kind == "unit" else own, value=one, span=coded.span(mark.first, mark.last)
                )
    if pattern is not None and pattern.measure:
        tokens = sorted(coded.tokens_of(*found.span()))
        yield Slot(name="measure", value=pattern.measure, span=coded.span(tokens[0], tokens[-1] + 1))
