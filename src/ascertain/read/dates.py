"""Dates in running text to EDTF. Never invents a day: "in April" is a month; a missing year is the text's own."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ascertain.read.tokens import Token

# Between the days of a list such as "24, 25 and 30 March 2017".
SEVERAL = "|"
# No list of days is longer than a month.
_MOST_DAYS = 31


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date over tokens `first`..`last` (exclusive), as EDTF; several days of one list are joined by SEVERAL."""

    first: int
    last: int
    edtf: str

    @property
    def is_single(self) -> bool:
        """Whether it is one day, month or year, not an interval or a list."""
        return "/" not in self.edtf and SEVERAL not in self.edtf


@dataclass(frozen=True, slots=True)
class DateWords:
    """What a language writes in dates: months by form, words between two days, words before an open start."""

    months: Mapping[str, int]
    and_words: frozenset[str]
    range_words: frozenset[str]
    since_words: frozenset[str]
    between_words: frozenset[str]
    relative_days: Mapping[str, int]
    articles: frozenset[str]


def find_dates(tokens: Sequence[Token], words: DateWords, written: datetime.date | None) -> list[FoundDate]:
    """The dates in a sentence's tokens. `written` (the text's date) gives the year where the text leaves it out."""
    reader = _DateReader(tokens, words, written)
    found, at = [], 0
    while at < len(tokens):
        date = reader.at(at)
        if date is None:
            at += 1
        else:
            found.append(date)
            at = date.last
    return found


class _DateReader:
    def __init__(self, tokens: Sequence[Token], words: DateWords, written: datetime.date | None) -> None:
        self._tokens, self._words, self._written = tokens, words, written

    def at(self, i: int) -> FoundDate | None:
        if self._form(i) in self._words.between_words:
            return self._between(i)
        if self._form(i) in self._words.since_words:
            return self._since(i)
        return self._point(i)

    def _point(self, i: int) -> FoundDate | None:
        return self._relative(i) or self._iso(i) or self._days_then_month(i) or self._month_first(i) or self._year(i)

    def _form(self, i: int) -> str:
        return self._tokens[i].form if 0 <= i < len(self._tokens) else ""

    def _day(self, i: int) -> int | None:
        """A day number, with its ending (1st, 2nd) or without; -1 is never returned."""
        form = self._form(i)
        return int(form) if form.isascii() and form.isdigit() and len(form) <= 2 and 1 <= int(form) <= 31 else None

    def _after_day(self, i: int) -> int:
        """The token after a day: past the ending of an ordinal and past "of"."""
        i += 1
        if self._form(i) in ("st", "nd", "rd", "th", "er", "ere"):
            i += 1
        return i + 1 if self._form(i) == "of" else i

    def _year_number(self, i: int) -> int | None:
        form = self._form(i)
        return int(form) if form.isascii() and form.isdigit() and len(form) == 4 and 1900 <= int(form) <= 2100 else None

    def _relative(self, i: int) -> FoundDate | None:
        days = self._words.relative_days.get(self._form(i))
        if days is None or self._written is None:
            return None
        return FoundDate(i, i + 1, (self._written + datetime.timedelta(days=days)).isoformat())

    def _iso(self, i: int) -> FoundDate | None:
        parts = [self._form(i + k) for k in range(5)]
        year = self._year_number(i)
        if year and parts[1] == "-" and parts[3] == "-" and parts[2].isdigit() and self._day(i + 4):
            return self._checked(i, i + 5, year, int(parts[2]), int(parts[4]))
        return None

    def _days_then_month(self, i: int, *, second: bool = False) -> FoundDate | None:
        """7 April 2018; 24 and 25 March 2017; 24, 25 and 30 March; 16 March to 20 May 2015."""
        days: list[int] = []
        j, spans = i, False
        while len(days) < _MOST_DAYS and (day := self._day(j)) is not None:
            days.append(day)
            j = self._after_day(j)
            if self._form(j) == "," and self._day(j + 1) is not None:
                j += 1
            if self._form(j) in self._words.and_words and self._day(j + 1) is not None:
                j += 1
            elif self._form(j) in self._words.range_words and self._day(j + 1) is not None:
                j, spans = j + 1, True
        month = self._words.months.get(self._form(j))
        if not days or month is None:
            return None
        year, last = self._year_after(j + 1, month, days[-1])
        if year is None:
            return None
        other = None if second else self._days_then_month(last + 1, second=True)
        if other is not None and self._form(last) in self._words.range_words:
            return self._interval(i, other, f"{year:04}-{month:02}-{days[0]:02}")
        if other is not None and self._form(last) in self._words.and_words and last == j + 1:
            year = int(other.edtf[:4])  # "3 April and 7 May 2017": the year that is written is that of both
        if len(days) == 1:
            return self._checked(i, last, year, month, days[0])
        if not spans and days[-1] < days[0]:
            return None
        found = [self._checked(i, last, year, month, day) for day in days]
        if not all(found) or days[-1] < days[0]:
            return None
        edtf = [f"{year:04}-{month:02}-{day:02}" for day in days]
        return FoundDate(i, last, f"{edtf[0]}/{edtf[-1]}" if spans else SEVERAL.join(edtf))

    def _month_first(self, i: int) -> FoundDate | None:
        """April 7, 2018; April 2018; April."""
        month = self._words.months.get(self._form(i))
        if month is None or (self._form(i) == "may" and not self._tokens[i].text.startswith("M")):
            return None
        at = i + 2 if self._form(i + 1) == "." else i + 1
        day = self._day(at)
        if day is not None:
            after = self._after_day(at)
            comma = after + 1 if self._form(after) == "," and self._year_number(after + 1) else after
            year, last = self._year_after(comma, month, day)
            return self._checked(i, last if last > comma else after, year, month, day) if year else None
        if self._tokens[i].text[:1].islower() and self._form(i) in ("may", "march"):
            return None
        year, last = self._year_after(i + 1, month, 1)
        if year is None or (self._form(i) == "may" and last == i + 1):
            return None
        return FoundDate(i, last, f"{year:04}-{month:02}")

    def _year(self, i: int) -> FoundDate | None:
        year = self._year_number(i)
        decade = self._form(i + 1) == "s" and self._tokens[i + 1].start == self._tokens[i].end
        if year is None or decade or self._form(i - 1) in ("/", "-", "resolution") or self._form(i + 1) == "/":
            return None
        return FoundDate(i, i + 1, f"{year:04}")

    def _between(self, i: int) -> FoundDate | None:
        first = self._point(self._past_article(i + 1))
        if first is not None and self._form(first.last) in (*self._words.and_words, *self._words.range_words):
            second = self._point(self._past_article(first.last + 1))
            if second is not None and first.is_single and second.is_single:
                return self._interval(i, second, first.edtf)
        return None

    def _past_article(self, i: int) -> int:
        return i + 1 if self._form(i) in self._words.articles else i

    def _since(self, i: int) -> FoundDate | None:
        first = self._point(self._past_article(i + 1))
        if first is None or not first.is_single or self._written is None:
            return None
        return FoundDate(i, first.last, f"{first.edtf}/{self._written.isoformat()}")

    def _interval(self, i: int, second: FoundDate, first: str) -> FoundDate | None:
        """An interval; in "16 March to 20 May 2015" the first day is of the year that the second one writes."""
        if not any(self._year_number(k) for k in range(i, second.first)) and self._year_number(second.last - 1):
            first = second.edtf[:4] + first[4:]
        if not second.is_single or second.edtf < first:
            return None
        return FoundDate(i, second.last, f"{first}/{second.edtf}")

    def _year_after(self, i: int, month: int, day: int) -> tuple[int | None, int]:
        """The year at a token and the token after it; otherwise the last such month that the text's date allows."""
        at = i + 1 if self._form(i) in (",", "de", "of") and self._year_number(i + 1) else i
        year = self._year_number(at)
        if year is not None:
            return year, at + 1
        if self._written is None:
            return None, i
        passed = (month, day) <= (self._written.month, self._written.day)
        return self._written.year - (0 if passed else 1), i

    def _checked(self, first: int, last: int, year: int | None, month: int, day: int) -> FoundDate | None:
        if year is None or not 1 <= month <= 12 or day > calendar.monthrange(year, month)[1]:
            return None
        return FoundDate(first, last, f"{year:04}-{month:02}-{day:02}")
