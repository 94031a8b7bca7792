"""Where words stand: selectors that keep a span, and the aligner that finds it again in a changed text."""

from __future__ import annotations

from ascertain.read.anchor.aligner import Anchored, NotAnchored, Why, anchor, anchor_all
from ascertain.read.anchor.index import IndexedText, index_text
from ascertain.read.anchor.places import How
from ascertain.read.anchor.selectors import Fragment, Selector, TextPosition, TextQuote, select

__all__ = [
    "Anchored", "Fragment", "How", "IndexedText", "NotAnchored", "Selector", "TextPosition", "TextQuote", "Why",
    "anchor", "anchor_all", "index_text", "select",
]  # fmt: skip
