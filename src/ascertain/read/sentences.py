"""Sentences with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator

_END = re.compile(r"[.!?؟]+[\"'”’»)\]]*(?=\s|$)|\n{2,}|(?<=[؛;])\s*\n")
# A full stop after these does not end a sentence.
_SHORT = frozenset(
    (
        "mr mrs ms dr prof st no nos art para paras fig vol pp cf e.g i.e etc vs gen col lt sgt u.n u.s u.k a.m p.m "
        "approx al jan feb mar apr jun jul aug sept sep oct nov dec"
    ).split()
)
# "No. 109" is a number; "The answer is no." is a sentence.
_BEFORE_NUMBERS = frozenset({"no", "nos"})
# An abbreviation is no longer than this.
_LONGEST_SHORT = 12
_WORD_BEFORE = re.compile(r"([\w.]+)$")


def sentences(body: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """The start and end of each sentence of `body[start:end]`, without surrounding space."""
    stop = len(body) if end is None else end
    begin = start
    for found in _END.finditer(body, start, stop):
        if found.group().startswith(".") and _only_abbreviates(body, begin, found):
            continue
        yield from _trimmed(body, begin, found.end())
        begin = found.end()
    yield from _trimmed(body, begin, stop)


def _only_abbreviates(body: str, begin: int, found: re.Match[str]) -> bool:
    word = _WORD_BEFORE.search(body[max(begin, found.start() - _LONGEST_SHORT) : found.start()])
    if word is None:
        return False
    last = word.group(1).lower()
    following = body[found.end() : found.end() + 2].strip()
    if last in _BEFORE_NUMBERS:
        return following[:1].isdigit()
    single_letter = len(last) == 1 and last.isalpha() and last.isascii()
    return last in _SHORT or single_letter or (following[:1].islower() and len(last) <= 4)


def _trimmed(body: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    while begin < end and body[begin].isspace():
        begin += 1
    while end > begin and body[end - 1].isspace():
        end -= 1
    if end > begin:
        yield begin, end
