"""Dates written in words, in English and French, and in ISO form.

A date in figures such as 03/04/2018 is March in one country and April in another: it is not guessed.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass

_MONTHS = (
    ("january", "jan", "janvier", "janv"),
    ("february", "feb", "fevrier", "fev", "fevr"),
    ("march", "mar", "mars"),
    ("april", "apr", "avril", "avr"),
    ("may", "mai"),
    ("june", "jun", "juin"),
    ("july", "jul", "juillet", "juil"),
    ("august", "aug", "aout"),
    ("september", "sep", "sept", "septembre"),
    ("october", "oct", "octobre"),
    ("november", "nov", "novembre"),
    ("december", "dec", "decembre"),
)
_MONTH_NUMBER = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_WORD = r"(?P<month>(?:[^\W\d_][\u0300-\u036f]?){3,12})\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_FORMS = (
    re.compile(r"(?<![\d-])(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])"),
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er)?\s+(?:of\s+)?{_WORD},?\s+{_YEAR}", re.IGNORECASE),
    re.compile(rf"(?<!\w){_WORD}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}", re.IGNORECASE),
)


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A day as written at `start` up to `end` of a text."""

    day: datetime.date
    start: int
    end: int


def written_dates(text: str) -> list[WrittenDate]:
    """The days written in `text`, in their order. Days that do not exist (31 September) are left out."""
    found = [date for form in _FORMS for match in form.finditer(text) if (date := _read(match)) is not None]
    return sorted(found, key=lambda date: date.start)


def _read(match: re.Match[str]) -> WrittenDate | None:
    month = match["month"]
    number = int(month) if month.isdigit() else _MONTH_NUMBER.get(_plain_letters(month), 0)
    try:
        day = datetime.date(int(match["year"]), number, int(match["day"]))
    except ValueError:  # no such day, or a word that is no month: not a date
        return None
    return WrittenDate(day, match.start(), match.end())


def _plain_letters(word: str) -> str:
    """`Août` and its decomposed spelling as `aout`, for looking up only."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
