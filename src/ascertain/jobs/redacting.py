"""Make a redacted copy of an exhibit: a new exhibit that says where it comes from, and nothing of what it hides."""

from __future__ import annotations

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import select

from ascertain.errors import IsSealed, UsageError
from ascertain.jobs.protecting.exhibits import exhibit_of, refuse_sealed_bytes
from ascertain.jobs.protecting.opening import Identities, read_exhibit_bytes
from ascertain.pixels.decode import MEDIA_TYPES
from ascertain.preserve.detect import PDF, PLAIN
from ascertain.preserve.folding import fold
from ascertain.preserve.redact import image, pages, text
from ascertain.preserve.redact.image import Region
from ascertain.preserve.redact.text import Hidden
from ascertain.read.text import TEXT_TYPES, read_text
from ascertain.record.entries import AccessSet, ExhibitDerived, ExhibitPreserved
from ascertain.record.sealed.seals import read_seals
from ascertain.record.store import Record, Writer
from ascertain.record.tables import access as access_settings
from ascertain.record.tables import derivations, exhibits

PNG: Final = "image/png"
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class PageRegion:
    """A region of an image (page 0; pixels), or of a page of a PDF (from 1; points)."""

    page: int
    region: Region


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be hidden, and why. `as_text`: the copy is the words alone, also of a PDF."""

    reason: str
    words: tuple[str, ...] = ()
    spans: tuple[Hidden, ...] = ()
    regions: tuple[PageRegion, ...] = ()
    as_text: bool = False


@dataclass(frozen=True, slots=True)
class Redacted:
    """A redacted copy: the exhibit that it is, what it was made from and how, and what a person should look at."""

    exhibit: str
    origin: str
    media_type: str
    size: int
    method: str
    details: Mapping[str, Any]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Copy:
    data: bytes
    media_type: str
    method: str
    details: dict[str, Any]
    notes: tuple[str, ...] = ()


def redact_exhibit(
    record: Record,
    beginning: str,
    wanted: Wanted,
    *,
    access: Literal["", "public", "restricted"],
    identities: Identities,
    author: str,
    now: datetime.datetime,
    limit_mb: int,
) -> Redacted:
    """Redact one exhibit (its id, or the beginning of it) and record the copy; the origin stays as it is.

    With `access` empty the copy has the class of its origin until a person sets one. Of a sealed exhibit, which takes
    the identity of somebody who can open it, the copy lies in the clear: its class must be said. The same redaction
    again adds nothing. Raises UsageError (nothing to hide, words that are nowhere, a region outside, a reason that
    tells), IsSealed, CannotOpen, ImageRefused, UnreadableExhibit.
    """
    _refuse_telling(wanted)
    origin = exhibit_of(record, beginning)
    media_type, data = _bytes(record, origin, identities, access)
    copy = _redacted(data, media_type, wanted, limit_mb)
    details = {**copy.details, "reason": wanted.reason}
    with record.writing(author, now) as writer:
        refuse_sealed_bytes(record, writer.seals(), hashlib.sha256(copy.data).hexdigest())
        exhibit = _write(writer, copy, origin, details)
        if access and access != _class_set(writer, exhibit):
            said = AccessSet(
                subject_kind="exhibit", subject=exhibit, access=access, reason=wanted.reason, authority=author
            )
            writer.append(said)
    return Redacted(exhibit, origin, copy.media_type, len(copy.data), copy.method, details, copy.notes)


def _refuse_telling(wanted: Wanted) -> None:
    """The reason is in the log for ever: it must not say what it hides."""
    if not wanted.reason.strip():
        raise UsageError("a redaction needs a reason", next_step="say --reason, without what is to be hidden")
    if any(fold(words).strip() in fold(wanted.reason) for words in wanted.words):
        raise UsageError("the reason says what is to be hidden", next_step="say why in other words")
    if not (wanted.words or wanted.spans or wanted.regions):
        raise UsageError("nothing is named that is to be hidden", next_step="give words, spans or regions")


def _bytes(record: Record, exhibit: str, identities: Identities, access: str) -> tuple[str, bytes]:
    """An exhibit's media type and bytes; those of a sealed one are opened in memory."""
    with record.reading() as connection:
        row = connection.execute(select(exhibits).where(exhibits.c.id == exhibit)).one()
        is_sealed = exhibit in read_seals(connection)
    if not is_sealed:
        return str(row.media_type), record.objects.get(exhibit)
    if not identities:
        raise IsSealed(f"exhibit {exhibit[:16]}… is sealed or erased", next_step="say who opens it: --identity FILE")
    if not access:
        raise UsageError(
            "a redacted copy of a sealed exhibit lies in the clear", next_step="say who may see it: --access restricted"
        )
    told, data = read_exhibit_bytes(record, exhibit, identities)
    return told.media_type, data


def _redacted(data: bytes, media_type: str, wanted: Wanted, limit_mb: int) -> _Copy:
    if media_type in MEDIA_TYPES:
        return _image_copy(data, wanted)
    if media_type == PDF and not wanted.as_text:
        return _pages_copy(data, wanted)
    if media_type in TEXT_TYPES:
        return _text_copy(data, media_type, wanted, limit_mb)
    raise UsageError(
        f"an exhibit of type {media_type} cannot be redacted",
        next_step="keep its parts as exhibits of their own (`ascertain preserve --unpack`), and redact those",
    )


def _image_copy(data: bytes, wanted: Wanted) -> _Copy:
    if wanted.words or wanted.spans or any(one.page for one in wanted.regions):
        raise UsageError("of an image, regions are hidden", next_step="say --region X,Y,WIDTH,HEIGHT in pixels")
    done = image.redact_image(data, [one.region for one in wanted.regions])
    details = {"width": done.width, "height": done.height, "regions": _numbers(done.painted)}
    return _Copy(done.data, PNG, image.METHOD, details)


def _pages_copy(data: bytes, wanted: Wanted) -> _Copy:
    if wanted.spans or any(one.page < 1 for one in wanted.regions):
        raise UsageError(
            "of a PDF, words are hidden, and regions of a page",
            next_step="say --region PAGE:X,Y,WIDTH,HEIGHT in points, or --as-text for spans of its text",
        )
    by_page: defaultdict[int, list[Region]] = defaultdict(list)
    for one in wanted.regions:
        by_page[one.page].append(one.region)
    done = pages.redact_pages(data, by_page, wanted.words)
    painted = {str(page): _numbers(regions) for page, regions in done.painted.items()}
    details = {"pages": done.pages, "dots": pages.DOTS, "regions": painted}
    notes = ["each page is an image now; what a scan shows was not searched: look at every page"]
    if done.without_text and wanted.words:
        notes.append(f"no text layer, so no word was looked for: pages {', '.join(map(str, done.without_text))}")
    return _Copy(done.data, PDF, pages.METHOD, details, tuple(notes))


def _text_copy(data: bytes, media_type: str, wanted: Wanted, limit_mb: int) -> _Copy:
    if wanted.regions:
        raise UsageError("of a text, words and spans are hidden", next_step="say --words or --span START:END")
    body = read_text(data, media_type, limit_bytes=limit_mb * _MEGABYTE).body
    done = text.redact_text(body, [*wanted.spans, *text.find_words(body, wanted.words)])
    details = {"mark": text.MARK, "marks": list(done.marks)}
    notes = ("the copy is the text alone; other spellings and other scripts were not searched: read it",)
    return _Copy(done.text.encode("utf-8", "backslashreplace"), PLAIN, text.METHOD, details, notes)


def _class_set(writer: Writer, exhibit: str) -> str:
    """The class that a person set on this exhibit last."""
    own = (access_settings.c.subject_kind == "exhibit") & (access_settings.c.subject == exhibit)
    latest = select(access_settings.c.access).where(own).order_by(access_settings.c.entered.desc()).limit(1)
    return "".join(row.access for row in writer.find(latest))


def _numbers(regions: Sequence[Region]) -> list[list[int]]:
    return [[one.x, one.y, one.width, one.height] for one in regions]


def _write(writer: Writer, copy: _Copy, origin: str, details: Mapping[str, Any]) -> str:
    exhibit = writer.put(copy.data)
    if not writer.has(exhibits, exhibits.c.id == exhibit):
        writer.append(ExhibitPreserved(exhibit=exhibit, size=len(copy.data), media_type=copy.media_type))
    said = ExhibitDerived(exhibit=exhibit, origin=origin, method=copy.method, details=dict(details))
    same = (derivations.c.exhibit == exhibit) & (derivations.c.origin == origin)
    if not writer.has(derivations, same & (derivations.c.method == copy.method)):
        writer.append(said)
    return exhibit
