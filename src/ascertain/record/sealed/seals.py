"""The seals of a record, as its log says: which exhibits are sealed, to whom, and which of them have been erased.

Sealing and erasing take bytes away: the clear bytes of an exhibit that is sealed, with what was read and found in them,
and the ciphertexts of one that is erased. The entries that named them stay, and say by this that they must be gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from ascertain.record import tables
from ascertain.record.entries import (
    BODIES,
    Body,
    CaptureMade,
    CheckMade,
    ClaimJudged,
    ClaimsRead,
    DatasetRead,
    Entry,
    ExhibitErased,
    ExhibitPreserved,
    ExhibitSealed,
    ModelAsked,
    RecipientsSet,
    TextRead,
)

_CONTENT = (
    ExhibitPreserved,
    TextRead,
    ClaimsRead,
    DatasetRead,
    ClaimJudged,
    ModelAsked,
    CheckMade,
    CaptureMade,
)  # what holds an exhibit's own words or bytes
_AT_ONCE = 1000
_KINDS = (ExhibitSealed, RecipientsSet, ExhibitErased)


@dataclass(frozen=True, slots=True)
class Erasure:
    """Who destroyed an exhibit's key, when, why and by what right."""

    entry: int
    time: str
    author: str
    reason: str
    authority: str

    def words(self) -> str:
        """The erasure, for people."""
        return f"erased on {self.time[:10]} by {self.author} under the authority of {self.authority}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Seal:
    """A sealed exhibit: the entry that sealed it, its ciphertexts, the hash of its key's file, who can open it."""

    exhibit: str
    entry: int
    object: str
    particulars: str
    key: str
    recipients: tuple[str, ...]
    erased: Erasure | None = None

    @property
    def key_name(self) -> str:
        """The name of its key."""
        return f"{self.exhibit}/{self.key}.age"


class Seals(dict[str, Seal]):
    """The sealed exhibits by id."""

    def takes_away(self, said: Body) -> str | None:
        """The exhibit by whose sealing or erasure the objects of this entry are gone; None when they must be there."""
        if isinstance(said, ExhibitSealed):
            return said.exhibit if said.exhibit in self and self[said.exhibit].erased else None
        if isinstance(said, _CONTENT) and said.exhibit in self:
            return said.exhibit
        return None


def read_seals(connection: Connection, as_recorded: int = tables.LARGEST) -> Seals:
    """The seals at an entry, from the log alone. An entry that does not fit its kind is for verification to name."""
    seals = Seals()
    for entry in _entries(connection, as_recorded):
        said, known = entry.said(), seals.get(entry.body["exhibit"])
        if isinstance(said, ExhibitSealed):
            kept = {**said.model_dump(), "recipients": tuple(said.recipients)}
            seals[said.exhibit] = Seal(entry=entry.seq, **kept)
        elif known is not None and isinstance(said, RecipientsSet):
            seals[known.exhibit] = replace(known, key=said.key, recipients=tuple(said.recipients))
        elif known is not None and known.erased is None and isinstance(said, ExhibitErased):
            erased = Erasure(entry.seq, entry.time, entry.author, said.reason, said.authority)
            seals[known.exhibit] = replace(known, erased=erased)
    return seals


def must_be_gone(connection: Connection, seals: Seals, marks: Mapping[str, str]) -> dict[str, str]:
    """The objects that sealing and erasing took away, each with its exhibit; none that another entry stands for.

    `marks` are the hashes of sealed bytes: a clear copy may have been left by an interrupted command.
    """
    gone = {name: exhibit for name, exhibit in marks.items() if exhibit in seals}
    standing: set[str] = set()
    for said in naming_objects(connection):
        exhibit = seals.takes_away(said)
        if exhibit is None:
            standing.update(said.objects())
        else:
            gone.update(dict.fromkeys(said.objects(), exhibit))
    return {name: exhibit for name, exhibit in gone.items() if name not in standing}


def naming_objects(connection: Connection) -> Iterator[Body]:
    """What every entry says that names an object."""
    kinds = [kind for kind, body in BODIES.items() if body.objects is not Body.objects]
    wanted = select(tables.log.c.entry).where(tables.log.c.kind.in_(kinds)).order_by(tables.log.c.seq)
    for (data,) in connection.execute(wanted.execution_options(yield_per=_AT_ONCE)):
        entry = _readable(data)
        if entry is not None:
            yield entry.said()


def _entries(connection: Connection, as_recorded: int) -> Iterator[Entry]:
    wanted = select(tables.log.c.entry).where(
        tables.log.c.kind.in_([kind.kind for kind in _KINDS]), tables.log.c.seq <= as_recorded
    )
    for (data,) in connection.execute(wanted.order_by(tables.log.c.seq)):
        entry = _readable(data)
        if entry is not None:
            yield entry


def _readable(data: bytes) -> Entry | None:
    try:
        entry = Entry.model_validate_json(data)
        entry.said()
    except (ValueError, KeyError):
        return None
    return entry
