"""Dates in tokens. First points (a day, a month, "two weeks ago"), each by the longest pattern; then what joins them.

The patterns are a language's data; the rules that give one its days are in `absolute`, `relative`, `hijri`, `joined`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ascertain.read.tokens import Token
from ascertain.read.when import absolute, hijri, joined, relative
from ascertain.read.when.absolute import Groups
from ascertain.read.when.days import SEVERAL, Setting, Value
from ascertain.read.when.marks import Marked, Piece
from ascertain.read.when.words import DatePattern, DateWords

__all__ = ["SEVERAL", "FoundDate", "find_dates", "order_of"]
_Rule = Callable[[Groups, Setting], Value | None]
_POINTS: Mapping[str, _Rule] = {
    name: getattr(module, name)
    for module, names in (
        (absolute, "day figures dotted days span_of_days years month recent_month year decade part week_of_month half "
                   "quarter season"),
        (hijri, "hijri hijri_in_year"),
        (relative, "nothing relative_day night_before night_of_weekday weekday dated_weekday ago vague_ago past unit "
                   "so_far weekend same_day next_day day_before later"),
    )
    for name in names.split()
}  # fmt: skip
_FIGURES = re.compile(r"(?<!/ )(?<!- )<d(\d+)> ([/-]) <d(\d+)> \2 <y\d+>(?! [/-])")
_OUTSIDE = re.compile(r"(?<![\d-])(?:0000|\d{5})")  # "last year" of a page that dates itself 0001-01-01
_WIDEST_GAP = 4  # words between two dates of which the first borrows the year of the second


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date over tokens `first`..`last` (exclusive), as EDTF; several days of one list are joined by SEVERAL.

    `rule` names the rule that read it: "relative_day" and the like stand on the text's own date.
    """

    first: int
    last: int
    edtf: str
    rule: str = ""

    @property
    def is_single(self) -> bool:
        """Whether it is one day, month or year, not an interval or a list."""
        return "/" not in self.edtf and SEVERAL not in self.edtf


@dataclass(frozen=True, slots=True)
class _Read:
    """A value over pieces `first`..`last` (exclusive)."""

    first: int
    last: int
    value: Value
    rule: str
    groups: Groups


def find_dates(
    tokens: Sequence[Token],
    words: DateWords,
    written: datetime.date | None,
    *,
    hemisphere: str = "",
    order: str = "",
) -> list[FoundDate]:
    """The dates in a text's or sentence's tokens, in order, without overlaps.

    `written` (the text's date) gives the year where the text leaves it out, and stands behind "yesterday".
    `hemisphere` ("north", "south") allows seasons; `order` ("dmy", "mdy") is that of day and month in figures, where
    neither the language nor these tokens decide it. What the words do not fix is not read.
    """
    marked = words.marker.mark(tokens)
    setting = Setting(written, order_of(marked.text) or words.order or order, hemisphere)
    points = _lend_years(_points(marked, words.points, setting), marked, words.listing, setting)
    return [
        FoundDate(marked.pieces[read.first].first, marked.pieces[read.last - 1].last, read.value.edtf, read.rule)
        for read in _joined(points, marked, words.ranges, setting)
        if read.value.edtf and not _OUTSIDE.search(read.value.edtf)
    ]


def order_of(code: str) -> str:
    """The order of day and month that a text's own figures show (25/03/2017): dmy, mdy, or none if they disagree."""
    seen = {"dmy" if int(a) > 12 else "mdy" for a, _, b in _FIGURES.findall(code) if (int(a) > 12) != (int(b) > 12)}
    return seen.pop() if len(seen) == 1 else ""


def _candidates(text: str, patterns: Sequence[DatePattern]) -> list[tuple[re.Match[str], DatePattern]]:
    """What the patterns find: the first to begin, of those the longest, of those the first in the file."""
    found = [
        (match, number, pattern) for number, pattern in enumerate(patterns) for match in pattern.regex.finditer(text)
    ]
    found.sort(key=lambda entry: (entry[0].start(), -entry[0].end(), entry[1]))
    return [(match, pattern) for match, _, pattern in found]


def _points(marked: Marked, patterns: Sequence[DatePattern], setting: Setting) -> list[_Read]:
    points: list[_Read] = []
    end = 0
    for match, pattern in _candidates(marked.text, patterns):
        if match.start() < end:
            continue
        groups = match.groupdict()
        value = _POINTS[pattern.reads](groups, setting)
        if value is None:
            continue
        end = match.end()
        points.append(_Read(*marked.pieces_of(match.start(), end), value, pattern.reads, groups))
        setting = replace(setting, previous=value.single_day or setting.previous)
    return points


def _lend_years(points: Sequence[_Read], marked: Marked, listing: frozenset[str], setting: Setting) -> list[_Read]:
    """In "3 April and 7 May 2017" the year that is written is that of both."""
    lent: list[_Read] = []
    for point in reversed(points):
        after = lent[-1] if lent else None
        if after and point.value.lacks_year and _lends(after) and _listed(point, after, marked, listing):
            point = _with_year(point, after, setting)
        lent.append(point)
    return lent[::-1]


def _lends(point: _Read) -> bool:
    return bool(point.value.edtf and point.groups.get("month") and not point.value.lacks_year)


def _listed(point: _Read, after: _Read, marked: Marked, listing: frozenset[str]) -> bool:
    gap = [marked.text[piece.start : piece.end] for piece in marked.pieces[point.last : after.first]]
    return 0 < len(gap) <= _WIDEST_GAP and all(word in listing for word in gap)


def _with_year(point: _Read, after: _Read, setting: Setting) -> _Read:
    year = int(after.value.edtf[:4])
    for lent in (year, year - 1):
        value = _POINTS[point.rule](point.groups, replace(setting, year=lent))
        if value is not None and joined.in_order(value, after.value):
            return replace(point, value=replace(value, lacks_year=False))
    return point


def _joined(
    points: Sequence[_Read], marked: Marked, patterns: Sequence[DatePattern], setting: Setting
) -> Iterator[_Read]:
    """The points, with those that a pattern of `ranges` joins made one."""
    dates = [point for point in points if point.value.edtf]
    if not dates:
        return
    code, origin = _with_points(marked, dates)
    taken: list[_Read] = []
    end = 0
    for match, pattern in _candidates(code.text, patterns):
        inside = [dates[int(number)] for group, number in match.groupdict().items() if group in _ENDS and number]
        if match.start() < end or not inside:
            continue
        value = joined.RULES[pattern.reads](match.groupdict(), [point.value for point in inside], setting)
        if value is not None:
            end = match.end()
            first, last = code.pieces_of(match.start(), end)
            taken.append(_Read(origin[first][0], origin[last - 1][1], value, pattern.reads, inside[0].groups))
    free = [d for d in dates if not any(t.first < d.last and d.first < t.last for t in taken)]
    yield from sorted([*taken, *free], key=lambda read: read.first)


_ENDS = ("first", "second")


def _with_points(marked: Marked, dates: Sequence[_Read]) -> tuple[Marked, list[tuple[int, int]]]:
    """The code with a mark for each date, and the pieces behind each of its pieces."""
    begins = {date.first: (number, date) for number, date in enumerate(dates)}
    words: list[str] = []
    pieces: list[Piece] = []
    origin: list[tuple[int, int]] = []
    at = length = 0
    while at < len(marked.pieces):
        number, date = begins.get(at, (0, None))
        word = f"<P{number}>" if date else marked.text[marked.pieces[at].start : marked.pieces[at].end]
        last = date.last if date else at + 1
        length += 1 if words else 0
        words.append(word)
        pieces.append(Piece(length, length + len(word), 0, 0))
        length += len(word)
        origin.append((at, last))
        at = last
    return Marked(" ".join(words), tuple(pieces)), origin
