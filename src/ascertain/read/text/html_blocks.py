"""The visible text of a web page as blocks, and which of them are its main content."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence

import trafilatura
from lxml import etree
from lxml.html import HtmlElement

from ascertain.read.text.html_tables import cells_of
from ascertain.read.text.passage import CELL, HEADING, LIST_ITEM, PARAGRAPH, Piece, tidied
from ascertain.read.text.table import Cell

_KINDS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), HEADING),
    **dict.fromkeys(("li", "dt", "dd"), LIST_ITEM),
    **dict.fromkeys(("td", "th"), CELL),
}
_CELLS = frozenset({"td", "th"})
_INLINE = frozenset(
    {
        *(
            "a",
            "abbr",
            "acronym",
            "b",
            "bdi",
            "bdo",
            "big",
            "cite",
            "code",
            "data",
            "del",
            "dfn",
            "em",
            "font",
            "i",
            "img",
        ),
        *("ins", "kbd", "label", "mark", "nobr", "q", "ruby", "rb", "rt", "s", "samp", "small", "span", "strike"),
        *("strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "output"),
    }
)
_BREAK = "\x1e"  # stands for <br>; a page's own control characters are gone by now
_TWO_BREAKS = re.compile(rf"{_BREAK}\s*{_BREAK}[\s{_BREAK}]*")
_WHITE_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_BLANK_LINES = re.compile(r"\n[ \t\r]*\n")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_WORD = re.compile(r"\w+")
_RUN = 3  # words; shorter blocks must be found whole
_SHARE_FOUND = 0.6
_MOST_CHARACTERS = 2_000_000  # beyond this or this many open tags, the finder takes many seconds
_DEEPEST = 100
_FINDER_ERRORS = (ValueError, TypeError, AttributeError, LookupError, RecursionError, AssertionError, etree.LxmlError)

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it could not do is in our notes


def visible_blocks(tree: HtmlElement) -> list[Piece]:
    """Every block of text in a tree from which the unseen was dropped, in its order."""
    table_cells = cells_of(tree)
    pieces: list[Piece] = []
    kinds: list[str] = []
    cells: list[Cell | None] = [None]
    preformatted = 0
    run: list[str] = []
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        step = 1 if event == "start" else -1
        if tag not in _INLINE and tag != "br":
            pieces.extend(_flushed(run, kinds[-1] if kinds else PARAGRAPH, cells[-1]))
        if tag in _CELLS:
            cells.append(table_cells.get(element)) if step == 1 else cells.pop()
        if tag in _KINDS:
            kinds.append(_KINDS[tag]) if step == 1 else kinds.pop()
        preformatted += step * (tag == "pre")
        if tag == "br" and step == 1:
            run.append(_BREAK)
        said = element.text if step == 1 else element.tail
        run.append(_folded(said or "", preformatted > 0))
    pieces.extend(_flushed(run, PARAGRAPH, None))
    return pieces


def _folded(text: str, preformatted: bool) -> str:
    if preformatted:
        text = _BLANK_LINES.sub(_BREAK * 2, text)
    return _WHITE_SPACE.sub(" ", text)


def _flushed(run: list[str], kind: str, cell: Cell | None) -> Iterator[Piece]:
    """The blocks gathered in `run`, which is emptied; two line breaks in a row part paragraphs."""
    text = "".join(run)
    run.clear()
    for part in _TWO_BREAKS.split(text):
        clean = tidied(part.replace(_BREAK, "\n"))
        if clean:
            yield Piece(clean, kind, cell=cell)


def main_content(tree: HtmlElement, pieces: Sequence[Piece]) -> tuple[list[bool], str | None]:
    """Which of `pieces` are the page's main content, and a note when all are kept because that could not be told.

    trafilatura finds the content; the words kept are the page's own, because trafilatura normalises characters.
    """
    if sum(len(piece.text) for piece in pieces) > _MOST_CHARACTERS:
        return [True] * len(pieces), "the page is too long to tell its main content from the rest: all is kept"
    if _is_deeper(tree, _DEEPEST):
        return [True] * len(pieces), "the page is nested too deeply to tell its main content from the rest: all is kept"
    try:
        found = trafilatura.bare_extraction(tree, include_comments=False, include_tables=True)
    except _FINDER_ERRORS as error:
        return [True] * len(pieces), f"the main content was not found ({type(error).__name__}): all text is kept"
    body = getattr(found, "body", None)
    parts = [] if body is None else [_words(part) for part in body.itertext()]
    whole = {tuple(part) for part in parts} | {tuple(_words("".join(e.itertext()))) for e in _leaves(body)}
    words = [word for part in parts for word in part]
    runs = {hash(tuple(words[at : at + _RUN])) for at in range(len(words) - _RUN + 1)}
    kept = [_is_found(_words(piece.text), runs, whole) for piece in pieces]
    if not any(kept):
        return [True] * len(pieces), "the main content was not found: all text is kept"
    return kept, None


def _is_deeper(tree: HtmlElement, limit: int) -> bool:
    depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > limit:
            return True
    return False


def _leaves(body: etree._Element | None) -> Iterator[etree._Element]:
    return (e for e in body.iter("head", "p", "item", "cell", "quote")) if body is not None else iter(())


def _words(text: str) -> list[str]:
    return _WORD.findall(_INVISIBLE.sub("", text).casefold())


def _is_found(words: list[str], runs: set[int], whole: set[tuple[str, ...]]) -> bool:
    if len(words) < _RUN:
        return tuple(words) in whole
    starts = range(len(words) - _RUN + 1)
    return sum(hash(tuple(words[at : at + _RUN])) in runs for at in starts) >= _SHARE_FOUND * len(starts)
