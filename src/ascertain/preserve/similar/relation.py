"""Relations: two exhibits and how far apart they are. Found, shown, never merged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

NEAREST = 100
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True, order=True)
class Relation:
    """Two exhibits, the smaller id first, and their distance in the measure of the method."""

    a: str
    b: str
    distance: float


@dataclass(frozen=True, slots=True)
class Found:
    """Relations in the order of their ids; for each exhibit that had too many, how many were left out."""

    relations: tuple[Relation, ...]
    left_out: dict[str, int] = field(default_factory=dict)


class Gathering:
    """Gathers relations; of one exhibit with earlier ones only the nearest 100 are kept, and the rest is counted."""

    def __init__(self, ids: list[str]) -> None:
        self._ids = ids
        self._relations: list[Relation] = []
        self._left_out: dict[str, int] = {}

    def add(self, later: Indices, earlier: Indices, distances: NDArray[np.float64]) -> None:
        """Add pairs of indices; all pairs of one `later` come in one call."""
        order = np.lexsort((earlier, distances, later))
        for one in np.split(order, np.flatnonzero(np.diff(later[order])) + 1):
            if len(one):
                self._keep(int(later[one[0]]), earlier[one], distances[one])

    def _keep(self, later: int, earlier: Indices, distances: NDArray[np.float64]) -> None:
        own = self._ids[later]
        if len(earlier) > NEAREST:
            self._left_out[own] = len(earlier) - NEAREST
        for index, distance in self._nearest(earlier, distances):
            other = self._ids[index]
            self._relations.append(Relation(min(own, other), max(own, other), distance))

    def _nearest(self, earlier: Indices, distances: NDArray[np.float64]) -> Iterator[tuple[int, float]]:
        for index, distance in zip(earlier[:NEAREST], distances[:NEAREST], strict=True):
            yield int(index), float(distance)

    def found(self) -> Found:
        """What was gathered."""
        return Found(tuple(sorted(self._relations)), self._left_out)
