r"""Names as they were given, written so that they can be kept, compared and shown, and never used as a path.

A name is bytes: old archives have no encoding, and a file system allows nearly anything. What is readable stays as it
is; a byte that is no UTF-8 is written `\xe9`, a character that hides, turns or breaks text `\u202e`, a backslash
`\\`. So two names are written alike only when they are the same, and the bytes can be told from the words.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator

_JOINERS = frozenset("\u200c\u200d")  # Persian, Arabic and Indic words are written with them
_WRITTEN_OUT = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_LIMIT_BYTES = 4096
_PLAIN = re.compile(r"[ -\[\]-~]*")
_DRIVE = re.compile(r"[A-Za-z]:")


def written_name(name: bytes | str) -> str:
    r"""A name in its written form. A text may carry bytes as lone surrogates, as `os.fsdecode` makes them.

    A name longer than 4,096 bytes is cut, and its end says so: `…[5000 bytes, SHA-256 0123456789abcdef]`.
    """
    raw = name if isinstance(name, bytes) else _encoded(name)
    text = written_text(raw[:_LIMIT_BYTES].decode("utf-8", "surrogateescape"))
    if len(raw) <= _LIMIT_BYTES:
        return text
    return f"{text}…[{len(raw)} bytes, SHA-256 {hashlib.sha256(raw).hexdigest()[:16]}]"


def written_text(text: str) -> str:
    """A text of any length in the same form, as for the headers of a message."""
    return text if _PLAIN.fullmatch(text) else "".join(map(_written, text))


def written_path(*parts: str) -> str:
    """The parts of a path on this machine, each in its written form, joined by `/`."""
    return "/".join(written_name(os.fsencode(part)) for part in parts)


def remarks_on(name: bytes) -> tuple[str, ...]:
    """What makes a name in an archive unfit as a path, in a fixed order of words.

    `absolute`, `drive`, `parent` (a part `..`), `backslash`, `nul`, `control`, `hidden` (or turning text),
    `not utf-8`, `empty`, `long`.
    """
    return tuple(_remarks(name))


def _remarks(name: bytes) -> Iterator[str]:
    text = name[:_LIMIT_BYTES].decode("utf-8", "replace")
    if text.startswith(("/", "\\")):
        yield "absolute"
    if _DRIVE.match(text):
        yield "drive"
    if ".." in re.split(r"[/\\]", text):
        yield "parent"
    for word, present in (
        ("backslash", "\\" in text),
        ("nul", "\0" in text),
        ("control", any(unicodedata.category(c) in ("Cc", "Zl", "Zp") and c != "\0" for c in text)),
        ("hidden", any(unicodedata.category(c) == "Cf" and c not in _JOINERS for c in text)),
        ("not utf-8", not _is_utf8(name)),
        ("empty", not name.strip(b" ./")),
        ("long", len(name) > _LIMIT_BYTES),
    ):
        if present:
            yield word


def _encoded(name: str) -> bytes:
    """A text's bytes: a lone surrogate stands for the byte it was decoded from, or, where it cannot, for itself."""
    try:
        return name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogatepass")


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _written(character: str) -> str:
    code = ord(character)
    if character == "\\":
        return r"\\"
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if unicodedata.category(character) not in _WRITTEN_OUT or character in _JOINERS:
        return character
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
