"""Where characters stand on a page or in an image, and how that is said in a web annotation."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

_HYPHENS = "\x02\ufffe\u00ad-"
_SAME_LINE = 0.5  # of the lower one's height


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page (counted from 1), or an image, with its size in points (`pt`) or pixels (`px`)."""

    page: int
    width: float
    height: float
    unit: Literal["pt", "px"]


@dataclass(frozen=True, slots=True)
class Place:
    """The box in which the body's characters `start` to `end` stand: a word, or the part of it on one line.

    `x` and `y` are its upper left corner, from the upper left corner of the page as it is shown, in the unit of the
    page's sheet. `confidence` (percent) is the OCR engine's own; None where the characters are the exhibit's.
    """

    start: int
    end: int
    page: int
    x: float
    y: float
    width: float
    height: float
    confidence: int | None = None


@dataclass(frozen=True, slots=True)
class PrintedWord:
    """A word as it stands on a page, before it has its place in a body."""

    text: str
    page: int
    x: float
    y: float
    width: float
    height: float
    confidence: int | None = None


def placed(body: str, start: int, end: int, words: Sequence[PrintedWord]) -> Iterator[Place]:
    """The places of `words`, given in their order, in the block `body[start:end]` that was made of them.

    Making a block changes white space and leaves out hyphens and control characters, nothing else; so each word is
    found behind the one before. A word that is not found has no place.
    """
    at = start
    for word in words:
        found = _found(body, at, end, word.text)
        if found is None:
            continue
        begin, at = found
        yield Place(begin, at, word.page, word.x, word.y, word.width, word.height, word.confidence)


def _found(body: str, at: int, end: int, word: str) -> tuple[int, int] | None:
    """Where `word` begins and ends in the body from `at` on, hyphens and controls of either side left out."""
    begin = None
    for character in word:
        while at < end and body[at].isspace():
            at += 1
        if at < end and (body[at] == character or (body[at] == "-" and character in _HYPHENS)):
            begin = at if begin is None else begin
            at += 1
    return (begin, at) if begin is not None else None


def touched(places: Sequence[Place], start: int, end: int) -> tuple[Place, ...]:
    """Those of `places` (in order, not overlapping) that share a character with `start` to `end`."""
    first = bisect_right(places, start, key=lambda place: place.end)
    last = bisect_right(places, end - 1, key=lambda place: place.start)
    return tuple(places[first:last]) if start < end else ()


def boxes(places: Sequence[Place]) -> tuple[Place, ...]:
    """`places` with neighbours on one line joined, so that a phrase is one box and not one a word."""
    joined: list[Place] = []
    for place in places:
        if joined and _on_one_line(joined[-1], place):
            joined[-1] = _union(joined[-1], place)
        else:
            joined.append(place)
    return tuple(joined)


def _on_one_line(one: Place, other: Place) -> bool:
    shared = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return one.page == other.page and shared > _SAME_LINE * min(one.height, other.height)


def _union(one: Place, other: Place) -> Place:
    x, y = min(one.x, other.x), min(one.y, other.y)
    right, low = max(one.x + one.width, other.x + other.width), max(one.y + one.height, other.y + other.height)
    sure = [c for c in (one.confidence, other.confidence) if c is not None]
    return replace(
        one,
        end=other.end,
        x=x,
        y=y,
        width=round(right - x, 1),
        height=round(low - y, 1),
        confidence=min(sure, default=None),
    )


def fragments(places: Sequence[Place], sheets: Sequence[Sheet]) -> tuple[str, ...]:
    """The boxes of `places` as fragments of the exhibit's address, one a line of words.

    Of an image `xywh=x,y,width,height` in pixels (W3C Media Fragments URI 1.0); of a PDF
    `page=3&viewrect=left,top,width,height` in points (RFC 8118, section 3); of a later page of an image the page and
    `xywh` together, which no standard has.
    """
    units = {sheet.page: sheet.unit for sheet in sheets}
    return tuple(_fragment(box, units.get(box.page, "pt"), len(sheets)) for box in boxes(places))


def _fragment(box: Place, unit: str, pages: int) -> str:
    numbers = ",".join(f"{number:g}" for number in (box.x, box.y, box.width, box.height))
    if unit == "pt":
        return f"page={box.page}&viewrect={numbers}"
    return f"xywh={numbers}" if pages == 1 else f"page={box.page}&xywh={numbers}"


def is_in_order(places: Sequence[Place]) -> bool:
    """Whether no two of `places` overlap and each ends before the next begins."""
    return all(a.start < a.end <= b.start for a, b in itertools.pairwise(places)) and all(
        place.start < place.end for place in places[-1:]
    )
