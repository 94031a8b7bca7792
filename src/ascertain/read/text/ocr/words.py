"""From tesseract's table (TSV) to lines of words with boxes, and to paragraphs."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_WORD_LEVEL = "5"
_COLUMNS = 12
_LEAST_SURE = 1  # percent: below, the engine saw marks and no letters


@dataclass(frozen=True, slots=True)
class OcrWord:
    """A word, its box (pixels) and how sure the engine is (percent); `paragraph` and `line` count within the page."""

    text: str
    paragraph: tuple[int, int]
    line: int
    x: int
    y: int
    width: int
    height: int
    confidence: int


def read_table(table: bytes) -> tuple[OcrWord, ...]:
    """The words of a page, in the order in which the engine reads them. Rows that make no sense are left out."""
    rows = (row.split("\t", _COLUMNS - 1) for row in table.decode("utf-8", "replace").split("\n"))
    return tuple(word for row in rows if len(row) == _COLUMNS and (word := _word(row)) is not None)


def _word(row: Sequence[str]) -> OcrWord | None:
    text = "".join(row[11].split())
    if row[0] != _WORD_LEVEL or not text:
        return None
    try:
        block, paragraph, line, _, x, y, width, height = map(int, row[2:10])
        sure = float(row[10])
    except ValueError:  # the table's head, or a row that is none
        return None
    if not math.isfinite(sure) or sure < _LEAST_SURE or width < 1 or height < 1:
        return None
    return OcrWord(text, (block, paragraph), line, x, y, width, height, min(100, round(sure)))


def lines_of(words: Sequence[OcrWord]) -> Iterator[list[OcrWord]]:
    """The words by lines."""
    for _, line in itertools.groupby(words, key=lambda word: (word.paragraph, word.line)):
        yield list(line)


def mean_confidence(words: Sequence[OcrWord]) -> float:
    """How sure the engine is of the page's characters (percent); 0 without words."""
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0
