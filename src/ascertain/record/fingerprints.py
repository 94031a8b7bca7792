"""Fingerprints of exhibits, kept beside the record so that a search for near-duplicates need not compute them again.

They are no part of the record. A fingerprint tells something of its exhibit (of an image a blur, of a text whether it
holds a guessed sentence), so it goes when the exhibit is sealed or erased, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from ascertain.record.tables import fingerprints


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """An exhibit's fingerprint by a method, its quality, and within which distance it has been compared with all."""

    exhibit: str
    method: str
    fingerprint: bytes
    quality: int
    compared_within: float | None = None


def known_fingerprints(connection: Connection, method: str) -> dict[str, Fingerprint]:
    """What is kept of a method, by exhibit."""
    rows = connection.execute(select(fingerprints).where(fingerprints.c.method == method)).mappings()
    return {row["exhibit"]: Fingerprint(**row) for row in rows}


def remember(connection: Connection, prints: Iterable[Fingerprint]) -> None:
    """Keep these, in place of earlier ones of their exhibits and methods."""
    rows = [asdict(one) for one in prints]
    if rows:
        connection.execute(_EARLIER, [{"of": row["exhibit"], "by": row["method"]} for row in rows])
        connection.execute(insert(fingerprints), rows)


def mark_compared(connection: Connection, method: str, exhibits: Iterable[str], within: float) -> None:
    """Note within which distance these exhibits have been compared with all others."""
    marks = [{"of": exhibit, "by": method, "within": within} for exhibit in exhibits]
    if marks:
        connection.execute(_MARK, marks)


def forget(connection: Connection, exhibit: str) -> None:
    """Take away what is kept of an exhibit."""
    connection.execute(delete(fingerprints).where(fingerprints.c.exhibit == exhibit))


_THIS = (fingerprints.c.exhibit == bindparam("of")) & (fingerprints.c.method == bindparam("by"))
_EARLIER = delete(fingerprints).where(_THIS)
_MARK = update(fingerprints).where(_THIS).values(compared_within=bindparam("within"))
