"""Plain text, and web pages that were saved as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ascertain.read.text.dateline import read_dateline
from ascertain.read.text.dating import dated_text
from ascertain.read.text.encoding import decode
from ascertain.read.text.menu_words import is_menu_line
from ascertain.read.text.passage import HEADING, LIST_ITEM, META, Piece, Text, lay_out, without_controls

_LINE_END = re.compile(r"\r\n?|[\n\x0b\x0c\x85\u2028\u2029]")
_BULLET = re.compile(r"(?:[•◦▪●·*–—-]|\d{1,2}[.)]|\(?[a-z]\))\s+\S", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?؟…]$")
_EDGE_LINES = 20  # a menu is looked for at the beginning and the end only
_WRAPPED_AT_MOST = 120  # a longer line was not wrapped by hand: each such line is a paragraph
_LONGEST_TITLE = 200
_TITLE_LINES = 3


def read_plain(data: bytes) -> Text:
    """The text of a plain file. Never raises: bytes in no known encoding are read as Latin-1, with a note.

    Menu words and a repeated title are left out of the body and named in the notes; lines that date the text stay in
    it as blocks of kind `meta`. A one-line paragraph at the head that is no sentence is the title.
    """
    decoded = decode(data)
    characters, controls = without_controls(decoded.characters)
    lines = [line.strip() for line in _LINE_END.split(characters)]
    lines, menu_notes, repeated = _without_menu(lines)
    groups = list(_groups(lines))
    pieces = list(_pieces(groups, _title(groups, repeated)))
    body, blocks = lay_out(pieces)
    notes = (*decoded.notes, *([f"{controls} control characters left out"] if controls else []), *menu_notes)
    return dated_text(body, blocks, notes)


def _without_menu(lines: list[str]) -> tuple[list[str], list[str], str | None]:
    """The lines without those of a page's menu, notes on what went, and the title when it stood there twice."""
    filled = [number for number, line in enumerate(lines) if line]
    edges = {*filled[:_EDGE_LINES], *filled[-_EDGE_LINES:]}
    menu: set[int] = set()
    for number in sorted(edges):
        begins = number == 0 or not lines[number - 1] or number - 1 in menu
        # a single word may be the end of a wrapped sentence: "they want to go" / "home"
        if is_menu_line(lines[number]) and (begins or " " in lines[number]):
            menu.add(number)
    head = [number for number in filled[:_EDGE_LINES] if number not in menu]
    titles = {lines[number]: number for number in reversed(head[:_TITLE_LINES])}
    twice = {number for number in head if titles.get(lines[number], number) < number}
    notes = [f"left out as a menu's words: {lines[number]}" for number in sorted(menu)]
    notes += [f"left out as a repeated line: {lines[number]}" for number in sorted(twice)]
    kept = [line for number, line in enumerate(lines) if number not in menu | twice]
    return kept, notes, lines[min(twice)] if twice else None


def _groups(lines: Sequence[str]) -> Iterator[list[str]]:
    """Lines between blank lines; datelines and list items stand alone, long lines are paragraphs of their own."""
    group: list[str] = []
    for line in [*lines, ""]:
        alone = bool(line) and read_dateline(line) is not None
        if group and (not line or alone or _BULLET.match(line) or len(line) > _WRAPPED_AT_MOST or _closed(group)):
            yield group
            group = []
        if line:
            group.append(line)


def _closed(group: list[str]) -> bool:
    return len(group[-1]) > _WRAPPED_AT_MOST or (len(group) == 1 and read_dateline(group[0]) is not None)


def _title(groups: Sequence[list[str]], repeated: str | None) -> int | None:
    """The number of the group that is the title, if one is."""
    for number, group in enumerate(groups):
        if read_dateline(group[0]) is not None:
            continue
        line = group[0]
        if repeated is not None and line == repeated:
            return number
        short = len(group) == 1 and len(line) <= _LONGEST_TITLE and not _SENTENCE_END.search(line)
        return number if short and number + 1 < len(groups) and not _BULLET.match(line) else None
    return None


def _pieces(groups: Sequence[list[str]], title: int | None) -> Iterator[Piece]:
    for number, group in enumerate(groups):
        if number == title:
            yield Piece(group[0], HEADING)
            if group[1:]:
                yield Piece(" ".join(group[1:]))
        elif read_dateline(group[0]) is not None:
            yield Piece(group[0], META)
        else:
            yield Piece(" ".join(group), LIST_ITEM) if _BULLET.match(group[0]) else Piece(" ".join(group))
