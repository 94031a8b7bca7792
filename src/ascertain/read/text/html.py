"""Web pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lxml.html import HtmlElement

from ascertain.errors import UnreadableExhibit
from ascertain.read.text.dateline import ISSUED, find_datelines, read_dateline
from ascertain.read.text.dating import dated_text
from ascertain.read.text.html_blocks import main_content, visible_blocks
from ascertain.read.text.html_metadata import PageMetadata, read_metadata
from ascertain.read.text.html_tree import drop_furniture, drop_unseen, parse_page
from ascertain.read.text.menu_words import is_menu_line
from ascertain.read.text.passage import HEADING, META, Piece, Text, lay_out, lines_of


def read_html(data: bytes) -> Text:
    """The main content of a web page, with what the page says of its title, publisher, date and language.

    Scripts, styles, templates and hidden elements are never part of it. A line that dates the statement itself wins
    over the page's own date; the page's declarations win over other words. Raises UnreadableExhibit for a page
    without text.
    """
    tree, notes = parse_page(data)
    metadata = read_metadata(tree)
    drop_unseen(tree)
    whole = visible_blocks(tree)
    drop_furniture(tree)
    pieces, left_out = _content(tree, metadata)
    if not pieces and whole:  # a page all of furniture: better too much than nothing
        pieces, left_out = whole, ["nothing but menus was found: all visible text is kept"]
    if not pieces:
        raise UnreadableExhibit(
            "the page holds no visible text", next_step="if a script fills the page, capture it with a browser"
        )
    return _with_metadata(pieces, metadata, (*notes, *left_out))


def _content(tree: HtmlElement, metadata: PageMetadata) -> tuple[list[Piece], list[str]]:
    """The blocks of the main content, and notes on those left out. Title and datelines always stay."""
    blocks = [piece for piece in visible_blocks(tree) if not is_menu_line(piece.text)]
    found, note = main_content(tree, blocks)
    dated = {line.line for line in find_datelines([piece.text for piece in blocks])}
    # a table is kept whole, or its numbers lose their headers; with headers, also when it was not taken for content
    tables = {
        piece.cell.table
        for piece, is_found in zip(blocks, found, strict=True)
        if piece.cell and (is_found or piece.cell.header)
    }
    kept = [
        replace(piece, kind=META) if read_dateline(piece.text) else piece
        for at, piece in enumerate(blocks)
        if found[at]
        or (piece.cell is not None and piece.cell.table in tables)
        or at in dated
        or (piece.kind == HEADING and piece.text == metadata.title)
    ]
    out = len(blocks) - len(kept)
    counted = [f"{out} blocks outside the main content left out"] if out else []
    return kept, ([note] if note else []) + counted


def _with_metadata(pieces: Sequence[Piece], metadata: PageMetadata, notes: Sequence[str]) -> Text:
    body, blocks = lay_out(pieces)
    text = dated_text(body, blocks, notes, title=metadata.title, language=metadata.language)
    text = replace(text, publisher=text.publisher or metadata.publisher)
    lines = find_datelines(lines_of(body, blocks))
    if metadata.published is None or metadata.published == text.published:
        return text
    if lines and lines[0].role == ISSUED:
        note = f"the page declares {metadata.published}; the statement's own date, {text.published}, is used"
        return replace(text, notes=(*text.notes, note))
    return replace(text, published=metadata.published, published_span=None, notes=(*notes, *_differs(text, metadata)))


def _differs(text: Text, metadata: PageMetadata) -> list[str]:
    if text.published is None:
        return []
    return [f"the page declares {metadata.published} and its words say {text.published}: the declaration is used"]
