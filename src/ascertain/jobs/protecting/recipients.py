"""Those to whom exhibits may be sealed: names with their age public keys."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Sequence

from sqlalchemy import select

from ascertain.errors import UsageError
from ascertain.record import tables
from ascertain.record.entries import RecipientNamed
from ascertain.record.sealed import age
from ascertain.record.store import Record

_LONGEST = 100


def recipients(record: Record) -> dict[str, str]:
    """The names in use, each with its public key: the latest entry of a name counts, an empty key ends its use."""
    with record.reading() as connection:
        rows = connection.execute(select(tables.recipients).order_by(tables.recipients.c.entered)).all()
    latest = {row.name: row.key for row in rows}
    return {name: key for name, key in sorted(latest.items()) if key}


def name_recipient(record: Record, name: str, key: str, author: str, now: datetime.datetime) -> str:
    """Give a name a public key, its first or another one; returns the key as it is written. Raises UsageError.

    Another key changes no exhibit that is sealed already: those are still wrapped to the key before it.
    """
    written = age.recipient(key)
    with record.writing(author, now) as writer:
        writer.append(RecipientNamed(name=_checked(name), key=written))
    return written


def remove_recipient(record: Record, name: str, author: str, now: datetime.datetime) -> None:
    """End a name's use: nothing more is sealed to it. Raises UsageError when it is not in use."""
    keys_of(record, [name])
    with record.writing(author, now) as writer:
        writer.append(RecipientNamed(name=name, key=""))


def keys_of(record: Record, names: Sequence[str]) -> list[str]:
    """The public keys of these names, each once. Raises UsageError for none at all and for one that is not in use."""
    known = recipients(record)
    if not names:
        raise UsageError("a seal needs somebody who can open it", next_step="say --to NAME, once for each")
    for name in names:
        if name not in known:
            listed = ", ".join(known) or "nobody yet"
            raise UsageError(
                f"no recipient is named {name!r} (named: {listed})",
                next_step="name one: `ascertain protect recipient add NAME age1…`",
            )
    return list(dict.fromkeys(known[name] for name in names))


def _checked(name: str) -> str:
    if not name.strip() or name != name.strip() or len(name) > _LONGEST:
        raise UsageError(f"{name!r} is no name of a recipient", next_step=f"a name has 1 to {_LONGEST} characters")
    if any(unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") for character in name):
        raise UsageError("a recipient's name has no hidden characters")  # two names must not look alike
    return name
