"""Finishing what the log says: keys that count no longer and clear bytes that must be gone are taken away.

Sealing, setting recipients and erasing write their entry first and take away afterwards, so that what a kill leaves
undone is known from the log and can be done again.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection

from ascertain.record.sealed.exhibit_keys import marks
from ascertain.record.sealed.seal_check import left_keys
from ascertain.record.sealed.seals import must_be_gone, read_seals
from ascertain.record.store import Record


def take_away(record: Record, exhibits: Collection[str]) -> list[str]:
    """Take away what must be gone of sealed exhibits: objects, and the keys of the erased. Says what it did."""
    with record.reading() as connection:
        seals = read_seals(connection)
        gone = must_be_gone(connection, seals, marks(record.keys))
    done = []
    for exhibit in exhibits:
        if seals[exhibit].erased and any(record.keys.names(exhibit)):
            record.keys.forget(exhibit)
            done.append(f"destroyed the key of exhibit {exhibit}")
    for name, exhibit in gone.items():
        if exhibit in exhibits and record.objects.has(name):
            record.objects.discard(name)
            done.append(f"took away object {name} of exhibit {exhibit}")
    return done


def finish(record: Record, author: str, now: datetime.datetime) -> list[str]:
    """Do whatever an interrupted command left undone, alone with the record; says what was done. Adds no entry."""
    with record.writing(author, now) as writer:
        seals = writer.seals()
        record.keys.clear_away()
        done = []
        for name in list(record.keys.names()):
            exhibit = name.partition("/")[0]
            if exhibit not in seals or left_keys(seals[exhibit], [name]):
                record.keys.destroy(name)
                done.append(f"destroyed a key of exhibit {exhibit} that counts no longer")
    return done + take_away(record, seals)
