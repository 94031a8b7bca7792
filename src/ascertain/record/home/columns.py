"""The types of the tables' columns, the same on SQLite and on PostgreSQL: what goes in, what comes out, in which order.

PostgreSQL's text cannot hold U+0000, SQLite's can. A column of text holds U+2400 (SYMBOL FOR NULL) in its place, on
both, so that the tables are equal row for row; the entry's bytes keep what was said.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Dialect, Double, Integer, String, Table, TypeDecorator
from sqlalchemy.dialects.postgresql import TEXT
from sqlalchemy.types import TypeEngine

# Sizes and sequence numbers do not fit 32 bits; SQLite's INTEGER has 64, and as a primary key needs that very name.
Whole = BigInteger().with_variant(Integer(), "sqlite")


class Text(TypeDecorator[str]):
    """Text, compared and ordered by its code points whatever the database's own language is."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type of this database: PostgreSQL's collation "C" is the order that SQLite and Python have."""
        return TEXT(collation="C") if dialect.name == "postgresql" else String()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The text as a column holds it."""
        return None if value is None else as_kept(value)


class Number(TypeDecorator[float]):
    """A number in binary64. SQLite keeps no negative nought, so no column does."""

    impl = Double
    cache_ok = True

    def process_bind_param(self, value: float | None, dialect: Dialect) -> float | None:
        """The number as a column holds it."""
        return None if value is None else value + 0.0


def as_kept(text: str) -> str:
    """A text as a column holds it: without U+0000."""
    return text.replace("\0", "\u2400")


def found_by_equality(table: Table, *columns: str) -> None:
    """Let PostgreSQL index these columns by hash: an entry of its ordered index may be no longer than 2,704 bytes."""
    for index in table.indexes:
        if {column.name for column in index.columns} <= set(columns):
            index.dialect_options["postgresql"]["using"] = "hash"
