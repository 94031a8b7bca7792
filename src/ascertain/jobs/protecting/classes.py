"""Access classes: who may see an exhibit, a source, a claim or everything, set by a person with a reason."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sqlalchemy import select

from ascertain.errors import UsageError
from ascertain.jobs.protecting.exhibits import exhibit_of
from ascertain.model.access import Access, AccessRule, Standing, SubjectKind
from ascertain.record import tables
from ascertain.record.entries import AccessSet
from ascertain.record.sealed.access import read_access
from ascertain.record.sealed.seals import read_seals
from ascertain.record.store import Record


@dataclass(frozen=True, slots=True)
class Reclassed:
    """A class as set: what the subject's class was and is."""

    kind: SubjectKind
    subject: str
    before: Access
    after: Access

    @property
    def opens(self) -> bool:
        """Whether more readers may see it than before."""
        return self.after.rank < self.before.rank


def set_access(
    record: Record,
    kind: SubjectKind,
    subject: str,
    access: Access,
    reason: str,
    authority: str,
    author: str,
    now: datetime.datetime,
) -> Reclassed:
    """Set a class by an entry. An exhibit can be named by its first digits; a source by its id or any of its names.

    Raises UsageError: no reason or authority, nothing of this name, an exhibit whose bytes are encrypted, or
    `sealed` for one whose bytes are not.
    """
    if not reason.strip() or not authority.strip():
        raise UsageError("a class has a reason and an authority", next_step="say --reason and --authority")
    meant = _meant(record, kind, subject)
    _refuse_contradictions(record, kind, meant, access)
    before = _standing(record, kind, meant)
    with record.writing(author, now) as writer:
        writer.append(
            AccessSet(subject_kind=kind, subject=meant, access=access.value, reason=reason, authority=authority)
        )
    return Reclassed(kind, meant, before.access, _standing(record, kind, meant).access)


def _meant(record: Record, kind: SubjectKind, subject: str) -> str:
    if kind == "exhibit":
        return exhibit_of(record, subject)
    if kind == "record":
        return "*"
    if not subject.strip():
        raise UsageError(f"no {kind} is named")
    if kind == "claim":
        _claim_exhibit(record, subject)
    return subject.strip()


def _refuse_contradictions(record: Record, kind: SubjectKind, subject: str, access: Access) -> None:
    if kind == "record" and access is Access.SEALED:
        raise UsageError("a class of the whole record encrypts nothing", next_step="restricted is as closed as it gets")
    if kind != "exhibit":
        return
    with record.reading() as connection:
        is_sealed = subject in read_seals(connection)
    if is_sealed:
        raise UsageError(
            f"exhibit {subject[:16]}… is encrypted: no class opens it",
            next_step="to show something of it, make a redacted copy and set the class of that",
        )
    if access is Access.SEALED:
        raise UsageError(
            f"exhibit {subject[:16]}… lies in the clear: a class does not encrypt it",
            next_step=f"`ascertain protect seal {subject[:16]} --to NAME`",
        )


def _standing(record: Record, kind: SubjectKind, subject: str) -> Standing:
    with record.reading() as connection:
        rule: AccessRule = read_access(connection)
    if kind == "exhibit":
        return rule.of_exhibit(subject)
    if kind == "claim":
        return rule.of_claim(subject, _claim_exhibit(record, subject))
    return rule.of_source(subject) if kind == "source" else rule.of_record()


def _claim_exhibit(record: Record, claim: str) -> str:
    with record.reading() as connection:
        found = connection.execute(select(tables.claims.c.exhibit).where(tables.claims.c.id == claim).limit(1)).scalar()
    if found is None:
        raise UsageError(f"no claim has the id {claim!r}")
    return str(found)
