"""Which items of a job failed and have not been preserved since."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, Select, exists, select

from ascertain.jobs.items import INSIDE
from ascertain.record.store import Record
from ascertain.record.tables import acquisitions, captures, failures

STAGE: Final = "preserve"
_STAGES: Final = (STAGE, "capture")
Find = Callable[[Select[Any]], Sequence[Row[Any]]]


@dataclass(frozen=True, slots=True)
class OpenFailure:
    """An item that failed, why and when, and who had asked for it."""

    item: str
    code: str
    reason: str
    time: str
    author: str


def list_failures(record: Record) -> list[OpenFailure]:
    """The items that failed and have not been preserved since, by the entry of their last failure."""
    with record.reading() as connection:
        latest = {failure.item: failure for failure in open_failures(lambda wanted: connection.execute(wanted).all())}
    return sorted(latest.values(), key=lambda failure: (failure.time, failure.item))


def open_failures(find: Find, items: Iterable[str] | None = None) -> Iterator[OpenFailure]:
    """Every failure, oldest first, after which its item was not taken; of these items only, if they are given.

    `find` asks the record. What failed of a whole archive (`NAME!/`) is no longer open once another member of it was
    preserved.
    """
    since = select(acquisitions.c.entered).where(
        acquisitions.c.original_name == failures.c.item, acquisitions.c.entered > failures.c.entered
    )
    captured = select(captures.c.entered).where(
        captures.c.url == failures.c.item, captures.c.entered > failures.c.entered
    )
    conditions = (failures.c.stage.in_(_STAGES), ~exists(since), ~exists(captured))
    wanted = select(failures).where(*conditions).order_by(failures.c.entered)
    if items is not None:
        wanted = wanted.where(failures.c.item.in_(list(items)))
    for row in find(wanted):
        if not (row.item.endswith(INSIDE) and _went_on(find, row.item, row.entered)):
            yield OpenFailure(row.item, row.code, row.reason, row.time, row.author)


def _went_on(find: Find, item: str, entered: int) -> bool:
    behind = item[:-1] + chr(ord(item[-1]) + 1)
    name = acquisitions.c.original_name
    member = select(1).where(name > item, name < behind, acquisitions.c.entered > entered).limit(1)
    return bool(find(member))
