"""Make, change and list the keys that sign for a record."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ascertain.errors import KeyUnusable, UsageError
from ascertain.record.custody.checkpoint import Checkpoint
from ascertain.record.custody.key_file import FILE, FOLDER, Passphrase, read_key, write_key
from ascertain.record.custody.keys import DeclaredKey, KeyRing, key_ring
from ascertain.record.custody.note import Signer, VerifierKey, sign_note
from ascertain.record.entries import CheckpointSigned, KeyDeclared, KeyRetired
from ascertain.record.home.objects import sync_path
from ascertain.record.store import Record, Writer


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was declared: its verifier key, where its private half lies, encrypted or not.

    `trusted` says whether it is the first, or an older one vouches for it already.
    """

    key: VerifierKey
    file: Path
    encrypted: bool
    trusted: bool


def key_path(folder: Path, signing_key: str) -> Path:
    """Where a record's private key lies: the setting, relative to the record's folder, or `keys/signer.pem` in it."""
    return folder / signing_key if signing_key else folder / FOLDER / FILE


def declare_key(
    record: Record,
    file: Path,
    passphrase: bytes | None,
    author: str,
    now: datetime.datetime,
    *,
    lost: str = "",
    reason: str = "",
) -> NewKey:
    """Make a key for a record and declare it; `lost` is the id of a key that it replaces because nobody has it.

    A record's first key is trusted by the log's own word. For a later one an older key has to vouch, by the next
    checkpoint that it signs; for one that replaces a lost key nobody can. Raises UsageError when the file is there
    already or the lost key is not in use.
    """
    ring = _ring(record)
    if lost and lost not in {key.key_id for key in ring.in_use()}:
        raise UsageError(f"key {lost} is not in use", next_step="`ascertain key list` shows those that are")
    with _making(record, file, passphrase) as signer, record.writing(author, now) as writer:
        writer.append(KeyDeclared(key=str(signer.verifier), replaces=lost))
        if lost:
            writer.append(KeyRetired(key_id=lost, reason=reason or "lost"))
    return NewKey(signer.verifier, file, encrypted=bool(passphrase), trusted=not ring.all())


def rotate_key(
    record: Record, file: Path, old: Passphrase, new: bytes | None, author: str, now: datetime.datetime, reason: str
) -> NewKey:
    """Put a new key in the place of the one in the file; the old key vouches for the new one, then retires.

    `old` opens the old key; `new` encrypts the new one, where None stands for the passphrase of the old one. The old
    private key is gone afterwards. A process that dies on the way leaves the old key or both, and the next signature
    takes the one that the log names. Raises KeyUnusable when the file holds no key of the record in use.
    """
    opened: list[bytes | None] = []

    def remembered() -> bytes | None:
        opened.append(opened[0] if opened else old())
        return opened[0]

    signer = load_signer(record, file, remembered)
    beside, secret = _beside(file), new or next(iter(opened), None)
    with _making(record, beside, secret) as successor, record.writing(author, now) as writer:
        writer.append(KeyDeclared(key=str(successor.verifier), replaces=signer.verifier.key_id))
        append_checkpoint(writer, signer)
        writer.append(KeyRetired(key_id=signer.verifier.key_id, reason=reason))
    _take_place(beside, file)
    return NewKey(successor.verifier, file, encrypted=bool(secret), trusted=True)


def load_signer(record: Record, file: Path, passphrase: Passphrase) -> Signer:
    """The record's key in a file, ready to sign. Raises KeyUnusable when there is none, or it is not in use."""
    ring = _ring(record)
    if not ring.in_use():
        raise KeyUnusable("this record has no key in use", next_step="make one: `ascertain key new`")
    signer = Signer(ring.origin, read_key(file, passphrase))
    if signer.verifier in ring.in_use():
        _beside(file).unlink(missing_ok=True)  # of a change of keys that never came into the log
        return signer
    if _beside(file).exists():  # of one that did, and stopped before the files changed places
        successor = Signer(ring.origin, read_key(_beside(file), passphrase))
        if successor.verifier in ring.in_use():
            _take_place(_beside(file), file)
            return successor
    raise _not_in_use(signer)


def append_checkpoint(writer: Writer, signer: Signer) -> CheckpointSigned:
    """Sign the tree as it stands in a transaction, and add the checkpoint. Raises KeyUnusable for a retired key."""
    if signer.verifier not in writer.key_ring().in_use():
        raise _not_in_use(signer)
    tree = writer.tree
    note = sign_note(Checkpoint(signer.name, tree.size, tree.root()).as_text(), [signer]).as_text()
    said = CheckpointSigned(size=tree.size, root=tree.root().hex(), note=note)
    writer.append(said)
    return said


def list_keys(record: Record) -> tuple[DeclaredKey, ...]:
    """Every key of a record, with whether it is in use and trusted."""
    return _ring(record, vouching=True).all()


def _ring(record: Record, *, vouching: bool = False) -> KeyRing:
    with record.reading() as connection:
        return key_ring(connection, vouching=vouching)


@contextmanager
def _making(record: Record, file: Path, passphrase: bytes | None) -> Iterator[Signer]:
    """A new key in a new file. When the block fails the file goes away again, unless the log has the key by then."""
    private = Ed25519PrivateKey.generate()
    write_key(file, private, passphrase)
    signer = Signer(_ring(record).origin, private)
    try:
        yield signer
    except BaseException:
        if signer.verifier not in _ring(record).in_use():
            file.unlink(missing_ok=True)
        raise


def _beside(file: Path) -> Path:
    return file.with_name(file.name + ".next")


def _take_place(successor: Path, file: Path) -> None:
    successor.replace(file)
    sync_path(file.parent)


def _not_in_use(signer: Signer) -> KeyUnusable:
    return KeyUnusable(
        f"key {signer.verifier.key_id} is not one of this record's keys in use",
        next_step="`ascertain key list` shows them",
    )
