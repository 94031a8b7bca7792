"""What a check says of a claim, with the rows that decide it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ascertain.model.claim import Claim


class Verdict(StrEnum):
    """Whether the record supports a claim, as of a date."""

    SUPPORTED = "supported"
    DIFFERENCE = "supported with a difference"
    CONTRADICTED = "contradicted"
    DISPUTED = "disputed"
    NOT_IN_RECORD = "not in the record"
    NOT_CHECKABLE = "not checkable"


class Weight(StrEnum):
    """What a row does in a verdict."""

    DECIDES = "decides"
    AGAINST = "against"
    ASSERTS = "asserts"
    DENIES = "denies"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True)
class DecidingRow:
    """A row of the record as a verdict shows it: what it says, in which document, published when, found where."""

    table: str
    id: str
    weight: Weight
    says: str
    body: str
    document: str
    title: str
    symbol: str
    published: str
    url: str
    locator: str
    incident: str = ""
    incident_name: str = ""
    when: str = ""
    phrase: str = ""
    standard: str = ""
    via: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """How the record's support differs from the claim: its kind (count, scope, body, standard, date) and the words."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Query:
    """What a claim became: the question in plain words, and the SQL that was run on the record's tables."""

    words: str
    sql: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A frame's answer to its question, before the claim's rest and mood are weighed."""

    verdict: Verdict
    reason: str
    query: Query
    rows: tuple[DecidingRow, ...] = ()
    differences: tuple[Difference, ...] = ()
    denied_by: tuple[DecidingRow, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim with its verdict."""

    claim: Claim
    reading: str
    outcome: Outcome
    later_verdict: Verdict | None = None
    changed_later: tuple[DecidingRow, ...] = field(default=())
