"""Which of the places of a name is meant: probabilities from words beside it, places around it, kinds and size.

No place is forced. The weights are a judgement, not learned; docs/methods/read/places.md gives their measure.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ascertain.read.places.geometry import distance_km
from ascertain.read.places.kinds import kinds
from ascertain.read.places.rows import PlaceName

SETTLED: Final = 0.6  # a candidate at least so probable is taken for the place
_KEPT = 0.03  # below this a candidate is left out
_SAID_KIND, _OTHER_KIND = 20.0, 0.2
_NAMED_BESIDE, _NAMED_IN_TEXT = 20.0, 4.0
_EXACT = 4.0
_COUNTRY = 5.0
_NEAR_KM = 100.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a name may name; the probabilities of a name's candidates sum to one, less what is left out."""

    id: str
    name: str
    kind: str
    key: str
    path: tuple[str, ...]
    lat: float
    lon: float
    precision_km: float
    probability: float

    @property
    def point(self) -> tuple[float, float]:
        """Latitude and longitude."""
        return self.lat, self.lon


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a name: kinds that words beside it say; keys of places named beside it and in the text."""

    kinds: Collection[str]
    beside: Collection[str]
    in_text: Collection[str]
    points: Sequence[tuple[float, float]]
    country: str


def candidates(rows: Sequence[tuple[PlaceName, bool]]) -> list[Candidate]:
    """The places of rows (with whether the text writes the name as the row does), each once, by their priors alone."""
    best: dict[str, Candidate] = {}
    for row, exact in rows:
        key = row.pcode or row.id
        weight = kinds()[row.kind].weight if row.kind in kinds() else 1.0
        weight *= (1 + math.log10(1 + row.population) / 2) * (_EXACT if exact else 1.0)
        known = best.get(key)
        if known is None or weight > known.probability:
            path = tuple(part for part in row.path.split("|") if part)
            fresh = (row.id, row.name, row.kind, key, path, row.lat, row.lon, row.precision_km, weight)
            best[key] = Candidate(*fresh)
    return _normalised(list(best.values()))


def weighed(found: Sequence[Candidate], around: Around) -> list[Candidate]:
    """The candidates with what stands around the name taken into account, the most probable first."""
    weights = [one.probability * _factor(one, around) for one in found]
    return _normalised([replace(one, probability=weight) for one, weight in zip(found, weights, strict=True)])


def _factor(one: Candidate, around: Around) -> float:
    factor = 1.0
    if around.kinds:
        factor *= _SAID_KIND if one.kind in around.kinds else _OTHER_KIND
    above = set(one.path)
    if above & set(around.beside):
        factor *= _NAMED_BESIDE
    elif above & set(around.in_text):
        factor *= _NAMED_IN_TEXT
    if around.country and around.country in (one.path[:1] or (one.key,)):
        factor *= _COUNTRY
    if around.points:
        nearest = min(distance_km(one.point, point) for point in around.points)
        factor *= 1 + 3 * math.exp(-nearest / _NEAR_KM)
    return factor


def _normalised(found: Sequence[Candidate]) -> list[Candidate]:
    total = sum(one.probability for one in found) or 1.0
    shares = (replace(one, probability=round(one.probability / total, 4)) for one in found)
    return sorted((one for one in shares if one.probability >= _KEPT), key=lambda one: (-one.probability, one.key))


def settled(found: Sequence[Candidate]) -> Candidate | None:
    """The place meant: one that is probable enough, or one of the candidates that contains all others ("Idlib", where
    nothing says whether the city or the governorate is meant, is somewhere in the governorate)."""
    if found and found[0].probability >= SETTLED:
        return found[0]
    for one in found:
        if all(other is one or one.key in other.path for other in found):
            return one
    return None


def covering(found: Sequence[Candidate]) -> tuple[tuple[float, float], float]:
    """A point, and the radius in km around it that covers every candidate."""
    centre = found[0].point
    return centre, max(distance_km(centre, one.point) + one.precision_km for one in found)
