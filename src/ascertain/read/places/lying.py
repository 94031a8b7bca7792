"""Places that lie somewhere by a named one: "5 km south of Hama", "near", "northern", "between X and Y", a road."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ascertain.read.places.context import REACH, Words
from ascertain.read.places.geometry import distance_km, midpoint, moved

_KM: Final = {"mi": 1.609344, "m": 0.001}
_NEAR_KM, _OUTSKIRTS_KM, _TOWARD_KM = (
    10.0,
    5.0,
    15.0,
)  # how far "near", "the outskirts of", "north of" may be: a judgement
_LOOSE = 0.25  # a stated distance is right to a quarter of it, and from a place's edge or its middle


@dataclass(frozen=True, slots=True)
class Area:
    """A point with the radius in km around it, the relation in words, and the text's characters that say it."""

    point: tuple[float, float]
    precision_km: float
    relation: str
    start: int
    end: int


def lying(text: str, area: Area, words: Words) -> Area:
    """The area that the words before and after a name make of the name's own; the same where they say nothing."""
    begin = max(0, area.start - REACH)
    before, after = text[begin : area.start], text[area.end : area.end + REACH]
    for pattern, rule in (
        (words.offset, _offset),
        (words.part_before, _part),
        (words.toward, _toward),
        (words.outskirts, _outskirts),
        (words.near, _near),
        (words.part, _part),
    ):
        found = pattern.search(before)
        made = rule(found, area, words, begin + found.start(), area.end) if found else None
        if made is not None:
            return made
    found = words.part_after.match(after)
    made = _part(found, area, words, area.start, area.end + found.end()) if found else None
    return made or area


def _words_of(found: re.Match[str]) -> str:
    return " ".join(found.group().split())


def _bearing(found: re.Match[str], words: Words) -> int:
    return words.directions[found["direction"].casefold()]


def _offset(found: re.Match[str], area: Area, words: Words, start: int, end: int) -> Area | None:
    written = found["number"].casefold().replace(",", ".")
    number = float(written) if written[:1].isdecimal() else words.numbers.get(written)
    if number is None:
        return None
    unit = found["unit"].casefold()
    km = number * (_KM["mi"] if unit.startswith("mi") else _KM["m"] if unit.startswith("m") or unit == "متر" else 1.0)
    point = moved(area.point, _bearing(found, words), km)
    return Area(point, area.precision_km + km * _LOOSE, _words_of(found), start, end)


def _toward(found: re.Match[str], area: Area, words: Words, start: int, end: int) -> Area:
    point = moved(area.point, _bearing(found, words), area.precision_km / 2 + _TOWARD_KM / 2)
    return Area(point, area.precision_km + _TOWARD_KM, _words_of(found), start, end)


def _part(found: re.Match[str], area: Area, words: Words, start: int, end: int) -> Area:
    """A part of the place: a circle in that direction, as large as half of the place and a half more."""
    point = moved(area.point, _bearing(found, words), area.precision_km / 2)
    return Area(point, area.precision_km * 0.75, _words_of(found), start, end)


def _near(found: re.Match[str], area: Area, words: Words, start: int, end: int) -> Area:
    return Area(area.point, area.precision_km + _NEAR_KM, _words_of(found), start, end)


def _outskirts(found: re.Match[str], area: Area, words: Words, start: int, end: int) -> Area:
    return Area(area.point, area.precision_km + _OUTSKIRTS_KM, _words_of(found), start, end)


def joined(text: str, first: Area, second: Area, words: Words) -> Area | None:
    """The area of two names that a text makes one place: between them, or the road from one to the other."""
    gap = text[first.end : second.start]
    begin = max(0, first.start - REACH)
    before, after = text[begin : first.start], text[second.end : second.end + REACH]
    dashed = bool(re.fullmatch(r" ?[-–—] ?(?:(?:al|el)-)?", gap))
    start, end, relation = first.start, second.end, ""
    found = words.between.search(before)
    if found and re.fullmatch(rf"(?:{words.and_word.pattern})(?:the )?(?:(?:al|el|Al|El)[- ])?", gap):
        start, relation = begin + found.start(), "between"
    elif dashed and (behind := words.road_after.match(after)):
        end, relation = second.end + behind.end(), "road"
    elif (found := words.road_before.search(before)) and (dashed or words.road_between.fullmatch(gap)):
        start, relation = begin + found.start(), "road"
    if not relation:
        return None
    half = distance_km(first.point, second.point) / 2
    return Area(
        midpoint(first.point, second.point), half + max(first.precision_km, second.precision_km), relation, start, end
    )
