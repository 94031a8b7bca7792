"""A toll: a number of people to whom something happened, as one claimant put it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ascertain.model.claim import Modality, Span
from ascertain.model.count import Count


class Kind(StrEnum):
    """What happened to the people counted. `casualties` are killed or injured: the words do not say which."""

    KILLED = "killed"
    INJURED = "injured"
    CASUALTIES = "casualties"
    DISPLACED = "displaced"
    MISSING = "missing"
    DETAINED = "detained"
    ABDUCTED = "abducted"
    AFFECTED = "affected"
    POPULATION = "population"


class Role(StrEnum):
    """How a toll stands to the others: a part of a whole must not be added to it, an earlier figure was replaced."""

    TOTAL = "total"
    PART = "part"
    EARLIER = "earlier"
    MORE = "more"


class Scope(StrEnum):
    """Of what the toll is: the event told, all since a day or of a war, or another event that is only mentioned."""

    EVENT = "event"
    CUMULATIVE = "cumulative"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Toll:
    """A count of a kind, of a group (an id of words/<language>.yaml; empty where none is named), with its words.

    `claimants` are who says so, outermost first: a paper that quotes a monitor is before the monitor. A denied toll
    has the number that is denied; where somebody says that nobody was killed the number is 0 and nothing is denied.
    """

    kind: Kind
    count: Count
    group: str
    number_words: Span
    kind_words: Span
    group_words: Span | None = None
    claimants: tuple[Span, ...] = ()
    modality: Modality = Modality.ASSERTED
    role: Role = Role.TOTAL
    scope: Scope = Scope.EVENT
