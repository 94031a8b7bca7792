"""The text of an exhibit as its readers see it, and the blocks it is made of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ascertain.read.text.place import Place, PrintedWord, Sheet, boxes, fragments, placed, touched
from ascertain.read.text.table import Cell, heads

HEADING = "heading"
PARAGRAPH = "paragraph"
LIST_ITEM = "list_item"
CELL = "cell"
QUOTE = "quote"  # of another's message, in a reply
META = "meta"  # about the text rather than of it: "Published on 4 September 2018"

_BETWEEN_BLOCKS = "\n\n"
_SPACES = re.compile(r"[ \t]{2,}|\t|[ \t\u00a0]{2,}")
_LINE_ENDS = re.compile(r"[ \t\u00a0]*(?:\r\n?|\n|\x0b|\x0c|\x85|\u2028|\u2029)\s*")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a text's body, from `start` up to but without `end` (characters); `page` counts from 1.

    `cell` is where a block of a table stands in it; `language` (a code such as `ar`) the one that its own words, or
    those around it, are in.
    """

    start: int
    end: int
    kind: str
    page: int | None = None
    cell: Cell | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """What an exhibit says.

    `body` keeps the characters of the exhibit (no Unicode normalisation); only line ends, runs of spaces and the
    distance between blocks are evened out, so every claim's span can point into it. Blocks lie in order inside the
    body and do not overlap. `published` is an ISO date; `published_span` are the words that say so, when they are part
    of the body. `language` is the one the exhibit declares. `notes` say what was left out or guessed. `places` are the
    boxes of the words of pages and images, in order, on `sheets`; other exhibits have neither.
    """

    body: str
    blocks: tuple[Block, ...]
    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    published_span: tuple[int, int] | None = None
    language: str | None = None
    notes: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    sheets: tuple[Sheet, ...] = ()

    def places_of(self, start: int, end: int) -> tuple[Place, ...]:
        """The boxes of the words that share a character with `start` to `end`; none where there are no pages."""
        return touched(self.places, start, end)

    def boxes_of(self, start: int, end: int) -> tuple[Place, ...]:
        """The same, with neighbours on one line joined."""
        return boxes(self.places_of(start, end))

    def fragments_of(self, start: int, end: int) -> tuple[str, ...]:
        """The same, as fragments of the exhibit's address: `xywh=…` of an image, `page=…&viewrect=…` of a PDF."""
        return fragments(self.places_of(start, end), self.sheets)

    def headers_of(self, block: Block) -> tuple[Block, ...]:
        """The header cells over and beside a cell, in the order of the text; none for other blocks."""
        if block.cell is None:
            return ()
        cell = block.cell
        return tuple(other for other in self.blocks if other.cell is not None and heads(other.cell, cell))

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the blocks, the one with the most characters first."""
        counted: Counter[str] = Counter()
        for block in self.blocks:
            if block.language is not None:
                counted[block.language] += block.end - block.start
        return tuple(language for language, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0])))


@dataclass(frozen=True, slots=True)
class Piece:
    """A block before it has its place in a body. `text` may hold single line ends; `words` are those on its page."""

    text: str
    kind: str = PARAGRAPH
    page: int | None = None
    cell: Cell | None = None
    words: tuple[PrintedWord, ...] = ()


def tidied(text: str) -> str:
    """`text` with line ends as `\\n`, no empty lines, no runs of spaces and no white space at its edges."""
    return _SPACES.sub(" ", _LINE_ENDS.sub("\n", text)).strip()


def without_controls(text: str) -> tuple[str, int]:
    """`text` without control characters and lone surrogates, and how many there were. Line ends and tabs stay."""
    return _CONTROLS.subn("", text)


def lay_out(pieces: Iterable[Piece]) -> tuple[str, tuple[Block, ...]]:
    """The body that `pieces` make, in their order, and its blocks. Pieces without text are left out."""
    body, blocks, _ = lay_out_printed(pieces)
    return body, blocks


def lay_out_printed(pieces: Iterable[Piece]) -> tuple[str, tuple[Block, ...], tuple[Place, ...]]:
    """The same, with the places of the pieces' words in the body."""
    parts: list[str] = []
    blocks: list[Block] = []
    places: list[Place] = []
    at = 0
    for piece in pieces:
        part = tidied(piece.text)
        if not part:
            continue
        at += len(_BETWEEN_BLOCKS) if parts else 0
        blocks.append(Block(at, at + len(part), piece.kind, piece.page, piece.cell))
        places.extend(
            replace(place, start=place.start + at, end=place.end + at)
            for place in placed(part, 0, len(part), piece.words)
        )
        parts.append(part)
        at += len(part)
    return _BETWEEN_BLOCKS.join(parts), tuple(blocks), tuple(places)


def lines_of(body: str, blocks: Sequence[Block]) -> list[str]:
    """The text of each block."""
    return [body[block.start : block.end] for block in blocks]
