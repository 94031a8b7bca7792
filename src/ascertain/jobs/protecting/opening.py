"""Opening sealed exhibits, and who can: each takes the identity of somebody who can open them now."""

from __future__ import annotations

import datetime
import hashlib
import io
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from pyrage import x25519

from ascertain.errors import RecordDamaged, UsageError
from ascertain.jobs.protecting.exhibits import sealed_exhibit
from ascertain.jobs.protecting.recipients import keys_of, recipients
from ascertain.record.entries import RecipientsSet
from ascertain.record.sealed import age
from ascertain.record.sealed.exhibit_keys import key_name
from ascertain.record.sealed.overwriting import destroy
from ascertain.record.sealed.particulars import PARTICULARS_LIMIT_BYTES, Particulars, unseal_particulars
from ascertain.record.sealed.sealing import unseal
from ascertain.record.sealed.seals import Seal, read_seals
from ascertain.record.sealed.wrapping import unwrap, wrap
from ascertain.record.store import Record

Identities = Sequence[x25519.Identity]


def make_identity_file(path: Path, made: str, passphrase: str | None) -> str:
    """Write a new age identity to a file that only its owner can read; returns its public key. Raises UsageError."""
    identity = x25519.Identity.generate()
    _write_new(path, lambda file: file.write(age.identity_file(identity, made, passphrase)))
    return age.public_key(identity)


def read_identity_file(path: Path, ask: Callable[[], str]) -> Identities:
    """The identities in a file of keys; `ask` gives its passphrase. Raises UsageError, CannotOpen."""
    try:
        with path.open("rb") as file:
            data = file.read(age.IDENTITY_LIMIT_BYTES)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    return age.read_identities(data, ask)


def read_particulars(record: Record, exhibit: str, identities: Identities) -> Particulars:
    """What is known of a sealed exhibit. Raises UsageError (not sealed), CannotOpen, RecordDamaged."""
    seal, identity = _unwrapped(record, exhibit, identities)
    return _particulars(record, seal, identity)


def open_exhibit(record: Record, exhibit: str, identities: Identities, out: Path) -> Particulars:
    """Write a sealed exhibit's bytes to a new file that only its owner can read, once its hash is right.

    Raises UsageError (not sealed; the file is there, or inside the record), CannotOpen, RecordDamaged. Of a file that
    could not be written whole nothing is left.
    """
    if out.resolve().is_relative_to(record.folder.resolve()):
        raise UsageError(f"{out} lies inside the record: nothing there is in the clear", next_step="name another place")
    seal, identity = _unwrapped(record, exhibit, identities)
    told = _particulars(record, seal, identity)
    with record.objects.open(seal.object) as ciphertext:
        _write_new(out, lambda file: unseal(ciphertext, file, identity, told))
    return told


def read_exhibit_bytes(record: Record, exhibit: str, identities: Identities) -> tuple[Particulars, bytes]:
    """A sealed exhibit's bytes, in memory alone, once their hash is right. Raises as `open_exhibit`."""
    seal, identity = _unwrapped(record, exhibit, identities)
    told, opened = _particulars(record, seal, identity), io.BytesIO()
    with record.objects.open(seal.object) as ciphertext:
        unseal(ciphertext, opened, identity, told)
    return told, opened.getvalue()


def grant(
    record: Record, exhibit: str, name: str, identities: Identities, reason: str, author: str, now: datetime.datetime
) -> tuple[str, ...]:
    """Let somebody else open a sealed exhibit; returns who can from now on.

    Raises UsageError (not sealed, nobody of this name), CannotOpen, RecordDamaged, RecordLocked.
    """
    keys_of(record, [name])
    return _change(record, exhibit, identities, lambda names: [*names, name], reason, author, now)


def revoke(
    record: Record, exhibit: str, name: str, identities: Identities, reason: str, author: str, now: datetime.datetime
) -> tuple[str, ...]:
    """Let somebody open a sealed exhibit no longer; returns who can from now on.

    What they opened before, and a copy of the record or of its key that they made, cannot be taken back. Raises as
    `grant`, and UsageError when nobody would be left.
    """

    def without(names: list[str]) -> list[str]:
        if name not in names:
            raise UsageError(f"{name} cannot open this exhibit: it is sealed to {', '.join(names)}")
        if len(names) == 1:
            raise UsageError("nobody could open this exhibit any more", next_step="see `ascertain protect erase`")
        return [one for one in names if one != name]

    return _change(record, exhibit, identities, without, reason, author, now)


def _change(
    record: Record,
    exhibit: str,
    identities: Identities,
    changed: Callable[[list[str]], list[str]],
    reason: str,
    author: str,
    now: datetime.datetime,
) -> tuple[str, ...]:
    with record.writing(author, now) as writer:
        seal = sealed_exhibit(writer.seals(), exhibit)
        identity = _unwrap(record, seal, identities)
        names = list(dict.fromkeys(changed(list(seal.recipients))))
        wrapped = wrap(exhibit, identity, _keys_of_all(record, seal, names))
        record.keys.put(key_name(exhibit, wrapped), wrapped)
        try:
            digest = hashlib.sha256(wrapped).hexdigest()
            writer.append(RecipientsSet(exhibit=exhibit, key=digest, recipients=names, reason=reason))
        except BaseException:
            record.keys.destroy(key_name(exhibit, wrapped))
            raise
    record.keys.destroy(seal.key_name)
    return tuple(names)


def _keys_of_all(record: Record, seal: Seal, names: list[str]) -> list[str]:
    known = recipients(record)
    gone = [name for name in names if name in seal.recipients and name not in known]
    if gone:
        raise UsageError(
            f"this exhibit is sealed to {gone[0]}, who is no recipient any more", next_step="revoke that one first"
        )
    return keys_of(record, names)


def _unwrapped(record: Record, exhibit: str, identities: Identities) -> tuple[Seal, x25519.Identity]:
    with record.reading() as connection:
        seal = sealed_exhibit(read_seals(connection), exhibit)
    return seal, _unwrap(record, seal, identities)


def _unwrap(record: Record, seal: Seal, identities: Identities) -> x25519.Identity:
    wrapped = record.keys.get(seal.key_name)
    if wrapped is None or hashlib.sha256(wrapped).hexdigest() != seal.key:
        state = "missing" if wrapped is None else "altered"
        raise RecordDamaged(f"the key of exhibit {seal.exhibit[:16]}… is {state}", next_step="run `ascertain verify`")
    return unwrap(seal.exhibit, wrapped, identities)


def _particulars(record: Record, seal: Seal, identity: x25519.Identity) -> Particulars:
    with record.objects.open(seal.particulars) as file:
        ciphertext = file.read(2 * PARTICULARS_LIMIT_BYTES)
    told = unseal_particulars(ciphertext, identity)
    if told.exhibit() != seal.exhibit:
        raise RecordDamaged(f"what was sealed as exhibit {seal.exhibit[:16]}… is another exhibit")
    return told


def _write_new(path: Path, write: Callable[..., object]) -> None:
    """Write a file that is not there yet, mode 0600; nothing is left of it unless all went well."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError as error:
        raise UsageError(f"{path} is there already", next_step="nothing is overwritten: name another file") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        destroy(path)
        raise
