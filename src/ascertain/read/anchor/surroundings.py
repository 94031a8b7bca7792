"""Whether a place in a text has the surroundings that a quote had."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from ascertain.read.anchor.index import WordIndex
from ascertain.read.anchor.pattern import Pattern
from ascertain.read.anchor.words import is_number

_TELLING_WORDS, _TELLING_LETTERS = 3, 12  # a side of so much is seldom there by chance
_LONG_ENOUGH, _LONG = 5, 9  # a word of so many letters may differ in one, and in two


class Agreement(IntEnum):
    """How a side of a place agrees with the side of a quote."""

    NOT = 0
    NEARLY = 1
    WHOLLY = 2


@dataclass(frozen=True, slots=True)
class Sides:
    """How both sides agree, and whether that is enough to tell the place.

    `alike`: one side at least is there at such length that the place is a rival to any other.
    """

    before: Agreement
    after: Agreement
    telling: bool
    alike: bool

    @property
    def both(self) -> bool:
        """Whether both sides are there."""
        return self.before > 0 and self.after > 0

    @property
    def any(self) -> bool:
        """Whether either side is there."""
        return self.before > 0 or self.after > 0

    def clearly_before(self, rival: Sides) -> bool:
        """Whether this is the place and not the rival: it has all that the rival has, on both sides, and more.

        A rival with a side that tells a place by itself is never beaten: somebody has copied the passage.
        """
        if not rival.any:
            return True
        at_least = self.before >= rival.before and self.after >= rival.after
        return not rival.alike and self.both and at_least and (self.before, self.after) != (rival.before, rival.after)


def sides_of(index: WordIndex, pattern: Pattern, first: int) -> Sides:
    """How the words around a place, whose first word is the `first` of the text, agree with those around the quote.

    Both sides tell a place, or all that is known; or one side with which the quote stood once in its own text.
    """
    last = first + len(pattern.words) - 1
    before, after = pattern.before, pattern.after
    left = _agreement(index, range(first - 1, first - 1 - len(before), -1), before, outer=str.endswith)
    right = _agreement(index, range(last + 1, last + 1 + len(after)), after, outer=str.startswith)
    present = [side for side, words in ((left, before), (right, after)) if words]
    by_itself = (left > 0 and pattern.before_tells) or (right > 0 and pattern.after_tells)
    alike = (left > 0 and _tells(before)) or (right > 0 and _tells(after))
    return Sides(left, right, bool(present) and (all(present) or by_itself), alike)


def nearly_equal(a: str, b: str) -> bool:
    """Whether two words differ as by a slip: inside the word, by a letter (two from nine letters on), never a digit.

    First and last letters are the same, so that eight is not eighty, Syria not Syrian, killed not billed.
    """
    if a == b:
        return True
    size = min(len(a), len(b))
    if size < _LONG_ENOUGH or a[0] != b[0] or a[-1] != b[-1] or is_number(a) or is_number(b):
        return False
    return edits(a, b, 2 if size >= _LONG else 1) is not None


def edits(a: str, b: str, most: int) -> int | None:
    """How many letters must be put in, taken out, replaced or swapped with their neighbour; None when over `most`.

    Optimal string alignment (Damerau 1964; Wagner and Fischer 1974).
    """
    if abs(len(a) - len(b)) > most:
        return None
    last, row = [0] * (len(b) + 1), list(range(len(b) + 1))
    for i, one in enumerate(a, 1):
        before, last, row = last, row, [i] + [0] * len(b)
        for j, other in enumerate(b, 1):
            row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (one != other))
            if i > 1 and j > 1 and one == b[j - 2] and a[i - 2] == other:
                row[j] = min(row[j], before[j - 2] + 1)
        if min(row) > most:
            return None
    return row[-1] if row[-1] <= most else None


def _agreement(index: WordIndex, places: range, words: Sequence[str], outer: Callable[[str, str], bool]) -> Agreement:
    """The outermost word of a side may be cut, so that its form need only begin or end the text's."""
    if not words or min(places) < 0 or max(places) >= len(index.numbers):
        return Agreement.NOT
    found = Agreement.WHOLLY
    for n, (place, word) in enumerate(zip(places, words, strict=True)):
        stands = index.forms[index.numbers[place]]
        cut = n == len(words) - 1 and outer(stands, word)
        if stands == word or cut:
            continue
        if not nearly_equal(stands, word):
            return Agreement.NOT
        found = Agreement.NEARLY
    return found


def _tells(words: Sequence[str]) -> bool:
    return len(words) >= _TELLING_WORDS and sum(map(len, words)) >= _TELLING_LETTERS
