"""What PostgreSQL says when something goes wrong, in words for a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError

from ascertain.errors import AccessRefused, AscertainError, NoRecord, RecordDamaged, RecordLocked, Unreachable

# When a connection fails there is no code, only words, in the server's own language; in another one than English the
# person reads them under "does not answer".
_NO_RECORD = re.compile(r"^database .* does not exist|^column (log|heads|about)\.")
_REFUSED = re.compile(r"no password supplied|authentication failed|^role .* does not exist|no pg_hba.conf entry")
_TRY_AGAIN = "try again"
_THE_RECORD = ('log" does not', 'heads" does not', 'about" does not')


@dataclass(slots=True)
class Stage:
    """How far a transaction is: a connection that breaks while it commits leaves open whether it did."""

    is_committing: bool = False


@contextmanager
def in_words(address: str) -> Iterator[Stage]:
    """Turns the driver's errors into ours. PostgreSQL's codes: https://www.postgresql.org/docs/current/errcodes-appendix.html"""
    stage = Stage()
    try:
        yield stage
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None) or ""
        said = (str(error.orig).strip().splitlines() or ["no reason given"])[0]
        reason = said.rpartition("FATAL:")[2].strip()
        raise _told(state, reason, address, stage) from error


def _told(state: str, reason: str, address: str, stage: Stage) -> AscertainError:
    if "append-only" in reason:
        return AscertainError(f"the record's database refuses: {reason}")
    if state in ("55P03", "40001", "40P01"):
        return RecordLocked("somebody else is writing to this record", next_step=_TRY_AGAIN)
    if state == "42P01" and not any(name in reason for name in _THE_RECORD):
        return AscertainError(f"a table of this record is missing ({reason})", next_step="run `ascertain rebuild`")
    if state in ("3D000", "3F000", "42P01") or _NO_RECORD.search(reason):
        return NoRecord(f"no record at {address} ({reason})", next_step="make one with `ascertain new --database`")
    if state == "42703":
        return AscertainError(
            f"this record's tables were made by another version of Ascertain ({reason})",
            next_step="run `ascertain rebuild`",
        )
    if state.startswith("28") or _REFUSED.search(reason):
        return AccessRefused(
            f"the database refuses this user ({reason})", next_step="set PGUSER and PGPASSWORD, or write ~/.pgpass"
        )
    if state in ("42501", "25006"):
        return AccessRefused(
            f"this database user may not do that ({reason})", next_step="docs/teams.md lists the rights"
        )
    if state.startswith("XX"):
        return RecordDamaged(f"the record's database is damaged: {reason}", next_step="run `ascertain verify`")
    if not state or state.startswith(("08", "57P", "53300")):
        return _gone(reason, address, stage)
    return AscertainError(f"the record's database refuses: {reason}")


def _gone(reason: str, address: str, stage: Stage) -> AscertainError:
    if stage.is_committing:
        return Unreachable(
            f"the database stopped answering while it committed: the last entries may be kept or not ({reason})",
            next_step="`ascertain log` shows whether they are; the same command again adds nothing twice",
        )
    return Unreachable(f"the database {address} does not answer ({reason})", next_step="nothing was written; try again")
