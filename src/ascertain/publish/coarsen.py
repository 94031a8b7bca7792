"""Places made coarser for an export: an area of the administration, or a cell of a fixed grid, instead of a point.

The same place always gives the same answer: nothing is drawn by lot, so that many exports cannot be averaged to the
true point. An answer is never finer than what was asked for; what cannot be placed at a level is named at the next
coarser one, or not at all. Everything else that could tell the place goes: its id, its other names, its locator, its
notes, and the codes and names below the level.

What this does not do: it hides a point among the places of its area. Whoever knows more can still find it: that only
one village there was hit that day; the same record at two levels, whose cells overlap in a corner; a photograph. Choose
one level for a record and keep to it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ascertain.errors import UsageError

KM_PER_DEGREE = 111.195  # of latitude, on a sphere of 6,371 km
LEVELS = ("governorate", "district")
WIDEST_KM = 1_000
# How long the codes of areas are, per country, from the country itself down: COD-AB of OCHA (data.humdata.org).
_CODES = {"SY": {"country": 2, "governorate": 4, "district": 6}}
_GRID = re.compile(r"([1-9]\d{0,3})km")

Place = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Level:
    """How coarse: an area of the administration by its name, or the side of a grid's cells in km."""

    area: str = ""
    grid_km: int = 0


def parse_level(text: str) -> Level:
    """`governorate`, `district`, or a number of km such as `10km` (1 to 1,000). Raises UsageError otherwise."""
    if text in LEVELS:
        return Level(area=text)
    grid = _GRID.fullmatch(text)
    if grid and int(grid[1]) <= WIDEST_KM:
        return Level(grid_km=int(grid[1]))
    raise UsageError(
        f"{text!r} is no level of coarseness", next_step=f"say {', '.join(LEVELS)}, or 1km to {WIDEST_KM}km"
    )


def coarse_places(places: Iterable[Place], level: Level) -> dict[str, dict[str, Any]]:
    """For the id of each place the coarser place that stands for it.

    `places` are rows of the table `places`, all of a view: an area is named by the row that carries its code. Several
    places share one answer: `id`, `name`, `name_ar`, `admin1`, `pcode`, `lat`, `lon` (degrees), `precision_km`. An area
    has no point (its code finds it on a map); a cell has no names, and its precision holds the true point.
    """
    known = {str(place["id"]): place for place in places}
    by_code = {str(place["pcode"]): place for place in known.values() if place["pcode"]}
    if level.grid_km:
        return {one: _cell(place, level.grid_km) for one, place in known.items()}
    return {one: _area(place, _code(place, known), by_code, level.area) for one, place in known.items()}


def coarse_rows(places: Iterable[Place], level: Level) -> list[dict[str, Any]]:
    """The coarser places, each once, by id: what an export shows in place of the table."""
    distinct: dict[str, dict[str, Any]] = {}
    for row in coarse_places(places, level).values():
        precision_km = max(row["precision_km"] or 0.0, distinct.get(row["id"], row)["precision_km"] or 0.0)
        distinct[row["id"]] = {**row, "precision_km": precision_km or None}
    return [distinct[one] for one in sorted(distinct)]


def coarse_point(lat: float, lon: float, precision_km: float, grid_km: int) -> tuple[float, float, float]:
    """The middle of a point's cell, and the precision that then holds: the cell's half diagonal and the point's own.

    Degrees and km. Cells are about square: bands of latitude `grid_km` high, each cut into a whole number of cells at
    least that wide. Raises UsageError for a point that is not on Earth.
    """
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise UsageError(f"{lat}, {lon} is no point on Earth")
    return _middle(*_cell_of(lat, lon, grid_km), precision_km, grid_km)


def _cell_of(lat: float, lon: float, grid_km: int) -> tuple[int, int]:
    """The number of the point's band of latitude, and of its cell in that band from 180 degrees west."""
    band = math.floor(lat * KM_PER_DEGREE / grid_km)
    cells = _cells(band, grid_km)
    return band, math.floor((lon + 180) * cells / 360) % cells


def _cells(band: int, grid_km: int) -> int:
    """How many cells a band has: as many as fit at its middle."""
    around = 360 * KM_PER_DEGREE * math.cos(math.radians(_middle_of_band(band, grid_km)))
    return max(1, math.floor(around / grid_km))


def _middle_of_band(band: int, grid_km: int) -> float:
    return max(-90.0, min(90.0, (band + 0.5) * grid_km / KM_PER_DEGREE))


def _middle(band: int, cell: int, precision_km: float, grid_km: int) -> tuple[float, float, float]:
    lat, step = _middle_of_band(band, grid_km), 360 / _cells(band, grid_km)
    edge = min(abs(band), abs(band + 1)) * grid_km / KM_PER_DEGREE if band not in (-1, 0) else 0.0
    width = step * KM_PER_DEGREE * math.cos(math.radians(min(edge, 90.0)))
    reach = math.hypot(grid_km, width) / 2 + precision_km
    return round(lat, 4), round((cell + 0.5) * step - 180, 4), round(math.ceil(reach * 10) / 10 + 0.1, 1)


def _cell(place: Place, grid_km: int) -> dict[str, Any]:
    if place["lat"] is None or place["lon"] is None:
        return _made("unplaced", "a place without a point")
    lat, lon, precision_km = coarse_point(place["lat"], place["lon"], place["precision_km"] or 0.0, grid_km)
    cell = "{}-{}".format(*_cell_of(place["lat"], place["lon"], grid_km))
    return _made(f"cell-{grid_km}km-{cell}", f"a cell of {grid_km} km", lat=lat, lon=lon, precision_km=precision_km)


def _code(place: Place, known: Mapping[str, Place]) -> str:
    """The first code of a place and of what it is part of, upwards; a circle ends it."""
    seen: set[str] = set()
    at: Place | None = place
    while at is not None and at["id"] not in seen:
        if at["pcode"]:
            return str(at["pcode"])
        seen.add(at["id"])
        at = known.get(at["part_of"])
    return ""


def _area(place: Place, code: str, by_code: Mapping[str, Place], level: str) -> dict[str, Any]:
    """The area of a level that a code lies in; else the next coarser one; without a code what `admin1` names."""
    lengths = _CODES.get(code[:2], {})
    wanted = [lengths[one] for one in (level, "governorate", "country") if one in lengths]
    for length in wanted:
        if len(code) >= length:
            return _named(code[:length], by_code, lengths["governorate"])
    if place["admin1"] and not lengths:
        return _made(f"area-{place['admin1']}", place["admin1"], admin1=place["admin1"])
    return _made("unplaced", "a place outside the areas that are known")


def _named(code: str, by_code: Mapping[str, Place], governorate: int) -> dict[str, Any]:
    """An area, by the name that the record has for its code, or by the code."""
    row, above = by_code.get(code), by_code.get(code[:governorate])
    name, arabic = (row["name"], row["name_ar"] or "") if row else (code, "")
    admin1 = above["name"] if above and len(code) >= governorate else ""
    return _made(f"area-{code}", name, name_ar=arabic, admin1=admin1, pcode=code)


def _made(one: str, name: str, **known: Any) -> dict[str, Any]:
    empty = {"name_ar": "", "admin1": "", "pcode": "", "lat": None, "lon": None, "precision_km": None}
    return {"id": one, "name": name, **empty, **known}
