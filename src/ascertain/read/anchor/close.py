"""Quotes that stand in a text with slips: a letter recognised wrongly, two letters swapped.

Candidates come from the rarest words of the quote and its surroundings, each of which proposes where the quote would
begin (seeds on diagonals, as in BLAST, Altschul et al. 1990). Every word of the quote must then be there, equal or
nearly equal, in its order. Words put in or left out are another quote: "not" is one word.
"""

from __future__ import annotations

from collections import Counter

from ascertain.read.anchor.index import IndexedText, WordIndex
from ascertain.read.anchor.pattern import Pattern
from ascertain.read.anchor.places import Place, place_at
from ascertain.read.anchor.surroundings import edits, nearly_equal

_SEEDS, _MOST_OF_A_SEED, _MOST_CANDIDATES = 12, 256, 48
_WORDS, _LETTERS = 6, 30  # a quote that tells its place without surroundings has so many
_WORDS_BESIDE_ONE_SIDE = 5
_WORDS_A_SLIP = 5


def find_close(pattern: Pattern, indexed: IndexedText) -> Place | None:
    """The one place where a quote stands with slips; None when there is none, or more than one that it may be."""
    index = indexed.apart
    found = []
    for first in _candidates(pattern, index):
        slips = _slips(pattern, index, first)
        place = place_at(pattern, indexed.body, index, first, slips) if slips else None
        if place is not None:
            found.append(place)
    sure = [place for place in found if _is_sure(pattern, place)]
    for place in sure:
        if all(place.sides.clearly_before(rival.sides) for rival in found if rival is not place):
            return place
    return None


def _candidates(pattern: Pattern, index: WordIndex) -> list[int]:
    size, total = len(pattern.words), len(index.numbers)
    forms = [*reversed(pattern.before), *pattern.forms, *pattern.after]
    numbers = [int(number) for number in index.numbered(forms)]
    rare = sorted((index.frequency(n), at, n) for at, n in enumerate(numbers) if n >= 0)[:_SEEDS]
    starts: Counter[int] = Counter()
    for frequency, at, number in rare:
        if frequency <= _MOST_OF_A_SEED:
            starts.update((index.places(number) - at + len(pattern.before)).tolist())
    likely = sorted(starts, key=lambda first: (-starts[first], first))
    return [first for first in likely if 0 <= first <= total - size][:_MOST_CANDIDATES]


def _slips(pattern: Pattern, index: WordIndex, first: int) -> int:
    """How many letters differ where the quote would begin at a word; 0 when it does not stand there nearly."""
    words, slips = 0, 0
    most = max(1, len(pattern.words) // _WORDS_A_SLIP)
    for n, quoted in enumerate(pattern.forms):
        stands = index.forms[index.numbers[first + n]]
        if stands == quoted:
            continue
        words += 1
        if words > most or not nearly_equal(stands, quoted):
            return 0
        slips += edits(stands, quoted, 2) or 0
    return slips


def _is_sure(pattern: Pattern, place: Place) -> bool:
    enough = len(pattern.words) >= _WORDS and pattern.letters >= _LETTERS
    if not pattern.has_surroundings:
        return enough
    if place.sides.both:
        return True
    return place.sides.telling and (
        len(pattern.words) >= _WORDS_BESIDE_ONE_SIDE or not (pattern.before and pattern.after)
    )
