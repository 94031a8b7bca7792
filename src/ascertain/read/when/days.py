"""Arithmetic on days, months and years as EDTF writes them. `~` marks a side that the words leave soft."""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass, field
from typing import Final

SEVERAL: Final = "|"  # between the days of a list such as "24, 25 and 30 March 2017"
_WEEK_STARTS = (0, 6, 5)  # Monday, Sunday, Saturday: whose week it is, a text does not say


@dataclass(frozen=True, slots=True)
class Setting:
    """What a text lends its dates: its own day, the order of day and month in figures, the hemisphere of its seasons.

    `year` is one that stands later in the same phrase; `previous` the last single day named before.
    """

    written: datetime.date | None
    order: str = ""
    hemisphere: str = ""
    year: int | None = None
    previous: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """What was read: EDTF, nothing at all ("until 7 April" has no first day), and whether the year was not written."""

    edtf: str
    lacks_year: bool = field(default=False, kw_only=True)

    @property
    def single_day(self) -> datetime.date | None:
        """The day, if it is one."""
        return datetime.date.fromisoformat(self.edtf) if len(self.edtf) == 10 and "~" not in self.edtf else None


NOTHING: Final = Value("")


def is_day(year: int, month: int, day: int) -> bool:
    """Whether the calendar has this day."""
    return 1 <= month <= 12 and 1 <= year <= 9999 and 1 <= day <= calendar.monthrange(year, month)[1]


def last_of(year: int, month: int) -> int:
    """The last day of a month."""
    return calendar.monthrange(year, month)[1]


def first_day(edtf: str) -> str:
    """The first day (ISO) of a value's first side; ISO days compare as text."""
    side = edtf.split("/")[0].split(SEVERAL)[0].rstrip("~?%").replace("X", "0")
    return side + {4: "-01-01", 7: "-01"}.get(len(side), "")


def last_day(edtf: str) -> str:
    """The last day (ISO) of a value's last side."""
    side = edtf.split("/")[-1].split(SEVERAL)[-1].rstrip("~?%").replace("X", "9")
    if len(side) == 4:
        return f"{side}-12-31"
    return f"{side}-{last_of(int(side[:4]), int(side[5:7])):02}" if len(side) == 7 else side


def start_side(edtf: str) -> str:
    """The first side of an interval, or the whole."""
    return edtf.split("/")[0].split(SEVERAL)[0]


def end_side(edtf: str) -> str:
    """The last side of an interval, or the whole."""
    return edtf.split("/")[-1].split(SEVERAL)[-1]


def interval(start: str, end: str) -> Value | None:
    """From one EDTF side to another; none if it runs backwards."""
    if first_day(start) > last_day(end):
        return None
    return Value(start if start == end else f"{start}/{end}")


def days_between(start: datetime.date, end: datetime.date, *, soft: bool = False) -> Value:
    """Two days as an interval; `soft`: about these."""
    mark = "~" if soft else ""
    return Value(f"{start.isoformat()}{mark}/{end.isoformat()}{mark}" if start != end else f"{start.isoformat()}{mark}")


def shifted(day: datetime.date, days: int) -> datetime.date | None:
    """A day so many days later; none outside the calendar."""
    try:
        return day + datetime.timedelta(days=days)
    except OverflowError:
        return None


def shifted_months(day: datetime.date, months: int) -> datetime.date | None:
    """The same day of another month, or that month's last."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        return None
    return datetime.date(year, month + 1, min(day.day, last_of(year, month + 1)))


def week_of(day: datetime.date, weeks: int = 0) -> Value | None:
    """The week that is `weeks` after a day's own, wide enough for weeks from Monday, Sunday and Saturday."""
    starts = [shifted(day, 7 * weeks - (day.weekday() - first) % 7) for first in _WEEK_STARTS]
    known = [start for start in starts if start is not None]
    end = shifted(max(known), 6) if len(known) == len(starts) else None
    return days_between(min(known), end) if end else None


def about(day: datetime.date, unit: str, number: int) -> Value | None:
    """`number` units from a day (negative: before it), as sharp as the unit: "two weeks ago" is no day."""
    match unit:
        case "hour":
            other = shifted(day, 1 if number > 0 else -1) if abs(number) <= 24 else None
            return days_between(*sorted((day, other))) if other else None
        case "day":
            other = shifted(day, number)
            return Value(other.isoformat()) if other else None
        case "week":
            return _around(shifted(day, 7 * number), 3)
        case "month":
            return _around(shifted_months(day, number), 15)
    first, last = shifted_months(day, 12 * number - 6), shifted_months(day, 12 * number + 6)
    return Value(f"{first.isoformat()[:7]}~/{last.isoformat()[:7]}~") if first and last else None


def _around(day: datetime.date | None, days: int) -> Value | None:
    first = shifted(day, -days) if day else None
    last = shifted(day, days) if day else None
    return days_between(first, last, soft=True) if first and last else None


def rolling(day: datetime.date, unit: str, number: int) -> Value | None:
    """The `number` units that end with a day: "the past two weeks"."""
    match unit:
        case "hour":
            start = shifted(day, -((number + 23) // 24))
        case "day":
            start = shifted(day, -number)
        case "week":
            start = shifted(day, -7 * number)
        case "month":
            start = shifted_months(day, -number)
        case _:
            start = shifted_months(day, -12 * number)
    return days_between(start, day) if start else None
