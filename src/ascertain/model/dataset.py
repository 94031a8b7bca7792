"""The claims of datasets as Arrow tables: the columns, their units, and what a null says.

A row of a dataset is one claim of frame `attack`: its speaker is the dataset, its `via` the source that the row itself
names. The counts of persons in it are estimates of the same incident, each with the bounds that the dataset gives.
A null says that the dataset does not say it; nothing is filled in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyarrow as pa

# Who was counted. Each has three columns: `killed_low`, `killed`, `killed_high`.
COUNTED: Final = ("killed", "killed_civilians", "injured", "displaced", "missing", "detained")
COUNTS: Final = tuple(name for counted in COUNTED for name in (f"{counted}_low", counted, f"{counted}_high"))
# Slots whose value is the cell's text as it stands.
TEXTS: Final = (
    "speaker",
    "via",
    "weapon",
    "place",
    "admin1",
    "admin2",
    "country",
    "actor_a",
    "actor_a_with",
    "actor_b",
    "actor_b_with",
    "target",
    "grade",
    "text",
    "url",
)
# Every slot that a column of a dataset can be.
SLOTS: Final = (
    "type",
    "type_broad",
    "when",
    "when_end",
    "when_precision",
    "lon",
    "lat",
    "point",
    "place_precision",
    *TEXTS,
    *COUNTS,
)

_DAYS = [pa.field("when_earliest", pa.date32()), pa.field("when_latest", pa.date32())]
_TEXT = pa.string()

CLAIMS: Final = pa.schema(
    [
        pa.field("claim", _TEXT, nullable=False),
        pa.field("exhibit", _TEXT, nullable=False),
        pa.field("row", pa.int64()),
        pa.field("dataset", _TEXT, nullable=False),
        pa.field("release", _TEXT, nullable=False),
        pa.field("key", _TEXT),
        pa.field("type", _TEXT),
        *_DAYS,
        pa.field("date_precision_days", pa.int32()),
        pa.field("lon", pa.float64()),
        pa.field("lat", pa.float64()),
        pa.field("precision_km", pa.float64()),
        *[pa.field(name, _TEXT) for name in TEXTS],
        *[pa.field(name, pa.int64()) for name in COUNTS],
        pa.field("cells", pa.struct([pa.field(name, _TEXT) for name in SLOTS])),
    ]
)
"""The claims that stand, one row each.

- `claim`: the claim's id, 32 hexadecimal digits; a hash of dataset, exhibit, mapping, reader and key.
- `exhibit`, `row`: the bytes, and the row in them as RFC 7111 numbers rows (the first, often a header, is 1).
- `dataset`, `release`: the names that the dataset and its release were read under.
- `key`: what names the row from one release to the next.
- `type`: an id of `attack_types`; null when the dataset's own word has none (the word is in `cells`).
- `when_earliest`, `when_latest`: the first and last day that the dates and the precision code allow, both included.
- `date_precision_days`: within how many days the dataset places the event (1: the day is known).
- `lon`, `lat`: degrees, WGS 84, as the dataset has them.
- `precision_km`: how far from the point, in km, the place may be, by the mapping's declared table.
- `speaker` says it, and names `via` as its source. `grade` is the dataset's own word for how sure it is.
- `actor_a`, `actor_b`, with their allies in `…_with`: as the dataset orders them. The order says nothing of guilt.
- counts: persons; `low` and `high` are the dataset's own bounds, the plain name is its best estimate.
- `cells`: the words behind every slot, as they stand in the row.
"""

CHANGE: Final = ("new", "changed", "restored", "withdrawn", "failed")
BOOKKEEPING: Final = (
    pa.field("change", _TEXT, nullable=False),
    pa.field("replaces", _TEXT),
    pa.field("fingerprint", _TEXT),
    pa.field("problem", _TEXT),
    pa.field("reason", _TEXT),
)
ROWS: Final = pa.schema([*BOOKKEEPING, *CLAIMS])
"""What a release's object holds: the claims that are new with it, and what became of those before.

- `change`: `new`, `changed` (in place of the claim `replaces`), `restored` (its key was withdrawn once), `withdrawn`
  (the release no longer has the key of the claim `claim`), or `failed` (the row is no claim: `problem` names why in a
  stable word, `reason` in words; all slots are null and `claim` is empty).
- `fingerprint`: a hash of everything that was read from the row, by which the next release knows it again.
"""


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where the words behind a slot stand: a fragment after RFC 7111, the column's header, and the words."""

    slot: str
    fragment: str
    column: str
    text: str


def row_fragment(row: int) -> str:
    """The fragment identifier of a row (RFC 7111, section 2.1): `row=12`. Rows are counted from 1, headers included."""
    return f"row={row}"


def cell_fragment(row: int, column: int) -> str:
    """The fragment identifier of a cell (RFC 7111, section 2.3): `cell=12,3`. Rows and columns count from 1."""
    return f"cell={row},{column}"
