"""Where quoted words stand in a text: once, or nowhere that could be shown to a person."""

from __future__ import annotations

from ascertain.model.claim import Span
from ascertain.read.anchor import Anchored, IndexedText, Selector, TextQuote, anchor, index_text


class Passages:
    """A body in whose passages quotes are looked for; each passage is indexed once."""

    def __init__(self, body: str) -> None:
        self.body = body
        self._indexed: dict[tuple[int, int], IndexedText] = {}

    def place(self, quote: str, start: int, end: int) -> Span | None:
        """The words of `body[start:end]` that are the quote, if they stand in one place there, as they stand.

        White space, quotation marks, dashes, accents and small slips in long words may differ (`read.anchor`).
        """
        indexed = self._indexed.get((start, end))
        if indexed is None:
            indexed = self._indexed[start, end] = index_text(self.body[start:end])
        found = anchor(Selector(TextQuote(quote.strip())), indexed)
        if not isinstance(found, Anchored):
            return None
        return Span(start=start + found.start, end=start + found.end, text=found.text)
