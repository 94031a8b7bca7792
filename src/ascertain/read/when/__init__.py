"""Dates in running text to EDTF (ISO 8601-2), never sharper than the words."""

from __future__ import annotations

from ascertain.read.when.grammar import SEVERAL, FoundDate, find_dates
from ascertain.read.when.moments import When, find_moments
from ascertain.read.when.words import DateWords, date_languages, load_date_words

__all__ = [
    "SEVERAL",
    "DateWords",
    "FoundDate",
    "When",
    "date_languages",
    "find_dates",
    "find_moments",
    "load_date_words",
]
