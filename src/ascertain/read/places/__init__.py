"""Places: a gazetteer of names, its importers, and the places that a text names, each as precise as its words."""

from __future__ import annotations

from ascertain.read.places.find import Candidate, FoundPlace, find_places
from ascertain.read.places.gazetteer import Gazetteer
from ascertain.read.places.rows import PlaceName, Problem, from_parquet, to_parquet

__all__ = ["Candidate", "FoundPlace", "Gazetteer", "PlaceName", "Problem", "find_places", "from_parquet", "to_parquet"]
