"""Search a record for near-duplicates, and list those that it holds. Relations are shown, never merged."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any, Final

import numpy as np
from sqlalchemy import ColumnElement, ScalarSelect, or_, select

from ascertain.errors import UsageError
from ascertain.jobs.fingerprinting import (
    KINDS,
    METHODS,
    Kind,
    Unlike,
    open_exhibits,
    shingles_of,
    take_fingerprints,
)
from ascertain.jobs.protecting.exhibits import exhibit_of
from ascertain.preserve.similar import images, pdq, texts
from ascertain.preserve.similar.pdq import ImagePrint
from ascertain.preserve.similar.relation import Found, Relation
from ascertain.preserve.similar.shingles import Numbers
from ascertain.progress import Progress
from ascertain.record.entries import ItemFailed, RelationsFound, canonical
from ascertain.record.fingerprints import Fingerprint
from ascertain.record.store import Record, Writer
from ascertain.record.tables import acquisitions, failures, relations

STAGE: Final = "similar"
USUAL: Final[Mapping[Kind, float]] = {"image": pdq.PUBLISHED_THRESHOLD, "text": texts.USUAL_THRESHOLD}
_LEAST: Final[Mapping[Kind, int]] = {"image": pdq.LEAST_QUALITY, "text": texts.LEAST_SHINGLES}
_IN_ONE_ENTRY = 50_000
_TEXTS_AT_HAND = 2_000


@dataclass(frozen=True, slots=True)
class Search:
    """What one search did: how many exhibits were new to it, told too little, or failed, and the relations it added."""

    kind: Kind
    method: str
    threshold: float
    exhibits: int
    new: int
    too_little: tuple[str, ...]
    added: tuple[Relation, ...]
    left_out: Mapping[str, int]
    failed: tuple[Unlike, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """A relation as the record holds it, with the names under which the two came in."""

    a: str
    b: str
    distance: float
    method: str
    threshold: float
    entered: int
    name_a: str
    name_b: str


def search(
    record: Record,
    kind: Kind,
    threshold: float | None,
    *,
    limit_mb: int,
    author: str,
    clock: Callable[[], datetime.datetime],
    progress: Progress,
) -> Search:
    """Compare the exhibits that are new since the last search with all of their kind, and record what is near.

    The order in which exhibits came in makes no difference. `threshold` is in bits for images (usual 31) and a Jaccard
    distance for texts (usual 0.3). Raises UsageError for one that the method does not reach, RecordLocked.
    """
    within = USUAL[kind] if threshold is None else threshold
    _find(record, kind, (), 0, within, limit_mb)  # refuses a threshold before any work is done
    taken = take_fingerprints(record, kind, limit_mb, author, clock, progress)
    telling = [one for one in taken.prints.values() if one.quality >= _LEAST[kind]]
    telling.sort(key=lambda one: not _is_compared(one, within))  # stable: old ones first, each in its order
    new = [one.exhibit for one in telling if not _is_compared(one, within)]
    progress.begin(f"comparing {kind}s", None)
    found = _find(record, kind, telling, len(telling) - len(new), within, limit_mb)
    progress.end()
    too_little = tuple(one.exhibit for one in taken.prints.values() if one.quality < _LEAST[kind])
    done = Search(
        kind, METHODS[kind], within, len(telling), len(new), too_little, found.relations, found.left_out, taken.failed
    )
    with record.writing(author, clock()) as writer:
        added = _write(writer, done)
        writer.mark_compared(METHODS[kind], new, within)
    return replace(done, added=added)


def list_near(record: Record, exhibit: str = "", kinds: Iterable[Kind] = KINDS) -> list[Near]:
    """The relations that a record holds, by method and distance.

    Of one exhibit alone, if its id or the beginning of its id is given. Raises UsageError when no exhibit, or more
    than one, begins so.
    """
    columns = [relations.c[name] for name in ("a", "b", "distance", "method", "threshold", "entered")]
    wanted = select(*columns, _name_of(relations.c.a), _name_of(relations.c.b))
    wanted = wanted.where(relations.c.method.in_([METHODS[kind] for kind in kinds]))
    if exhibit:
        chosen = exhibit_of(record, exhibit)
        wanted = wanted.where(or_(relations.c.a == chosen, relations.c.b == chosen))
    order = (relations.c.method, relations.c.distance, relations.c.a, relations.c.b)
    with record.reading() as connection:
        return [Near(*tuple(row)) for row in connection.execute(wanted.order_by(*order))]


def _is_compared(known: Fingerprint, within: float) -> bool:
    return known.compared_within is not None and known.compared_within >= within


def _find(
    record: Record, kind: Kind, prints: Sequence[Fingerprint], first_new: int, within: float, limit_mb: int
) -> Found:
    """The relations of the prints from `first_new` on with all before them. Raises UsageError for the threshold."""
    ids = [one.exhibit for one in prints]
    if kind == "image":
        if within != int(within):
            raise UsageError(f"images differ in a whole number of bits, not {within}")
        known = [ImagePrint(one.fingerprint, one.quality) for one in prints]
        return images.related_images(ids, known, first_new, int(within))
    signatures = [np.frombuffer(one.fingerprint, "<u4").astype(np.uint32) for one in prints]
    return texts.related_texts(ids, signatures, _reading(record, limit_mb), first_new, within)


def _reading(record: Record, limit_mb: int) -> Callable[[str], Numbers]:
    """The shingles of an exhibit, read again from its bytes; those of the last few thousand stay at hand."""
    with record.reading() as connection:
        present = open_exhibits(lambda query: connection.execute(query).all(), "text")

    @lru_cache(maxsize=_TEXTS_AT_HAND)
    def read(exhibit: str) -> Numbers:
        known = present.get(exhibit)  # none: it was sealed meanwhile
        return np.empty(0, np.uint64) if known is None else shingles_of(record.objects, known, limit_mb)

    return read


def _write(writer: Writer, search: Search) -> tuple[Relation, ...]:
    """Write what the record does not say yet and return it; nothing of what was sealed or erased meanwhile."""
    pairs = select(relations.c.a, relations.c.b).where(relations.c.method == search.method)
    known = {(row.a, row.b) for row in writer.find(pairs)}
    told = select(failures.c.item, failures.c.code, failures.c.reason).where(failures.c.stage == STAGE)
    known_failures = {tuple(row) for row in writer.find(told)}
    clear = open_exhibits(writer.find, search.kind)
    added = [one for one in search.added if (one.a, one.b) not in known and one.a in clear and one.b in clear]
    for start in range(0, len(added), _IN_ONE_ENTRY):
        some = added[start : start + _IN_ONE_ENTRY]
        name = writer.put(canonical([asdict(one) for one in some]))
        writer.append(
            RelationsFound(method=search.method, threshold=search.threshold, relations=name, number=len(some))
        )
    for one in search.failed:
        if (one.exhibit, one.code, one.reason) not in known_failures:
            writer.append(ItemFailed(stage=STAGE, item=one.exhibit, code=one.code, reason=one.reason))
    return tuple(added)


def _name_of(exhibit: ColumnElement[str]) -> ScalarSelect[Any]:
    """The name under which an exhibit first came in."""
    first = select(acquisitions.c.original_name).where(acquisitions.c.exhibit == exhibit)
    return first.order_by(acquisitions.c.entered).limit(1).correlate(relations).scalar_subquery()
