"""Pieces of a long text, with overlap: a claim at the edge of one lies whole in the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ascertain.read.sentences import sentences

LARGEST = 6000
OVERLAP = 600


@dataclass(frozen=True, slots=True)
class Chunk:
    """Characters `start` up to but without `end` of a body."""

    start: int
    end: int


def chunks(
    body: str, blocks: Sequence[tuple[int, int]], largest: int = LARGEST, overlap: int = OVERLAP
) -> tuple[Chunk, ...]:
    """Pieces of at most `largest` characters that begin and end with sentences of `blocks` (start, end).

    A piece begins with the sentences that end the one before, up to `overlap` characters of them. A sentence that is
    longer than `largest` is cut.
    """
    spans = [part for start, end in blocks for span in sentences(body, start, end) for part in _cut(*span, largest)]
    made: list[Chunk] = []
    first = 0
    while first < len(spans):
        last = first
        while last + 1 < len(spans) and spans[last + 1][1] - spans[first][0] <= largest:
            last += 1
        made.append(Chunk(spans[first][0], spans[last][1]))
        if last + 1 == len(spans):
            break
        first = _next(spans, first, last, largest, overlap)
    return tuple(made)


def _next(spans: Sequence[tuple[int, int]], first: int, last: int, largest: int, overlap: int) -> int:
    """The first sentence of the piece after `first`..`last`: as far back as the overlap and the next sentence allow."""
    following = last + 1
    while (
        following - 1 > first
        and spans[last][1] - spans[following - 1][0] <= overlap
        and spans[last + 1][1] - spans[following - 1][0] <= largest
    ):
        following -= 1
    return following


def _cut(start: int, end: int, largest: int) -> list[tuple[int, int]]:
    return [(at, min(at + largest, end)) for at in range(start, end, largest)]
