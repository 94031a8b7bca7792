"""Points and distances on the sphere."""

from __future__ import annotations

import math
from typing import Final

EARTH_KM: Final = 6371.0088


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance between two points (lat, lon in degrees), by the haversine formula."""
    lat_a, lon_a, lat_b, lon_b = map(math.radians, (*a, *b))
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def moved(point: tuple[float, float], bearing: float, km: float) -> tuple[float, float]:
    """A point so many km from another, at a bearing in degrees from north."""
    lat, lon, angle, way = math.radians(point[0]), math.radians(point[1]), math.radians(bearing), km / EARTH_KM
    to_lat = math.asin(math.sin(lat) * math.cos(way) + math.cos(lat) * math.sin(way) * math.cos(angle))
    east = math.atan2(math.sin(angle) * math.sin(way) * math.cos(lat), math.cos(way) - math.sin(lat) * math.sin(to_lat))
    return math.degrees(to_lat), (math.degrees(lon + east) + 540) % 360 - 180


def midpoint(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float]:
    """The point half-way; of nearby points, the mean serves."""
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
