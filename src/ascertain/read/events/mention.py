"""Something that a text names, by whoever found it: a date, a place, a party, with the characters that name it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mention:
    """`slot` is the slot that it fills in a claim (`when`, `place`, `actor`, `agent`), over characters `start`..`end`.

    `earliest` and `latest` are the days of a date (ISO); `within` the wider places of a place, itself included, and
    `point` where it lies (a geo URI with its uncertainty, RFC 5870).
    """

    slot: str
    value: str
    start: int
    end: int
    earliest: str = ""
    latest: str = ""
    within: frozenset[str] = frozenset()
    point: str = ""
