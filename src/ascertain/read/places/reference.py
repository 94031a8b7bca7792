"""The places of a reference record as rows of a gazetteer: what its people named stands beside what was imported."""

from __future__ import annotations

import json
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
    return [
        row for place in known.values() if place.get("lat") not in (None, "") for row in _names(place, known, source)
    ]


def _names(place: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]], source: str) -> Iterator[PlaceName]:
    precision = float(place.get("precision_km") or kinds()["populated"].precision_km)
    pcode = place.get("pcode") or ""
    kind = _LEVELS.get(len(pcode), "populated") if precision > kinds()["capital"].precision_km else "populated"
    names = dict.fromkeys(name for name in (place["name"], place.get("name_ar"), *_aliases(place)) if name)
    for name in names:
        yield PlaceName(
            str(place["id"]), name, "ar" if _ARABIC.search(name) else "", kind, "|".join(_above(place, known)),
            float(place["lat"]), float(place["lon"]), float(precision), 0, pcode, source, "",
        )  # fmt: skip


def _aliases(place: Mapping[str, Any]) -> list[str]:
    """As a record's table has them (a JSON array) or a reference's file ("a|b")."""
    written = place.get("aliases") or ""
    return json.loads(written) if written.startswith("[") else written.split("|")


def _above(place: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The places above, outermost first. A circle, which no reference that was taken in has, ends the walk."""
    above: list[str] = []
    seen = {str(place["id"])}
    while (parent := str(place.get("part_of") or "")) in known and parent not in seen:
        seen.add(parent)
        place = known[parent]
        above.append(place.get("pcode") or parent)
    return above[::-1]
