"""The claims of a dataset that stand, from the objects of its releases: the last that was said of each key."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ascertain.model.dataset import CLAIMS, Anchor, cell_fragment
from ascertain.read.datasets.queries import standing_query
from ascertain.read.datasets.reading import open_engine


def standing_claims(objects: Sequence[Path], scratch: Path, columns: Sequence[str] = tuple(CLAIMS.names)) -> pa.Table:
    """The claims that stand after the releases whose objects are given in order, in the columns of `CLAIMS` asked for.

    Sorted by exhibit and row. `scratch` is a folder for what does not fit into memory.
    """
    wanted = pa.schema([CLAIMS.field(name) for name in columns])
    if not objects:
        return wanted.empty_table()
    listed = ", ".join(f'"{name}"' for name in wanted.names)
    needed = ", ".join(f'"{name}"' for name in dict.fromkeys((*wanted.names, "exhibit", "row")))
    query = f"""
        SELECT {listed} FROM ({standing_query([str(path) for path in objects], needed)})
        WHERE change <> 'withdrawn' ORDER BY "exhibit", "row"
    """
    with open_engine(scratch) as engine:
        return engine.sql(query).to_arrow_table().cast(wanted)


def anchors(claim: Mapping[str, Any], columns: Mapping[str, Sequence[Any]]) -> tuple[Anchor, ...]:
    """Where the words behind each slot of a claim stand (a row of `standing_claims`, with `row` and `cells`).

    `columns` is what the object of the claim's release says of its columns: see `object_says`.
    """
    found = []
    for slot, (number, title) in columns.items():
        text = (claim["cells"] or {}).get(slot)
        if text is not None:
            found.append(Anchor(slot, cell_fragment(claim["row"], number), title, text))
    return tuple(found)


def object_says(path: Path) -> dict[str, Any]:
    """What a release's object says of itself: reader, mapping, dataset, release, exhibit, columns by slot."""
    said: dict[str, Any] = json.loads(pq.read_metadata(path).metadata[b"ascertain"])
    return said


def has_claim(path: Path, claim: str) -> bool:
    """Whether a release's object has a claim of this id."""
    return bool(pq.read_table(path, columns=["claim"], filters=[("claim", "=", claim)]).num_rows)
