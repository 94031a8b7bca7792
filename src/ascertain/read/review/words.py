"""The words that a person gives for a slot, found in the text that the claim is of."""

from __future__ import annotations

from ascertain.model.claim import Span
from ascertain.read.anchor import Anchored, How, IndexedText, Selector, TextQuote, Why, anchor


def find_words(words: str, text: IndexedText, sentence: Span) -> Span | str:
    """Where words stand: in the sentence if they stand there, else in the text; or why that is not certain."""
    quote = Selector(TextQuote(words.strip()))
    found = anchor(quote, text.body[sentence.start : sentence.end])
    offset = sentence.start
    if not isinstance(found, Anchored) and found.why is not Why.AMBIGUOUS:
        found, offset = anchor(quote, text), 0
    if not isinstance(found, Anchored):
        return f"“{words[:60]}”: {found.why.value}"
    if found.how is How.CLOSE:
        return f"“{words[:60]}”: the text has “{found.text[:60]}”"
    return Span(start=offset + found.start, end=offset + found.end, text=found.text)


def is_inside(span: Span, sentence: Span) -> bool:
    """Whether words stand in a sentence."""
    return sentence.start <= span.start and span.end <= sentence.end
