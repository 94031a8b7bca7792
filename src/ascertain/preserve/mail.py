"""A message (`.eml`) as members: what its headers say, and each of its parts as it was before it was sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from email.message import Message
from typing import Any, BinaryIO, Final

from ascertain.message import parse_message
from ascertain.preserve.limits import CHUNK_BYTES, Allowance
from ascertain.preserve.mail_headers import header_facts, read_header
from ascertain.preserve.member import Member, NotTaken
from ascertain.preserve.names import remarks_on

PARTS: Final = "mail part"
HEADERS: Final = "mail headers"
HEADERS_NAME: Final = "headers.json"
# What `email` raises at one damage or another when a part is decoded.
_DAMAGES: Final = (ValueError, LookupError, TypeError, AttributeError, AssertionError)


def mail_members(file: BinaryIO, allowance: Allowance) -> Iterator[Member | NotTaken]:
    """What the headers say (`headers.json`, of forwarded messages too), then the parts, by their numbers.

    A part's name is its number in the message, as in `2` or `2.1`, and the name that the message gives it, if any.
    Raises ItemFailed for a message that is larger, deeper or in more parts than is allowed, or that cannot be parsed.
    """
    message = parse_message(file, allowance.limits.message_bytes)
    facts = json.dumps(_facts(message), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    allowance.take_member()
    yield Member(HEADERS_NAME, allowance.metered(iter([facts.encode()])), HEADERS)
    for number, part in _leaves(message, ""):
        allowance.take_member()
        yield _part(number, part, allowance)


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
