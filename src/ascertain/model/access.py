"""How closed a thing is: three classes, and the rule by which a class passes from sources to exhibits to claims.

Whoever sets a class does it by an entry, with a reason and an authority; the latest entry on a subject counts. A class
passes down: from a source to its exhibits, from an exhibit to what was derived from it and to its claims. A setting on
the lower thing answers every class that had come down to it by then, and no later one: whoever closes a source closes
all that came from it, also what had been opened before, until somebody opens it again.
"""

from __future__ import annotations

import unicodedata
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

SubjectKind = Literal["record", "source", "exhibit", "claim"]


class Access(StrEnum):
    """Who may see a thing: anybody; whoever works with the record; whoever can open the seal."""

    PUBLIC = "public"
    RESTRICTED = "restricted"
    SEALED = "sealed"

    @property
    def rank(self) -> int:
        """How closed it is: 0 is open."""
        return _RANKS[self]

    def is_open_to(self, reader: Access) -> bool:
        """Whether a reader of this class may see what has this class."""
        return self.rank <= reader.rank


_RANKS = {Access.PUBLIC: 0, Access.RESTRICTED: 1, Access.SEALED: 2}


@dataclass(frozen=True, slots=True)
class Subject:
    """What has a class. The subject `record` stands for every exhibit of the record."""

    kind: SubjectKind
    id: str

    def words(self) -> str:
        """The subject, for people."""
        if self.kind == "record":
            return "every exhibit of the record"
        return f"{self.kind} {self.id[:16] + '…' if len(self.id) == 64 else self.id}"


WHOLE_RECORD = Subject("record", "*")


@dataclass(frozen=True, slots=True)
class Setting:
    """A class that an entry gave to a subject."""

    access: Access
    entry: int
    reason: str = ""
    authority: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """The class that a subject has, and the setting that decides it (None: nobody ever closed it)."""

    access: Access
    decided_by: Subject | None = None
    setting: Setting | None = None

    def words(self) -> str:
        """The class and why, for people."""
        if self.decided_by is None or self.setting is None:
            return self.access.value
        why = f": {self.setting.reason}" if self.setting.reason else ""
        return f"{self.access.value} (entry {self.setting.entry}, on {self.decided_by.words()}{why})"


Below = Callable[[Subject], Iterable[tuple[Subject, int]]]


@dataclass(frozen=True, slots=True)
class _Floor:
    """A class that came down to a subject: since which entry it holds there, and where it was set."""

    since: int
    origin: Subject


class AccessRule:
    """The classes of everything in a record at one entry.

    `settings` has the latest setting of each subject; a sealed exhibit's setting is its sealing, which no other entry
    undoes. `below` gives the subjects next below one (exhibits of a source, what was derived from an exhibit), each
    with the entry that put it there; it is asked for what is closed alone. Circles are no special case.
    """

    def __init__(self, settings: Mapping[Subject, Setting], below: Below) -> None:
        self.settings = settings
        self._imposed = _spread(settings, below)

    def of_record(self) -> Standing:
        """The class of every exhibit that has none of its own."""
        return self._closest(WHOLE_RECORD, self._imposed.get(WHOLE_RECORD, {}))

    def of_source(self, source: str) -> Standing:
        """The class of a source, by its id or as its name was written."""
        subject = Subject("source", source_key(source))
        return self._closest(subject, self._imposed.get(subject, {}))

    def of_exhibit(self, exhibit: str) -> Standing:
        """The class of an exhibit."""
        subject = Subject("exhibit", exhibit)
        return self._closest(subject, self._on_exhibit(subject))

    def of_claim(self, claim: str, exhibit: str) -> Standing:
        """The class of a claim that was read from an exhibit."""
        subject, own = Subject("claim", claim), self.settings.get(Subject("claim", claim))
        inherited = self._on_exhibit(Subject("exhibit", exhibit))
        imposed = {access: floor for access, floor in inherited.items() if own is None or floor.since > own.entry}
        return self._closest(subject, {**imposed, **self._imposed.get(subject, {})})

    @property
    def closes_nothing(self) -> bool:
        """Whether everything is public."""
        return not self._imposed

    def _closest(self, subject: Subject, imposed: Mapping[Access, _Floor]) -> Standing:
        if imposed:
            access = max(imposed, key=lambda one: one.rank)
            origin = imposed[access].origin
            return Standing(access, origin, self.settings[origin])
        own = self.settings.get(subject)
        return Standing(Access.PUBLIC, subject, own) if own else Standing(Access.PUBLIC)

    def _on_exhibit(self, exhibit: Subject) -> Mapping[Access, _Floor]:
        """What holds on an exhibit: the class of the whole record is as if it were set on each."""
        imposed, own = self._imposed.get(exhibit, {}), self.settings.get(exhibit)
        default = self.settings.get(WHOLE_RECORD)
        if default is None or default.access is Access.PUBLIC or (own is not None and own.entry > default.entry):
            return imposed
        return {default.access: _Floor(default.entry, WHOLE_RECORD), **imposed}


def _spread(settings: Mapping[Subject, Setting], below: Below) -> Mapping[Subject, dict[Access, _Floor]]:
    """For each subject the closed classes that hold there: a setting answers those that are older than itself."""
    imposed: dict[Subject, dict[Access, _Floor]] = {}
    waiting = deque(
        (subject, setting.access, _Floor(setting.entry, subject))
        for subject, setting in settings.items()
        if setting.access is not Access.PUBLIC
    )
    while waiting:
        subject, access, floor = waiting.popleft()
        held = imposed.setdefault(subject, {})
        if access in held and held[access].since >= floor.since:
            continue
        held[access] = floor
        for child, linked in below(subject):
            own, since = settings.get(child), max(floor.since, linked)
            if own is None or since > own.entry:
                waiting.append((child, access, _Floor(since, floor.origin)))
    return imposed


def most_closed(standings: Iterable[Standing]) -> Standing:
    """The most closed of several; public when there are none."""
    return max(standings, key=lambda standing: standing.access.rank, default=Standing(Access.PUBLIC))


def source_key(name: str) -> str:
    """A source's name or id as it is compared: letter case, width and spacing make no other source."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
