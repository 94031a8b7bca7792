"""`ascertain.open(folder)` → `Inquiry`: the verbs of the house, each of which delegates to a job.

A verb imports its job when it is called: a command that verifies need not wait for readers of Word files.
"""

from __future__ import annotations

import datetime
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ascertain.jobs.clock import now
from ascertain.jobs.given import Given
from ascertain.progress import Progress, Silent
from ascertain.record.custody.key_file import Passphrase, no_passphrase
from ascertain.record.custody.keys import DeclaredKey
from ascertain.record.custody.note import Signer
from ascertain.record.entries import Entry
from ascertain.record.store import CONFIGURATION, Record, open_record
from ascertain.settings import (
    Authority,
    Settings,
    load_authorities,
    load_settings,
    without_places,
)

if TYPE_CHECKING:
    from ascertain.jobs.bundling.receiving import Received
    from ascertain.jobs.bundling.restoring import Restored
    from ascertain.jobs.bundling.writing import Bundled
    from ascertain.jobs.capturing import CapturedAddress, FailedCapture
    from ascertain.jobs.copying import Copied
    from ascertain.jobs.custody import NotStamped, Signed, Stamped, Subject
    from ascertain.jobs.failures import OpenFailure
    from ascertain.jobs.fingerprinting import Kind
    from ascertain.jobs.importing import Imported
    from ascertain.jobs.items import Failure, Preserved
    from ascertain.jobs.keys import NewKey
    from ascertain.jobs.protecting.opening import Identities
    from ascertain.jobs.protecting.protection import Protection
    from ascertain.jobs.reading.datasets import Datasets
    from ascertain.jobs.reading.exhibits import ReadExhibit
    from ascertain.jobs.reading.gazetteers import Gazetteers
    from ascertain.jobs.reading.llm import LlmRead
    from ascertain.jobs.redacting import Redacted, Wanted
    from ascertain.jobs.relating import Near, Search
    from ascertain.jobs.reviewing import Reviews
    from ascertain.publish.check_json import CheckedStatement
    from ascertain.publish.permitted import Gate
    from ascertain.record.verify import Verification
    from ascertain.record.view import View


@dataclass(frozen=True)
class Inquiry:
    """One record, open. Several may be open at once; none of them holds a lock between calls."""

    record: Record
    settings: Settings
    progress: Progress = field(default_factory=Silent)

    @property
    def name(self) -> str:
        """The record's name."""
        return self.record.name

    def preserve(self, paths: Sequence[Path], given: Given | None = None) -> tuple[list[Preserved], list[Failure]]:
        """Preserve files and folders as exhibits; returns what was preserved and what failed."""
        from ascertain.jobs.preserving import preserve_files

        return preserve_files(self.record, paths, given or Given(), self.settings.author, now(), self.progress)

    def preserve_each(
        self,
        paths: Sequence[Path],
        given: Given | None = None,
        *,
        unpack: bool = False,
        only_failed: bool = False,
        restricted_by: str | None = None,
    ) -> Generator[Preserved | Failure, None, None]:
        """Preserve many files, each outcome as it is committed; with what lies inside them, or what failed before.

        `restricted_by` is the authority by which they are restricted (empty: the author's own); None: they are not.
        """
        from ascertain.jobs.preserving import Intake, preserve_each, unpack_limits

        intake = Intake(unpack, only_failed, unpack_limits(self.settings), restricted_by)
        return preserve_each(self.record, paths, given or Given(), intake, self.settings.author, now, self.progress)

    def capture_each(
        self,
        addresses: Sequence[str],
        given: Given | None = None,
        *,
        seconds: int | None = None,
        limit_mb: int | None = None,
        media: bool = False,
    ) -> Generator[CapturedAddress | FailedCapture, None, None]:
        """Capture addresses of the web, each outcome as it is committed."""
        from ascertain.jobs.capturing import capture_each, capture_policy

        policy = capture_policy(self.settings, seconds=seconds, limit_mb=limit_mb, media=media)
        return capture_each(self.record, addresses, given or Given(), policy, self.settings.author, now, self.progress)

    @property
    def protection(self) -> Protection:
        """What protects the exhibits of the record."""
        from ascertain.jobs.protecting.protection import Protection

        return Protection(self.record, self.settings.author, now, self.progress)

    @property
    def gate(self) -> Gate:
        """What the reader of the settings may see, as of now: `inquiry.gate.require(Carried(...))`."""
        from ascertain.jobs.permitting import open_gate, reader_class

        return open_gate(self.record, reader_class(self.settings.reader))

    def failures(self) -> list[OpenFailure]:
        """What could not be preserved or captured and has not been since."""
        from ascertain.jobs.failures import list_failures

        return list_failures(self.record)

    def read_each(
        self, targets: Sequence[str], given: Given | None = None
    ) -> Generator[ReadExhibit | Failure, None, None]:
        """Read exhibits (by id) and files (preserved first) to claims, each outcome as it is committed."""
        from ascertain.jobs.reading.exhibits import read_each

        return read_each(
            self.record, targets, given or Given(), limit_mb=self.settings.statement_limit_mb,
            author=self.settings.author, clock=now, progress=self.progress,
        )  # fmt: skip

    def read_with_llm(
        self, targets: Sequence[str], given: Given | None = None
    ) -> Generator[LlmRead | Failure, None, None]:
        """Read exhibits and files with the configured language model; what does not stand in the text is dropped."""
        from ascertain.jobs.reading.llm import read_with_settings

        return read_with_settings(self.record, targets, given or Given(), self.settings, self.progress)

    @property
    def datasets(self) -> Datasets:
        """Datasets as sources: `inquiry.datasets.read(target, mapping)`, `inquiry.datasets.claims()`."""
        from ascertain.jobs.reading.datasets import Datasets

        return Datasets(self.record, self.settings.author, now, self.progress)

    @property
    def reviews(self) -> Reviews:
        """What people say of claims: `inquiry.reviews.of(exhibit)`, `.judge(exhibit, judgements)`, `.examples()`."""
        from ascertain.jobs.reviewing import Reviews

        return Reviews(self.record, self.settings.author, now)

    @property
    def gazetteers(self) -> Gazetteers:
        """Lists of places: `inquiry.gazetteers.take_in(data, "geonames", Source(…))`, `inquiry.gazetteers.open()`."""
        from ascertain.jobs.reading.gazetteers import Gazetteers

        return Gazetteers(self.record, self.settings.author, now)

    def find_similar(self, kind: Kind, threshold: float | None = None) -> Search:
        """Compare the images or texts that are new since the last search with all others; records what is near."""
        from ascertain.jobs.relating import search

        return search(
            self.record, kind, threshold, limit_mb=self.settings.statement_limit_mb,
            author=self.settings.author, clock=now, progress=self.progress,
        )  # fmt: skip

    def similar(self, exhibit: str = "", kinds: Sequence[Kind] | None = None) -> list[Near]:
        """The near-duplicates that the record holds, of one exhibit or of all."""
        from ascertain.jobs.fingerprinting import KINDS
        from ascertain.jobs.relating import list_near

        return list_near(self.record, exhibit, kinds or KINDS)

    def redact(
        self,
        exhibit: str,
        wanted: Wanted,
        access: Literal["", "public", "restricted"] = "",
        identities: Identities = (),
    ) -> Redacted:
        """Make a copy of an exhibit without what must not be seen; the exhibit itself stays as it is."""
        from ascertain.jobs.redacting import redact_exhibit

        return redact_exhibit(
            self.record,
            exhibit,
            wanted,
            access=access,
            identities=identities,
            author=self.settings.author,
            now=now(),
            limit_mb=self.settings.statement_limit_mb,
        )

    def import_reference(self, source: str) -> Imported:
        """Import a reference record, by its shipped name or its folder."""
        from ascertain.jobs.importing import import_reference

        return import_reference(self.record, source, self.settings.author, now(), self.progress)

    def view(self, *, as_of: datetime.date | None = None, as_recorded: datetime.datetime | int | None = None) -> View:
        """The record's tables (Arrow) as published by a day and as recorded by a moment or an entry's number."""
        from ascertain.record.view import open_view

        return open_view(self.record, as_of=as_of, as_recorded=as_recorded)

    def check(
        self,
        statement: Path,
        *,
        as_of: datetime.date | None = None,
        as_recorded: datetime.datetime | int | None = None,
        readings: Path | None = None,
        given: Given | None = None,
    ) -> CheckedStatement:
        """Check a public statement (a file) against the record, as of its own date or another; records the check."""
        from ascertain.jobs.checking import check_statement
        from ascertain.jobs.files import file_name, read_file

        return check_statement(
            self.record,
            read_file(statement, self.settings.statement_limit_mb),
            file_name(statement),
            given=given or Given(),
            as_of=as_of,
            as_recorded=as_recorded,
            readings=read_file(readings) if readings else None,
            author=self.settings.author,
            now=now(),
            limit_mb=self.settings.statement_limit_mb,
        )

    def log(self, start: int = 0) -> Iterator[Entry]:
        """The entries of the log, from one on."""
        return self.record.entries(start)

    def verify(self, *, keys: Sequence[str] = (), checkpoint: bytes | None = None) -> Verification:
        """Whether the record holds what its log says, and what keys and a checkpoint from elsewhere say of it."""
        from ascertain.jobs.verifying import verify_record

        return verify_record(self.record, keys, checkpoint, self.progress)

    def checkpoint(self, passphrase: Passphrase = no_passphrase) -> Signed:
        """Sign the log as it stands."""
        from ascertain.jobs.custody import sign_checkpoint

        return sign_checkpoint(self.record, self._signer(passphrase), self.settings.author, now())

    def timestamp(self, subjects: Sequence[Subject | str]) -> tuple[list[Stamped], list[NotStamped]]:
        """Have every configured authority stamp exhibits (by their ids) or checkpoints."""
        from ascertain.jobs.custody import stamp

        return stamp(self.record, subjects, self.authorities, self.settings.author, now, self.progress)

    def prove(self, name: str) -> dict[str, Any]:
        """The proof that an entry (its number, or the exhibit that it brought in) is in the log, as JSON."""
        from ascertain.jobs.proving import prove_entry

        return prove_entry(self.record, name)

    def prove_growth(self, size: int) -> dict[str, Any]:
        """The proof that the log begins with its first `size` entries as they were, as JSON."""
        from ascertain.jobs.proving import prove_growth

        return prove_growth(self.record, size)

    def publish_bundle(
        self,
        target: Path,
        exhibits: Sequence[str] | None,
        *,
        as_recorded: datetime.datetime | int | None = None,
        signed: bool = True,
        passphrase: Passphrase = no_passphrase,
    ) -> Bundled:
        """Write exhibits (all of them: None) with their entries and proofs into a new folder, for others."""
        from ascertain.jobs.bundling.writing import Request, exhibits_of, publish_bundle

        request = Request(None if exhibits is None else exhibits_of(self.record, exhibits), as_recorded)
        signer = self._signer(passphrase) if signed else None
        author = self.settings.author
        return publish_bundle(self.record, target, request, signer, self.gate, author, now(), self.progress)

    def receive_bundle(self, path: Path, keys: Sequence[str] = ()) -> Received:
        """Take in a partner's bundle (folder, zip or tar) that verifies; `keys` are the partner's, from elsewhere."""
        from ascertain.jobs.bundling.receiving import receive_bundle
        from ascertain.jobs.preserving import unpack_limits
        from ascertain.preserve.bag.archive import bag_folder

        with bag_folder(path, unpack_limits(self.settings)) as folder:
            return receive_bundle(self.record, folder, keys, self.settings.author, now(), self.progress)

    def restore(self, folder: Path) -> Restored:
        """Put back missing and altered objects from a bundle, or from any folder that has their bytes."""
        from ascertain.jobs.bundling.restoring import restore_objects

        return restore_objects(self.record, folder, self.settings.author, now(), self.progress)

    def signing_keys(self) -> tuple[DeclaredKey, ...]:
        """The record's signing keys."""
        from ascertain.jobs.keys import list_keys

        return list_keys(self.record)

    def new_key(self, passphrase: bytes | None = None, *, lost: str = "", reason: str = "") -> NewKey:
        """Make a key and declare it, beside others or in place of one that is lost."""
        from ascertain.jobs.keys import declare_key

        return declare_key(
            self.record, self.key_file, passphrase, self.settings.author, now(), lost=lost, reason=reason
        )

    def rotate_key(self, old: Passphrase = no_passphrase, new: bytes | None = None, reason: str = "rotated") -> NewKey:
        """Put a new key in the place of the present one, which vouches for it and retires."""
        from ascertain.jobs.keys import rotate_key

        return rotate_key(self.record, self.key_file, old, new, self.settings.author, now(), reason)

    @property
    def key_file(self) -> Path:
        """Where the private signing key lies."""
        from ascertain.jobs.keys import key_path

        return key_path(self.record.folder, self.settings.signing_key)

    @property
    def authorities(self) -> tuple[Authority, ...]:
        """The timestamp authorities that `record.toml` names."""
        return load_authorities(self.record.folder / CONFIGURATION)

    def _signer(self, passphrase: Passphrase) -> Signer:
        from ascertain.jobs.keys import load_signer

        return load_signer(self.record, self.key_file, passphrase)

    def copy(self, folder: str | Path, **places: str) -> Copied:
        """Copy the record to another folder, database or object store, and prove that both have the same root."""
        from ascertain.jobs.copying import copy_record

        settings = load_settings(None, {**places, "author": self.settings.author})
        return copy_record(self.record, Path(folder).absolute(), settings, self.progress)

    def rebuild(self) -> int:
        """Drop the derived tables and replay the log into them; returns the number of entries."""
        from ascertain.record.verify import rebuild

        return rebuild(self.record, self.progress)


def open_inquiry(folder: str | Path, *, progress: Progress | None = None, **flags: Any) -> Inquiry:
    """The record in a folder. Raises NoRecord. Keyword arguments are settings, such as `author="A. Analyst"`."""
    folder = Path(folder)
    settings = load_settings(folder / CONFIGURATION, flags)
    return Inquiry(open_record(folder, settings.lock_wait_seconds, settings), settings, progress or Silent())


def new_inquiry(
    folder: str | Path,
    *,
    reference: str | None = None,
    passphrase: bytes | None = None,
    progress: Progress | None = None,
    **flags: Any,
) -> Inquiry:
    """A new record with a signing key, and a reference record in it if one is named: all of it, or no folder at all.

    The private key is encrypted when there is a passphrase. Raises RecordExists, UsageError (no such reference),
    ImportRefused.
    """
    from ascertain.jobs.making import make_record

    folder = Path(folder).absolute()
    make_record(folder, load_settings(None, flags), reference, passphrase, now(), progress or Silent())
    return open_inquiry(folder, progress=progress, **without_places(flags))


def join_inquiry(folder: str | Path, *, progress: Progress | None = None, **flags: Any) -> Inquiry:
    """A folder of this workstation's own for a record that others keep in a database server.

    Raises NoRecord, AccessRefused, Unreachable, UsageError for objects that are not where they are said to be.
    """
    from ascertain.record.home.joining import join_record

    folder = Path(folder).absolute()
    settings = load_settings(None, flags)
    join_record(folder, settings.lock_wait_seconds, settings)
    return open_inquiry(folder, progress=progress, **without_places(flags))
