"""The rows of a table in the terminal: for each table the columns that a person wants first."""

from __future__ import annotations

from typing import Any

from rich.table import Table
from rich.text import Text

from ascertain.cli.output import shown

_COLUMNS = {
    "documents": ("id", "party", "symbol", "published", "kind", "title"),
    "findings": ("incident", "party", "question", "answer", "agent", "actor", "phrase", "document"),
    "incidents": ("id", "name", "kind", "when", "place"),
    "positions": ("party", "incident", "stance", "document"),
    "figures": ("subject", "measure", "count", "when", "document"),
    "parties": ("id", "name", "kind", "part_of", "independent"),
    "places": ("id", "name", "name_ar", "admin1", "pcode", "precision_km"),
}


def rows_table(table: str, rows: list[dict[str, Any]]) -> Table:
    """Rows as a table to print."""
    columns = list(_COLUMNS.get(table, ()) or list(rows[0] if rows else ())[:6])
    drawn = Table(header_style="bold")
    for name in columns:
        drawn.add_column(name, overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(shown(str(row[name] if row[name] is not None else ""))) for name in columns))
    return drawn
