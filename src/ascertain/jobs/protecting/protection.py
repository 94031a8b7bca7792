"""`inquiry.protection`: the verbs of protection, each one line that delegates to its job."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ascertain.jobs.given import Given
from ascertain.jobs.items import Failure, Preserved
from ascertain.jobs.protecting import classes, erasing, finishing, intake, listing, opening, recipients, sealing
from ascertain.jobs.protecting.exhibits import exhibit_of
from ascertain.jobs.protecting.opening import Identities
from ascertain.model.access import Access, SubjectKind
from ascertain.progress import Progress
from ascertain.record.sealed.particulars import Particulars
from ascertain.record.sealed.seals import Erasure
from ascertain.record.store import Record


@dataclass(frozen=True)
class Protection:
    """What protects the exhibits of one record. An exhibit is named by its id or the first eight digits or more."""

    record: Record
    author: str
    clock: Callable[[], datetime.datetime]
    progress: Progress

    def name_recipient(self, name: str, key: str) -> str:
        """Give a name an age public key; returns it as it is written."""
        return recipients.name_recipient(self.record, name, key, self.author, self.clock())

    def remove_recipient(self, name: str) -> None:
        """Seal nothing more to a name."""
        recipients.remove_recipient(self.record, name, self.author, self.clock())

    def seal_files(
        self, paths: Sequence[Path], to: Sequence[str], given: Given
    ) -> Generator[Preserved | Failure, None, None]:
        """Take files in sealed; each outcome as it is committed."""
        return intake.seal_files(self.record, paths, given, to, self.author, self.clock, self.progress)

    def seal(self, exhibit: str, to: Sequence[str]) -> sealing.Sealed:
        """Seal an exhibit that lies in the clear."""
        found = exhibit_of(self.record, exhibit)
        return sealing.seal_exhibit(self.record, found, to, self.author, self.clock())

    def remains(self, exhibit: str) -> list[str]:
        """What will still be in the clear when an exhibit is sealed or erased."""
        return sealing.remains(self.record, exhibit_of(self.record, exhibit))

    def open(self, exhibit: str, identities: Identities, out: Path) -> Particulars:
        """Write a sealed exhibit's bytes to a new file."""
        return opening.open_exhibit(self.record, exhibit_of(self.record, exhibit), identities, out)

    def particulars(self, exhibit: str, identities: Identities) -> Particulars:
        """What is known of a sealed exhibit."""
        return opening.read_particulars(self.record, exhibit_of(self.record, exhibit), identities)

    def grant(self, exhibit: str, name: str, identities: Identities, reason: str = "") -> tuple[str, ...]:
        """Let somebody else open a sealed exhibit; returns who can."""
        found = exhibit_of(self.record, exhibit)
        return opening.grant(self.record, found, name, identities, reason, self.author, self.clock())

    def revoke(self, exhibit: str, name: str, identities: Identities, reason: str = "") -> tuple[str, ...]:
        """Let somebody open a sealed exhibit no longer; returns who still can."""
        found = exhibit_of(self.record, exhibit)
        return opening.revoke(self.record, found, name, identities, reason, self.author, self.clock())

    def erase(self, exhibit: str, reason: str, authority: str) -> Erasure:
        """Destroy a sealed exhibit's key and ciphertexts."""
        found = exhibit_of(self.record, exhibit)
        return erasing.erase(self.record, found, reason, authority, self.author, self.clock())

    def set_class(
        self, kind: SubjectKind, subject: str, access: Access, reason: str, authority: str
    ) -> classes.Reclassed:
        """Say who may see something."""
        return classes.set_access(self.record, kind, subject, access, reason, authority, self.author, self.clock())

    def overview(self) -> listing.Protected:
        """What is protected."""
        return listing.protected(self.record)

    def finish(self) -> list[str]:
        """Do what an interrupted command left undone; says what was done."""
        return finishing.finish(self.record, self.author, self.clock())
