"""A review as W3C Web Annotations (JSON-LD), and annotations of this and other tools as judgements.

An annotation a claim: its body is a textual one for people, and one of type `ascertain:Claim` with frame, slots and
judgements; its target is the exhibit with the selectors of the clause; each slot has selectors of its own. Import takes
the collections and pages of the standard, a single annotation, a list of them, and the export of Hypothesis (`rows`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from ascertain.errors import UsageError
from ascertain.model.claim import Claim, Frame, Modality, Span
from ascertain.read.anchor import Anchored, How, Selector, TextQuote, anchor, select
from ascertain.read.anchor.selectors import place_fragment
from ascertain.read.anchor.web_annotation import CONTEXT, selector_to_json, selectors_from_json
from ascertain.read.review.applying import Review, Reviewed
from ascertain.read.review.exchange import judgement_to_json
from ascertain.read.review.judgement import Decision, Judgement
from ascertain.read.review.judging import OTHERS, Filed, Problem, add, judge, said_by, says_the_same
from ascertain.read.review.moving import as_quoted, placed_anew
from ascertain.read.sentences import sentences

_JSON = {"@type": "@json"}
TERMS = {
    "ascertain": "urn:ascertain:",
    "ascertain:claim": _JSON,
    "ascertain:judgements": _JSON,
    "ascertain:slots": _JSON,
}
_MOST, _LONGEST_NOTE, _AROUND = 100_000, 2_000, 4_000
Fragments = Callable[[int, int], tuple[str, ...]]


def review_to_annotations(review: Review, exhibit: str, places: Fragments | None = None) -> dict[str, Any]:
    """The review as an AnnotationCollection of one page. `places` gives the fragments of page and box of a span."""
    items = [_annotation(one, review, exhibit, places) for one in review.claims]
    page = {"id": f"urn:ascertain:review:{exhibit}:1", "type": "AnnotationPage", "startIndex": 0, "items": items}
    return {
        "@context": [CONTEXT, TERMS],
        "id": f"urn:ascertain:review:{exhibit}",
        "type": "AnnotationCollection",
        "label": f"claims of exhibit {exhibit}",
        "total": len(items),
        "first": page,
    }


def _annotation(one: Reviewed, review: Review, exhibit: str, places: Fragments | None) -> dict[str, Any]:
    claim = one.claim
    said = f"{claim.frame.value}, {claim.modality.value}: " + ", ".join(f"{s.name} {s.value}" for s in claim.slots)
    body: dict[str, Any] = {
        "type": "ascertain:Claim",
        "ascertain:state": one.state.value,
        "ascertain:claim": (one.machine or claim).model_dump(mode="json"),
        "ascertain:judgements": [judgement_to_json(judgement) for judgement in one.judgements],
        "ascertain:slots": [
            {"name": slot.name, "value": slot.value, "selector": _selectors(slot.span, review, places)}
            for slot in claim.slots
        ],
    }
    people = [{"type": "Person", "name": judgement.author} for judgement in one.judgements]
    machine = {"type": "Software", "name": one.machine.reader} if one.machine else None
    return {
        "id": f"urn:ascertain:claim:{(one.machine or claim).id}",
        "type": "Annotation",
        "motivation": "assessing" if one.judgements else "describing",
        **({"creator": people} if people else {}),
        **({"generator": machine} if machine else {}),
        "body": [{"type": "TextualBody", "value": said, "format": "text/plain", "purpose": "describing"}, body],
        "target": {
            "source": f"urn:sha256:{exhibit}",
            "selector": _selectors(claim.clause if claim.clause.text else claim.sentence, review, places),
        },
    }


def _selectors(span: Span, review: Review, places: Fragments | None) -> list[dict[str, Any]]:
    if not span.start < span.end <= len(review.text.body):
        return selector_to_json(Selector(_quote(span)), "")
    selector = select(review.text, span.start, span.end)
    found = tuple(map(place_fragment, places(span.start, span.end))) if places else ()
    return selector_to_json(replace(selector, fragments=found), review.text.body)


def annotations_from_json(data: bytes, review: Review, author: str, exhibit: str) -> Filed:
    """The judgements that annotations make: ours as what they say, others as added claims of frame *other*.

    Each is anchored in the text as it is read now; what has no place in it is named. Raises UsageError for what is no
    JSON of annotations.
    """
    machines = {one.machine.id: one.machine for one in review.claims if one.machine is not None}
    judgements: list[Judgement] = []
    problems: list[Problem] = []
    others = 0
    for number, annotation in enumerate(_annotations(data), 1):
        where = f"annotation {number}"
        try:
            found = _taken(annotation, machines, review, author, exhibit)
        except (ValidationError, KeyError, TypeError, ValueError, AttributeError) as error:
            found = f"not an annotation: {str(error).splitlines()[0]}"
        if isinstance(found, Judgement):
            judgements.append(found)
        elif found == OTHERS:
            others += 1
        elif found:
            problems.append(Problem(where, found))
    return Filed(tuple(judgements), tuple(problems), others)


def _annotations(data: bytes) -> Iterator[Mapping[str, Any]]:
    try:
        plain = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UsageError("the file is no JSON", next_step="export annotations as JSON-LD or JSON") from error
    found = list(_items(plain))
    if not found:
        raise UsageError("the file holds no annotations", next_step="an AnnotationCollection, a list, or `rows`")
    if len(found) > _MOST:
        raise UsageError(f"{len(found):,} annotations are more than {_MOST:,}")
    yield from (one if isinstance(one, dict) else {} for one in found)


def _items(plain: Any, depth: int = 0) -> Iterator[Any]:
    if depth > 3:
        return
    if isinstance(plain, list):
        yield from plain
    elif isinstance(plain, dict):
        if "target" in plain:
            yield plain
        for name in ("first", "items", "rows", "annotations"):
            if name in plain:
                inside = plain[name]
                yield from inside if isinstance(inside, list) else _items(inside, depth + 1)


def _taken(
    annotation: Mapping[str, Any], machines: Mapping[str, Claim], review: Review, author: str, exhibit: str
) -> Judgement | str:
    ours = next((b for b in _many(annotation.get("body")) if _is(b, "ascertain:Claim")), None)
    if ours is not None:
        return _ours(ours, machines, review, author, exhibit)
    span = _place(annotation, review)
    if isinstance(span, str):
        return span
    note = " ".join(_note(annotation).split())[:_LONGEST_NOTE]
    start, end = _sentence(review.text.body, span)
    words = Span(start=start, end=end, text=review.text.body[start:end])
    claim = Claim(frame=Frame.OTHER, sentence=words, clause=span, modality=Modality.ASSERTED, reason=note)
    return add(claim, author, exhibit, note)


def _ours(
    body: Mapping[str, Any], machines: Mapping[str, Claim], review: Review, author: str, exhibit: str
) -> Judgement | str:
    """What our own annotation says: the author's last judgement in it, with its claim anchored anew."""
    said = body.get("ascertain:judgements") or []
    last = said_by(author, said)
    if last is None:
        return OTHERS if said else ""
    decision, reason = Decision(last["judgement"]), str(last.get("reason", ""))
    correction = None
    if last.get("correction"):
        correction = placed_anew(Claim.model_validate(last["correction"]), as_quoted(review.text))
        if correction is None:
            return "words of its correction do not stand in the text, or in several places"
    if decision is Decision.ADDED:
        return add(correction, author, exhibit, reason) if correction else "an added claim is missing"
    machine = machines.get(str(body["ascertain:claim"]["id"]))
    if machine is None:
        return f"no claim {str(body['ascertain:claim']['id'])[:40]!r} of this exhibit as it is read now"
    if decision is Decision.CORRECTED and (correction is None or says_the_same(correction, machine)):
        return "it is corrected and yet as it was"
    return judge(machine, decision, author, exhibit, correction=correction, reason=reason)


def _place(annotation: Mapping[str, Any], review: Review) -> Span | str:
    """Where the words of an annotation stand: those of the first of its targets that has some."""
    selectors = [
        selector
        for target in _many(annotation.get("target"))
        if isinstance(target, dict)
        for selector in selectors_from_json(target.get("selector"), review.text.body)
    ]
    if not selectors:
        return "it quotes no words"
    found = anchor(selectors[0], review.text)
    quote = " ".join(selectors[0].quote.exact.split())[:60]
    if not isinstance(found, Anchored):
        return f"“{quote}”: {found.why.value}"
    if found.how is How.CLOSE:
        return f"“{quote}”: the text has “{found.text[:60]}”"
    return Span(start=found.start, end=found.end, text=found.text)


def _note(annotation: Mapping[str, Any]) -> str:
    """What the annotation says: Hypothesis has `text` and `tags`, the standard textual bodies."""
    parts = [annotation.get("text"), annotation.get("bodyValue")]
    for body in _many(annotation.get("body")):
        parts.append(body.get("value") if isinstance(body, dict) else body)
    tags = annotation.get("tags")
    parts += tags if isinstance(tags, list) else []
    return "; ".join(part for part in parts if isinstance(part, str) and part.strip())


def _sentence(body: str, span: Span) -> tuple[int, int]:
    """The sentences in which a span stands, from the first to the last."""
    around = max(0, span.start - _AROUND), min(len(body), span.end + _AROUND)
    touched = [(a, b) for a, b in sentences(body, *around) if a < span.end and span.start < b]
    return min(a for a, _ in touched), max(b for _, b in touched)


def _quote(span: Span) -> TextQuote:
    return TextQuote(span.text)


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _is(body: Any, kind: str) -> bool:
    return isinstance(body, dict) and kind in _many(body.get("type"))
