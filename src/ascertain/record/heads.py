"""The heads that each commit wrote down, against the tree over the log."""

from __future__ import annotations

from sqlalchemy import Connection, select

from ascertain.record import tables
from ascertain.record.merkle import Frontier

_AT_ONCE = 1000


class HeadCheck:
    """Grows the tree leaf by leaf and holds each head against it when the tree has the head's size."""

    def __init__(self, connection: Connection) -> None:
        wanted = select(tables.heads).order_by(tables.heads.c.size).execution_options(yield_per=_AT_ONCE)
        self._heads = iter(connection.execute(wanted))
        self._next = next(self._heads, None)
        self._covered = 0
        self.frontier = Frontier()

    def pass_leaf(self, leaf: bytes) -> list[str]:
        """Take the next leaf; the problems of the head over the tree with it, if there is one."""
        self.frontier = self.frontier.add(leaf)
        problems = []
        while self._next is not None and self._next.size <= self.frontier.size:
            problems += self._problems()
            self._covered = self._next.size
            self._next = next(self._heads, None)
        return problems

    def ended(self) -> list[str]:
        """The problems that show when there are no more leaves: heads of entries that are gone, entries without."""
        size, problems = self.frontier.size, []
        while self._next is not None:
            self._covered = self._next.size
            problems.append(f"the log has {size} entries, but a head of {self._covered} was written: entries are gone")
            self._next = next(self._heads, None)
        if self._covered < size:
            problems.append(f"the last {size - self._covered} entries are under no head")
        return problems

    def _problems(self) -> list[str]:
        head = self._next
        if head is None:
            return []
        if head.size != self.frontier.size or self.frontier.root() != head.root:
            return [f"the tree over the first {head.size} entries does not have the root written at that commit"]
        if b"".join(self.frontier.peaks) != head.peaks:
            return [f"the head of {head.size} entries has been altered: its peaks do not make its root"]
        return []
