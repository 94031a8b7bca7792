"""What comes out of an archive, a message or a mailbox: members, and what was not taken and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ascertain.errors import ItemFailed


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside another. `chunks` gives its bytes once, and only until the next member is asked for.

    `name` is in its written form (`names.written_name`). `facts` is what the container says of it, as text: its date,
    its place, what is odd about its name. Reading `chunks` may raise ItemFailed: then the member is not whole.
    """

    name: str
    chunks: Iterator[bytes]
    method: str
    facts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A member that is not taken, and why; without a name: what is said of a whole container, or of its rest."""

    name: str
    why: str
    reason: str


def not_taken(name: str, error: ItemFailed) -> NotTaken:
    """An error as what it keeps from being taken."""
    return NotTaken(name, error.why, f"{error.message}; {error.next_step}" if error.next_step else error.message)


class Seen:
    """The names so far of one container, for what is odd about the next: the same again, or but for its case."""

    def __init__(self) -> None:
        self._names: set[int] = set()
        self._folded: set[int] = set()

    def remarks(self, name: bytes) -> tuple[str, ...]:
        """`duplicate` or `case clash`, or nothing. Keeps hashes only, so that long names cost no memory."""
        same, folded = hash(name), hash(name.decode("utf-8", "replace").casefold())
        remark = "duplicate" if same in self._names else "case clash" if folded in self._folded else ""
        self._names.add(same)
        self._folded.add(folded)
        return (remark,) if remark else ()
