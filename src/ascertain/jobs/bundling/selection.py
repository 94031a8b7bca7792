"""Which entries of a log a bundle carries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from ascertain.errors import NotPermitted
from ascertain.jobs.bundling.visible import Visible
from ascertain.record import entries, tables
from ascertain.record.entries import Body, Entry
from ascertain.record.store import parse_entry

_AT_ONCE = 1000
_KEYS = (entries.RecordCreated, entries.KeyDeclared, entries.KeyRetired)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as the log has it: its canonical bytes, and what it says."""

    entry: Entry
    data: bytes
    said: Body


@dataclass
class Selection:
    """What is asked for: exhibits by their ids, or everything (None).

    `withheld` counts the entries that were asked for and are not shown.
    """

    exhibits: frozenset[str] | None
    visible: Visible
    size: int
    withheld: int = 0
    _stamped: frozenset[str] = field(default=frozenset())

    def refuse_closed(self) -> None:
        """Raises NotPermitted when an exhibit that was named is not for the reader."""
        problems = [one.words() for one in self.visible.withheld(sorted(self.exhibits or ()))]
        if problems:
            raise NotPermitted(
                f"{len(problems)} of the exhibits are not for the reader of this bundle; nothing was written",
                problems=problems,
                next_step="leave them out, or say for whom it is: --reader restricted",
            )

    def lines(self, connection: Connection) -> Iterator[Line]:
        """The carried entries, in order."""
        stamps = select(tables.timestamps.c.subject).where(
            tables.timestamps.c.subject_kind == "checkpoint", tables.timestamps.c.entered < self.size
        )
        self._stamped = frozenset(subject for (subject,) in connection.execute(stamps))
        log = tables.log.c
        wanted = select(log.seq, log.entry).where(log.seq < self.size).order_by(log.seq)
        for seq, data in connection.execute(wanted.execution_options(yield_per=_AT_ONCE)):
            entry = parse_entry(seq, data)
            said = entry.said()
            if not self._asks_for(entry, said):
                continue
            if self.visible.shows(entry, said):
                yield Line(entry, data, said)
            else:
                self.withheld += 1

    def _asks_for(self, entry: Entry, said: Body) -> bool:
        if self.exhibits is None or isinstance(said, _KEYS):
            return True
        match said:
            case entries.CheckpointSigned():
                return str(entry.seq) in self._stamped
            case entries.TimestampKept():
                return said.subject_kind == "checkpoint" or said.subject in self.exhibits
            case entries.AccessSet():
                return said.subject_kind == "exhibit" and said.subject in self.exhibits
        return entry.body.get("exhibit") in self.exhibits
