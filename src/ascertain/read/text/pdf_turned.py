"""Lines of a PDF whose Arabic or Hebrew PDFium hands over in a wrong order, read again from where the letters stand.

PDFium takes the letters of a text object for visual order and turns them. Programs that write each letter as an object
of its own with its meaning beside it (`ActualText`, as Chromium and Skia do) have some words turned once too often, and
a vowel sign, set higher than its letter, ends the line for PDFium. Where the letters of a word run to the right, the
page itself shows that the order is wrong; only then is a line read anew.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from ascertain.read.text.bidi import LEFT_TO_RIGHT, RIGHT_TO_LEFT, kind_of, logical_order

SPACE = -1  # in an order of characters
_SAME_LINE = 0.5  # of a letter's height
_APART, _TOGETHER = 0.22, 0.08  # gaps between letters that are surely a space, and surely none, in heights
_RUNS_BACK = 0.03
_SAME_PLACE = 0.05  # points


@dataclass(frozen=True, slots=True)
class Letter:
    """A character of a page with its box's sides, where its baseline begins, and which of PDFium's it is.

    `token` numbers PDFium's words.
    """

    index: int
    character: str
    left: float
    right: float
    height: float
    begin: float
    baseline: float
    token: int

    @property
    def middle(self) -> float:
        """Where it stands across."""
        return (self.left + self.right) / 2


@dataclass(slots=True)
class _Line:
    letters: list[Letter] = field(default_factory=list)

    @property
    def baseline(self) -> float:
        plain = [letter.baseline for letter in self.letters if not unicodedata.combining(letter.character)]
        return median(plain or [letter.baseline for letter in self.letters])

    @property
    def height(self) -> float:
        return max(letter.height for letter in self.letters) or 1.0


def has_right_to_left(characters: str) -> bool:
    """Whether any character is written from right to left."""
    return not characters.isascii() and any(kind_of(character) == RIGHT_TO_LEFT for character in characters)


def reread(lines: Sequence[Sequence[Letter]]) -> list[tuple[int, list[tuple[int, str]]]]:
    """Those of the lines that are read anew: the number of the first one that each replaces, and its characters.

    A character is PDFium's number of it (or SPACE) and what it is. Lines that follow one another on one baseline are
    one; those that a line before has taken in come out empty.
    """
    anew: list[tuple[int, list[tuple[int, str]]]] = []
    runs_left = _runs_left(lines)
    at = 0
    while at < len(lines):
        end = _end_of_line(lines, at)
        together = [letter for line in lines[at:end] for letter in line]
        if together and any(_runs_back(line) for line in lines[at:end]):
            anew.append((at, _ordered(together, runs_left)))
            anew += [(number, []) for number in range(at + 1, end)]
        at = end
    return anew


def _runs_left(lines: Sequence[Sequence[Letter]]) -> bool:
    """Whether most letters of the page are written from right to left."""
    kinds = [kind_of(letter.character) for line in lines for letter in line]
    return kinds.count(RIGHT_TO_LEFT) > kinds.count(LEFT_TO_RIGHT)


def _end_of_line(lines: Sequence[Sequence[Letter]], at: int) -> int:
    end = at + 1
    if not lines[at]:
        return end
    first = _Line(list(lines[at]))
    while end < len(lines) and lines[end]:
        other = _Line(list(lines[end]))
        height = max(first.height, other.height)
        if abs(first.baseline - other.baseline) > _SAME_LINE * height or _overlap(lines[at:end], lines[end]):
            break
        end += 1
    return end


def _overlap(lines: Sequence[Sequence[Letter]], line: Sequence[Letter]) -> bool:
    """Whether a letter of `line` lies on one of `lines`: then they are not one line."""
    taken = [letter for one in lines for letter in one if not unicodedata.combining(letter.character)]
    return any(
        other.left < letter.middle < other.right
        for letter in line
        if not unicodedata.combining(letter.character)
        for other in taken
    )


def _runs_back(letters: Sequence[Letter]) -> bool:
    """Whether the letters of some word from right to left stand from left to right."""
    for one, other in itertools.pairwise(letters):
        both = kind_of(one.character) == kind_of(other.character) == RIGHT_TO_LEFT and one.token == other.token
        if both and other.middle - one.middle > _RUNS_BACK * max(one.height, other.height):
            return True
    return False


def _ordered(letters: Sequence[Letter], page_runs_left: bool) -> list[tuple[int, str]]:
    """The characters of a line in reading order, spaces put where the letters stand apart."""
    standing = [letter for letter in letters if not unicodedata.combining(letter.character)]
    if not standing:
        return [(letter.index, letter.character) for letter in letters]
    marks = _marks(letters, standing)
    height = _Line(standing).height
    visual: list[Letter | None] = []
    for letter in sorted(standing, key=lambda letter: (letter.middle, -letter.index)):
        if visual and _is_apart(visual[-1], letter, marks, height):
            visual.append(None)
        visual.append(letter)
    order, characters = logical_order([letter.character if letter else " " for letter in visual], page_runs_left)
    said: list[tuple[int, str]] = []
    for at, character in zip(order, characters, strict=True):
        one = visual[at]
        said.append((one.index if one else SPACE, character))
        said += [(mark.index, mark.character) for mark in marks.get(one.index, [])] if one else []
    return said


def _is_apart(one: Letter | None, other: Letter, marks: Mapping[int, Sequence[Letter]], height: float) -> bool:
    """Whether a space is between two letters side by side, each with the marks that have room of their own."""
    if one is None:
        return False
    right = max(letter.right for letter in (one, *marks.get(one.index, ())))
    left = min(letter.left for letter in (other, *marks.get(other.index, ())))
    gap = (left - right) / height
    letters = (
        one.character.isalnum() and other.character.isalnum()
    )  # marks have room around them, and PDFium parts them
    return gap > _APART or (gap > _TOGETHER and letters and one.token != other.token)


def _marks(letters: Sequence[Letter], standing: Sequence[Letter]) -> dict[int, list[Letter]]:
    """The vowel signs and other marks by their letter: the one drawn with them, or over or under which they stand."""
    marks: dict[int, list[Letter]] = {}
    for mark in letters:
        if unicodedata.combining(mark.character):
            together = [letter for letter in standing if _drawn_together(letter, mark)] or standing
            distances = {abs(letter.middle - mark.middle): letter.index for letter in together}
            marks.setdefault(distances[min(distances)], []).append(mark)
    return marks


def _drawn_together(letter: Letter, mark: Letter) -> bool:
    return abs(letter.begin - mark.begin) < _SAME_PLACE and abs(letter.baseline - mark.baseline) < _SAME_PLACE
