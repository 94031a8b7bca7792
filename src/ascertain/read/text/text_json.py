"""A text with its map as JSON: what a record keeps of a text that was read.

Canonical (RFC 8785), versioned, without floating point numbers: coordinates are tenths of the sheet's unit. A word is
six numbers: how far behind the word before it begins, its length, x, y, width and height, and with OCR a seventh, how
sure the engine is (percent; -1 where the characters are the exhibit's).
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from typing import Any

import rfc8785

from ascertain.errors import UnreadableExhibit
from ascertain.read.text.passage import Block, Text
from ascertain.read.text.place import Place, Sheet, is_in_order
from ascertain.read.text.table import Cell

FORMAT = "ascertain text 1"
_TENTHS = 10
_PLAIN, _SURE = 6, 7  # numbers a word
_DAMAGES = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OverflowError)


def text_to_json(text: Text) -> bytes:
    """`text` as canonical JSON; the same text always gives the same bytes."""
    sure = any(place.confidence is not None for place in text.places)
    written = {
        "format": FORMAT,
        "body": text.body,
        "blocks": [_block(block) for block in text.blocks],
        "title": text.title,
        "publisher": text.publisher,
        "published": text.published,
        "published_span": text.published_span,
        "language": text.language,
        "notes": list(text.notes),
        "sheets": [[sheet.page, _tenths(sheet.width), _tenths(sheet.height), sheet.unit] for sheet in text.sheets],
        "word_numbers": _SURE if sure else _PLAIN,
        "words": list(_runs(text.places, sure)),
    }
    return rfc8785.dumps({name: value for name, value in written.items() if value not in (None, [], "")})


def text_from_json(data: bytes) -> Text:
    """The text that `text_to_json` wrote. Raises UnreadableExhibit for other bytes, or places outside the body."""
    try:
        said = json.loads(data)
        if said["format"] != FORMAT:
            raise ValueError(f"its format is {said['format']!r}")
        text = _read(said)
        _check(text)
    except _DAMAGES as error:
        raise UnreadableExhibit(f"this is no text map of the format {FORMAT!r} ({error})") from error
    return text


def _block(block: Block) -> list[Any]:
    cell = block.cell
    return [
        block.start,
        block.end,
        block.kind,
        block.page,
        block.language,
        [cell.table, cell.row, cell.column, cell.rows, cell.columns, cell.header, cell.guessed] if cell else None,
    ]


def _tenths(number: float) -> int:
    return round(number * _TENTHS)


def _runs(places: Sequence[Place], sure: bool) -> Iterator[list[Any]]:
    """The page of each run of words on one page, and their numbers in one row."""
    before = 0
    for page, run in itertools.groupby(places, key=lambda place: place.page):
        row = []
        for place in run:
            box = (place.x, place.y, place.width, place.height)
            row += [place.start - before, place.end - place.start, *map(_tenths, box)]
            row += [-1 if place.confidence is None else place.confidence] if sure else []
            before = place.end
        yield [page, row]


def _read(said: dict[str, Any]) -> Text:
    span = said.get("published_span")
    return Text(
        body=str(said.get("body", "")),
        blocks=tuple(
            Block(start, end, kind, page, Cell(*cell) if cell else None, language)
            for start, end, kind, page, language, cell in said.get("blocks", ())
        ),
        title=said.get("title"),
        publisher=said.get("publisher"),
        published=said.get("published"),
        published_span=(span[0], span[1]) if span else None,
        language=said.get("language"),
        notes=tuple(map(str, said.get("notes", ()))),
        places=tuple(_places(said.get("words", ()), said["word_numbers"])),
        sheets=tuple(
            Sheet(page, width / _TENTHS, height / _TENTHS, unit) for page, width, height, unit in said.get("sheets", ())
        ),
    )


def _places(runs: Sequence[Any], numbers: int) -> Iterator[Place]:
    if numbers not in (_PLAIN, _SURE):
        raise ValueError(f"a word has {numbers} numbers")
    at = 0
    for page, row in runs:
        if len(row) % numbers:
            raise ValueError("a row of words is cut off")
        for first in range(0, len(row), numbers):
            behind, length, *rest = row[first : first + numbers]
            start, at = at + behind, at + behind + length
            x, y, width, height = (tenths / _TENTHS for tenths in rest[:4])
            sure = rest[4] if numbers == _SURE else -1
            yield Place(start, at, page, x, y, width, height, None if sure < 0 else sure)


def _check(text: Text) -> None:
    at = 0
    for block in text.blocks:
        if not at <= block.start < block.end <= len(text.body):
            raise ValueError("a block lies outside the body")
        at = block.end
    spans = [(place.start, place.end) for place in text.places] + ([text.published_span] if text.published_span else [])
    if not is_in_order(text.places) or any(not 0 <= start < end <= len(text.body) for start, end in spans):
        raise ValueError("a word lies outside the body")
