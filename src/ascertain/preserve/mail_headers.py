"""What the headers of a message say, as facts. Nothing of it is verified here, and a sender can write nearly all of it.

The modern policy of `email` parses a header's meaning when it is asked for; at hostile headers that raises errors of
many kinds or takes quadratic time. So a header is taken as it stands, with its encoded words decoded.
"""

from __future__ import annotations

import re
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from typing import Any, Final

from ascertain.preserve.names import written_text

_ONCE: Final = (
    "from", "sender", "reply-to", "to", "cc", "bcc", "subject", "date", "message-id", "in-reply-to", "references",
    "return-path", "x-mailer",
)  # fmt: skip
_EACH: Final = ("received", "authentication-results", "arc-seal")
_SIGNATURE: Final = "dkim-signature"
_VALUE_LIMIT: Final = 64 * 1024
_LINE_LIMIT: Final = 2000  # decoding takes quadratic time in a line
_REPEATS_LIMIT: Final = 100
_TAG: Final = re.compile(r"(?:^|;)\s*([a-z]{1,2})\s*=([^;]*)")
_TAGS: Final = {"d": "domain", "s": "selector", "a": "algorithm"}


def header_facts(message: Message) -> dict[str, Any]:
    """The headers that matter, by their names in small letters; `repeated` names those that come more than once.

    A DKIM signature is a fact here (`domain`, `selector`, `algorithm`), not verified: the key that would verify it is
    in the sender's DNS, and may be gone tomorrow.
    """
    found: dict[str, list[str]] = {}
    for name, value in message.raw_items():
        found.setdefault(str(name).lower(), []).append(str(value))
    facts: dict[str, Any] = {name: _read(found[name][0]) for name in _ONCE if name in found}
    facts |= {name: [_read(value) for value in found[name][:_REPEATS_LIMIT]] for name in _EACH if name in found}
    if _SIGNATURE in found:
        facts[_SIGNATURE] = [_signature(value) for value in found[_SIGNATURE][:_REPEATS_LIMIT]]
    if repeated := [name for name in _ONCE if len(found.get(name, ())) > 1]:
        facts["repeated"] = repeated
    return facts


def read_header(value: str) -> str:
    """A header's value as people read it: unfolded, encoded words decoded, in its written form."""
    return _read(value)


def _read(value: str) -> str:
    if len(value) > _VALUE_LIMIT:
        return f"{written_text(' '.join(value[:_VALUE_LIMIT].split()))}…[{len(value)} characters]"
    if any(len(line) > _LINE_LIMIT for line in value.splitlines()):
        return written_text(" ".join(value.split()))
    try:
        pieces = decode_header(value.replace("\r", ""))
    except (MessageError, ValueError):  # base64 that is none: the words stay as they stand
        pieces = [(value, None)]
    return written_text(" ".join("".join(_piece(*piece) for piece in pieces).split()))


def _piece(data: bytes | str, charset: str | None) -> str:
    if isinstance(data, str):
        return data
    try:
        return data.decode(charset or "utf-8", "surrogateescape")
    except (LookupError, UnicodeError, ValueError):  # an encoding that nobody has, or a codec that is none for text
        return data.decode("utf-8", "surrogateescape")


def _signature(value: str) -> dict[str, str]:
    tags = dict(_TAG.findall(value[:_LINE_LIMIT]))
    named = {word: written_text("".join(tags[tag].split())) for tag, word in _TAGS.items() if tag in tags}
    return {**named, "verified": "not checked"}
