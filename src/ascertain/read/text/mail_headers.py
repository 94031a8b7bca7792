"""A message's headers as people read them. What a sender wrote there may be anything."""

from __future__ import annotations

import datetime
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime

from ascertain.read.text.passage import tidied, without_controls

_LONGEST = 2_000  # characters: decoding takes quadratic time in them


def header(message: Message, name: str) -> str:
    """The first header of that name: unfolded, encoded words decoded, without controls; empty when there is none."""
    value = next((str(value) for key, value in message.raw_items() if str(key).lower() == name.lower()), "")
    value = " ".join(value.split())[:_LONGEST]
    try:
        words = "".join(_piece(*piece) for piece in decode_header(value))
    except (MessageError, ValueError):  # base64 that is none: the words stay as they stand
        words = value
    return " ".join(tidied(without_controls(words)[0]).split())


def _piece(data: bytes | str, charset: str | None) -> str:
    if isinstance(data, str):
        return data
    try:
        return data.decode(charset or "utf-8", "replace")
    except (LookupError, UnicodeError, ValueError):  # an encoding that nobody has, or a codec that is none for text
        return data.decode("utf-8", "replace")


def sent_on(message: Message) -> datetime.date | None:
    """The day of the `Date` header, in the zone that it names; None when it cannot be read."""
    written = header(message, "Date")
    try:
        return parsedate_to_datetime(written).date() if written else None
    except (ValueError, TypeError, IndexError, OverflowError):  # a date that is none dates nothing
        return None
