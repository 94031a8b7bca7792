"""What was taken goes into the log in batches: durable first, then named, and only then reported."""

from __future__ import annotations

import datetime
import json
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from sqlalchemy import or_, select

from ascertain.jobs.failures import STAGE, Find, open_failures
from ascertain.jobs.given import Given
from ascertain.jobs.items import Failure, Preserved, Taken, writing_objects
from ascertain.record import entries
from ascertain.record.entries import AccessSet, ExhibitAcquired, ExhibitDerived, ExhibitPreserved
from ascertain.record.home.objects import Incoming
from ascertain.record.sealed.exhibit_keys import marks
from ascertain.record.store import Record, Writer
from ascertain.record.tables import access, acquisitions, derivations, exhibits

_ITEMS: Final = 200
_BYTES: Final = 256 * 1024 * 1024
_SECONDS: Final = 2.0


class Batch:
    """What is waiting for its commit: at most 200 items, 256 MB or 2 seconds of it."""

    def __init__(
        self,
        record: Record,
        incoming: Incoming,
        given: Given,
        author: str,
        clock: Callable[[], datetime.datetime],
        restricted_by: str | None = None,
    ) -> None:
        self._record = record
        self._incoming = incoming
        self._given = given
        self._author = author
        self._clock = clock
        self._restricted_by = restricted_by
        self._items: list[Taken | Failure] = []
        self._bytes = 0
        self._begun = 0.0

    def add(self, item: Taken | Failure) -> None:
        """One more that waits."""
        if not self._items:
            self._begun = time.monotonic()
        self._items.append(item)
        self._bytes += item.kept.size if isinstance(item, Taken) else 0

    @property
    def seconds_left(self) -> float | None:
        """How long the batch may still wait; None when there is nothing in it."""
        return max(0.0, self._begun + _SECONDS - time.monotonic()) if self._items else None

    @property
    def is_full(self) -> bool:
        """Whether it is to be committed now."""
        return len(self._items) >= _ITEMS or self._bytes >= _BYTES or self.seconds_left == 0.0

    def commit(self) -> list[Preserved | Failure]:
        """Commit everything in one transaction, and say what became of each item, in order."""
        items, self._items, self._bytes = self._items, [], 0
        if not items:
            return []
        with writing_objects():
            self._incoming.settle()
        with self._record.writing(self._author, self._clock()) as writer:
            ledger = Ledger(writer, items, self._given, self._author, marks(self._record.keys))
            outcomes = [ledger.enter(item) for item in items]
            if self._restricted_by is not None:
                ledger.restrict(outcomes, self._restricted_by or self._author)
        for name in ledger.unwanted:
            self._record.objects.discard(name)
        return outcomes


class Ledger:
    """Writes what the record does not say yet, and nothing twice."""

    def __init__(
        self, writer: Writer, items: Iterable[Taken | Failure], given: Given, author: str, marked: Mapping[str, str]
    ) -> None:
        self._writer = writer
        self._given = given
        taken = [item for item in items if isinstance(item, Taken)]
        names = {item.kept.name for item in taken}
        self._closed = closed_exhibits(writer.find, names, marked)
        self._exhibits = {row.id for row in writer.find(select(exhibits.c.id).where(exhibits.c.id.in_(names)))}
        self._acquired = _acquired(writer, names, given, author)
        self._derived = _derived(writer, names)
        failed = {item.name for item in items if isinstance(item, Failure)}
        self._failed = {(one.item, one.code, one.reason) for one in open_failures(writer.find, failed)}
        self.unwanted: set[str] = set()

    def enter(self, item: Taken | Failure) -> Preserved | Failure:
        """The entries of one item."""
        if isinstance(item, Failure):
            return self._enter_failure(item)
        name = item.kept.name
        if name in self._closed:
            self.unwanted.add(name)
            return Failure(item.name, self._closed[name], "sealed")
        known = name in self._exhibits
        if not known:
            self._exhibits.add(name)
            self._writer.append(ExhibitPreserved(exhibit=name, size=item.kept.size, media_type=item.media_type))
        added = [not known, self._enter_acquisition(item), bool(item.origin) and self._enter_derivation(item)]
        return Preserved(item.name, name, item.kept.size, item.media_type, known, any(added))

    def restrict(self, outcomes: Iterable[Preserved | Failure], authority: str) -> None:
        """Restrict what was preserved, in the transaction in which it comes in; nothing is opened by this."""
        names = list(dict.fromkeys(one.exhibit for one in outcomes if isinstance(one, Preserved)))
        wanted = select(access.c.subject, access.c.access).where(
            access.c.subject_kind == "exhibit", access.c.subject.in_(names)
        )
        latest = {row.subject: row.access for row in self._writer.find(wanted.order_by(access.c.entered))}
        how = {"access": "restricted", "reason": "when it was taken in", "authority": authority}
        for name in names:
            if latest.get(name) != "restricted":
                self._writer.append(AccessSet.model_validate({"subject_kind": "exhibit", "subject": name, **how}))

    def _enter_failure(self, item: Failure) -> Failure:
        said = (item.name, item.code, item.reason)
        if said not in self._failed:
            self._failed.add(said)
            self._writer.append(entries.ItemFailed(stage=STAGE, item=item.name, code=item.code, reason=item.reason))
        return item

    def _enter_acquisition(self, item: Taken) -> bool:
        if (item.kept.name, item.name) in self._acquired:
            return False
        self._acquired.add((item.kept.name, item.name))
        given = self._given
        self._writer.append(
            ExhibitAcquired(
                exhibit=item.kept.name,
                original_name=item.name,
                note=given.note,
                source=given.publisher,
                published=given.published,
                url=given.url,
            )
        )
        return True

    def _enter_derivation(self, item: Taken) -> bool:
        said = (item.kept.name, item.origin, item.method, json.dumps(dict(item.details), sort_keys=True))
        if said in self._derived:
            return False
        self._derived.add(said)
        self._writer.append(
            ExhibitDerived(exhibit=item.kept.name, origin=item.origin, method=item.method, details=dict(item.details))
        )
        return True


def closed_exhibits(find: Find, names: set[str], marked: Mapping[str, str]) -> dict[str, str]:
    """The bytes that the record keeps sealed, or whose key was destroyed: they are not taken in the clear.

    `marked` has the hashes of bytes that were sealed when they came in, whose exhibits have other names.
    """
    closed = or_(exhibits.c.sealed.is_not(None), exhibits.c.erased.is_not(None))
    wanted = select(exhibits.c.id, exhibits.c.erased).where(exhibits.c.id.in_(names), closed)
    is_erased = {row.id: row.erased is not None for row in find(wanted)}
    return {
        name: "this exhibit was erased from the record; it is not taken in again"
        if is_erased.get(name)
        else "the record keeps this exhibit sealed; it is not kept in the clear besides"
        for name in is_erased.keys() | (names & marked.keys())
    }


def _acquired(writer: Writer, names: set[str], given: Given, author: str) -> set[tuple[str, str]]:
    wanted = select(acquisitions.c.exhibit, acquisitions.c.original_name).where(
        acquisitions.c.exhibit.in_(names), *same_acquisition(given, author)
    )
    return {(row.exhibit, row.original_name) for row in writer.find(wanted)}


def same_acquisition(given: Given, author: str) -> tuple[Any, ...]:
    """The conditions under which bytes of one name were acquired in the same way."""
    return (
        acquisitions.c.note == given.note,
        acquisitions.c.source == given.publisher,
        acquisitions.c.published == given.published,
        acquisitions.c.url == given.url,
        acquisitions.c.author == author,
    )


def _derived(writer: Writer, names: set[str]) -> set[tuple[str, str, str, str]]:
    rows = writer.find(select(derivations).where(derivations.c.exhibit.in_(names)))
    return {(r.exhibit, r.origin, r.method, json.dumps(json.loads(r.details), sort_keys=True)) for r in rows}
