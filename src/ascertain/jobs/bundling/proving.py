"""The proofs of a bundle, some thousands in each pass over the leaves, so that memory does not grow with the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from sqlalchemy import Connection, select

from ascertain.errors import RecordDamaged
from ascertain.record import tables
from ascertain.record.proofs import Span, consistency_spans, inclusion_spans, node_hashes, path

_IN_A_PASS = 25_000
_AT_ONCE = 10_000


def inclusion_proofs(
    connection: Connection, numbers: Iterable[int], size: int, root: bytes
) -> Iterator[tuple[int, tuple[bytes, ...]]]:
    """For each entry the proof that it is in the tree over the first `size`. Raises RecordDamaged for another root."""
    waiting = iter(numbers)
    while some := list(islice(waiting, _IN_A_PASS)):
        yield from _proofs(connection, [(seq, inclusion_spans(seq, size)) for seq in some], size, root)


def growth_proofs(
    connection: Connection, olds: Sequence[int], size: int, root: bytes
) -> Iterator[tuple[int, tuple[bytes, ...]]]:
    """For each smaller size the proof that the tree over `size` entries begins with its tree."""
    waiting = iter(olds)
    while some := list(islice(waiting, _IN_A_PASS)):
        yield from _proofs(connection, [(old, consistency_spans(old, size)) for old in some], size, root)


def _proofs(
    connection: Connection, wanted: list[tuple[int, tuple[Span, ...]]], size: int, root: bytes
) -> Iterator[tuple[int, tuple[bytes, ...]]]:
    spans = {span for _, some in wanted for span in some} | {(0, size)}
    hashes = node_hashes(_leaves(connection, size), size, spans)
    if hashes[0, size] != root:
        raise RecordDamaged("the log does not have the root that was signed", next_step="run `ascertain verify`")
    for number, some in wanted:
        yield number, path(some, hashes)


def _leaves(connection: Connection, size: int) -> Iterator[bytes]:
    wanted = select(tables.log.c.leaf).where(tables.log.c.seq < size).order_by(tables.log.c.seq)
    for (leaf,) in connection.execute(wanted.execution_options(yield_per=_AT_ONCE)):
        yield leaf
