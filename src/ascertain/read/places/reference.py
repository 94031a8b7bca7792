"""The places of a reference record as rows of a gazetteer: what its people named stands beside what was imported."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ascertain.read.places.kinds import kinds
from ascertain.read.places.rows import PlaceName

_ARABIC = re.compile(r"[\u0600-\u06ff]")
_LEVELS = {2: "admin0", 4: "admin1", 6: "admin2", 8: "admin3"}  # by the length of a P-code


def rows_of_reference(places: Iterable[Mapping[str, Any]], *, source: str) -> list[PlaceName]:
    """The places of a record's table `places` that have a point, a row for each of their names."""
    known = {str(place["id"]): place for place in places}
    return [row for place in known.values() if place.get("lat") is not None for row in _names(place, known, source)]


def _names(place: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]], source: str) -> Iterator[PlaceName]:
    precision = place.get("precision_km") or kinds()["populated"].precision_km
    pcode = place.get("pcode") or ""
    kind = _LEVELS.get(len(pcode), "populated") if precision > kinds()["capital"].precision_km else "populated"
    aliases = place.get("aliases") or ()
    listed = aliases.split("|") if isinstance(aliases, str) else aliases
    names = dict.fromkeys(name for name in (place["name"], place.get("name_ar"), *listed) if name)
    for name in names:
        yield PlaceName(
            str(place["id"]), name, "ar" if _ARABIC.search(name) else "", kind, "|".join(_above(place, known)),
            float(place["lat"]), float(place["lon"]), float(precision), 0, pcode, source, "",
        )  # fmt: skip


def _above(place: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The places above, outermost first. A circle, which no reference that was taken in has, ends the walk."""
    above: list[str] = []
    seen = {str(place["id"])}
    while (parent := str(place.get("part_of") or "")) in known and parent not in seen:
        seen.add(parent)
        place = known[parent]
        above.append(place.get("pcode") or parent)
    return above[::-1]
