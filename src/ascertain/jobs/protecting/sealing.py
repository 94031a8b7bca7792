"""Sealing: a file as it comes in, or an exhibit that lies in the record in the clear.

Order: the ciphertext is kept and read back; then, alone with the record, the key, the mark, the particulars and the
entry; then, of an exhibit that lay in the clear, everything that held its words goes.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from pyrage import x25519
from sqlalchemy import Connection, Table, select

from ascertain.errors import RecordDamaged, UsageError
from ascertain.jobs.given import Given
from ascertain.jobs.protecting.exhibits import refuse_clear_bytes, refuse_sealed_bytes
from ascertain.jobs.protecting.finishing import take_away
from ascertain.jobs.protecting.recipients import keys_of
from ascertain.preserve.examine import Probe
from ascertain.record import tables
from ascertain.record.entries import ExhibitSealed
from ascertain.record.home.objects import Kept
from ascertain.record.sealed.age import Readable
from ascertain.record.sealed.exhibit_keys import key_name, mark_name
from ascertain.record.sealed.particulars import Particulars, new_salt, seal_particulars
from ascertain.record.sealed.sealing import Measured, sealing, unseal
from ascertain.record.sealed.seals import Seal, Seals, naming_objects, read_seals
from ascertain.record.sealed.wrapping import wrap
from ascertain.record.store import Record, Writer

_HOW = ("original_name", "source", "published", "url", "note")


@dataclass(frozen=True, slots=True)
class Sealed:
    """An exhibit as sealed: its id, the size in bytes of what was sealed, and who can open it."""

    exhibit: str
    size: int
    recipients: tuple[str, ...]


def seal_stream(
    record: Record,
    source: Readable,
    name: str,
    given: Given,
    to: Sequence[str],
    author: str,
    now: datetime.datetime,
) -> Sealed:
    """Take a file in sealed: nothing of it, nor how it was acquired, is written in the clear, now or later.

    Raises UsageError (a recipient without a key, bytes that lie in the clear), IsSealed (sealed already), DiskFull,
    RecordLocked, and what the source raises; the record is then as it was.
    """
    keys, identity = keys_of(record, to), x25519.Identity.generate()
    probe = Probe(source, lambda _: None)
    kept, measured = _keep(record, probe, identity)
    told = Particulars(
        sha256=measured.sha256,
        size=measured.size,
        media_type=probe.media_type,
        salt=new_salt(),
        original_name=name,
        source=given.publisher,
        published=given.published,
        url=given.url,
        note=given.note,
    )
    _read_back(record, kept, identity, told)
    with record.writing(author, now) as writer, _undone(record, kept):
        refuse_sealed_bytes(record, writer.seals(), measured.sha256)
        refuse_clear_bytes(writer, measured.sha256)
        _enter(record, writer, kept, identity, told, keys, to)
    return Sealed(told.exhibit(), measured.size, tuple(to))


def seal_exhibit(record: Record, exhibit: str, to: Sequence[str], author: str, now: datetime.datetime) -> Sealed:
    """Seal an exhibit that lies in the clear: its bytes, claims and checks go, and what the log says of it stays.

    Raises UsageError (sealed already, a recipient without a key, bytes that a reference needs), RecordDamaged,
    DiskFull, RecordLocked. `remains` says beforehand what will still be in the clear.
    """
    with record.reading() as connection:
        is_sealed = exhibit in read_seals(connection)
    if is_sealed:
        take_away(record, [exhibit])  # what an interrupted sealing left
        raise UsageError(f"exhibit {exhibit[:16]}… is sealed already")
    keys, identity = keys_of(record, to), x25519.Identity.generate()
    told = _told(record, exhibit)
    with record.objects.open(exhibit) as source:
        kept, measured = _keep(record, source, identity)
    with _undone(record, kept):
        if measured.sha256 != exhibit:
            raise RecordDamaged(f"object {exhibit} has been altered", next_step="run `ascertain verify`")
    _read_back(record, kept, identity, told)
    with record.writing(author, now) as writer, _undone(record, kept):
        _refuse_again(writer.seals(), exhibit)
        _enter(record, writer, kept, identity, told, keys, to)
    take_away(record, [exhibit])
    return Sealed(exhibit, told.size, tuple(to))


def remains(record: Record, exhibit: str) -> list[str]:
    """What will still be in the clear once an exhibit is sealed or erased, in words: the log never loses a word."""
    with record.reading() as connection:
        names = _found(connection, tables.acquisitions, "exhibit", exhibit, "entered")
        made = _found(connection, tables.derivations, "origin", exhibit, "exhibit")
        origins = _found(connection, tables.derivations, "exhibit", exhibit, "origin")
        in_clear = tables.exhibits.c.sealed.is_(None) & tables.exhibits.c.id.in_([*made, *origins])
        clear = {row.id for row in connection.execute(select(tables.exhibits.c.id).where(in_clear))}
    said = [f"entry {entry}: its original name, source, address and note" for entry in names]
    said += [f"exhibit {one}, which was made from it" for one in made if one in clear]
    said += [f"exhibit {one}, from which it was made" for one in origins if one in clear]
    return said


def _found(connection: Connection, table: Table, column: str, exhibit: str, wanted: str) -> list[Any]:
    query = select(table.c[wanted]).where(table.c[column] == exhibit).order_by(table.c.entered)
    return list(dict.fromkeys(row[0] for row in connection.execute(query)))


def _keep(record: Record, source: Readable, identity: x25519.Identity) -> tuple[Kept, Measured]:
    incoming = record.objects.incoming()
    with sealing(source, identity) as stream:
        kept = incoming.put_file(cast("BinaryIO", stream))
        measured = stream.measured()
    incoming.settle()
    return kept, measured


@contextmanager
def _undone(record: Record, kept: Kept) -> Iterator[None]:
    """Takes a ciphertext away when the block fails; around nothing that may have been committed all the same."""
    try:
        yield
    except BaseException:
        record.objects.discard(kept.name)
        raise


def _read_back(record: Record, kept: Kept, identity: x25519.Identity, told: Particulars) -> None:
    """Before a clear copy goes, here or at who gave it, the ciphertext has shown that it opens."""
    with _undone(record, kept), record.objects.open(kept.name) as ciphertext:
        unseal(ciphertext, _Nowhere(), identity, told)


def _enter(
    record: Record,
    writer: Writer,
    kept: Kept,
    identity: x25519.Identity,
    told: Particulars,
    keys: Sequence[str],
    to: Sequence[str],
) -> None:
    exhibit = told.exhibit()
    wrapped = wrap(exhibit, identity, keys)
    try:
        record.keys.put(key_name(exhibit, wrapped), wrapped)
        record.keys.put(mark_name(exhibit, told.sha256), b"")
        writer.append(
            ExhibitSealed(
                exhibit=exhibit,
                object=kept.name,
                particulars=writer.put(seal_particulars(told, identity)),
                key=hashlib.sha256(wrapped).hexdigest(),
                recipients=list(dict.fromkeys(to)),
            )
        )
    except BaseException:
        record.keys.forget(exhibit)
        raise


def _told(record: Record, exhibit: str) -> Particulars:
    with record.reading() as connection:
        row = connection.execute(select(tables.exhibits).where(tables.exhibits.c.id == exhibit)).one()
        hypothetical = Seals({exhibit: Seal(exhibit, 0, "", "", "", ())})
        for said in naming_objects(connection):
            if exhibit in said.objects() and hypothetical.takes_away(said) is None:
                raise UsageError(f"the bytes of exhibit {exhibit[:16]}… are also part of something else ({said.kind})")
        of_it = tables.acquisitions.c.exhibit == exhibit
        query = select(*[tables.acquisitions.c[name] for name in _HOW]).where(of_it)
        last = connection.execute(query.order_by(tables.acquisitions.c.entered.desc()).limit(1)).mappings().first()
    return Particulars(sha256=exhibit, size=row.size, media_type=row.media_type, **(last or {}))


def _refuse_again(seals: Seals, exhibit: str) -> None:
    if exhibit in seals:
        raise UsageError(f"exhibit {exhibit[:16]}… is sealed already")


class _Nowhere:
    def write(self, data: bytes | memoryview, /) -> None:
        """Let it go."""
