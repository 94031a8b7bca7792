"""The tolls of a sentence: type the number, bound it, link it to what happened, reject what is not told."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Final

from ascertain.read.tolls.claimants import Saying, claimants_of, find_sayings, is_denied
from ascertain.read.tolls.lexicon import TollWords, toll_words
from ascertain.read.tolls.line import Line, read_line
from ascertain.read.tolls.links import Link, link_quantities
from ascertain.read.tolls.mood import is_told, modality_of, scope_of
from ascertain.read.tolls.quantities import find_quantities
from ascertain.read.tolls.roles import group_of, tell_roles
from ascertain.read.tolls.toll import Toll

# Characters: no sentence of a report is longer.
_LONGEST: Final = 4000


def find_tolls(
    body: str, start: int, end: int, language: str, written: datetime.date | None = None
) -> tuple[Toll, ...]:
    """The tolls that `body[start:end]`, one sentence, states, in the order of their numbers.

    `language` is a code of `lexicon.LANGUAGES`; `written` the text's date. Deterministic; never raises for any text.
    Raises FileNotFoundError for a language that has no words.
    """
    words = toll_words(language)
    return tuple(
        toll for first, last in _pieces(body, start, end) for toll in _tolls(body, first, last, words, written)
    )


def _pieces(body: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The text, or where it is no sentence but a heap of words, pieces of it: rules look around at every number."""
    while end - start > _LONGEST:
        cut = body.rfind(" ", start + 1, start + _LONGEST)
        cut = cut if cut > start else start + _LONGEST
        yield start, cut
        start = cut
    yield start, end


def _tolls(body: str, start: int, end: int, words: TollWords, written: datetime.date | None) -> Iterator[Toll]:
    line = read_line(body, start, end, words, written)
    if line is None:
        return
    quantities = find_quantities(line)
    links = tell_roles(line, quantities, link_quantities(line, quantities))
    sayings = find_sayings(line)
    for link in links:
        denied = is_denied(line, sayings, link.quantity.first, link.quantity.last)
        if is_told(line, link, denied=denied):
            yield _toll(line, link, sayings)


def _toll(line: Line, link: Link, sayings: list[Saying]) -> Toll:
    found = link.quantity
    first, last = found.first, found.last
    claimants = claimants_of(line, sayings, first, last)
    denied = is_denied(line, sayings, first, last)
    group = (found.group, found.head) if found.group else group_of(line, found) or ("", None)
    return Toll(
        kind=link.kind.kind,
        count=found.count,
        group=group[0],
        number_words=line.span(*found.number),
        kind_words=line.span(link.kind.first, link.kind.last),
        group_words=line.span(*group[1]) if group[1] else None,
        claimants=claimants,
        modality=modality_of(line, link, said=bool(claimants), denied=denied),
        role=link.role,
        scope=scope_of(line, link),
    )
