"""A message (`.eml`) as members: what its headers say, and each of its parts as it was before it was sent."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from email.feedparser import BytesFeedParser
from email.message import Message
from email.policy import Compat32
from typing import Any, BinaryIO, Final, cast

from ascertain.errors import ItemFailed
from ascertain.preserve.limits import CHUNK_BYTES, MEGABYTE, Allowance
from ascertain.preserve.mail_headers import header_facts, read_header
from ascertain.preserve.member import Member, NotTaken
from ascertain.preserve.names import remarks_on, written_name

PARTS: Final = "mail part"
HEADERS: Final = "mail headers"
HEADERS_NAME: Final = "headers.json"
_PARTS_LIMIT: Final = 1000
_DEPTH_LIMIT: Final = 30
_LINES_LIMIT: Final = 1_500_000
_LINE_LIMIT_BYTES: Final = 8 * MEGABYTE  # the parser holds an unfinished line in four bytes a character
_BLOCK_BYTES: Final = 64 * 1024
# Of a header that the parser itself takes apart, and of any other, in characters.
_MIME_HEADER_LIMIT: Final = 8 * 1024
_HEADER_LIMIT: Final = MEGABYTE
# What `email` raises at one damage or another when a part is decoded.
_DAMAGES: Final = (ValueError, LookupError, TypeError, AttributeError, AssertionError)


def mail_members(file: BinaryIO, allowance: Allowance) -> Iterator[Member | NotTaken]:
    """What the headers say (`headers.json`, of forwarded messages too), then the parts, by their numbers.

    A part's name is its number in the message, as in `2` or `2.1`, and the name that the message gives it, if any.
    Raises ItemFailed for a message that is larger, deeper or in more parts than is allowed, or that cannot be parsed.
    """
    message = _parsed(file, allowance.limits.message_bytes)
    facts = json.dumps(_facts(message), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    allowance.take_member()
    yield Member(HEADERS_NAME, allowance.metered(iter([facts.encode()])), HEADERS)
    for number, part in _leaves(message, ""):
        allowance.take_member()
        yield _part(number, part, allowance)


class _Policy(Compat32):
    """Refuses a header whose length makes the parser slow."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """A header's name and value."""
        name, value = super().header_source_parse(sourcelines)
        limit = _MIME_HEADER_LIMIT if name.lower().startswith("content-") else _HEADER_LIMIT
        if len(value) > limit:
            raise ItemFailed("limit", f"the message has a header {written_name(name)} of {len(value):,} characters")
        return name, value


class _Parts:
    """Makes the parts of one message, and refuses to make too many."""

    def __init__(self) -> None:
        self._number = 0

    def make(self, policy: Any) -> _Part:
        """One more part."""
        self._number += 1
        if self._number > _PARTS_LIMIT:
            raise ItemFailed("limit", f"the message has more than {_PARTS_LIMIT:,} parts")
        return _Part(policy)


class _Part(Message):
    """A part that knows how deep it lies."""

    depth = 0

    def attach(self, payload: Any) -> None:
        """Take a part in."""
        payload.depth = self.depth + 1
        if payload.depth > _DEPTH_LIMIT:
            raise ItemFailed("limit", f"the message's parts lie more than {_DEPTH_LIMIT} deep")
        super().attach(payload)


def _parsed(file: BinaryIO, limit_bytes: int) -> Message:
    if file.seek(0, io.SEEK_END) > limit_bytes:
        words = f"the message is larger than {limit_bytes // MEGABYTE:,} MB"
        raise ItemFailed("limit", words, next_step="raise the setting `unpack_message_mb`")
    file.seek(0)
    parts = _Parts()
    parser = BytesFeedParser(cast(Any, parts.make), policy=_Policy())
    lines = line_bytes = 0
    while data := file.read(_BLOCK_BYTES):
        lines += data.count(b"\n") + data.count(b"\r")
        line_bytes = len(data) - data.rfind(b"\n") if b"\n" in data else line_bytes + len(data)
        if lines > _LINES_LIMIT or line_bytes > _LINE_LIMIT_BYTES:
            words = f"the message has more than {_LINES_LIMIT:,} lines, or one of {_LINE_LIMIT_BYTES:,} bytes"
            raise ItemFailed("limit", words)
        parser.feed(data)
    try:
        return parser.close()
    except _DAMAGES as error:
        raise ItemFailed("damaged", f"the message cannot be parsed ({type(error).__name__}: {error})") from error


def _facts(message: Message) -> dict[str, Any]:
    """What the headers of a message and of those that it forwards say, by the number of the part that each is."""
    nested = {number: header_facts(part) for number, part in _messages(message, "")}
    return {"headers": header_facts(message), **({"forwarded": nested} if nested else {})}


def _children(message: Message, number: str) -> Iterator[tuple[str, Message]]:
    payload = message.get_payload()
    for place, part in enumerate(payload if isinstance(payload, list) else [], 1):
        yield f"{number}.{place}" if number else str(place), part


def _messages(message: Message, number: str) -> Iterator[tuple[str, Message]]:
    for place, part in _children(message, number):
        if message.get_content_type() == "message/rfc822":
            yield place, part
        yield from _messages(part, place)


def _leaves(message: Message, number: str) -> Iterator[tuple[str, Message]]:
    """The parts that hold bytes; a message without parts is its own only one."""
    if not message.is_multipart():
        yield number or "1", message
    for place, part in _children(message, number):
        yield from _leaves(part, place)


def _part(number: str, part: Message, allowance: Allowance) -> Member | NotTaken:
    name = number
    try:
        given = part.get_filename() or ""
        raw = read_header(given)
        name = f"{number}/{raw}" if raw else number
        data = part.get_payload(decode=True)
    except _DAMAGES as error:
        return NotTaken(name, "damaged", f"the part cannot be decoded ({type(error).__name__}: {error})")
    data = data if isinstance(data, bytes) else b""
    said = {
        "type": read_header(str(part.get("content-type", ""))),
        "disposition": read_header(str(part.get("content-disposition", ""))).partition(";")[0],
        "content id": read_header(str(part.get("content-id", ""))),
        "remarks": ", ".join(remarks_on(given.encode("utf-8", "surrogateescape"))) if given else "",
        "defects": ", ".join(type(defect).__name__ for defect in part.defects),
    }
    facts = {key: value for key, value in said.items() if value}
    return Member(name, allowance.metered(_chunks(data)), PARTS, facts)


def _chunks(data: bytes) -> Iterator[bytes]:
    for at in range(0, len(data), CHUNK_BYTES):
        yield data[at : at + CHUNK_BYTES]
