"""Prove to somebody who has no access that an entry is in a record, or that a record only grew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from ascertain.errors import RecordDamaged, UsageError
from ascertain.jobs.custody import find_exhibit, last_checkpoint
from ascertain.record import tables
from ascertain.record.custody.keys import key_ring
from ascertain.record.merkle import leaf_hash
from ascertain.record.proofs import (
    consistency_spans,
    inclusion_spans,
    is_consistent,
    is_included,
    node_hashes,
    path,
)
from ascertain.record.store import Record

_AT_ONCE = 10_000


def prove_entry(record: Record, name: str) -> dict[str, Any]:
    """The proof that an entry is in the log, by its number or by the exhibit that it brought in.

    It leads to the last checkpoint, if that covers the entry, otherwise to the log as it stands, which nobody signed.
    The value is the JSON object of docs/record-format.md, section 11. Raises UsageError, RecordDamaged.
    """
    index = int(name) if name.isascii() and name.isdecimal() and len(name) < 16 else find_exhibit(record, name)[1]
    size, note = _signed_size(record, index)
    if index >= size:
        raise UsageError(f"this record has {size} entries and no entry {index}")
    with record.reading() as connection:
        data = connection.execute(select(tables.log.c.entry).where(tables.log.c.seq == index)).scalar_one()
        spans = inclusion_spans(index, size)
        hashes = node_hashes(_leaves(connection, size), size, {*spans, (0, size)})
        origin, keys = _signers(connection, size)
    root, proof = hashes[0, size], path(spans, hashes)
    if not is_included(leaf_hash(data), index, size, proof, root):
        raise RecordDamaged(f"entry {index} is not what was logged", next_step="run `ascertain verify`")
    return {
        "format": 1,
        "proof": "inclusion",
        "origin": origin,
        "entry": data.decode("utf-8"),
        "index": index,
        "size": size,
        "root": root.hex(),
        "path": [hashed.hex() for hashed in proof],
        "checkpoint": note,
        "keys": keys,
    }


def prove_growth(record: Record, old: int) -> dict[str, Any]:
    """The proof that the log begins with its first `old` entries as they were, as a JSON object like the other."""
    size, note = _signed_size(record, old - 1)
    if not 1 <= old <= size:
        raise UsageError(f"this record has {size} entries; a proof can begin at 1 to {size}")
    with record.reading() as connection:
        spans = consistency_spans(old, size)
        hashes = node_hashes(_leaves(connection, size), size, {*spans, (0, size)})
        before = node_hashes(_leaves(connection, old), old, {(0, old)})[0, old]
        origin, keys = _signers(connection, size)
    root, proof = hashes[0, size], path(spans, hashes)
    if not is_consistent(old, size, before, root, proof):
        raise RecordDamaged("the log did not only grow", next_step="run `ascertain verify`")
    return {
        "format": 1,
        "proof": "consistency",
        "origin": origin,
        "from": {"size": old, "root": before.hex()},
        "size": size,
        "root": root.hex(),
        "path": [hashed.hex() for hashed in proof],
        "checkpoint": note,
        "keys": keys,
    }


def _signed_size(record: Record, covering: int) -> tuple[int, str | None]:
    signed = last_checkpoint(record, covering)
    return (signed.size, signed.note) if signed else (record.head().size, None)


def _leaves(connection: Connection, size: int) -> Iterator[bytes]:
    wanted = select(tables.log.c.leaf).where(tables.log.c.seq < size).order_by(tables.log.c.seq)
    for (leaf,) in connection.execute(wanted.execution_options(yield_per=_AT_ONCE)):
        yield leaf


def _signers(connection: Connection, size: int) -> tuple[str, list[str]]:
    """The log's origin, and the keys that were in use for a checkpoint of this size."""
    ring = key_ring(connection)
    in_use = [
        str(found.key)
        for found in ring.all()
        if found.declared < size and (found.retired is None or found.retired >= size)
    ]
    return ring.origin, in_use
