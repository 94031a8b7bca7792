"""What a text says of who did it: by whom it is said, in which words, and how surely."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ascertain.model.claim import Modality, Span


class Surety(StrEnum):
    """MUC-4's scale of PERP: ORGANIZATION CONFIDENCE, word for word; NONE where nobody says that they did it."""

    REPORTED = "REPORTED AS FACT"
    ACQUITTED = "ACQUITTED"
    CLAIMED = "CLAIMED OR ADMITTED"
    ACCUSED_BY_AUTHORITIES = "SUSPECTED OR ACCUSED BY AUTHORITIES"
    ACCUSED = "SUSPECTED OR ACCUSED"
    POSSIBLE = "POSSIBLE"
    NONE = ""


class SourceKind(StrEnum):
    """Who speaks. The author of the text is no source: where nobody is named, the author speaks."""

    AUTHORITY = "authority"
    PERPETRATOR = "perpetrator"
    WITNESS = "witness"
    MEDIA = "media"
    MONITOR = "monitor"
    BODY = "body"
    ANONYMOUS = "anonymous"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Named:
    """A perpetrator where a text names it: characters `start`..`end`; `value` is its id, or the name as written."""

    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class Source:
    """Who says it, with the words that name them."""

    kind: SourceKind
    span: Span


@dataclass(frozen=True, slots=True)
class Attribution:
    """That somebody did it, as one sentence has it.

    Args:
        actor: the perpetrator's mention.
        sources: who says so, outermost first; empty where the author does.
        cues: the words that decide how surely, in the order of the text.
        modality: asserted, reported, suspected, possible, denied or hypothetical.
        surety: MUC-4's value; NONE for what is denied or only imagined.
        confidence: the probability that a model gives the value; None where rules decided.
    """

    actor: Named
    sentence: Span
    sources: tuple[Source, ...]
    cues: tuple[Span, ...]
    modality: Modality
    surety: Surety
    confidence: float | None = None
