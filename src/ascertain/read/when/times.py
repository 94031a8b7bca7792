"""Times of day, kept apart from the date: a clock's time or a part of the day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from ascertain.read.tokens import Token, fold

_HOUR = re.compile(r"(\d{1,2})(?:[.](\d\d))?")
_LINKS = 3  # words between a date and its time: "on", "at about", "local time"


@dataclass(frozen=True, slots=True)
class FoundTime:
    """A time of day over tokens `first`..`last` (exclusive): "20:30" or a part of the day in English ("dawn")."""

    first: int
    last: int
    time: str


@dataclass(frozen=True)
class _TimeWords:
    parts: Mapping[str, str]
    links: frozenset[str]
    hour_words: frozenset[str]
    at_words: frozenset[str]


@cache
def _load() -> Mapping[str, _TimeWords]:
    data = yaml.safe_load(files("ascertain.read.when").joinpath("times.yaml").read_text("utf-8"))
    return {
        language: _TimeWords(
            parts={fold(form): part for part, forms in words["parts"].items() for form in forms},
            links=frozenset(map(fold, words["links"])),
            hour_words=frozenset(map(fold, words["hours"])),
            at_words=frozenset(map(fold, words["at"])),
        )
        for language, words in data.items()
    }


def find_times(tokens: Sequence[Token], language: str) -> list[FoundTime]:
    """The times of day in tokens. "At 8" is read with a.m., p.m. or the language's word for hours alone."""
    words = _load().get(language)
    found: list[FoundTime] = []
    at = 0
    while words and at < len(tokens):
        time = _clock(tokens, at, words) or _part(tokens, at, words)
        if time is not None:
            found.append(time)
        at = time.last if time else at + 1
    return found


def _part(tokens: Sequence[Token], at: int, words: _TimeWords) -> FoundTime | None:
    part = words.parts.get(tokens[at].form)
    return FoundTime(at, at + 1, part) if part else None


def _clock(tokens: Sequence[Token], at: int, words: _TimeWords) -> FoundTime | None:
    hour = _HOUR.fullmatch(tokens[at].text) if tokens[at].kind == "num" else None
    if hour is None:
        return None
    number, minute, last = int(hour[1]), int(hour[2] or 0), at + 1
    clock = hour[2] is None and _form(tokens, at + 1) == ":" and re.fullmatch(r"\d\d", _form(tokens, at + 2))
    if clock:
        minute, last = int(tokens[at + 2].text), at + 3
    half, last = _half(tokens, last)
    named = _form(tokens, last) in words.hour_words
    if named:
        last += 1
        if re.fullmatch(r"\d\d", _form(tokens, last)) and not clock:
            minute, last = int(tokens[last].text), last + 1
    if not (clock or half or named) or number > (12 if half else 24) or minute > 59:
        return None
    if half:
        number = number % 12 + (12 if half == "p" else 0)
    return FoundTime(at, last, f"{number % 24:02}:{minute:02}")


def _half(tokens: Sequence[Token], at: int) -> tuple[str, int]:
    """A.m. or p.m., with points or without, and the token after it."""
    form = _form(tokens, at)
    if form in ("am", "pm"):
        return form[0], at + 1
    if form in ("a", "p") and _form(tokens, at + 1) == "." and _form(tokens, at + 2) == "m":
        return form, at + (4 if _form(tokens, at + 3) == "." else 3)
    return "", at


def _form(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].form if 0 <= at < len(tokens) else ""


def time_beside(first: int, last: int, times: Sequence[FoundTime], tokens: Sequence[Token]) -> str:
    """The time that stands within, before or after a date (tokens `first`..`last`), linking words alone between."""
    links = frozenset().union(*(words.links for words in _load().values()))
    for time in times:
        gap = range(time.last, first) if time.last <= first else range(last, time.first)
        inside = first <= time.first and time.last <= last
        if inside or (len(gap) <= _LINKS and all(tokens[i].form in links for i in gap)):
            return time.time
    return ""
