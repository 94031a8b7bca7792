"""Mail: what the message says, with who it says sent it, and when. Attachments are exhibits of their own."""

from __future__ import annotations

import codecs
import datetime
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import Message

from ascertain.errors import ItemFailed, UnreadableExhibit
from ascertain.message import parse_message
from ascertain.read.text.dating import dated_text
from ascertain.read.text.encoding import decode
from ascertain.read.text.mail_headers import header, sent_on
from ascertain.read.text.mail_quotes import html_pieces, plain_pieces
from ascertain.read.text.passage import HEADING, META, Piece, Text, lay_out

_MOST_BYTES = 64 * 1024 * 1024
_TEXTS = ("text/plain", "text/html")
_LONGEST_NAME = 100
_DAMAGES = (ValueError, LookupError, TypeError, AttributeError, AssertionError)
_SHOWN_HEADERS = ("From", "Date")
_CLAIMED = "the headers of a message are what its sender wrote: nothing of them is verified"


@dataclass(frozen=True, slots=True)
class _Part:
    """A part with text, decoded for reading."""

    media_type: str
    data: bytes
    charset: str | None


def read_mail(data: bytes) -> Text:
    """The words of a message: its subject as the heading, sender and date as `meta`, quoted messages as `quote`.

    Of alternatives the plain one is read, of several parts each that is shown. Attachments and forwarded messages are
    named in the notes and not read. `published` is the day in the sender's own time zone. Raises UnreadableExhibit for
    a message that costs too much, is damaged, or holds no text.
    """
    try:
        message = parse_message(io.BytesIO(data), _MOST_BYTES)
    except ItemFailed as error:
        raise UnreadableExhibit(error.message, next_step="unpack it: `ascertain preserve --unpack`") from error
    shown, notes = _texts(message)
    pieces = [piece for part in shown for piece in _pieces(part)]
    if not pieces:
        raise UnreadableExhibit("the message holds no text of its own", next_step=_unpack(notes))
    body, blocks = lay_out([*_head(message), *pieces])
    own = dated_text(body, blocks, notes)  # of a message's words, only those that date a statement may stand
    day = sent_on(message)
    text = replace(
        own,
        title=header(message, "Subject") or own.title,
        publisher=header(message, "From") or None,
        published=day.isoformat() if day else None,
        published_span=_span(body, message, day),
        notes=(*notes, _CLAIMED, *_other_date(own, day)),
    )
    return text if day or own.published is None else replace(text, published=own.published)


def _head(message: Message) -> Iterator[Piece]:
    yield Piece(header(message, "Subject"), HEADING)
    for name in _SHOWN_HEADERS:
        words = header(message, name)
        if words:
            yield Piece(f"{name}: {words}", META)


def _span(body: str, message: Message, day: datetime.date | None) -> tuple[int, int] | None:
    words = header(message, "Date")
    start = body.find(f"Date: {words}") if day and words else -1
    return (start + len("Date: "), start + len("Date: ") + len(words)) if start >= 0 else None


def _other_date(own: Text, day: datetime.date | None) -> list[str]:
    if own.published is None or day is None or own.published == day.isoformat():
        return []
    return [f"its words date it {own.published}; the day on which it was sent is used"]


def _texts(message: Message) -> tuple[list[_Part], list[str]]:
    """The parts that are shown as text, in their order, and notes on those that are not."""
    shown: list[_Part] = []
    notes: list[str] = []
    waiting = [message]
    while waiting:
        part = waiting.pop(0)
        payload = part.get_payload()
        children = [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else None
        media_type = part.get_content_type()
        if media_type == "message/rfc822":
            notes.append("a forwarded message is not read: unpack it as an exhibit of its own")
        elif children is not None:
            waiting[:0] = _best(children) if media_type == "multipart/alternative" else children
        elif media_type in _TEXTS and not _is_attached(part):
            shown.extend(_decoded(part, media_type, notes))
        else:
            notes.append(f"an attachment is an exhibit of its own and not read: {_name(part)} ({media_type[:60]})")
    return shown, notes


def _best(alternatives: list[Message]) -> list[Message]:
    """The plain one of several versions of the same words, unless it is empty; else the last, which is the richest."""
    for part in alternatives:
        if part.get_content_type() == "text/plain" and str(part.get_payload()).strip():
            return [part]
    return alternatives[-1:]


def _is_attached(part: Message) -> bool:
    return str(part.get("content-disposition", "")).strip().lower().startswith("attachment")


def _decoded(part: Message, media_type: str, notes: list[str]) -> Iterator[_Part]:
    try:
        data, charset = part.get_payload(decode=True), part.get_content_charset()
    except _DAMAGES as error:
        notes.append(f"a part of the message cannot be decoded ({type(error).__name__})")
        return
    if isinstance(data, bytes) and data.strip():
        yield _Part(media_type, data, charset)


def _pieces(part: _Part) -> list[Piece]:
    if part.media_type == "text/plain" or part.charset:
        characters = decode(part.data, part.charset).characters
        if part.media_type == "text/plain":
            return list(plain_pieces(characters))
        return list(html_pieces(codecs.BOM_UTF8 + characters.encode("utf-8", "replace")))
    return list(html_pieces(part.data))


def _name(part: Message) -> str:
    try:
        name = part.get_filename() or "without a name"
    except _DAMAGES:  # a name that cannot be decoded is no reason to lose the message
        name = "with a broken name"
    clean = "".join(character for character in str(name) if character.isprintable())
    return clean[:_LONGEST_NAME] + "…" * (len(clean) > _LONGEST_NAME)


def _unpack(notes: list[str]) -> str:
    return "unpack its parts as exhibits: `ascertain preserve --unpack`" if notes else "check that it was saved whole"
