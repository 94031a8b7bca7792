"""Rules for what stands around a date that was read: intervals, open ends, "about", "two days after"."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ascertain.read.when.absolute import Groups
from ascertain.read.when.days import (
    NOTHING,
    SEVERAL,
    Setting,
    Value,
    about,
    days_between,
    end_side,
    first_day,
    interval,
    last_day,
    shifted,
    start_side,
)

Joining = Callable[[Groups, Sequence[Value], Setting], Value | None]


def span(groups: Groups, points: Sequence[Value], setting: Setting) -> Value | None:
    """From 16 March to 20 May 2015."""
    first, second = points
    if SEVERAL in first.edtf or SEVERAL in second.edtf or last_day(first.edtf) > last_day(second.edtf):
        return None
    return interval(start_side(first.edtf), end_side(second.edtf))


def since(groups: Groups, points: Sequence[Value], setting: Setting) -> Value:
    """Since 2013: up to the text's own day. Without that day it has no end, and is not read."""
    (first,) = points
    if setting.written is None or SEVERAL in first.edtf:
        return NOTHING
    return interval(start_side(first.edtf), setting.written.isoformat()) or NOTHING


def approximate(groups: Groups, points: Sequence[Value], setting: Setting) -> Value:
    """About 7 April 2018."""
    (first,) = points
    plain = not any(mark in first.edtf for mark in ("/", "~", SEVERAL, "X"))
    return Value(f"{first.edtf}~", lacks_year=first.lacks_year) if plain else first


def nothing(groups: Groups, points: Sequence[Value], setting: Setting) -> Value:
    """Until 7 April: a last day and no first."""
    return NOTHING


def shift(groups: Groups, points: Sequence[Value], setting: Setting) -> Value | None:
    """Two days after 4 April 2017."""
    day = points[0].single_day
    number = int(groups.get("n") or 1)
    return about(day, groups["unit"] or "", -number if groups.get("earlier") else number) if day else None


def night(groups: Groups, points: Sequence[Value], setting: Setting) -> Value | None:
    """The night of 6 April: that day or the next; overnight 6-7 April: both."""
    if len(points) == 2:
        return span(groups, points, setting)
    day = points[0].single_day
    if day is None:
        return points[0] if _two_days(points[0].edtf) else None
    after = shifted(day, 1)
    return days_between(day, after) if after else None


def _two_days(edtf: str) -> bool:
    return "/" in edtf and len(start_side(edtf)) == 10


def eve(groups: Groups, points: Sequence[Value], setting: Setting) -> Value | None:
    """The eve of 7 April."""
    day = points[0].single_day
    before = shifted(day, -1) if day else None
    return Value(before.isoformat()) if before else None


def week_of(groups: Groups, points: Sequence[Value], setting: Setting) -> Value | None:
    """The week of 3 April: from it when it is a Monday, otherwise any week that has it."""
    day = points[0].single_day
    if day is None:
        return None
    first, last = shifted(day, 0 if day.weekday() == 0 else -6), shifted(day, 6)
    return days_between(first, last) if first and last else None


def weekend_of(groups: Groups, points: Sequence[Value], setting: Setting) -> Value | None:
    """The weekend of 7 April: Friday to Sunday."""
    day = points[0].single_day
    if day is None or day.weekday() not in (4, 5, 6):
        return None
    first, last = shifted(day, 4 - day.weekday()), shifted(day, 6 - day.weekday())
    return days_between(first, last) if first and last else None


def in_order(first: Value, second: Value) -> bool:
    """Whether one begins no later than the other ends."""
    return first_day(first.edtf) <= last_day(second.edtf)


RULES: Mapping[str, Joining] = {
    "span": span,
    "since": since,
    "approximate": approximate,
    "nothing": nothing,
    "shifted": shift,
    "night": night,
    "eve": eve,
    "week_of": week_of,
    "weekend_of": weekend_of,
}
