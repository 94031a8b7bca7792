"""A trained labeller: the numbers of its features, and two chains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ascertain.read.entities.chain import Chain


@dataclass(frozen=True, slots=True)
class Model:
    """`whole` finds mentions, `inner` the names inside them; both look at the same `features` (name to number)."""

    features: Mapping[str, int]
    whole: Chain
    inner: Chain
    name: str = ""
