"""Who says each part of a sentence: the subject of a verb of saying, before or after what is said, whom it cites."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ascertain.model.claim import Span
from ascertain.read.names import FoundName
from ascertain.read.tolls.line import Line

_LONGEST: Final = 14
_MARKS: Final = frozenset({",", ";", ":", "(", ")", "“", "”", '"', "«", "»", "،", "؛", ".", "—", "–", "[", "]"})


@dataclass(frozen=True, slots=True)
class Saying:
    """`who` says what stands in tokens `first`..`last` (exclusive); `cited` is whom they quote. All are ranges."""

    who: tuple[int, int]
    verb: tuple[int, int]
    first: int
    last: int
    cited: tuple[int, int] | None = None


def find_sayings(line: Line) -> list[Saying]:
    """The sayings of a sentence, each with the stretch that it covers."""
    return [*_by_verbs(line), *_according(line)]


def claimants_of(line: Line, sayings: list[Saying], first: int, last: int) -> tuple[Span, ...]:
    """Who says the words of tokens `first`..`last`, outermost first: the narrowest saying, and whom that cites."""
    over = [one for one in sayings if one.first <= first and last <= one.last]
    if not over:
        return ()
    closest = min(over, key=lambda one: one.last - one.first)
    spans = [line.span(*closest.who)]
    if closest.cited:
        spans.append(line.span(*closest.cited))
    return tuple(spans)


def is_denied(line: Line, sayings: list[Saying], first: int, last: int) -> bool:
    """Whether the narrowest saying over these words is a denial."""
    over = [one for one in sayings if one.first <= first and last <= one.last]
    if not over:
        return False
    closest = min(over, key=lambda one: one.last - one.first)
    return line.is_in(closest.verb[0], "denying") or line.is_in(closest.verb[1] - 1, "denying")


def _by_verbs(line: Line) -> Iterator[Saying]:
    verbs = [one for one in line.phrases["saying"] if _says(line, one)]
    starts: list[tuple[FoundName, tuple[int, int], tuple[int, int] | None]] = []
    for verb in verbs:
        subject = _subject(line, verb)
        if subject is not None:
            starts.append((verb, *subject))
    for n, (verb, who, cited) in enumerate(starts):
        if _is_after(line, verb, who):
            yield Saying(who, (verb.first, verb.last), _clause_start(line, who[0] - 1), who[0], cited)
        else:
            following = starts[n + 1][1][0] if n + 1 < len(starts) else len(line.tokens)
            if n + 1 < len(starts) and _is_after(line, starts[n + 1][0], starts[n + 1][1]):
                following = len(line.tokens)
            yield Saying(who, (verb.first, verb.last), verb.last, min(following, _clause_end(line, verb.last)), cited)


def _says(line: Line, verb: FoundName) -> bool:
    """Whether a word is a verb of saying here: no passive, no part of "claimed the lives of", no name."""
    passive = line.is_in(verb.first - 1, "be") and not line.is_in(verb.first - 1, "have")
    part = any(one.first < verb.last and verb.first < one.last for one in line.kinds)
    named = line.cased and line.tokens[verb.first].text[:1].isupper() and verb.first > 0
    noun = any(one.first == verb.last for one in line.phrases["saying"])
    return not (passive or part or named or noun or line.is_in(verb.last, "not_saying"))


def _subject(line: Line, verb: FoundName) -> tuple[tuple[int, int], tuple[int, int] | None] | None:
    if line.words.language == "ar":
        return _arabic_subject(line, verb)
    i, cited = verb.first, None
    while line.is_in(i - 1, "subject_skips"):
        i -= 1
    if line.form(i - 1) == ",":
        start = next((k for k in range(i - 2, -1, -1) if line.form(k) == ","), None)
        if start is None:
            return None
        citing = line.phrase_at("citing", start + 1)
        cited = _trimmed(line, citing.last, i - 1) if citing else None
        i = start
    first = i
    while first > 0 and i - first < _LONGEST and not _ends_subject(line, first - 1):
        first -= 1
    who = _trimmed(line, first, i)
    if who is None or (who[1] - who[0] == 1 and line.is_in(who[0], "pronouns")):
        return None
    if line.is_in(who[1] - 1, "prepositions") or line.is_in(who[1] - 1, "sources"):
        return None
    return who, cited


def _ends_subject(line: Line, i: int) -> bool:
    kinds = any(one.first <= i < one.last for one in line.kinds)
    said = any(one.first <= i < one.last for one in line.phrases["saying"]) and not (
        line.cased and line.tokens[i].text[:1].isupper()
    )
    return line.form(i) in _MARKS or line.is_in(i, "subject_ends") or kinds or said


def _trimmed(line: Line, first: int, last: int) -> tuple[int, int] | None:
    while first < last and (
        line.is_in(first, "determiners") or line.form(first) in _MARKS | {"'"} or line.is_in(first, "and")
    ):
        first += 1
    while last > first and line.form(last - 1) in _MARKS:
        last -= 1
    return (first, last) if first < last else None


def _arabic_subject(line: Line, verb: FoundName) -> tuple[tuple[int, int], None] | None:
    """The subject stands after its verb, up to the particle that opens what is said."""
    last = verb.last
    while last < len(line.tokens) and last - verb.last < _LONGEST:
        if (
            line.form(last) in _MARKS
            or line.is_in(last, "subject_ends")
            or any(one.first == last for one in line.kinds)
        ):
            break
        last += 1
    return ((verb.last, last), None) if last > verb.last else None


def _is_after(line: Line, verb: FoundName, who: tuple[int, int]) -> bool:
    """Whether what is said stands before: "…, doctors said." """
    comma = line.form(who[0] - 1) in (",", "”", '"', "،", "»") or line.form(who[0] - 2) in (",", "”", '"', "»")
    if not comma or line.words.language == "ar":
        return False
    return not any(one.first >= verb.last for one in line.kinds)


def _clause_start(line: Line, last: int) -> int:
    for i in range(last - 1, -1, -1):
        if line.form(i) == ";":
            return i + 1
    return 0


def _clause_end(line: Line, first: int) -> int:
    for i in range(first, len(line.tokens)):
        if line.form(i) == ";" or line.is_in(i, "clause_ends"):
            return i
    return len(line.tokens)


def _according(line: Line) -> Iterator[Saying]:
    for one in line.phrases["according"]:
        last = one.last
        while last < len(line.tokens) and last - one.last < _LONGEST and not _ends_subject(line, last):
            if any(found.first == last for found in line.counts):
                break
            last += 1
        who = _trimmed(line, one.last, last)
        if who is None:
            continue
        if one.first <= 1:
            yield Saying(who, (one.first, one.last), last, _clause_end(line, last))
        else:
            yield Saying(who, (one.first, one.last), _clause_start(line, one.first), one.first)
