"""OCHA's Common Operational Datasets of administrative boundaries (COD-AB): GeoJSON, or a CSV with points."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from shapely import make_valid, transform
from shapely.errors import ShapelyError
from shapely.geometry import shape

from ascertain.errors import UnreadableExhibit
from ascertain.read.places.kinds import kinds
from ascertain.read.places.rows import PlaceName, Problem, sound

_EARTH_KM = 6371.0088  # mean radius (IUGG)
_NAME = re.compile(r"(?:ADM(\d)|NAME|NAM)_([A-Z]{2})(?:_REF)?", re.IGNORECASE)
_PCODE = re.compile(r"(?:ADM(\d)_)?PCODE", re.IGNORECASE)
_ARABIC = re.compile(r"[\u0600-\u06ff]")
Found = tuple[list[PlaceName], list[Problem]]


def read_cod(data: bytes, *, source: str, version: str) -> Found:
    """The places of one level of a COD-AB file, and the features that give none.

    The point is the unit's centroid (a point inside it, where the centroid lies outside); the precision the radius of a
    circle of equal area. A name in Arabic letters is Arabic, whatever its column says: in Syria's third level the
    columns of the country's name are exchanged. Raises UnreadableExhibit for bytes that are neither GeoJSON nor CSV.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableExhibit("the file is not UTF-8 text", next_step="export it as UTF-8") from error
    numbered = _features(text) if text.lstrip()[:1] == "{" else _lines(text)
    problems: list[Problem] = []
    rows: list[tuple[str, PlaceName]] = []
    for number, (properties, geometry) in enumerate(numbered, 1):
        try:
            rows += [(str(number), row) for row in _names(properties, geometry, source, version)]
        except (ValueError, TypeError, KeyError, AttributeError, IndexError, ShapelyError, OverflowError) as error:
            problems.append(Problem(str(number), str(error) or "no feature of a COD-AB file"))
    good, bad = sound(rows)
    return good, [*problems, *bad]


def _features(text: str) -> Iterator[tuple[Mapping[str, Any], Any]]:
    try:
        document = json.loads(text)
        features = document["features"]
        yield from ((feature.get("properties") or {}, feature.get("geometry")) for feature in features)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableExhibit("the file is no GeoJSON FeatureCollection") from error


def _lines(text: str) -> Iterator[tuple[Mapping[str, Any], Any]]:
    try:
        for row in csv.DictReader(io.StringIO(text)):
            yield row, None
    except csv.Error as error:
        raise UnreadableExhibit(f"the file is no CSV: {error}") from error


def _names(properties: Mapping[str, Any], geometry: Any, source: str, version: str) -> Iterator[PlaceName]:
    pcodes = _by_level(properties, _PCODE)
    level = max(pcodes, key=lambda known: (known == -1, known), default=None)
    if level is None:
        raise ValueError("no P-code")
    pcode = pcodes[level]
    number = _level(pcodes, level)
    path = "|".join(pcodes[one] for one in sorted(pcodes) if one != level and one < number)
    kind = f"admin{min(number, 4)}"
    lat, lon, precision = _point(properties, geometry, kinds()[kind].precision_km)
    own = {
        str(value).strip(): match.group(2).lower()
        for key, value in properties.items()
        if (match := _NAME.fullmatch(key)) and value and (match.group(1) in (None, str(number)))
    }
    if not own:
        raise ValueError(f"{pcode} has no name")
    for name, language in sorted(own.items()):
        spoken = "ar" if _ARABIC.search(name) else "en" if language == "ar" else language
        yield PlaceName(pcode, name, spoken, kind, path, lat, lon, precision, 0, pcode, source, version)


def _by_level(properties: Mapping[str, Any], pattern: re.Pattern[str]) -> dict[int, str]:
    """Values by level; -1 is the column without a level, which is the feature's own."""
    found = ((pattern.fullmatch(key), value) for key, value in properties.items())
    return {int(m.group(1)) if m.group(1) else -1: str(v).strip() for m, v in found if m and v}


def _level(pcodes: Mapping[int, str], level: int) -> int:
    return level if level >= 0 else max((known for known in pcodes if known >= 0), default=-1) + 1


def _point(properties: Mapping[str, Any], geometry: Any, default_km: float) -> tuple[float, float, float]:
    if geometry is None:
        lat, lon = (_coordinate(properties, *names) for names in (("lat", "latitude", "y"), ("lon", "longitude", "x")))
        return lat, lon, default_km
    polygon = make_valid(shape(geometry))
    if polygon.is_empty:
        raise ValueError("the geometry is empty")
    centre = polygon.centroid if polygon.contains(polygon.centroid) else polygon.representative_point()
    # Lambert's cylindrical projection keeps areas.
    flat = transform(polygon, _equal_area)
    precision = math.sqrt(flat.area / math.pi) if flat.area else default_km
    return round(centre.y, 5), round(centre.x, 5), round(precision, 2)


def _equal_area(degrees: Any) -> Any:
    """Longitudes and latitudes (an array of pairs) in km on Lambert's cylinder."""
    radians = np.radians(degrees)
    return np.column_stack((radians[:, 0], np.sin(radians[:, 1]))) * _EARTH_KM


def _coordinate(properties: Mapping[str, Any], *names: str) -> float:
    for key, value in properties.items():
        if key.casefold() in names and value not in (None, ""):
            return float(value)
    raise ValueError(f"no column {names[0]} and no geometry")
