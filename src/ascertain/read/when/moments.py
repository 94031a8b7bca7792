"""Dates in a text, each with its words and, apart from it, the time of day that stands beside it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from ascertain.read.tokens import tokenize
from ascertain.read.when.grammar import SEVERAL, find_dates
from ascertain.read.when.times import find_times, time_beside
from ascertain.read.when.words import load_date_words


@dataclass(frozen=True, slots=True)
class When:
    """A date at `start`..`end` of a text, as EDTF.

    `time` is a clock's ("20:30") or a part of the day ("dawn"), or empty; `rule` names the rule that read the date.
    A day of a list ("24 and 25 March") has the words of the whole list.
    """

    start: int
    end: int
    edtf: str
    time: str
    rule: str


def find_moments(
    text: str, language: str, written: datetime.date | None = None, *, hemisphere: str = "", order: str = ""
) -> list[When]:
    """The dates that a text names, in order. Arguments as in `find_dates`; the days of a list are one each.

    A text's tokens are read together: figures such as 25/03/2017 show the order of all, and "the same day" is the last
    one named. Raises nothing: a language without words for dates has those in figures.
    """
    tokens = tokenize(text)
    dates = find_dates(tokens, load_date_words(language), written, hemisphere=hemisphere, order=order)
    times = find_times(tokens, language)
    return [
        When(tokens[d.first].start, tokens[d.last - 1].end, edtf, time_beside(d.first, d.last, times, tokens), d.rule)
        for d in dates
        for edtf in d.edtf.split(SEVERAL)
    ]
