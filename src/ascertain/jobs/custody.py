"""Sign a record as it stands, and have authorities stamp checkpoints and exhibits."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cryptography.x509 import Certificate
from sqlalchemy import func, select

from ascertain.errors import AuthorityFailed, UsageError
from ascertain.jobs.keys import append_checkpoint
from ascertain.preserve.timestamp_authority import ask_authority, check_address, new_nonce, write_request
from ascertain.progress import Progress
from ascertain.record import tables
from ascertain.record.custody.certificates import FOLDER, BadCertificate, read_certificates
from ascertain.record.custody.check import stamp_time
from ascertain.record.custody.note import Signer
from ascertain.record.custody.timestamps import BadTimestamp, Timestamp, UnknownAuthority, verify_timestamp
from ascertain.record.entries import TimestampKept
from ascertain.record.store import Record
from ascertain.settings import Authority

Clock = Callable[[], datetime.datetime]

_EXHIBIT_ID = re.compile(r"[0-9a-f]{16,64}")


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint: its entry, what it says, the note. `known` says that nothing was written since it was signed."""

    entry: int
    size: int
    root: str
    note: str
    known: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """What is stamped: a checkpoint by its entry's number, or an exhibit by its id; with the digest, 32 bytes."""

    kind: Literal["checkpoint", "exhibit"]
    name: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Stamped:
    """A timestamp that was kept: of what, by whom, when, and the certificate that was trusted for it."""

    subject: str
    authority: str
    time: str
    root: str


@dataclass(frozen=True, slots=True)
class NotStamped:
    """A timestamp that an authority did not give, and why."""

    subject: str
    authority: str
    reason: str


def sign_checkpoint(record: Record, signer: Signer, author: str, now: datetime.datetime) -> Signed:
    """Sign the log as it stands. Signs nothing new when nothing but timestamps came after the last checkpoint."""
    last = last_checkpoint(record)
    with record.writing(author, now) as writer:
        log = tables.log.c
        if last is not None and not writer.has(tables.log, log.seq > last.entry, log.kind != TimestampKept.kind):
            return last
        said = append_checkpoint(writer, signer)
    return Signed(said.size, said.size, said.root, said.note, known=False)


def last_checkpoint(record: Record, covering: int | None = None) -> Signed | None:
    """The last checkpoint of a record; with `covering` an entry's number, only if that entry is under it."""
    columns = tables.checkpoints.c
    with record.reading() as connection:
        found = connection.execute(select(tables.checkpoints).order_by(columns.entered.desc()).limit(1)).first()
    if found is None or (covering is not None and found.size <= covering):
        return None
    return Signed(found.entered, found.size, found.root, found.note, known=True)


def checkpoint_subject(signed: Signed) -> Subject:
    """A checkpoint, to be stamped."""
    return Subject("checkpoint", str(signed.entry), hashlib.sha256(signed.note.encode()).digest())


def find_exhibit(record: Record, name: str) -> tuple[str, int]:
    """An exhibit's id and the entry that brought it in, by its first 16 or more digits. Raises UsageError."""
    if not _EXHIBIT_ID.fullmatch(name):
        raise UsageError(f"{name!r} is no exhibit's id", next_step="give 16 or more of its hexadecimal digits")
    column = tables.exhibits.c
    alike = func.substr(column.id, 1, len(name)) == name
    with record.reading() as connection:
        found = connection.execute(select(column.id, column.entered).where(alike).limit(2)).all()
    if len(found) != 1:
        raise UsageError(f"{'several exhibits begin' if found else 'no exhibit begins'} with {name}")
    return str(found[0].id), int(found[0].entered)


def stamp(
    record: Record,
    subjects: Sequence[Subject | str],
    authorities: Sequence[Authority],
    author: str,
    clock: Clock,
    progress: Progress,
) -> tuple[list[Stamped], list[NotStamped]]:
    """Ask every authority for a timestamp on every subject; keep those that hold, name those that were not given.

    A subject is an exhibit's id, of which 16 digits are enough, or a checkpoint by `checkpoint_subject`.
    Nothing is locked while an authority thinks. Raises UsageError when none is configured, or one is not usable.
    """
    if not authorities:
        raise UsageError("no timestamp authority is configured", next_step="add [[authorities]] to record.toml")
    for authority in authorities:
        _certificates(record.folder, authority)
    found = [_exhibit(record, subject) if isinstance(subject, str) else subject for subject in subjects]
    done, failed = [], []
    progress.begin("stamping", len(found) * len(authorities))
    for subject in found:
        for authority in authorities:
            try:
                done.append(_stamp_one(record, subject, authority, author, clock))
            except AuthorityFailed as error:
                failed.append(NotStamped(subject.name, authority.url, error.message))
            progress.advance()
    progress.end()
    return done, failed


def _exhibit(record: Record, name: str) -> Subject:
    exhibit, _ = find_exhibit(record, name)
    return Subject("exhibit", exhibit, bytes.fromhex(exhibit))


def _stamp_one(record: Record, subject: Subject, authority: Authority, author: str, clock: Clock) -> Stamped:
    nonce = new_nonce()
    response = ask_authority(authority.url, write_request(subject.digest, nonce))
    found = _verified(response, subject, nonce, authority, record.folder)
    with record.writing(author, clock()) as writer:
        kept = TimestampKept(
            subject_kind=subject.kind,
            subject=subject.name,
            digest=subject.digest.hex(),
            authority=authority.url,
            time=stamp_time(found.time),
            token=writer.put(response),
        )
        writer.append(kept)
    return Stamped(subject.name, authority.url, kept.time, found.root)


def _verified(response: bytes, subject: Subject, nonce: int, authority: Authority, folder: Path) -> Timestamp:
    """The word of an authority, by its own certificates. What does not hold now is never kept."""
    certificates = _certificates(folder, authority)
    try:
        return verify_timestamp(response, subject.digest, certificates, nonce=nonce)
    except (BadTimestamp, UnknownAuthority) as error:
        raise AuthorityFailed(
            f"timestamp authority {authority.url}: its answer does not hold: {error}",
            next_step=f"compare {authority.certificates} with what the authority publishes",
        ) from error


def _certificates(folder: Path, authority: Authority) -> list[Certificate]:
    check_address(authority.url)
    file = folder / authority.certificates
    if file.parent != folder / FOLDER or file.suffix != ".pem":
        raise UsageError(
            f"the certificates of {authority.url} are in {authority.certificates}",
            next_step=f"put them into {FOLDER}/NAME.pem of the record, where `ascertain verify` looks for them",
        )
    try:
        return read_certificates(file)
    except (BadCertificate, OSError) as error:
        raise UsageError(f"the certificates of {authority.url}, {file}: {error}") from error
