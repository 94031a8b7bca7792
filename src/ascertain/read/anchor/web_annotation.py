"""Selectors as the JSON of the W3C Web Annotation Data Model, and back, also as other tools write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ascertain.read.anchor.selectors import (
    RFC_5147,
    Fragment,
    Selector,
    TextPosition,
    TextQuote,
    character_fragment,
    position_of,
)

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_MOST_SELECTORS = 64


def selector_to_json(selector: Selector, body: str) -> list[dict[str, Any]]:
    """A span's selectors: quote, position, the position by RFC 5147 with its checks, and those of page and box."""
    quote = selector.quote
    written: list[dict[str, Any]] = [
        {"type": "TextQuoteSelector", "exact": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix}
    ]
    if selector.position is not None:
        written.append({"type": "TextPositionSelector", "start": selector.position.start, "end": selector.position.end})
        written.append(_fragment(character_fragment(selector.position, body)))
    return written + [_fragment(fragment) for fragment in selector.fragments]


def selectors_from_json(value: Any, body: str) -> list[Selector]:
    """The selectors of a target, each with the words that it quotes; what has no words, and is no range, is left out.

    Alternatives for one span are one selector. A range of characters alone becomes the words that stand there, when
    the fragment's own checks hold for `body`.
    """
    quotes, position, fragments = [], None, []
    for one in _flat(value):
        match one.get("type"):
            case "TextQuoteSelector" if isinstance(one.get("exact"), str):
                quotes.append(TextQuote(one["exact"], _text(one, "prefix"), _text(one, "suffix")))
            case "TextPositionSelector" if _whole(one.get("start")) and _whole(one.get("end")):
                position = TextPosition(one["start"], one["end"])
            case "FragmentSelector" if isinstance(one.get("value"), str):
                fragments.append(Fragment(one["value"], _text(one, "conformsTo")))
    if not quotes:
        quotes = _checked_words(fragments, body)
    return [Selector(quote, position, tuple(fragments)) for quote in quotes]


def _checked_words(fragments: Iterable[Fragment], body: str) -> list[TextQuote]:
    ranges = (position_of(fragment, body) for fragment in fragments if fragment.conforms_to == RFC_5147)
    return [TextQuote(body[one.start : one.end]) for one in ranges if one is not None and one.text]


def _fragment(fragment: Fragment) -> dict[str, Any]:
    return {"type": "FragmentSelector", "conformsTo": fragment.conforms_to, "value": fragment.value}


def _flat(value: Any, depth: int = 0) -> list[Mapping[str, Any]]:
    """One selector or several; a selector may be refined by another."""
    if depth > 4:
        return []
    found: list[Mapping[str, Any]] = []
    many: Sequence[Any] = value if isinstance(value, list) else [value]
    for one in many[:_MOST_SELECTORS]:
        if isinstance(one, dict):
            found.append(one)
            found += _flat(one["refinedBy"], depth + 1) if "refinedBy" in one else []
    return found


def _text(one: Mapping[str, Any], name: str) -> str:
    value = one.get(name)
    return value if isinstance(value, str) else ""


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
