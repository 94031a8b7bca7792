"""Bytes of a text file to characters: which encoding, and lines that are never longer than the memory can bear."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

from ascertain.errors import BadMapping

LINE_CHARACTERS: Final = 1024 * 1024
TOO_LONG: Final = "\x00"  # stands for a line that was longer; the csv module would keep a NUL, so nothing else says it
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(start: bytes, declared: str) -> str:
    """The encoding by the file's first bytes (a byte order mark wins), else as declared, else UTF-8.

    Nothing is guessed: a wrong guess turns names into other names. Raises BadMapping for an unknown encoding.
    """
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    try:
        return codecs.lookup(declared or "utf-8").name
    except LookupError as error:
        raise BadMapping(f"no encoding {declared!r} is known", next_step="say utf-8, cp1252, cp1256 …") from error


def open_text(path: Path, encoding: str) -> TextIO:
    """The file as text. Bytes that are no character become lone surrogates (`is_damaged`), and none is lost."""
    errors = "replace" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    return io.TextIOWrapper(path.open("rb"), encoding, errors, newline="")


def is_damaged(text: str) -> bool:
    """Whether a text has bytes that are no characters of its encoding."""
    return any("\ud800" <= character <= "\udfff" for character in text)


def bounded_lines(file: TextIO) -> Iterator[str]:
    """The lines with their ends. One that is too long comes as its end alone, after `TOO_LONG`."""
    read = file.readline
    while line := read(LINE_CHARACTERS):
        if len(line) == LINE_CHARACTERS and not line.endswith(("\n", "\r")):
            while (rest := read(LINE_CHARACTERS)) and not rest.endswith(("\n", "\r")):
                pass
            line = TOO_LONG + "\n"
        yield line
