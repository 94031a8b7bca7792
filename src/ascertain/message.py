"""An untrusted message (RFC 5322, MIME) taken apart within limits.

The parser of `email` has none: parts in parts end its stack, and long headers take quadratic time.
"""

from __future__ import annotations

import io
from email.feedparser import BytesFeedParser
from email.message import Message
from email.policy import Compat32
from typing import Any, BinaryIO, Final, cast

from ascertain.errors import ItemFailed

_MEGABYTE: Final = 1024 * 1024
_PARTS_LIMIT: Final = 1000
_DEPTH_LIMIT: Final = 30
_LINES_LIMIT: Final = 1_500_000
_LINE_LIMIT_BYTES: Final = 8 * _MEGABYTE  # the parser holds an unfinished line in four bytes a character
_BLOCK_BYTES: Final = 64 * 1024
# Of a header that the parser itself takes apart, and of any other, in characters.
_MIME_HEADER_LIMIT: Final = 8 * 1024
_HEADER_LIMIT: Final = _MEGABYTE
# What `email` raises at one damage or another.
_DAMAGES: Final = (ValueError, LookupError, TypeError, AttributeError, AssertionError)


class _Policy(Compat32):
    """Refuses a header whose length makes the parser slow."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """A header's name and value."""
        name, value = super().header_source_parse(sourcelines)
        limit = _MIME_HEADER_LIMIT if name.lower().startswith("content-") else _HEADER_LIMIT
        if len(value) > limit:
            raise ItemFailed("limit", f"the message has a header {ascii(name)[1:-1]} of {len(value):,} characters")
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


def parse_message(file: BinaryIO, limit_bytes: int) -> Message:
    """The parts of a message. Raises ItemFailed (`limit`, `damaged`) for one that costs too much or is none."""
    if file.seek(0, io.SEEK_END) > limit_bytes:
        words = f"the message is larger than {limit_bytes // _MEGABYTE:,} MB"
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
