"""What a cell says, one kind of word at a time: a day, a number of degrees, a number of persons, a code.

Every reading is of the whole cell. What has two readings, or none, is not read.
"""

from __future__ import annotations

import calendar
import datetime
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from ascertain.read.datasets.mapping import Days

FIRST_DAY: Final = datetime.date(1800, 1, 1)
LAST_DAY: Final = datetime.date(2100, 12, 31)
_SHOWN: Final = 60
_ISO_DAY: Final = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?", re.A
)
_ISO_MONTH: Final = re.compile(r"(\d{4})-(\d{1,2})", re.A)
_ISO_YEAR: Final = re.compile(r"\d{4}", re.A)
_NUMBER: Final = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.A)
_COUNT: Final = re.compile(r"(\d{1,12})(?:\.0*)?", re.A)
_RANGE: Final = re.compile(r"(\d{1,12}) *[-–—] *(\d{1,12})", re.A)
_NEGATIVE: Final = re.compile(r"[-−–] *\d+(?:\.\d+)?", re.A)
Interval = tuple[datetime.date, datetime.date]


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a cell is not read: a stable word, and words for people."""

    code: str
    reason: str


def quoted(text: str) -> str:
    """A cell in a message: its beginning, in quotation marks."""
    return f"'{text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}'"


def read_days(text: str, formats: Sequence[str]) -> Interval | Wrong:
    """The first and last day of a date, a month or a year: ISO 8601, which has one reading, or one of the formats.

    A time of day is dropped; the day is the one that is written, in whatever zone.
    """
    found = _days(text, formats)
    if found is None:
        return Wrong("bad_date", f"{quoted(text)} is no date")
    if not FIRST_DAY <= found[0] <= found[1] <= LAST_DAY:
        return Wrong("bad_date", f"{quoted(text)} lies outside the years 1800 to 2100")
    return found


def _days(text: str, formats: Sequence[str]) -> Interval | None:
    try:
        if found := _ISO_DAY.fullmatch(text):
            year, month, day = map(int, found.groups())
            return whole("day", datetime.date(year, month, day))
        if found := _ISO_MONTH.fullmatch(text):
            return whole("month", datetime.date(int(found[1]), int(found[2]), 1))
        if _ISO_YEAR.fullmatch(text):
            return whole("year", datetime.date(int(text), 1, 1))
    except ValueError:
        return None
    for form in formats:
        try:
            return whole(_width(form), datetime.datetime.strptime(text, form).replace(tzinfo=datetime.UTC).date())
        except ValueError:
            continue
    return None


def whole(width: Literal["day", "month", "year"], day: datetime.date) -> Interval:
    """The day, month or year in which a day lies."""
    if width == "month":
        return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return (day.replace(month=1, day=1), day.replace(month=12, day=31)) if width == "year" else (day, day)


def _width(form: str) -> Literal["day", "month", "year"]:
    if "%d" in form or "%j" in form:
        return "day"
    return "month" if any(part in form for part in ("%m", "%b", "%B")) else "year"


def widened(days: Interval, code: Days) -> Interval:
    """All days that may be meant by dates of this precision."""
    if code.widen == "given":
        return days
    if code.widen == "around":
        reach = datetime.timedelta(days=code.days - 1)
        return days[0] - reach, days[1] + reach
    return whole(code.widen, days[0])[0], whole(code.widen, days[1])[1]


def read_degrees(text: str, decimal: str, bound: int) -> float | Wrong:
    """A number of degrees, at most `bound` from 0."""
    plain = text.replace(",", ".") if decimal == "," else text
    value = float(plain) if _NUMBER.fullmatch(plain) else math.nan
    if math.isnan(value):
        return Wrong("bad_number", f"{quoted(text)} is no number of degrees")
    if abs(value) > bound:
        return Wrong("out_of_range", f"{quoted(text)} lies outside -{bound} to {bound}")
    return value


def read_point(text: str, order: str) -> tuple[float, float] | Wrong:
    """Longitude and latitude from one cell: two numbers, with a comma or a semicolon between."""
    parts = [part.strip() for part in re.split("[,;]", text.strip("()[] "))]
    if len(parts) != 2:
        return Wrong("bad_number", f"{quoted(text)} is no point")
    lon, lat = (parts[1], parts[0]) if order == "lat lon" else (parts[0], parts[1])
    read = read_degrees(lon, ".", 180), read_degrees(lat, ".", 90)
    wrong = next((one for one in read if isinstance(one, Wrong)), None)
    return wrong or (read[0], read[1])  # type: ignore[return-value]


def read_count(text: str, decimal: str, *, ranges: bool) -> tuple[int | None, int | None, int | None] | Wrong:
    """Low, best and high of a number of persons: `83`, `1,200`, `3.0`; where ranges may stand, `3–5`."""
    plain = _ungrouped(text, decimal)
    if found := _COUNT.fullmatch(plain):
        return None, int(found[1]), None
    if _NEGATIVE.fullmatch(plain):
        return Wrong("negative", f"{quoted(text)} is fewer than none")
    if ranges and (found := _RANGE.fullmatch(plain)):
        low, high = int(found[1]), int(found[2])
        return (low, None, high) if low <= high else Wrong("bounds", f"{quoted(text)} runs backwards")
    return Wrong("bad_count", f"{quoted(text)} is no number of persons")


def _ungrouped(text: str, decimal: str) -> str:
    """A number without the marks between its thousands, with a point before its decimals."""
    mark = "." if decimal == "," else ","
    if re.fullmatch(rf"\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+", text, re.A):
        return text.replace(mark, "")
    return text.replace(",", ".") if decimal == "," else text


class Remembered:
    """A reading that is done once for each different word; the words of a million rows are few."""

    _MOST: Final = 300_000

    def __init__(self, read: Callable[[str], Any]) -> None:
        self._read = read
        self._known: dict[str, Any] = {}

    def __call__(self, word: str) -> Any:
        """What the word says."""
        try:
            return self._known[word]
        except KeyError:
            if len(self._known) >= self._MOST:
                self._known.clear()
            return self._known.setdefault(word, self._read(word))
