"""The SQL of a reading: fingerprints of rows, what they are beside what stands, and the rows of a release."""

from __future__ import annotations

from typing import Final

from ascertain.model.dataset import SLOTS
from ascertain.read.datasets.binding import Bound
from ascertain.read.datasets.evaluation import READ

_BY_TABLE: Final = ("type", "when_earliest", "when_latest", "date_precision_days", "precision_km")


def fingerprints_query(bound: Bound) -> str:
    """For each row of the table `evaluated`, a hash of its words, and of what is read by way of tables and formats."""
    said = {f"cells.{slot}": f'cells."{slot}"' for slot in SLOTS if slot in bound.slots}
    said |= {name: f'"{name}"::VARCHAR' for name in _BY_TABLE}
    # What a row does not say leaves no trace, so a column that is new and empty changes nothing.
    parts = ", ".join(
        f"coalesce({literal(name + '=')} || strlen({one}) || ':' || {one}, '')" for name, one in said.items()
    )
    decimal = literal(bound.mapping.table.decimal)
    return f'SELECT substr(sha256(concat({decimal}, {parts})), 1, 32) AS fingerprint FROM evaluated ORDER BY "row"'


def changes_query(values: str, standing: str) -> str:
    """For each row of `values` what became of it, given the claims of `standing` (key, claim, fingerprint, stands).

    A key that comes again names another row, so only the first row of a key is a claim.
    """
    return f"""
        WITH first AS (
            SELECT key, min("row") AS first FROM {values} WHERE problem IS NULL GROUP BY key HAVING count(*) > 1
        )
        SELECT v."row",
            CASE WHEN v.problem IS NOT NULL THEN 'failed'
                WHEN v."row" <> f.first THEN 'duplicate'
                WHEN s.key IS NULL THEN 'new'
                WHEN NOT s.stands THEN 'restored'
                WHEN s.fingerprint <> v.fingerprint THEN 'changed'
                ELSE 'unchanged' END AS change,
            s.claim AS replaces, f.first
        FROM {values} v LEFT JOIN first f ON v.key = f.key LEFT JOIN {standing} s ON v.key = s.key
    """


def withdrawn_query(values: str, standing: str) -> str:
    """The claims that stood and whose key is in no row any more, not even in one that failed."""
    return f"""
        SELECT key, claim FROM {standing} s
        WHERE stands AND NOT EXISTS (SELECT 1 FROM {values} v WHERE v.key = s.key) ORDER BY key
    """


def claims_query(values: str, prefix: str) -> str:
    """The rows of a release from `values` and the table `changes`, between two row numbers (parameters), in order.

    A claim's id is a hash of the prefix (exhibit, mapping, reader) and the row's key.
    """
    failed = "change IN ('failed', 'duplicate')"
    read = [f'CASE WHEN {failed} THEN NULL ELSE v."{name}" END AS "{name}"' for name in (*READ, "cells", "fingerprint")]
    reason = "CASE WHEN change = 'duplicate' THEN 'the key is that of row ' || first ELSE reason END"
    return f"""
        SELECT CASE WHEN {failed} THEN 'failed' ELSE change END AS change,
            CASE WHEN change IN ('changed', 'restored') THEN replaces END AS replaces,
            CASE WHEN change = 'duplicate' THEN 'duplicate_key' ELSE problem END AS problem,
            {reason} AS reason,
            CASE WHEN {failed} THEN '' ELSE substr(sha256({literal(prefix)} || v.key), 1, 32) END AS claim,
            v."row", v.key, {", ".join(read)}
        FROM {values} v JOIN changes c ON v."row" = c."row"
        WHERE v."row" BETWEEN ? AND ? AND change <> 'unchanged' ORDER BY v."row"
    """


def standing_query(objects: list[str], columns: str) -> str:
    """What the objects of a dataset's releases, in their order, leave standing: the last that was said of each key."""
    parts = [
        f"SELECT {columns}, change, key AS of_key, {number} AS said FROM read_parquet({literal(path)}) "
        "WHERE change <> 'failed'"
        for number, path in enumerate(objects)
    ]
    return f"""
        SELECT * FROM ({" UNION ALL ".join(parts)})
        QUALIFY row_number() OVER (PARTITION BY of_key ORDER BY said DESC) = 1
    """


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''").replace("\0", "") + "'"
