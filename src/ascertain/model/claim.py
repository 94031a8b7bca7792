"""A claim: what a source says, with the words behind every value."""

from __future__ import annotations

import hashlib
import json
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict


class Frame(StrEnum):
    """What kind of thing a claim says."""

    ATTACK = "attack"
    FINDING = "finding"
    ATTRIBUTION = "attribution"
    ESTIMATE = "estimate"
    DENIAL = "denial"
    COMMITMENT = "commitment"
    PUBLICATION = "publication"
    OTHER = "other"
    NOT_CHECKABLE = "not checkable"


class Modality(StrEnum):
    """How surely the speaker says it."""

    ASSERTED = "asserted"
    REPORTED = "reported"
    SUSPECTED = "suspected"
    POSSIBLE = "possible"
    DENIED = "denied"
    HYPOTHETICAL = "hypothetical"


class Span(BaseModel):
    """Where words stand in a text: code points `start` to `end`, and the words themselves."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: int
    end: int
    text: str


class Slot(BaseModel):
    """One value of a claim and the words it was read from.

    `value` is an id of the record (party, place, agent) or the name as written where the record has none, an EDTF date,
    a count in the record's notation, or a word of a vocabulary (attack type, surety);
    `inherited` says that the words stand in an earlier sentence, to which this one refers back.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    value: str
    span: Span
    inherited: bool = False


class Claim(BaseModel):
    """A claim of a text.

    `rest` holds the words of its clause that no slot covers and that might change its meaning; `left_out` the names
    and dates among them, without which the claim has not been read whole. `incident` numbers, from 1, the incident of
    its text that it is about (0: none, or not known); `confidence` is the reader's own, from 0 to 1, where it has one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = ""
    frame: Frame
    sentence: Span
    clause: Span
    modality: Modality = Modality.ASSERTED
    negated: bool = False
    speaker: str = ""
    via: tuple[Slot, ...] = ()
    slots: tuple[Slot, ...] = ()
    rest: tuple[Span, ...] = ()
    left_out: tuple[Slot, ...] = ()
    reason: str = ""
    reader: str = ""
    incident: int = 0
    language: str = ""
    confidence: float | None = None

    def values(self, name: str) -> tuple[str, ...]:
        """The values of a slot, in the order of the text, each once."""
        return tuple(dict.fromkeys(slot.value for slot in self.slots if slot.name == name))

    def value(self, name: str) -> str:
        """The first value of a slot, or nothing."""
        return next(iter(self.values(name)), "")

    def identified(self, exhibit: str, reader: str) -> Claim:
        """The claim with its id: a hash of the exhibit, the reader and all that was read, but not of how surely."""
        body: dict[str, Any] = self.model_copy(update={"id": "", "reader": reader}).model_dump(mode="json")
        del body["confidence"]
        body = {name: value for name, value in body.items() if value or name not in ("incident", "language")}
        text = json.dumps({"exhibit": exhibit, **body}, sort_keys=True, ensure_ascii=False)
        return self.model_copy(update={"id": hashlib.sha256(text.encode()).hexdigest()[:32], "reader": reader})
