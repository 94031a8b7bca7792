"""Which exhibit a person means, whether it is sealed, and which bytes are sealed already."""

from __future__ import annotations

from sqlalchemy import select

from ascertain.errors import CannotOpen, IsSealed, UsageError
from ascertain.record import tables
from ascertain.record.sealed.exhibit_keys import marks
from ascertain.record.sealed.seals import Seal, Seals
from ascertain.record.store import Record, Writer

_SHORTEST = 8
_HEX = frozenset("0123456789abcdef")


def exhibit_of(record: Record, text: str) -> str:
    """The exhibit with this id, or the only one whose id begins like this. Raises UsageError."""
    wanted = text.strip().rstrip("…").lower()
    if len(wanted) < _SHORTEST or not set(wanted) <= _HEX:
        raise UsageError(
            f"{text!r} is no exhibit's id", next_step=f"give its id, or {_SHORTEST} of its first digits or more"
        )
    names = tables.exhibits.c.id
    with record.reading() as connection:
        query = select(names).where(names >= wanted, names < wanted + "g").order_by(names).limit(3)
        found = [row.id for row in connection.execute(query)]
    if len(found) != 1:
        raise UsageError(f"{len(found) or 'no'} exhibits begin with {wanted}", next_step="give more of its id")
    return str(found[0])


def sealed_exhibit(seals: Seals, exhibit: str) -> Seal:
    """The seal of an exhibit that can be opened. Raises UsageError when it is not sealed, CannotOpen when erased."""
    seal = seals.get(exhibit)
    if seal is None:
        raise UsageError(
            f"exhibit {exhibit[:16]}… is not sealed", next_step="seal it: `ascertain protect seal EXHIBIT --to NAME`"
        )
    if seal.erased is not None:
        raise CannotOpen(f"exhibit {exhibit[:16]}… has been {seal.erased.words()}")
    return seal


def refuse_sealed_bytes(record: Record, seals: Seals, sha256: str) -> None:
    """Raises IsSealed when these bytes are sealed in the record, or were and have been erased."""
    exhibit = sha256 if sha256 in seals else marks(record.keys).get(sha256)
    if exhibit is None:
        return
    seal = seals.get(exhibit)
    state = f"has been {seal.erased.words()}" if seal and seal.erased else "is sealed"
    raise IsSealed(
        f"this file is exhibit {exhibit[:16]}… of the record, which {state}: nothing of it is written in the clear",
        next_step="open it for those who may see it: `ascertain protect open EXHIBIT`",
    )


def refuse_clear_bytes(writer: Writer, sha256: str) -> None:
    """Raises UsageError when these bytes lie in the record in the clear."""
    if writer.has(tables.exhibits, tables.exhibits.c.id == sha256, tables.exhibits.c.sealed.is_(None)):
        raise UsageError(
            f"these bytes lie in the record already, in the clear, as exhibit {sha256[:16]}…",
            next_step=f"seal that exhibit: `ascertain protect seal {sha256[:16]} --to NAME`",
        )
