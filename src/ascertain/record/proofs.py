"""Proofs over the log's tree (RFC 6962, section 2.1): that an entry is in it, that it only grew.

They are checked as RFC 9162, section 2.1, says.

A node of the tree is known by its span: the first leaf below it and the one past its last. The spans that a proof needs
follow from numbers alone; one pass over the leaf hashes gives the hashes of any number of spans, in memory that grows
with the proofs and the tree's height, not with the log.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice

from ascertain.record.merkle import EMPTY_ROOT, node_hash

Span = tuple[int, int]
HASH_BYTES = 32


def inclusion_spans(index: int, size: int) -> tuple[Span, ...]:
    """The nodes of an inclusion proof for one leaf, from the leaf's sibling up. Raises ValueError outside the tree."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    spans: list[Span] = []
    first, last = 0, size
    while last - first > 1:
        split = first + _largest_power_below(last - first)
        if index < split:
            spans.append((split, last))
            last = split
        else:
            spans.append((first, split))
            first = split
    return tuple(reversed(spans))


def consistency_spans(old: int, new: int) -> tuple[Span, ...]:
    """The nodes of a consistency proof between two sizes of one tree. Raises ValueError unless 1 ≤ old ≤ new."""
    if not 1 <= old <= new:
        raise ValueError(f"no tree of {new} leaves grew from one of {old}")
    spans: list[Span] = []
    first, last = 0, new
    while last != old:
        split = first + _largest_power_below(last - first)
        if old <= split:
            spans.append((split, last))
            last = split
        else:
            spans.append((first, split))
            first = split
    if first:  # a part of the old tree that its own root does not stand for
        spans.append((first, last))
    return tuple(reversed(spans))


def node_hashes(leaves: Iterable[bytes], size: int, wanted: Collection[Span]) -> dict[Span, bytes]:
    """The hashes of nodes of the tree over the first `size` leaf hashes, in one pass.

    Raises ValueError when there are fewer leaves than `size`, or when a span is no node of that tree.
    """
    missing = set(wanted)
    found: dict[Span, bytes] = {}
    peaks: list[tuple[Span, bytes]] = []
    count = 0
    for count, leaf in enumerate(islice(leaves, size), start=1):
        _push(peaks, (count - 1, count), leaf, missing, found)
    if count != size:
        raise ValueError(f"there are {count} leaves, not {size}")
    while len(peaks) > 1:  # the right edge: nodes that are not full
        (_, last), right = peaks.pop()
        (first, _), left = peaks.pop()
        peaks.append(((first, last), node_hash(left, right)))
        _keep(*peaks[-1], missing, found)
    if missing:
        raise ValueError(f"no node of a tree of {size} leaves spans {min(missing)}")
    return found


def prove_inclusion(leaves: Iterable[bytes], index: int, size: int) -> tuple[bytes, ...]:
    """The proof that the leaf `index` is in the tree over the first `size` leaf hashes."""
    return path(inclusion_spans(index, size), node_hashes(leaves, size, inclusion_spans(index, size)))


def prove_consistency(leaves: Iterable[bytes], old: int, new: int) -> tuple[bytes, ...]:
    """The proof that the tree over the first `new` leaf hashes begins with the tree over the first `old`."""
    return path(consistency_spans(old, new), node_hashes(leaves, new, consistency_spans(old, new)))


def path(spans: Iterable[Span], hashes: Mapping[Span, bytes]) -> tuple[bytes, ...]:
    """A proof's hashes in their order."""
    return tuple(hashes[span] for span in spans)


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether a proof shows that a leaf hash stands at `index` in the tree of `size` leaves with this root."""
    return is_included_in(leaf, index, (0, size), proof, root)


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that the tree of `new` leaves begins with the tree of `old` leaves."""
    return old > 0 and is_subtree((0, old), new, old_root, new_root, proof)


def is_included_in(leaf: bytes, index: int, span: Span, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether a leaf hash stands at `index` in the subtree of this span and root; the whole tree is (0, size)."""
    if not _may_span(span) or not span[0] <= index < span[1] or not _are_hashes(leaf, *proof):
        return False
    at, last, hashed = index - span[0], span[1] - span[0] - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            hashed = node_hash(sibling, hashed)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            hashed = node_hash(hashed, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and hashed == root


def is_subtree(span: Span, size: int, subtree_root: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that the tree of `size` leaves holds a subtree of this span and root.

    As in draft-ietf-plants-merkle-tree-certs, section 4.4. A tree that grew holds the older one as (0, its size).
    """
    if span[0] == span[1] <= size:
        return subtree_root == EMPTY_ROOT and not proof
    if not _may_span(span) or span[1] > size or (proof and not _are_hashes(subtree_root, *proof)):
        return False
    first, last, end = span[0], span[1] - 1, size - 1
    while first != last and (last & 1 or last == end):
        first, last, end = first >> 1, last >> 1, end >> 1
    rest = list(proof)
    if first != last and not rest:
        return False
    smaller = larger = subtree_root if first == last else rest.pop(0)
    for sibling in rest:
        if end == 0:
            return False
        if last & 1 or last == end:
            if first < last:
                smaller = node_hash(sibling, smaller)
            larger = node_hash(sibling, larger)
            while not last & 1 and last:
                first, last, end = first >> 1, last >> 1, end >> 1
        else:
            larger = node_hash(larger, sibling)
        first, last, end = first >> 1, last >> 1, end >> 1
    return end == 0 and smaller == subtree_root and larger == root


def _may_span(span: Span) -> bool:
    """Whether leaves from `span[0]` to before `span[1]` can be a subtree: it begins at a multiple of its full width."""
    first, last = span
    return 0 <= first < last and first % (1 << (last - first - 1).bit_length()) == 0


def _are_hashes(*hashes: bytes) -> bool:
    return all(len(hashed) == HASH_BYTES for hashed in hashes)


def _largest_power_below(size: int) -> int:
    """The largest power of two that is smaller than a size of two or more."""
    return 1 << (size - 1).bit_length() - 1


def _push(
    peaks: list[tuple[Span, bytes]], span: Span, hashed: bytes, missing: set[Span], found: dict[Span, bytes]
) -> None:
    _keep(span, hashed, missing, found)
    while peaks and peaks[-1][0][1] - peaks[-1][0][0] == span[1] - span[0]:
        (first, _), left = peaks.pop()
        span, hashed = (first, span[1]), node_hash(left, hashed)
        _keep(span, hashed, missing, found)
    peaks.append((span, hashed))


def _keep(span: Span, hashed: bytes, missing: set[Span], found: dict[Span, bytes]) -> None:
    if span in missing:
        missing.discard(span)
        found[span] = hashed
