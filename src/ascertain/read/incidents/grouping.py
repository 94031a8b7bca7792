"""Which candidates are one entity under several names: the surest of them stands for it."""

from __future__ import annotations

from collections.abc import Iterable

from ascertain.read.incidents.candidates import Document
from ascertain.read.incidents.relations import overlap
from ascertain.read.incidents.words import stem

_SMALL = frozenset("of de la el los del and y".split())


def distinct(document: Document, sorted_candidates: Iterable[int]) -> list[int]:
    """Of candidates, surest first, those that are not another name of a surer one.

    A candidate is compared with the first of each group only, so that chains of likeness do not grow.
    """
    groups: list[int] = []
    for candidate in sorted_candidates:
        if not any(same(document, first, candidate) for first in groups):
            groups.append(candidate)
    return groups


def same(document: Document, one: int, other: int) -> bool:
    """Whether two candidates look like one entity: overlap, shared words, a name and its letters."""
    some, others = document.keys[one].split(), document.keys[other].split()
    if overlap(document.places[one], document.places[other]):
        return True
    if some[-1] == others[-1] and 1 in (len(some), len(others)):
        return True
    if set(some) <= set(others) or set(others) <= set(some):
        return True
    if stem(some[-1]) == stem(others[-1]) and 1 in (len(some), len(others)):
        return True
    return _in_brackets(document, one, other) or _letters(some, others) or _letters(others, some)


def _in_brackets(document: Document, one: int, other: int) -> bool:
    words = document.words.words
    for a, b in ((one, other), (other, one)):
        firsts = {first for first, _ in document.places[b]}
        if any(after < len(words) and words[after] == "(" and after + 1 in firsts for _, after in document.places[a]):
            return True
    return False


def _letters(short: list[str], long: list[str]) -> bool:
    return len(short) == 1 and len(long) > 1 and short[0] == "".join(w[0] for w in long if w not in _SMALL)
