"""The kinds of entry that a log holds, and their canonical bytes (RFC 8785)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import rfc8785
from pydantic import BaseModel, ConfigDict

from ascertain.record.body import Body as Body
from ascertain.record.body import Sha256 as Sha256
from ascertain.record.reading_entries import ClaimJudged as ClaimJudged
from ascertain.record.reading_entries import ClaimsRead as ClaimsRead
from ascertain.record.reading_entries import DatasetRead as DatasetRead
from ascertain.record.reading_entries import GazetteerImported as GazetteerImported
from ascertain.record.reading_entries import ModelAsked as ModelAsked
from ascertain.record.reading_entries import TextRead as TextRead

FORMAT = 1


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

    def objects(self) -> tuple[str, ...]:
        """The exhibit's bytes."""
        return (self.exhibit,)


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

    def objects(self) -> tuple[str, ...]:
        """The folder's files."""
        return tuple(self.files.values())


class CheckMade(Body):
    """A statement was checked as of a date; the result is one object (the JSON that `check --json` prints)."""

    kind: ClassVar[str] = "check.made"
    exhibit: Sha256
    as_of: str
    readings: str
    result: Sha256
    verdicts: dict[str, int]

    def objects(self) -> tuple[str, ...]:
        """The result."""
        return (self.result,)


class KeyDeclared(Body):
    """A key signs for this record from here on; `replaces` is the id of the key that it follows, if any."""

    kind: ClassVar[str] = "key.declared"
    key: str
    replaces: str = ""


class KeyRetired(Body):
    """A key signs for this record no longer."""

    kind: ClassVar[str] = "key.retired"
    key_id: str
    reason: str


class CheckpointSigned(Body):
    """The tree over the first `size` entries was signed; `note` is the signed note, word for word."""

    kind: ClassVar[str] = "checkpoint.signed"
    size: int
    root: Sha256
    note: str


class TimestampKept(Body):
    """An authority stamped the digest of a checkpoint's note or of an exhibit; `token` holds its response."""

    kind: ClassVar[str] = "timestamp.kept"
    subject_kind: Literal["checkpoint", "exhibit"]
    subject: str
    digest: Sha256
    authority: str
    time: str
    token: Sha256

    def objects(self) -> tuple[str, ...]:
        """The authority's response."""
        return (self.token,)


class RecipientNamed(Body):
    """Somebody to whom sealed exhibits may be encrypted, by an age public key; an empty key ends the name's use."""

    kind: ClassVar[str] = "recipient.named"
    name: str
    key: str


class ExhibitSealed(Body):
    """Bytes are kept encrypted: their object is the ciphertext, and so are the particulars of their acquisition.

    Their size, type and name are in the particulars. `key` is the SHA-256 of the file that holds the exhibit's key,
    wrapped to the recipients; it lies outside the log and the objects.
    """

    kind: ClassVar[str] = "exhibit.sealed"
    exhibit: Sha256
    object: Sha256
    particulars: Sha256
    key: Sha256
    recipients: list[str]

    def objects(self) -> tuple[str, ...]:
        """The two ciphertexts."""
        return (self.object, self.particulars)


class RecipientsSet(Body):
    """Who can open a sealed exhibit from here on: its key was wrapped anew, and `key` is the SHA-256 of its file."""

    kind: ClassVar[str] = "recipients.set"
    exhibit: Sha256
    key: Sha256
    recipients: list[str]
    reason: str


class AccessSet(Body):
    """Who may see an exhibit, a source, a claim or all exhibits (`record`, `*`) from here on, and who decided it."""

    kind: ClassVar[str] = "access.set"
    subject_kind: Literal["record", "exhibit", "source", "claim"]
    subject: str
    access: Literal["public", "restricted", "sealed"]
    reason: str
    authority: str


class ExhibitErased(Body):
    """A sealed exhibit is gone: its key is destroyed, and with it the ciphertexts that its sealing names."""

    kind: ClassVar[str] = "exhibit.erased"
    exhibit: Sha256
    reason: str
    authority: str


class ExhibitDerived(Body):
    """An exhibit was made from another: a member of an archive, a redaction, the text of a captured page."""

    kind: ClassVar[str] = "exhibit.derived"
    exhibit: Sha256
    origin: Sha256
    method: str
    details: dict[str, Any]


class CaptureMade(Body):
    """An address was captured; `facts` holds everything that the capture noted of itself."""

    kind: ClassVar[str] = "capture.made"
    exhibit: Sha256
    url: str
    facts: Sha256

    def objects(self) -> tuple[str, ...]:
        """The facts."""
        return (self.facts,)


class RelationsFound(Body):
    """Exhibits that resemble one another, held in one object (a JSON array of a, b, distance)."""

    kind: ClassVar[str] = "relations.found"
    method: str
    threshold: float
    relations: Sha256
    number: int

    def objects(self) -> tuple[str, ...]:
        """The relations."""
        return (self.relations,)


class ItemFailed(Body):
    """One file or address of a job could not be taken."""

    kind: ClassVar[str] = "item.failed"
    stage: str
    item: str
    code: str
    reason: str


class BundleReceived(Body):
    """A partner's bundle was taken in; `files` keeps what proves its origin, by the path in the bundle."""

    kind: ClassVar[str] = "bundle.received"
    name: str
    origin: str
    size: int
    root: Sha256
    files: dict[str, Sha256]

    def objects(self) -> tuple[str, ...]:
        """The proofs of origin."""
        return tuple(self.files.values())


BODIES: dict[str, type[Body]] = {
    body.kind: body
    for body in (
        RecordCreated, ExhibitPreserved, ExhibitAcquired, RowStated, RowWithdrawn, ReferenceImported, ClaimsRead,
        CheckMade, KeyDeclared, KeyRetired, CheckpointSigned, TimestampKept, RecipientNamed, ExhibitSealed,
        RecipientsSet, AccessSet, ExhibitErased, ExhibitDerived, CaptureMade, RelationsFound, ItemFailed,
        BundleReceived, TextRead, DatasetRead, ClaimJudged, ModelAsked, GazetteerImported,
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
