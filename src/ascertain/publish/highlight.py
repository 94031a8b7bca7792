"""A text cut where its claims begin and end, so that each claim's words can be marked in place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ascertain.model.claim import Claim


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


@dataclass(frozen=True, slots=True)
class _Piece:
    """From where to where a segment runs, in which paragraph and in which claims."""

    paragraph: int
    start: int
    end: int
    claims: tuple[int, ...]


def paragraphs(body: str, claims: Sequence[Claim]) -> list[list[Segment]]:
    """The body's paragraphs in reading order, each cut into segments; together they hold every word of the body."""
    pieces = list(_pieces(body, claims))
    firsts = {number: place for place, piece in reversed([*enumerate(pieces)]) for number in piece.claims}
    lasts = {number: place for place, piece in enumerate(pieces) for number in piece.claims}
    lengths = [claim.clause.end - claim.clause.start for claim in claims]
    found: dict[int, list[Segment]] = {}
    for place, piece in enumerate(pieces):
        segment = Segment(
            text=body[piece.start : piece.end],
            claims=piece.claims,
            inner=min(piece.claims, key=lambda number: (lengths[number - 1], number), default=0),
            begins=tuple(number for number in piece.claims if firsts[number] == place),
            ends=tuple(number for number in piece.claims if lasts[number] == place),
        )
        found.setdefault(piece.paragraph, []).append(segment)
    return list(found.values())


def located(text: Iterable[Iterable[Segment]]) -> frozenset[int]:
    """The claims that are marked somewhere in the text: one with an empty clause, or a wrong one, is not."""
    return frozenset(number for block in text for segment in block for number in segment.claims)


def _pieces(body: str, claims: Sequence[Claim]) -> Iterator[_Piece]:
    edges = sorted({edge for claim in claims for edge in (claim.clause.start, claim.clause.end)})
    for paragraph, (start, end) in enumerate(_blocks(body)):
        cuts = [start, *(edge for edge in edges if start < edge < end), end]
        for first, last in pairwise(cuts):
            yield _Piece(paragraph, first, last, _covering(first, last, claims))


def _covering(start: int, end: int, claims: Sequence[Claim]) -> tuple[int, ...]:
    return tuple(n for n, claim in enumerate(claims, 1) if claim.clause.start <= start and end <= claim.clause.end)


def _blocks(body: str) -> Iterator[tuple[int, int]]:
    """From where to where each paragraph runs: lines up to a blank one, without the blanks around them."""
    start, end, position = -1, -1, 0
    for line in body.split("\n"):
        if line.strip():
            start = start if start >= 0 else position + len(line) - len(line.lstrip())
            end = position + len(line.rstrip())
        elif start >= 0:
            yield start, end
            start = -1
        position += len(line) + 1
    if start >= 0:
        yield start, end
