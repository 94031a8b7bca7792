"""Erasing: the key of a sealed exhibit is destroyed, so that no copy of the record without it opens it any more.

The entry comes first. Who destroys evidence, why and by what right is then known before it is destroyed; an erasure
that a kill interrupts is known from the log, named by verification, and finished by the next one.
"""

from __future__ import annotations

import datetime

from ascertain.errors import UsageError
from ascertain.jobs.protecting.exhibits import sealed_exhibit
from ascertain.jobs.protecting.finishing import take_away
from ascertain.record.entries import ExhibitErased
from ascertain.record.sealed.seals import Erasure, read_seals
from ascertain.record.store import Record


def erase(record: Record, exhibit: str, reason: str, authority: str, author: str, now: datetime.datetime) -> Erasure:
    """Erase a sealed exhibit: its key, then its ciphertexts. There is no way back.

    Raises UsageError (no reason, no authority, not sealed: seal it first, then erase it), CannotOpen for one that has
    been erased; what an interrupted erasure left is destroyed all the same.
    """
    if not reason.strip() or not authority.strip():
        raise UsageError("an erasure has a reason and an authority", next_step="say --reason and --authority")
    with record.reading() as connection:
        known = read_seals(connection).get(exhibit)
    if known is not None and known.erased is not None:
        take_away(record, [exhibit])
    with record.writing(author, now) as writer:
        sealed_exhibit(writer.seals(), exhibit)
        writer.append(ExhibitErased(exhibit=exhibit, reason=reason, authority=authority))
        erased = writer.seals()[exhibit].erased
    take_away(record, [exhibit])
    if erased is None:
        raise AssertionError("an erasure that was entered is not in the log")
    return erased
