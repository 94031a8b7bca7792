"""The kinds of entry that a log holds, and their canonical bytes (RFC 8785)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

import rfc8785
from pydantic import BaseModel, ConfigDict, Field

FORMAT = 1
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Body(BaseModel):
    """What an entry of one kind says."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: ClassVar[str]


class RecordCreated(Body):
    """The record begins."""

    kind: ClassVar[str] = "record.created"
    name: str
    software: str


class ExhibitPreserved(Body):
    """Bytes are kept under their hash. Said once for the same bytes."""

    kind: ClassVar[str] = "exhibit.preserved"
    exhibit: Sha256
    size: int
    media_type: str


class ExhibitAcquired(Body):
    """Somebody brought an exhibit in: from where, under which name, with which note. Said at each acquisition."""

    kind: ClassVar[str] = "exhibit.acquired"
    exhibit: Sha256
    original_name: str
    note: str = ""
    source: str = ""
    published: str = ""
    url: str = ""


class RowStated(Body):
    """A row of a reference table, as of now: a first version, or one that replaces the version before it."""

    kind: ClassVar[str] = "row.stated"
    reference: str
    table: str
    row: dict[str, Any]


class RowWithdrawn(Body):
    """A row of a reference table no longer stands."""

    kind: ClassVar[str] = "row.withdrawn"
    table: str
    id: str
    reason: str


class ReferenceImported(Body):
    """A reference folder came in: its name and version, the hash of each of its files, the rows that changed."""

    kind: ClassVar[str] = "reference.imported"
    name: str
    version: str
    files: dict[str, Sha256]
    stated: int
    withdrawn: int


class ClaimsRead(Body):
    """A reader's claims from one exhibit, held in one object (a JSON array of claims)."""

    kind: ClassVar[str] = "claims.read"
    exhibit: Sha256
    reader: str
    claims: Sha256
    number: int


class CheckMade(Body):
    """A statement was checked as of a date; the result is one object (the JSON that `check --json` prints)."""

    kind: ClassVar[str] = "check.made"
    exhibit: Sha256
    as_of: str
    readings: str
    result: Sha256
    verdicts: dict[str, int]


BODIES: dict[str, type[Body]] = {
    body.kind: body
    for body in (
        RecordCreated, ExhibitPreserved, ExhibitAcquired, RowStated, RowWithdrawn, ReferenceImported, ClaimsRead,
        CheckMade,
    )
}  # fmt: skip


class Entry(BaseModel):
    """One line of the log."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = FORMAT
    seq: int
    time: str
    author: str
    kind: str
    body: dict[str, Any]

    def canonical(self) -> bytes:
        """The entry's bytes: canonical JSON, the leaf of the tree."""
        return canonical(self.model_dump())

    def said(self) -> Body:
        """The entry's body as its kind. Raises pydantic.ValidationError when it does not fit."""
        return BODIES[self.kind].model_validate(self.body)


def canonical(value: Mapping[str, Any] | list[Any]) -> bytes:
    """A JSON value's canonical bytes by RFC 8785 (JCS). Raises rfc8785.CanonicalizationError (a ValueError)."""
    return rfc8785.dumps(value)
