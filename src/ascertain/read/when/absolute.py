"""Rules for dates that a calendar gives: days, months, years and their parts. Each takes a pattern's groups."""

from __future__ import annotations

from collections.abc import Mapping

from ascertain.read.when.days import NOTHING, SEVERAL, Setting, Value, interval, is_day, last_of

Groups = Mapping[str, str | None]
_THIRDS = {"early": 0, "mid": 1, "late": 2}
# Spring to winter in the north as both of the usual definitions have them (from the first of a month, from the 20th):
# the union, so that neither is excluded. Months; above 12 is the year after.
_SEASONS = {"spring": (3, 6), "summer": (6, 9), "autumn": (9, 12), "winter": (12, 15)}


def year_of(groups: Groups, setting: Setting, month: int, day: int = 1) -> int | None:
    """The year written, lent, or the last in which that day was not after the text's own."""
    written = setting.written
    if groups.get("year"):
        return int(groups["year"] or 0)
    if groups.get("this_year"):
        this = written is not None and (month, day) <= (written.month, written.day)
        return written.year if this and written else None
    if groups.get("last_year"):
        return written.year - 1 if written else None
    if setting.year is not None:
        return setting.year
    if written is None:
        return None
    return written.year - (0 if (month, day) <= (written.month, written.day) else 1)


def _lacks_year(groups: Groups) -> bool:
    return not (groups.get("year") or groups.get("this_year") or groups.get("last_year"))


def _number(groups: Groups, name: str) -> int:
    return int(groups.get(name) or 0)


def day(groups: Groups, setting: Setting) -> Value | None:
    """7 April 2018; 7 April; April 7; 2018-04-07."""
    month, number = _number(groups, "month"), _number(groups, "day")
    year = year_of(groups, setting, month, number)
    if year is None or not is_day(year, month, number):
        return NOTHING  # 31 February 2018 is not February 2018
    return Value(f"{year:04}-{month:02}-{number:02}", lacks_year=_lacks_year(groups))


def figures(groups: Groups, setting: Setting) -> Value | None:
    """07/04/2018, in the document's order; without one only where day and month cannot be exchanged."""
    a, b, year = _number(groups, "a"), _number(groups, "b"), _number(groups, "year")
    readings = {"dmy": (b, a), "mdy": (a, b)}
    chosen = [readings[setting.order]] if setting.order in readings else list(readings.values())
    days = {f"{year:04}-{m:02}-{d:02}" for m, d in chosen if is_day(year, m, d)}
    return Value(days.pop()) if len(days) == 1 else None


def dotted(groups: Groups, setting: Setting) -> Value | None:
    """7.4.2018: wherever days are written with points, the day stands first (Unicode CLDR's short dates)."""
    year, month, number = (int(part) for part in (groups["dotted"] or "").split("-"))
    return Value(groups["dotted"] or "") if 1900 <= year <= 2100 and is_day(year, month, number) else None


def days(groups: Groups, setting: Setting) -> Value | None:
    """24, 25 and 30 March 2017."""
    month = _number(groups, "month")
    numbers = [int(part.strip("<d>")) for part in (groups["days"] or "").split() if part.startswith("<d")]
    year = year_of(groups, setting, month, numbers[-1])
    if year is None or any(a >= b or not is_day(year, month, b) for a, b in zip([0, *numbers], numbers, strict=False)):
        return None
    found = SEVERAL.join(f"{year:04}-{month:02}-{number:02}" for number in numbers)
    return Value(found, lacks_year=_lacks_year(groups))


def span_of_days(groups: Groups, setting: Setting) -> Value | None:
    """From 3 to 5 June 2017; 3-5 June."""
    month, first, last = _number(groups, "month"), _number(groups, "day"), _number(groups, "last")
    year = year_of(groups, setting, month, last)
    if year is None or first >= last or not is_day(year, month, last):
        return None
    found = f"{year:04}-{month:02}-{first:02}/{year:04}-{month:02}-{last:02}"
    return Value(found, lacks_year=_lacks_year(groups))


def years(groups: Groups, setting: Setting) -> Value | None:
    """2014-2016."""
    first, last = _number(groups, "year"), _number(groups, "last")
    return Value(f"{first:04}/{last:04}") if first < last else None


def month(groups: Groups, setting: Setting) -> Value | None:
    """April 2018; April."""
    number = _number(groups, "month")
    year = year_of(groups, setting, number)
    return Value(f"{year:04}-{number:02}", lacks_year=_lacks_year(groups)) if year is not None else None


def recent_month(groups: Groups, setting: Setting) -> Value | None:
    """Last April: the one before the text's own month."""
    number, written = _number(groups, "month"), setting.written
    return Value(f"{written.year - (number >= written.month):04}-{number:02}") if written else None


def year(groups: Groups, setting: Setting) -> Value:
    """2018."""
    return Value(f"{_number(groups, 'year'):04}")


def decade(groups: Groups, setting: Setting) -> Value | None:
    """The 1980s."""
    number = _number(groups, "decade")
    return Value(f"{number // 10:03}X") if number % 10 == 0 else None


def part(groups: Groups, setting: Setting) -> Value | None:
    """Early, mid or late in a month or year: a third of it, whose inner sides are soft."""
    third = next(number for name, number in _THIRDS.items() if groups.get(name))
    if groups.get("unit"):
        return _part_of_unit(groups, setting, third)
    if not groups.get("month"):
        return _third_of_year(_number(groups, "year"), third)
    number = _number(groups, "month")
    known = year_of(groups, setting, number)
    return _third_of_month(known, number, third, lacks_year=_lacks_year(groups)) if known is not None else None


def _part_of_unit(groups: Groups, setting: Setting, third: int) -> Value | None:
    written, back = setting.written, 1 if groups.get("previous") else 0
    if written is None or groups["unit"] not in ("month", "year"):
        return None
    if groups["unit"] == "year":
        return _third_of_year(written.year - back, third)
    index = written.year * 12 + written.month - 1 - back
    return _third_of_month(index // 12, index % 12 + 1, third)


def _third_of_month(year: int, month: int, third: int, *, lacks_year: bool = False) -> Value:
    last = last_of(year, month)
    first_day, last_day = ((1, 10), (11, 20), (21, last))[third]
    stem = f"{year:04}-{month:02}"
    return _with_soft_sides(f"{stem}-{first_day:02}", f"{stem}-{last_day:02}", third, lacks_year=lacks_year)


def _third_of_year(year: int, third: int) -> Value:
    return _with_soft_sides(f"{year:04}-{third * 4 + 1:02}", f"{year:04}-{third * 4 + 4:02}", third)


def _with_soft_sides(first: str, last: str, third: int, *, lacks_year: bool = False) -> Value:
    return Value(f"{first}{'~' if third > 0 else ''}/{last}{'~' if third < 2 else ''}", lacks_year=lacks_year)


def week_of_month(groups: Groups, setting: Setting) -> Value | None:
    """The first week of May: its first seven days, with soft sides, since weeks begin where they begin."""
    number = _number(groups, "month")
    known = year_of(groups, setting, number)
    if known is None or _number(groups, "nth") > 4:
        return None
    last = last_of(known, number)
    start = last - 6 if groups.get("final") else 7 * _number(groups, "nth") - 6
    end = last if groups.get("final") else start + 6
    sides = (f"{known:04}-{number:02}-{start:02}{'~' if start > 1 else ''}", f"{known:04}-{number:02}-{end:02}")
    return Value(f"{sides[0]}/{sides[1]}{'' if end == last else '~'}", lacks_year=_lacks_year(groups))


def half(groups: Groups, setting: Setting) -> Value | None:
    """The first half of 2017; the second half of March."""
    which = _number(groups, "half")
    if which not in (1, 2):
        return None
    if not groups.get("month"):
        known = _number(groups, "year")
        return Value(f"{known:04}-{6 * which - 5:02}/{known:04}-{6 * which:02}")
    number = _number(groups, "month")
    known_year = year_of(groups, setting, number)
    if known_year is None:
        return None
    stem = f"{known_year:04}-{number:02}"
    found = f"{stem}-01/{stem}-15~" if which == 1 else f"{stem}-16~/{stem}-{last_of(known_year, number):02}"
    return Value(found, lacks_year=_lacks_year(groups))


def quarter(groups: Groups, setting: Setting) -> Value:
    """The first quarter of 2018."""
    which, known = 4 if groups.get("final") else _number(groups, "nth"), _number(groups, "year")
    return Value(f"{known:04}-{3 * which - 2:02}/{known:04}-{3 * which:02}")


def season(groups: Groups, setting: Setting) -> Value:
    """The spring of 2017, where the hemisphere is known. One winter of one written year is either of two: unread."""
    known, until = _number(groups, "year"), _number(groups, "until")
    first, last = _SEASONS[groups["season"] or "winter"]
    if setting.hemisphere == "south":
        first, last = (first + 6, last + 6) if first < 9 else (first - 6, last - 6)
    crosses = last > 12
    if setting.hemisphere not in ("north", "south") or crosses != bool(until):
        return Value("")
    if crosses and until % 100 != (known + 1) % 100:
        return Value("")
    found = interval(f"{known:04}-{first:02}", f"{known + crosses:04}-{(last - 1) % 12 + 1:02}")
    return found or Value("")
