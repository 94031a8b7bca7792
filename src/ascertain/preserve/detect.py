"""The media type of an exhibit by its content, never by its name: a name is a claim by whoever sent the file."""

from __future__ import annotations

import codecs
import re
import struct
import zlib

from ascertain.preserve.mail_signs import mail_type
from ascertain.preserve.signatures import GZIP, TAR, WARC_GZIP, signed_type

HTML = "text/html"
PLAIN = "text/plain"
XML = "application/xml"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ZIP = "application/zip"
WACZ = "application/wacz"
UNKNOWN = "application/octet-stream"

PROBE_BYTES = 64 * 1024

_BOMS = (  # UTF-32 first: its little-endian mark begins with the one of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PROLOGUE = re.compile(r"\s+|<!--.*?-->|<\?.*?\?>", re.DOTALL)
_HTML_TAG = re.compile(
    r"<(?:!doctype\s+html|html|head|body|title|meta|link|script|style|article|main|section|header|nav|h[1-6]|div|p|br|table|ul|ol|a|b|font|iframe)\b",
    re.IGNORECASE,
)
_HTML_ROOT = re.compile(r"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_ROOT_WITHIN = 1024  # a server's warning is often saved in front of the page
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CONTROL_BYTES = bytes(code for code in range(128) if _CONTROL.match(chr(code)))
_CONTROL_SHARE = 0.02
_BEGINNING_BYTES = 4096
_UTF16_NUL_SHARE = 0.05
_LOCAL_HEADER, _DIRECTORY_HEADER = b"PK\x03\x04", b"PK\x01\x02"
_NAME_LIMIT = 512
_PACKAGE_PARTS = ("[Content_Types].xml", "_rels/.rels")


def detect_media_type(head: bytes, tail: bytes = b"") -> str:
    """The media type of an exhibit from its first bytes and, where the caller has them, its last.

    Of `head` and `tail` at most 64 KiB each are looked at. `tail` matters for a zip whose Word document lies behind
    large images: the zip's directory is at its end. Never raises; what nothing fits is `application/octet-stream`.
    """
    head, tail = head[:PROBE_BYTES], tail[-PROBE_BYTES:]
    signed = signed_type(head)
    if signed:
        return signed
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.startswith((_LOCAL_HEADER, b"PK\x05\x06")):
        return _zip_type(head, tail)
    if head.startswith(b"\x1f\x8b\x08"):
        return WARC_GZIP if _inflated(head, wbits=31)[:5] == b"WARC/" else GZIP
    if is_tar(head):
        return TAR
    text = _decoded(head)
    return UNKNOWN if text is None else mail_type(text) or _textual_type(text)


def is_tar(head: bytes) -> bool:
    """Whether the bytes begin with the header of a tar: one whose checksum is right."""
    field = head[148:156].strip(b" \0")
    if len(head) < 512 or not field or field.strip(b"01234567"):
        return False
    return int(field, 8) == sum(head[:148]) + 8 * 0x20 + sum(head[156:512])


def _zip_type(head: bytes, tail: bytes) -> str:
    if _is_word(head, tail):
        return DOCX
    names = _names(head, _LOCAL_HEADER, 26, 30) + _names(head + tail, _DIRECTORY_HEADER, 28, 46)
    is_wacz = "datapackage.json" in names and any(name.startswith("archive/") for name in names)
    return WACZ if is_wacz else ZIP


def _textual_type(text: str) -> str:
    start = 0
    while (skipped := _PROLOGUE.match(text, start)) is not None:
        start = skipped.end()
    if _HTML_TAG.match(text, start) or _HTML_ROOT.search(text, 0, start + _ROOT_WITHIN):
        return HTML
    return XML if text.lstrip().startswith("<?xml") else PLAIN


def _decoded(head: bytes) -> str | None:
    """The bytes as text in the encoding they announce or allow; None when they are not text."""
    if not head:
        return None
    encoding = next((name for mark, name in _BOMS if head.startswith(mark)), None) or _utf16_without_mark(head)
    if encoding is None and _is_binary(head):
        return None
    text = _lenient(head, encoding or "utf-8", cut=len(head) == PROBE_BYTES)
    if text is None and encoding is None:
        text = head.decode("latin-1")
    if text is None or len(_CONTROL.findall(text)) > _CONTROL_SHARE * len(text):
        return None
    return text


def _is_binary(head: bytes) -> bool:
    """Whether there are too many control bytes for a text, or very many at the beginning; found without decoding."""
    beginning = head[:_BEGINNING_BYTES]
    for part, share in ((beginning, 2 * _CONTROL_SHARE), (head, _CONTROL_SHARE)):
        if len(part.translate(None, _CONTROL_BYTES)) < (1 - share) * len(part):
            return True
    return False


def _lenient(head: bytes, encoding: str, *, cut: bool) -> str | None:
    """Decode strictly, but forgive a last character that the probe cut in two."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        return decoder.decode(head, final=not cut)
    except UnicodeDecodeError:
        return None


def _utf16_without_mark(head: bytes) -> str | None:
    """UTF-16 shows itself by zero bytes at every second place only (Latin letters, or the spaces of other scripts)."""
    if head.count(0) < _UTF16_NUL_SHARE * len(head) / 2:
        return None
    low, high = head[0::2].count(0), head[1::2].count(0)
    if max(low, high) < _UTF16_NUL_SHARE * len(head) / 2 or min(low, high) * 20 > max(low, high):
        return None
    return "utf-16-le" if high > low else "utf-16-be"


def _is_word(head: bytes, tail: bytes) -> bool:
    """Whether a zip holds a Word document, or was cut off but begins like one."""
    names = _names(head, _LOCAL_HEADER, 26, 30) + _names(head + tail, _DIRECTORY_HEADER, 28, 46)
    if any(name.startswith("word/document") and name.endswith(".xml") for name in names):
        return True
    if b"word/document" in _package_parts(head):
        return True
    whole = b"PK\x05\x06" in tail or b"PK\x05\x06" in head
    foreign = any(name.startswith(("xl/", "ppt/")) for name in names)
    return not whole and not foreign and not _package_parts(head) and bool(names) and names[0] in _PACKAGE_PARTS


def _names(data: bytes, signature: bytes, length_at: int, name_at: int) -> list[str]:
    """File names in the zip headers that begin with `signature`."""
    names, at = [], data.find(signature)
    while at != -1:
        if at + name_at <= len(data):
            (length,) = struct.unpack_from("<H", data, at + length_at)
            end = at + name_at + min(length, _NAME_LIMIT)  # a thousand headers must not each name all that follows
            names.append(data[at + name_at : end].decode("utf-8", "replace"))
        at = data.find(signature, at + 4)
    return names


def _package_parts(head: bytes) -> bytes:
    """What the leading package parts say, as far as they can be inflated: they name the main document."""
    said, at = b"", 0
    while head.startswith(_LOCAL_HEADER, at) and at + 30 <= len(head):
        method, name_length, extra_length = (struct.unpack_from("<H", head, at + offset)[0] for offset in (8, 26, 28))
        start = at + 30 + name_length + extra_length
        if head[at + 30 : at + 30 + name_length].decode("utf-8", "replace") in _PACKAGE_PARTS:
            said += _inflated(head[start:]) if method == zlib.DEFLATED else head[start : start + PROBE_BYTES]
        at = head.find(_LOCAL_HEADER, start)
        if at == -1:
            break
    return said


def _inflated(data: bytes, wbits: int = -zlib.MAX_WBITS) -> bytes:
    try:
        return zlib.decompressobj(wbits).decompress(data, PROBE_BYTES)
    except zlib.error:  # a damaged part says nothing; the names decide
        return b""
