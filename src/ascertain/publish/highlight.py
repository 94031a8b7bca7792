"""A text cut where its claims begin and end, so that each claim's words can be marked in place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ascertain.model.claim import Claim, Span

_PARAGRAPH = re.compile(r"\S(?:.*?\S)??(?=\s*?\n\s*?\n|\s*\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Segment:
    """Words that lie in the same claims. Claims go by their number from 1.

    `inner` is the claim with the shortest clause among `claims` (0 for none); `begins` and `ends` are the claims whose
    first or last words these are, so that a claim cut into several segments has one beginning and one end.
    """

    text: str
    claims: tuple[int, ...]
    inner: int
    begins: tuple[int, ...]
    ends: tuple[int, ...]


def paragraphs(body: str, claims: Sequence[Claim]) -> list[list[Segment]]:
    """The body's paragraphs in reading order, each cut into segments; together they hold every word of the body."""
    blocks = [found.span() for found in _PARAGRAPH.finditer(body)]
    pieces = [piece for block in blocks for piece in _pieces(*block, claims)]
    covering = [_covering(piece, claims) for piece in pieces]
    firsts = {number: place for place, numbers in reversed([*enumerate(covering)]) for number in numbers}
    lasts = {number: place for place, numbers in enumerate(covering) for number in numbers}
    found: dict[tuple[int, int], list[Segment]] = {block: [] for block in blocks}
    for place, ((start, end), numbers) in enumerate(zip(pieces, covering, strict=True)):
        segment = Segment(
            text=body[start:end],
            claims=numbers,
            inner=min(numbers, key=lambda n: (_length(claims[n - 1].clause), n), default=0),
            begins=tuple(n for n in numbers if firsts[n] == place),
            ends=tuple(n for n in numbers if lasts[n] == place),
        )
        found[next(block for block in blocks if block[0] <= start < block[1])].append(segment)
    return list(found.values())


def located(text: Iterable[Iterable[Segment]]) -> frozenset[int]:
    """The claims that are marked somewhere in the text: one with an empty clause, or a wrong one, is not."""
    return frozenset(number for block in text for segment in block for number in segment.claims)


def _pieces(start: int, end: int, claims: Sequence[Claim]) -> list[tuple[int, int]]:
    edges = {edge for claim in claims for edge in (claim.clause.start, claim.clause.end) if start < edge < end}
    cuts = [start, *sorted(edges), end]
    return list(zip(cuts, cuts[1:], strict=False))


def _covering(piece: tuple[int, int], claims: Sequence[Claim]) -> tuple[int, ...]:
    start, end = piece
    return tuple(n for n, claim in enumerate(claims, 1) if claim.clause.start <= start and end <= claim.clause.end)


def _length(span: Span) -> int:
    return span.end - span.start
