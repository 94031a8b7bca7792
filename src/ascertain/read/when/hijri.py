"""Dates of the Hijri calendar, by the Umm al-Qura tables (hijridate): a day is soft, since moons were sighted."""

from __future__ import annotations

import datetime

from hijridate import Hijri

from ascertain.read.when.absolute import Groups
from ascertain.read.when.days import Setting, Value


def hijri(groups: Groups, setting: Setting) -> Value | None:
    """12 Ramadan 1439 is about a day; Ramadan 1439 and 1439 AH are about the days of that month or year."""
    year, month = int(groups.get("hijri_year") or 0), int(groups.get("hijri") or 0)
    if groups.get("day"):
        day = _gregorian(year, month, int(groups["day"] or 0))
        return Value(f"{day.isoformat()}~") if day else None
    first = _gregorian(year, month or 1, 1)
    after = _gregorian(year + (month in (0, 12)), month % 12 + 1 if month else 1, 1)
    return _soft(first, after) if first and after else None


def hijri_in_year(groups: Groups, setting: Setting) -> Value | None:
    """Ramadan 2018: the one that lies in that year; none where two begin in it."""
    year, month = int(groups["year"] or 0), int(groups["hijri"] or 0)
    around = [(_gregorian(h, month, 1), h) for h in range((year - 622) * 33 // 32 - 1, (year - 622) * 33 // 32 + 3)]
    begun = [h for day, h in around if day is not None and day.year == year]
    if len(begun) != 1:
        return None
    return hijri({"hijri_year": str(begun[0]), "hijri": str(month)}, setting)


def _gregorian(year: int, month: int, day: int) -> datetime.date | None:
    """The day, or none that the tables (1343 to 1500 AH) hold."""
    try:
        found = Hijri(year, month, day).to_gregorian()
    except (ValueError, OverflowError):
        return None
    return datetime.date(found.year, found.month, found.day)


def _soft(first: datetime.date, after: datetime.date) -> Value:
    last = after - datetime.timedelta(days=1)
    return Value(f"{first.isoformat()}~/{last.isoformat()}~")
