"""Bytes to characters: a mark first, then what the file declares, then what the bytes allow."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

_BOMS = (  # UTF-32 first: its little-endian mark begins with the one of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Only encodings that pages are written in: Python also knows `hex`, `unicode_escape` and other programs in disguise.
_DECLARABLE = re.compile(
    r"utf-?8|us-?ascii|latin-?\d+|iso-?8859-\d+|(?:windows-|cp)\d{3,4}|koi8-[ru]|mac(?:intosh|roman)"
    r"|gb(?:k|2312|18030)|big5|shift_?jis|euc-(?:jp|kr)|iso-2022-jp",
    re.IGNORECASE,
)
_AS_BROWSERS_DO = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252"}
_SAMPLE_BYTES = 64 * 1024
_UTF16_NUL_SHARE = 0.05
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_NOT_ASCII = re.compile(r"[^\W\d_\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The characters of some bytes, the encoding that gave them, and what had to be guessed or replaced."""

    characters: str
    encoding: str
    notes: tuple[str, ...] = ()


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """`data` as characters. Never raises: Latin-1 reads any byte, and then a note says that it was a guess.

    `declared` is the encoding that the file names, if it does; it is believed only when the bytes agree.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _marked(data[len(mark) :], encoding)
    wanted = _AS_BROWSERS_DO.get(declared.lower(), declared) if declared and _DECLARABLE.fullmatch(declared) else None
    sixteen = None if wanted else _utf16_without_mark(data)
    for encoding in filter(None, (wanted, sixteen, "utf-8")):
        characters = _strict(data, encoding)
        if characters is not None:
            return Decoded(characters, encoding)
    return _guessed(data)


def _marked(data: bytes, encoding: str) -> Decoded:
    characters = _strict(data, encoding)
    if characters is not None:
        return Decoded(characters, encoding)
    return Decoded(data.decode(encoding, "replace"), encoding, (f"some bytes are not {encoding}: shown as U+FFFD",))


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):  # the next encoding is tried, and the last one always fits
        return None


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 shows itself by zero bytes at every second place only (Latin letters, or the spaces of other scripts)."""
    sample = data[:_SAMPLE_BYTES]
    low, high = sample[0::2].count(0), sample[1::2].count(0)
    if len(data) % 2 or max(low, high) < _UTF16_NUL_SHARE * len(sample) / 2 or min(low, high) * 20 > max(low, high):
        return None
    return "utf-16-le" if high > low else "utf-16-be"


def _guessed(data: bytes) -> Decoded:
    """One byte a character: Windows-1256 when Arabic letters prevail, else Windows-1252, else Latin-1."""
    sample = data[:_SAMPLE_BYTES]
    best = from_bytes(sample, cp_isolation=["cp1256", "cp1252", "latin_1"]).best()
    arabic = sample.decode("cp1256", "replace")
    prevails = len(_ARABIC.findall(arabic)) * 2 > len(_NOT_ASCII.findall(arabic))
    preferred = "cp1256" if prevails and best is not None and best.encoding == "cp1256" else "cp1252"
    encoding = preferred if _strict(data, preferred) is not None else "latin-1"
    return Decoded(data.decode(encoding), encoding, (f"the encoding is not declared: read as {encoding}",))
