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

    `value` is an id of the record (party, place, agent), an EDTF date or a count in the record's notation;
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
    and dates among them, without which the claim has not been read whole.
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

    def values(self, name: str) -> tuple[str, ...]:
        """The values of a slot, in the order of the text, each once."""
        return tuple(dict.fromkeys(slot.value for slot in self.slots if slot.name == name))

    def value(self, name: str) -> str:
        """The first value of a slot, or nothing."""
        return next(iter(self.values(name)), "")

    def identified(self, exhibit: str, reader: str) -> Claim:
        """The claim with its id: a hash of the exhibit, the reader and all that was read."""
        body: dict[str, Any] = self.model_copy(update={"id": "", "reader": reader}).model_dump(mode="json")
        text = json.dumps({"exhibit": exhibit, **body}, sort_keys=True, ensure_ascii=False)
        return self.model_copy(update={"id": hashlib.sha256(text.encode()).hexdigest()[:32], "reader": reader})
