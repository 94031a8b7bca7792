"""Coordinates in a text: decimal degrees, degrees with minutes and seconds, MGRS. Never from two bare numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ascertain.read.places.mgrs import mgrs_square

_NUMBER = r"\d{1,3}(?:[.,]\d{1,8})?"
_DECIMAL = re.compile(r"(?<![\d.,])(?P<lat>-?\d{1,2}\.\d{3,8})°?\s?[,;/ ]\s?(?P<lon>-?\d{1,3}\.\d{3,8})°?(?![\d.])")
_SIDED = re.compile(
    rf"(?<![\w.])(?P<a>{_NUMBER})\s?°?\s?(?P<ns>[NS])[\s,;/]{{0,3}}(?P<b>{_NUMBER})\s?°?\s?(?P<ew>[EW])(?!\w)"
)
_DMS = re.compile(
    r"(?<![\w.])(?P<d1>\d{1,2})\s?[°º]\s?(?P<m1>\d{1,2}(?:[.,]\d+)?)\s?['’′]\s?(?:(?P<s1>\d{1,2}(?:[.,]\d+)?)\s?(?:[\"”″]|'')\s?)?"
    r"(?P<ns>[NS])[\s,;/]{0,3}"
    r"(?P<d2>\d{1,3})\s?[°º]\s?(?P<m2>\d{1,2}(?:[.,]\d+)?)\s?['’′]\s?(?:(?P<s2>\d{1,2}(?:[.,]\d+)?)\s?(?:[\"”″]|'')\s?)?(?P<ew>[EW])(?!\w)"
)
_MGRS = re.compile(
    r"(?<!\w)(?P<zone>\d{1,2})(?P<band>[C-HJ-NP-X])\s?(?P<square>[A-HJ-NP-Z][A-HJ-NP-V])\s?(?P<digits>\d{2,5}\s\d{2,5}|\d{4,10})(?!\w)"
)
_KM_PER_DEGREE = 111.2


@dataclass(frozen=True, slots=True)
class Coordinates:
    """A point written at `start`..`end` of a text, with half of its last digit's worth as the radius in km."""

    start: int
    end: int
    lat: float
    lon: float
    precision_km: float


def find_coordinates(text: str) -> list[Coordinates]:
    """The coordinates that a text writes, in order. Pairs outside the world's degrees are none."""
    found = sorted([*_degrees(text), *_minutes(text), *_grid(text)], key=lambda one: (one.start, -one.end))
    kept: list[Coordinates] = []
    for one in found:
        sound = -90 <= one.lat <= 90 and -180 <= one.lon <= 180
        if sound and (not kept or one.start >= kept[-1].end):
            kept.append(one)
    return kept


def _degrees(text: str) -> Iterator[Coordinates]:
    for found in _DECIMAL.finditer(text):
        yield _of(found, float(found["lat"]), float(found["lon"]), _worth(found["lat"]))
    for found in _SIDED.finditer(text):
        lat, lon = (float(found[name].replace(",", ".")) for name in "ab")
        yield _of(found, *_signed(found, lat, lon), max(_worth(found["a"]), _worth(found["b"])))


def _minutes(text: str) -> Iterator[Coordinates]:
    for found in _DMS.finditer(text):
        lat, lon = (_angle(found, side) for side in "12")
        if lat is not None and lon is not None:
            yield _of(found, *_signed(found, lat, lon), 0.02 if found["s1"] else 0.93)


def _grid(text: str) -> Iterator[Coordinates]:
    for found in _MGRS.finditer(text):
        square = mgrs_square(int(found["zone"]), found["band"], found["square"], found["digits"])
        if square is not None:
            yield _of(found, *square)


def _of(found: re.Match[str], lat: float, lon: float, precision_km: float) -> Coordinates:
    return Coordinates(found.start(), found.end(), round(lat, 6), round(lon, 6), round(max(precision_km, 0.01), 3))


def _signed(found: re.Match[str], lat: float, lon: float) -> tuple[float, float]:
    return (-lat if found["ns"] == "S" else lat), (-lon if found["ew"] == "W" else lon)


def _angle(found: re.Match[str], side: str) -> float | None:
    degrees, minutes, seconds = (float((found[f"{part}{side}"] or "0").replace(",", ".")) for part in "dms")
    return degrees + minutes / 60 + seconds / 3600 if minutes < 60 and seconds < 60 else None


def _worth(number: str) -> float:
    """Half of the last digit, in km along a meridian."""
    digits = len(re.split(r"[.,]", number)[1]) if re.search(r"[.,]", number) else 0
    return float(_KM_PER_DEGREE * 10**-digits / 2)
