"""From an exhibit's bytes to its text: the one door to the readers of pages, PDF, Word, mail, images and plain text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from ascertain.errors import UnreadableExhibit
from ascertain.read.text.docx import read_docx
from ascertain.read.text.html import read_html
from ascertain.read.text.mail import read_mail
from ascertain.read.text.ocr.image import IMAGE_TYPES, read_image
from ascertain.read.text.ocr.page import Ocr
from ascertain.read.text.passage import Block, Text
from ascertain.read.text.pdf import read_pdf
from ascertain.read.text.plain import read_plain

__all__ = ["IMAGE_TYPES", "LIMIT_BYTES", "TEXT_TYPES", "Block", "Ocr", "Text", "read_text"]

PDF = "application/pdf"
LIMIT_BYTES = 50 * 1024 * 1024

_READERS: Mapping[str, Callable[[bytes], Text]] = MappingProxyType(
    {
        "text/html": read_html,
        "application/xhtml+xml": read_html,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": read_docx,
        "text/plain": read_plain,
        "message/rfc822": read_mail,
    }
)

_UNREAD: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "application/zip": ("a zip is not a statement", "unpack it and add the files inside"),
        "application/mbox": ("a mailbox holds many messages", "unpack it: `ascertain preserve --unpack`"),
        "application/vnd.ms-outlook": ("Outlook's own .msg is not read", "save the message as .eml"),
        "application/x-ole-storage": ("old Office files and Outlook's .msg are not read", "save it as .docx or .eml"),
    }
)

TEXT_TYPES = frozenset({PDF, *_READERS})


def read_text(data: bytes, media_type: str, *, limit_bytes: int = LIMIT_BYTES, ocr: Ocr | None = None) -> Text:
    """The text of an exhibit of the given media type (as detected from its content).

    With `ocr`, images and the pages of a PDF that have no text are read by tesseract; without it, no process is begun,
    and an image has no reader. Raises UnreadableExhibit for an empty file, one larger than `limit_bytes`, one without
    text, a type that has no reader, and for what the reader of the type refuses.
    """
    if not data:
        raise UnreadableExhibit("empty file", next_step="get the file again from its source")
    if len(data) > limit_bytes:
        message = f"too large to read ({len(data) / 2**20:,.1f} MB; limit {limit_bytes / 2**20:,.1f} MB)"
        raise UnreadableExhibit(message, next_step="raise the limit, or add only the part that holds the statement")
    text = _read(data, media_type.partition(";")[0].strip().lower(), ocr)
    if not text.blocks:
        raise UnreadableExhibit("the file holds no text", next_step="check that it was saved completely")
    return text


def _read(data: bytes, media_type: str, ocr: Ocr | None) -> Text:
    if media_type == PDF:
        return read_pdf(data, ocr)
    if media_type in IMAGE_TYPES and ocr is not None:
        return read_image(data, ocr)
    reader = _READERS.get(media_type)
    if reader is None:
        raise _no_reader(media_type)
    return reader(data)


def _no_reader(media_type: str) -> UnreadableExhibit:
    if media_type.startswith("image/"):
        return UnreadableExhibit(f"an image ({media_type}) has no text", next_step="read it with OCR")
    if media_type in _UNREAD:
        message, step = _UNREAD[media_type]
        return UnreadableExhibit(message, next_step=step)
    return UnreadableExhibit(f"no reader for {media_type}", next_step="save it as HTML, PDF, .docx or plain text")
