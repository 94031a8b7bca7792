"""What the reader gives: incidents with their fillers, each filler with its place in the text and a probability."""

from __future__ import annotations

from dataclasses import dataclass

ROLES = ("PerpInd", "PerpOrg", "Target", "Victim", "Weapon")
"""The roles, as the training format names them: individuals, organisations, things, people, weapons."""


@dataclass(frozen=True)
class Filler:
    """One entity in a role: its words, where they stand first, and how sure the model is (0 to 1)."""

    role: str
    words: str
    start: int
    end: int
    probability: float


@dataclass(frozen=True)
class Incident:
    """One incident that a text tells of."""

    type: str
    probability: float
    fillers: tuple[Filler, ...]

    def in_role(self, role: str) -> tuple[Filler, ...]:
        """The fillers of one role, surest first."""
        return tuple(filler for filler in self.fillers if filler.role == role)
