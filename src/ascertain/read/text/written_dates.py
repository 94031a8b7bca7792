"""Whole days written in a text, by the grammar of dates: in words, in English, French and Arabic, and in ISO form.

A date in figures such as 03/04/2018 is March in one country and April in another: for a text's own date it is not read.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final

from ascertain.read.when import date_languages, find_moments

_RULES: Final = frozenset({"day", "dated_weekday"})


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A day as written at `start` up to `end` of a text."""

    day: datetime.date
    start: int
    end: int


def written_dates(text: str) -> list[WrittenDate]:
    """The days written in `text` with their years, in order. Days that do not exist (31 September) are left out."""
    found: dict[tuple[int, int], WrittenDate] = {}
    for language in date_languages():
        for when in find_moments(text, language):
            if when.rule in _RULES and len(when.edtf) == len("2018-04-07"):
                day = datetime.date.fromisoformat(when.edtf)
                found.setdefault((when.start, when.end), WrittenDate(day, when.start, when.end))
    return sorted(found.values(), key=lambda date: (date.start, date.end))
