"""Uncertain dates as EDTF (ISO 8601-2:2019, levels 0 and 1), with the days between which they lie."""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass
from functools import lru_cache

from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException

from ascertain.errors import BadMoment

_PLAIN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_SIDE = r"(?:[0-9]{2}XX|[0-9]{3}X|[0-9]{4}(?:-XX(?:-XX)?|-[0-9]{2}(?:-XX|-[0-9]{2})?)?)[?~%]?"
# The library also reads level 2 sets, and gives an interval without an end ten years of its own invention.
_READ = re.compile(rf"{_SIDE}(?:/{_SIDE})?|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T[0-9:+Z-]+")
_EXAMPLES = "write 2018-04-07, 2018-04, 2018, 2018-04~ or 2015-03-16/2015-05-20"


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, month, year or interval; `earliest` and `latest` are its first and last possible days."""

    edtf: str
    earliest: datetime.date
    latest: datetime.date

    def overlaps(self, other: Moment) -> bool:
        """Whether some day lies in both."""
        return self.earliest <= other.latest and other.earliest <= self.latest

    def within(self, other: Moment) -> bool:
        """Whether every day of this one lies in the other."""
        return other.earliest <= self.earliest and self.latest <= other.latest


@lru_cache(maxsize=4096)
def parse_moment(text: str) -> Moment:
    """A moment from an EDTF string such as `2018-04-07`, `2018-04`, `2015-03-16/2015-05-20`, `2018-09~`, `201X`.

    Raises BadMoment for anything else, for an interval that lacks an end or runs backwards, and for a season (spring
    is another half of the year in the south).
    """
    if not _READ.fullmatch(text):
        raise BadMoment(f"{text!r} is not an EDTF date with a first and a last day", next_step=_EXAMPLES)
    try:
        earliest, latest = _plain_days(text) or _library_days(text)
    except (EDTFParseException, ValueError, AttributeError, TypeError, IndexError) as error:
        raise BadMoment(f"{text!r} is not an EDTF date", next_step=_EXAMPLES) from error
    if earliest > latest:
        raise BadMoment(f"the interval {text!r} runs backwards")
    return Moment(text, earliest, latest)


def _plain_days(text: str) -> tuple[datetime.date, datetime.date] | None:
    """The days of a plain year, month or day: nearly every date of a record, and the library takes 4 ms for each."""
    found = _PLAIN.fullmatch(text)
    if found is None:
        return None
    year, month, day = found.groups()
    if day is not None:
        only = datetime.date(int(year), int(month), int(day))
        return only, only
    first_month, last_month = (1, 12) if month is None else (int(month), int(month))
    last_day = calendar.monthrange(int(year), last_month)[1]
    return datetime.date(int(year), first_month, 1), datetime.date(int(year), last_month, last_day)


def _library_days(text: str) -> tuple[datetime.date, datetime.date]:
    parsed = parse_edtf(text)
    lower, upper = parsed.lower_strict(), parsed.upper_strict()
    return datetime.date(lower[0], lower[1], lower[2]), datetime.date(upper[0], upper[1], upper[2])
