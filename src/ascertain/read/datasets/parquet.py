"""Parquet objects with the same bytes for the same rows: fixed settings, fixed order, no time and no name in them.

The bytes depend on the version of the Parquet library, which writes its name; ids of claims do not.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import pyarrow as pa
import pyarrow.parquet as pq

_SETTINGS: Final[dict[str, Any]] = {
    "version": "2.6",
    "compression": "zstd",
    "compression_level": 3,
    "use_dictionary": True,
    "data_page_version": "1.0",
    "store_schema": False,
    "write_statistics": True,
}
_PASSING: Final[dict[str, Any]] = {"compression": "lz4", "compression_level": None, "write_statistics": ["row"]}


class ParquetObject:
    """A Parquet file that is written in pieces, each one a row group."""

    def __init__(
        self, path: Path, schema: pa.Schema, said: dict[str, str] | None = None, *, passing: bool = False
    ) -> None:
        """`said` is what the file says of itself. A `passing` file is a working one: written quickly, and not kept."""
        self._schema = schema
        settings = _SETTINGS | _PASSING if passing else _SETTINGS
        self._writer = pq.ParquetWriter(path, schema, **settings)
        self._writer.add_key_value_metadata(dict(sorted((said or {}).items())))

    def write(self, rows: pa.Table) -> None:
        """Add rows, with the columns of the schema under their names; a column that lacks is null."""
        if not rows.num_rows:
            return
        columns = [
            rows[field.name].cast(field.type)
            if field.name in rows.column_names
            else pa.nulls(rows.num_rows, field.type)
            for field in self._schema
        ]
        whole = pa.Table.from_arrays(columns, schema=self._schema).combine_chunks()
        self._writer.write_table(whole, row_group_size=rows.num_rows)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._writer.close()
