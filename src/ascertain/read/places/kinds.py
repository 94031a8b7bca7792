"""Kinds of places, from kinds.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind: the radius of its referents in km, and how often a bare name means one."""

    name: str
    precision_km: float
    weight: float


@cache
def kinds() -> Mapping[str, Kind]:
    """All kinds by name."""
    return {name: Kind(name, one["precision_km"], one["weight"]) for name, one in _data().items()}


@cache
def kind_of_feature(letter: str, code: str) -> str:
    """The kind of a GeoNames feature class and code; of a code that the table lacks, that of its class."""
    by_code = {code: name for name, one in _data().items() for code in one["geonames"]}
    return by_code.get(code) or by_code.get(letter) or "facility"


@cache
def _data() -> Mapping[str, Mapping[str, Any]]:
    data = yaml.safe_load(files("ascertain.read.places").joinpath("kinds.yaml").read_text("utf-8"))
    return data["kinds"]  # type: ignore[no-any-return]
