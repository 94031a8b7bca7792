"""A text and claims of it, as a reader would make them."""

from __future__ import annotations

from ascertain.model.claim import Claim, Frame, Slot, Span
from ascertain.read.anchor import IndexedText, index_text

EXHIBIT = "e" * 64
BODY = (
    "The Commission found that the army of Arland used chlorine in Estor on 4 April 2017. "
    "At least 13 people were killed in Estor.\n\n"
    "On Monday, 13 people were killed in Daran, the mayor said. The army denied it."
)


def text(body: str = BODY) -> IndexedText:
    return index_text(body)


def span(words: str, body: str = BODY, nth: int = 0) -> Span:
    start = -1
    for _ in range(nth + 1):
        start = body.index(words, start + 1)
    return Span(start=start, end=start + len(words), text=words)


def slot(name: str, value: str, words: str, body: str = BODY, nth: int = 0) -> Slot:
    return Slot(name=name, value=value, span=span(words, body, nth))


def claims(reader: str = "report@1", body: str = BODY) -> list[Claim]:
    """A finding, and two tolls in the same words."""
    finding = Claim(
        frame=Frame.FINDING,
        sentence=span("The Commission found that the army of Arland used chlorine in Estor on 4 April 2017.", body),
        clause=span("the army of Arland used chlorine in Estor", body),
        slots=(
            slot("actor", "arland_army", "army of Arland", body),
            slot("agent", "chlorine", "chlorine", body),
            slot("place", "estor", "Estor", body),
        ),
        language="en",
        confidence=0.75,
    )
    first = Claim(
        frame=Frame.ESTIMATE,
        sentence=span("At least 13 people were killed in Estor.", body),
        clause=span("At least 13 people were killed in Estor", body),
        slots=(slot("killed", ">=13", "At least 13", body), slot("place", "estor", "Estor", body, 1)),
    )
    second = Claim(
        frame=Frame.ESTIMATE,
        sentence=span("On Monday, 13 people were killed in Daran, the mayor said.", body),
        clause=span("13 people were killed in Daran", body),
        slots=(slot("killed", "13", "13", body, 1), slot("place", "daran", "Daran", body)),
    )
    return [one.identified(EXHIBIT, reader) for one in (finding, first, second)]
