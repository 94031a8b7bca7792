"""The Military Grid Reference System: a square to the point in its middle.

After NGA.STND.0037 (Universal Grids and Grid Reference Systems, 2014) for the letters, and Krüger's series to the third
power of n for the inverse of the transverse Mercator projection (Karney, J. Geodesy 85, 2011), on WGS 84. Not the polar
regions (UPS), nor the odd zones of Norway and Svalbard, where a point off by a zone would follow: they are not read.
"""

from __future__ import annotations

import math

_COLUMNS = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")
_ROWS = "ABCDEFGHJKLMNPQRSTUV"
_BANDS = "CDEFGHJKLMNPQRSTUVWX"
_A, _F = 6378137.0, 1 / 298.257223563
_SCALE, _FALSE_EAST, _FALSE_NORTH = 0.9996, 500_000.0, 10_000_000.0
_CYCLE = 2_000_000.0  # metres after which the letters of rows begin again


def mgrs_square(zone: int, band: str, square: str, digits: str) -> tuple[float, float, float] | None:
    """Latitude and longitude of the middle of a square, and half its diagonal in km; none for what is no square."""
    parts = digits.split()
    if len(parts) == 1:
        half, odd = divmod(len(digits), 2)
        parts = [digits[:half], digits[half:]]
        if odd:
            return None
    columns = _COLUMNS[(zone - 1) % 3]
    if not 1 <= zone <= 60 or square[0] not in columns or len(parts[0]) != len(parts[1]) or _odd_zone(zone, band):
        return None
    size = 10.0 ** (5 - len(parts[0]))
    east = (columns.index(square[0]) + 1) * 100_000 + int(parts[0]) * size + size / 2
    row = (_ROWS.index(square[1]) - (0 if zone % 2 else 5)) % 20
    north = row * 100_000 + int(parts[1]) * size + size / 2
    south_edge = -80 + 8 * _BANDS.index(band)
    for cycle in range(6):
        northing = north + cycle * _CYCLE - (_FALSE_NORTH if band < "N" else 0)
        lat, lon = _inverse(zone, east, northing)
        if south_edge - 0.5 <= lat <= south_edge + (12.5 if band == "X" else 8.5):
            return lat, lon, size / math.sqrt(2) / 1000
    return None


def _odd_zone(zone: int, band: str) -> bool:
    return (band == "V" and zone in (31, 32)) or (band == "X" and 31 <= zone <= 37)


def _inverse(zone: int, east: float, north: float) -> tuple[float, float]:
    """UTM to degrees; a northing below zero is south of the equator."""
    n = _F / (2 - _F)
    radius = _A / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    beta = (n / 2 - 2 * n**2 / 3 + 37 * n**3 / 96, n**2 / 48 + n**3 / 15, 17 * n**3 / 480)
    delta = (2 * n - 2 * n**2 / 3 - 2 * n**3, 7 * n**2 / 3 - 8 * n**3 / 5, 56 * n**3 / 15)
    xi, eta = north / (_SCALE * radius), (east - _FALSE_EAST) / (_SCALE * radius)
    xi_ = xi - sum(b * math.sin(2 * j * xi) * math.cosh(2 * j * eta) for j, b in enumerate(beta, 1))
    eta_ = eta - sum(b * math.cos(2 * j * xi) * math.sinh(2 * j * eta) for j, b in enumerate(beta, 1))
    chi = math.asin(math.sin(xi_) / math.cosh(eta_))
    lat = chi + sum(d * math.sin(2 * j * chi) for j, d in enumerate(delta, 1))
    lon = math.atan2(math.sinh(eta_), math.cos(xi_))
    return math.degrees(lat), zone * 6 - 183 + math.degrees(lon)
