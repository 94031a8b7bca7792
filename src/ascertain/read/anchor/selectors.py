"""Selectors of the W3C Web Annotation Data Model: how a span of a text is kept so that it can be found again."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from ascertain.read.anchor.index import IndexedText, index_text, text_digest

CONTEXT = 32  # characters on each side, at least; Hypothesis and others keep as many
LONGEST_CONTEXT = 400
RFC_5147 = "http://tools.ietf.org/rfc/rfc5147"
RFC_8118 = "http://tools.ietf.org/rfc/rfc8118"
MEDIA_FRAGMENTS = "http://www.w3.org/TR/media-frags/"
_CHARS = re.compile(r"char=(\d{1,15}),(\d{1,15})(?:;.*)?", re.ASCII)
_LENGTH = re.compile(r";length=(\d{1,15})\b", re.ASCII)
_MD5 = re.compile(r";md5=([0-9a-fA-F]{32})\b", re.ASCII)


@dataclass(frozen=True, slots=True)
class TextQuote:
    """The words, and what stands directly before and after them (empty: not known)."""

    exact: str
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class TextPosition:
    """Code points `start` up to but without `end`; `text` is the digest of the text that is counted (empty: unknown).

    A position without its text proves nothing: other tools count UTF-16 units, or another text of the same page.
    """

    start: int
    end: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of a file by the standard `conforms_to`: `page=3`, `xywh=pixel:10,20,300,40`, `char=10,20`."""

    value: str
    conforms_to: str


@dataclass(frozen=True, slots=True)
class Selector:
    """A span by its words, its place, and its place on the page.

    `before_tells`: in the text that it was made from, the quote stands once with its prefix alone; `after_tells` with
    its suffix alone. Other tools say neither.
    """

    quote: TextQuote
    position: TextPosition | None = None
    fragments: tuple[Fragment, ...] = ()
    before_tells: bool = False
    after_tells: bool = False


def select(text: str | IndexedText, start: int, end: int, *fragments: Fragment) -> Selector:
    """The selector of `text[start:end]`.

    Each side of the surroundings is whole words, at least 32 characters where the text has so many, and goes on until
    the quote stands once with this side alone (or is 400 long). Then one side that is still there tells the place.
    Raises ValueError for a span that is empty or not in the text.
    """
    indexed = index_text(text) if isinstance(text, str) else text
    body = indexed.body
    if not 0 <= start < end <= len(body):
        raise ValueError(f"no span {start}..{end} in a text of {len(body)} characters")
    begin, before_tells = _before(indexed, start, end)
    stop, after_tells = _after(indexed, start, end)
    quote = TextQuote(body[start:end], body[begin:start], body[end:stop])
    position = TextPosition(start, end, indexed.digest)
    return Selector(quote, position, fragments, before_tells, after_tells)


def _before(indexed: IndexedText, start: int, end: int) -> tuple[int, bool]:
    """Where the prefix begins, and whether it tells the place by itself."""
    size = CONTEXT
    while True:
        begin = indexed.word_start(max(0, start - size))
        once = indexed.occurs_once(indexed.body[begin:end])
        if once or begin == 0 or size >= LONGEST_CONTEXT:
            return begin, once
        size *= 2


def _after(indexed: IndexedText, start: int, end: int) -> tuple[int, bool]:
    size = CONTEXT
    while True:
        stop = indexed.word_end(min(len(indexed.body), end + size))
        once = indexed.occurs_once(indexed.body[start:stop])
        if once or stop == len(indexed.body) or size >= LONGEST_CONTEXT:
            return stop, once
        size *= 2


def character_fragment(position: TextPosition, body: str) -> Fragment:
    """A position by RFC 5147, with the length and MD5 of the text that it counts in, as integrity checks."""
    digest = hashlib.md5(body.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
    value = f"char={position.start},{position.end};length={len(body)},UTF-8;md5={digest}"
    return Fragment(value, RFC_5147)


def position_of(fragment: Fragment, body: str) -> TextPosition | None:
    """The position that an RFC 5147 fragment gives in `body`; None when it is none, or its checks say another text."""
    found = _CHARS.fullmatch(fragment.value)
    length, digest = _LENGTH.search(fragment.value), _MD5.search(fragment.value)
    if found is None or (length and int(length[1]) != len(body)):
        return None
    if digest is None:
        return TextPosition(int(found[1]), int(found[2]))
    data = body.encode("utf-8", "surrogatepass")
    if hashlib.md5(data, usedforsecurity=False).hexdigest() != digest[1].lower():
        return None
    return TextPosition(int(found[1]), int(found[2]), text_digest(body))


def place_fragment(value: str) -> Fragment:
    """A fragment as `text.place.fragments` writes it: a page of a PDF by RFC 8118, a box by Media Fragments."""
    return Fragment(value, RFC_8118 if value.startswith("page=") else MEDIA_FRAGMENTS)
