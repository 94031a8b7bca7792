"""Fingerprints of a record's exhibits: what is kept is taken, what is missing is computed and kept."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from sqlalchemy import select

from ascertain.errors import ItemFailed, UnreadableExhibit
from ascertain.jobs.failures import Find
from ascertain.model.access import Access, AccessRule
from ascertain.pixels.decode import MEDIA_TYPES, Limits, decode_image
from ascertain.preserve.similar import images, texts
from ascertain.preserve.similar.minhash import sign
from ascertain.preserve.similar.pdq import print_image
from ascertain.preserve.similar.shingles import Numbers, shingles
from ascertain.progress import Progress
from ascertain.read.text import TEXT_TYPES, read_text
from ascertain.record.fingerprints import Fingerprint, known_fingerprints
from ascertain.record.home.objects import Objects
from ascertain.record.sealed.access import read_access
from ascertain.record.store import Record
from ascertain.record.tables import exhibits

Kind = Literal["image", "text"]
KINDS: Final[tuple[Kind, ...]] = ("image", "text")
METHODS: Final[Mapping[Kind, str]] = {"image": images.METHOD, "text": texts.METHOD}
_TYPES: Final[Mapping[Kind, frozenset[str]]] = {"image": MEDIA_TYPES, "text": TEXT_TYPES}
_KEPT_TOGETHER = 200
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Open:
    """An exhibit whose bytes lie in the clear."""

    id: str
    size: int
    media_type: str
    entered: int


@dataclass(frozen=True, slots=True)
class Unlike:
    """An exhibit that could not be compared, and why, in a word and in words."""

    exhibit: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """The fingerprints of a kind by exhibit, in the order in which the exhibits came in; and what has none."""

    prints: Mapping[str, Fingerprint]
    failed: tuple[Unlike, ...]


def take_fingerprints(
    record: Record, kind: Kind, limit_mb: int, author: str, clock: Callable[[], datetime.datetime], progress: Progress
) -> Fingerprints:
    """The fingerprints of every exhibit of a kind, except of those that are sealed or erased: they are never opened.

    What is computed is kept after every 200, so that a search that was stopped goes on from there.
    """
    with record.reading() as connection:
        rule = read_access(connection)
        there = open_exhibits(lambda query: connection.execute(query).all(), kind)
        present = {one: exhibit for one, exhibit in there.items() if not _is_closed(rule, exhibit)}
        prints = {one: known for one, known in known_fingerprints(connection, METHODS[kind]).items() if one in present}
    missing = [exhibit for one, exhibit in present.items() if one not in prints]
    failed: list[Unlike] = []
    progress.begin(f"fingerprinting {kind}s", len(missing))
    for start in range(0, len(missing), _KEPT_TOGETHER):
        some = _computed(record.objects, kind, missing[start : start + _KEPT_TOGETHER], limit_mb, progress)
        done = [one for one in some if isinstance(one, Fingerprint)]
        failed += [one for one in some if isinstance(one, Unlike)]
        with record.writing(author, clock()) as writer:
            # Some may have been sealed meanwhile.
            clear = open_exhibits(writer.find, kind, [one.exhibit for one in done])
            writer.remember(one for one in done if one.exhibit in clear)
        prints.update((one.exhibit, one) for one in done)
    progress.end()
    return Fingerprints({one: prints[one] for one in present if one in prints}, tuple(failed))


def shingles_of(objects: Objects, exhibit: Open, limit_mb: int) -> Numbers:
    """The shingles of an exhibit's text. Raises UnreadableExhibit."""
    text = read_text(objects.get(exhibit.id), exhibit.media_type, limit_bytes=limit_mb * _MEGABYTE)
    return shingles(text.body)


def open_exhibits(find: Find, kind: Kind, among: Sequence[str] | None = None) -> dict[str, Open]:
    """The exhibits of a kind (among some) that lie in the clear, by id, in the order in which they came in.

    `find` asks the record.
    """
    clear = exhibits.c.sealed.is_(None) & exhibits.c.erased.is_(None)
    wanted = select(exhibits.c.id, exhibits.c.size, exhibits.c.media_type, exhibits.c.entered)
    wanted = wanted.where(clear, exhibits.c.media_type.in_(sorted(_TYPES[kind]))).order_by(exhibits.c.entered)
    if among is not None:
        wanted = wanted.where(exhibits.c.id.in_(among))
    return {row.id: Open(row.id, row.size, row.media_type, row.entered) for row in find(wanted)}


def _is_closed(rule: AccessRule, exhibit: Open) -> bool:
    """Whether an exhibit is meant to be sealed, though its bytes still lie in the clear."""
    return rule.of_exhibit(exhibit.id).access is Access.SEALED


def _computed(
    objects: Objects, kind: Kind, some: Sequence[Open], limit_mb: int, progress: Progress
) -> list[Fingerprint | Unlike]:
    """Each exhibit's fingerprint or why it has none. Images are decoded side by side, in processes of their own."""

    def compute(exhibit: Open) -> Fingerprint | Unlike:
        try:
            return _image(objects, exhibit) if kind == "image" else _text(objects, exhibit, limit_mb)
        except ItemFailed as error:
            return Unlike(exhibit.id, error.why, error.message)
        except UnreadableExhibit as error:
            return Unlike(exhibit.id, "unreadable", error.message)

    with ThreadPoolExecutor((os.cpu_count() or 1) if kind == "image" else 1) as workers:
        return list(_counted(workers.map(compute, some), progress))


def _counted(done: Iterator[Fingerprint | Unlike], progress: Progress) -> Iterator[Fingerprint | Unlike]:
    for one in done:
        yield one
        progress.advance()


def _image(objects: Objects, exhibit: Open) -> Fingerprint:
    limits = Limits()
    if exhibit.size > limits.size_mb * _MEGABYTE:
        raise ItemFailed("too_large", f"it has more than {limits.size_mb} MB")
    picture = decode_image(objects.get(exhibit.id), "L", limits=limits)
    grey = np.frombuffer(picture.pixels, np.uint8).reshape(picture.height, picture.width)
    found = print_image(grey)
    return Fingerprint(exhibit.id, images.METHOD, found.bits, found.quality)


def _text(objects: Objects, exhibit: Open, limit_mb: int) -> Fingerprint:
    if exhibit.size > limit_mb * _MEGABYTE:
        raise ItemFailed("too_large", f"it has more than {limit_mb} MB")
    found = shingles_of(objects, exhibit, limit_mb)
    return Fingerprint(exhibit.id, texts.METHOD, sign(found).astype("<u4").tobytes(), len(found))
