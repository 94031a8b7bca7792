"""Rules for dates that need the text's own day, or a day named before. Without it they give none."""

from __future__ import annotations

import datetime

from ascertain.read.when import absolute
from ascertain.read.when.absolute import Groups
from ascertain.read.when.days import (
    NOTHING,
    Setting,
    Value,
    about,
    days_between,
    rolling,
    shifted,
    shifted_months,
    week_of,
)


def nothing(groups: Groups, setting: Setting) -> Value:
    """Words that look like a date and are none: "resolution 2015"."""
    return NOTHING


def relative_day(groups: Groups, setting: Setting) -> Value | None:
    """Today, yesterday."""
    day = shifted(setting.written, int(groups["days"] or 0)) if setting.written else None
    return Value(day.isoformat()) if day else None


def night_before(groups: Groups, setting: Setting) -> Value | None:
    """Last night: of two days, and the words do not say which."""
    before = shifted(setting.written, -1) if setting.written else None
    return days_between(before, setting.written) if before and setting.written else None


def night_of_weekday(groups: Groups, setting: Setting) -> Value | None:
    """Saturday night: that day or the next."""
    day = _weekday(groups, setting)
    after = shifted(day, 1) if day else None
    return days_between(day, after) if day and after else None


def weekday(groups: Groups, setting: Setting) -> Value | None:
    """On Tuesday: the last one up to the text's day; last Tuesday: before it; next Tuesday: after it."""
    day = _weekday(groups, setting)
    return Value(day.isoformat()) if day else None


def _weekday(groups: Groups, setting: Setting) -> datetime.date | None:
    written = setting.written
    if written is None:
        return None
    back = (written.weekday() - int(groups["weekday"] or 0)) % 7
    if groups.get("next"):
        return shifted(written, 7 - back)
    return shifted(written, -(back or 7) if groups.get("last") else -back)


def dated_weekday(groups: Groups, setting: Setting) -> Value | None:
    """Saturday, 7 April: the date says more than the weekday."""
    return absolute.day(groups, setting)


def ago(groups: Groups, setting: Setting) -> Value | None:
    """Two days ago; a week ago, which is about a week."""
    number, unit = _number_and_unit(groups)
    return about(setting.written, unit, -number) if setting.written else None


def _number_and_unit(groups: Groups) -> tuple[int, str]:
    if groups.get("dual"):
        return 2, groups["dual"] or ""
    return int(groups.get("n") or 1), groups["unit"] or ""


def vague_ago(groups: Groups, setting: Setting) -> Value | None:
    """A few days ago: two to seven."""
    if setting.written is None or groups["unit"] != "day":
        return None
    first, last = shifted(setting.written, -7), shifted(setting.written, -2)
    return days_between(first, last, soft=True) if first and last else None


def past(groups: Groups, setting: Setting) -> Value | None:
    """The past two weeks, up to the text's day."""
    number, unit = _number_and_unit(groups)
    return rolling(setting.written, unit, number) if setting.written else None


def unit(groups: Groups, setting: Setting) -> Value | None:
    """Last week, this month, next year: of the calendar."""
    written, step = setting.written, -1 if groups.get("last") else 1 if groups.get("next") else 0
    if written is None:
        return None
    match groups["unit"]:
        case "week":
            return week_of(written, step)
        case "month":
            other = shifted_months(written, step)
            return Value(other.isoformat()[:7]) if other else None
        case "year":
            return Value(f"{written.year + step:04}")
    return None


def so_far(groups: Groups, setting: Setting) -> Value | None:
    """Earlier this month: from its first day to the text's."""
    written = setting.written
    if written is None:
        return None
    match groups["unit"]:
        case "week":
            week = week_of(written)
            return Value(f"{week.edtf.split('/')[0]}/{written.isoformat()}") if week else None
        case "month":
            return days_between(written.replace(day=1), written)
        case "year":
            return days_between(written.replace(month=1, day=1), written)
    return None


def weekend(groups: Groups, setting: Setting) -> Value | None:
    """Last weekend: Friday to Sunday, since some weekends end where others begin."""
    written = setting.written
    if written is None:
        return None
    friday = shifted(written, -((written.weekday() - 4) % 7))
    if friday and written.weekday() in (4, 5, 6) and groups.get("last"):
        friday = shifted(friday, -7)
    sunday = shifted(friday, 2) if friday else None
    return days_between(friday, sunday) if friday and sunday else None


def same_day(groups: Groups, setting: Setting) -> Value | None:
    """The same day: the one named last."""
    return Value(setting.previous.isoformat()) if setting.previous else None


def next_day(groups: Groups, setting: Setting) -> Value | None:
    """The next day."""
    day = shifted(setting.previous, 1) if setting.previous else None
    return Value(day.isoformat()) if day else None


def day_before(groups: Groups, setting: Setting) -> Value | None:
    """The day before."""
    day = shifted(setting.previous, -1) if setting.previous else None
    return Value(day.isoformat()) if day else None


def later(groups: Groups, setting: Setting) -> Value | None:
    """Three weeks earlier, two days later: from the day named last."""
    number, name = _number_and_unit(groups)
    return about(setting.previous, name, -number if groups.get("earlier") else number) if setting.previous else None
