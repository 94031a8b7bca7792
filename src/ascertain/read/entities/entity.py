"""An entity: words of a text that mention an organisation, a person, a place … and how sure the labeller is."""

from __future__ import annotations

from dataclasses import dataclass

# re3d's schema (Dstl, 2017). In the parts that ship, Frequency and Url have no example, CommsIdentifier has four.
TYPES = (
    "CommsIdentifier",
    "DocumentReference",
    "Frequency",
    "Location",
    "MilitaryPlatform",
    "Money",
    "Nationality",
    "Organisation",
    "Person",
    "Quantity",
    "Temporal",
    "Url",
    "Vehicle",
    "Weapon",
)


@dataclass(frozen=True, slots=True, order=True)
class Entity:
    """A mention at `start` up to but without `end` (characters).

    `probability` is the model's own, in 0..1. `inner`: a name inside a longer mention, such as "Assad" in "the Assad
    regime".
    """

    start: int
    end: int
    type: str
    probability: float
    inner: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """An entity as people marked it; `confidence` in 0..1 is what their agreement says of it."""

    start: int
    end: int
    type: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Annotated:
    """A text with its mentions, for training and measuring. `part`: the folder that it is from."""

    id: str
    part: str
    text: str
    mentions: tuple[Mention, ...]
