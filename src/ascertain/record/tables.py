"""The SQL tables: the log and its heads, which are the record; derived tables, which are a function of the log."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    func,
    select,
)  # fmt: skip
from sqlalchemy.types import TypeEngine

from ascertain.model.count import parse_count
from ascertain.model.moment import parse_moment
from ascertain.model.reference import ROWS, IsCount, IsMoment, Row

metadata = MetaData()
LARGEST = 2**63 - 1  # what SQLite keeps as an integer

log = Table(
    "log",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("time", String, nullable=False),
    Column("author", String, nullable=False),
    Column("kind", String, nullable=False, index=True),
    Column("entry", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
)

# One row a commit: the tree as it stood then, so that entries lost from the end are noticed.
heads = Table(
    "heads",
    metadata,
    Column("size", Integer, primary_key=True),
    Column("root", LargeBinary, nullable=False),
    Column("peaks", LargeBinary, nullable=False),
)

APPEND_ONLY = (log, heads)

exhibits = Table(
    "exhibits",
    metadata,
    Column("id", String, primary_key=True),
    Column("size", BigInteger),
    Column("media_type", String),
    Column("entered", Integer),
    # The object that holds its bytes: of the exhibit's own name, or the ciphertext of a sealed one.
    Column("object", String),
    Column("particulars", String),
    Column("erased", Integer),
)

acquisitions = Table(
    "acquisitions",
    metadata,
    Column("entered", Integer, primary_key=True),
    Column("exhibit", String, index=True),
    Column("original_name", String),
    Column("note", String),
    Column("source", String),
    Column("published", String),
    Column("url", String),
    Column("time", String),
    Column("author", String),
)

claims = Table(
    "claims",
    metadata,
    Column("id", String, primary_key=True),
    Column("entered", Integer, primary_key=True),
    Column("exhibit", String, index=True),
    Column("frame", String),
    Column("start", Integer),
    Column("claim", String),
    Column("reader", String),
)

checks = Table(
    "checks",
    metadata,
    Column("entered", Integer, primary_key=True),
    Column("exhibit", String, index=True),
    Column("as_of", String),
    Column("readings", String),
    Column("result", String),
    Column("verdicts", String),
    Column("time", String),
    Column("author", String),
)


keys = Table(
    "keys",
    metadata,
    Column("entered", Integer, primary_key=True),
    Column("key", String),
    Column("replaces", String),
)

retired_keys = Table(
    "retired_keys",
    metadata,
    Column("entered", Integer, primary_key=True),
    Column("key_id", String),
    Column("reason", String),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("entered", Integer, primary_key=True),
    Column("size", Integer),
    Column("root", String),
    Column("note", String),
    Column("time", String),
    Column("author", String),
)

timestamps = Table(
    "timestamps",
    metadata,
    Column("entered", Integer, primary_key=True),
    Column("subject_kind", String),
    Column("subject", String, index=True),
    Column("digest", String),
    Column("authority", String),
    Column("time", String),
    Column("token", String),
)

recipients = Table(
    "recipients",
    metadata,
    Column("entered", Integer, primary_key=True),
    Column("name", String),
    Column("key", String),
)

access = Table(
    "access",
    metadata,
    Column("entered", Integer, primary_key=True),
    Column("subject_kind", String),
    Column("subject", String, index=True),
    Column("access", String),
    Column("reason", String),
    Column("authority", String),
    Column("time", String),
    Column("author", String),
)

derivations = Table(
    "derivations",
    metadata,
    Column("entered", Integer, primary_key=True),
    Column("exhibit", String, index=True),
    Column("origin", String, index=True),
    Column("method", String),
    Column("details", String),
)

captures = Table(
    "captures",
    metadata,
    Column("entered", Integer, primary_key=True),
    Column("exhibit", String, index=True),
    Column("url", String, index=True),
    Column("facts", String),
    Column("time", String),
    Column("author", String),
)

relations = Table(
    "relations",
    metadata,
    Column("a", String, primary_key=True),
    Column("b", String, primary_key=True),
    Column("method", String, primary_key=True),
    Column("entered", Integer, primary_key=True),
    Column("distance", Float),
    Column("threshold", Float),
)

failures = Table(
    "failures",
    metadata,
    Column("entered", Integer, primary_key=True),
    Column("stage", String),
    Column("item", String, index=True),
    Column("code", String),
    Column("reason", String),
    Column("time", String),
    Column("author", String),
)

bundles = Table(
    "bundles",
    metadata,
    Column("entered", Integer, primary_key=True),
    Column("name", String),
    Column("origin", String),
    Column("size", Integer),
    Column("root", String),
    Column("time", String),
    Column("author", String),
)


def number_of(connection: Connection, table: Table) -> int:
    """How many rows a table has."""
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _columns(row: type[Row]) -> list[Column[Any]]:
    columns: list[Column[Any]] = []
    for name, field in row.model_fields.items():
        plain = name.rstrip("_")
        kind: type[TypeEngine[Any]] = Float if "float" in str(field.annotation) else String
        columns.append(Column(plain, kind, primary_key=plain == "id"))
        if any(isinstance(mark, IsMoment) for mark in field.metadata):
            columns += [Column(f"{plain}_earliest", String), Column(f"{plain}_latest", String)]
        if any(isinstance(mark, IsCount) for mark in field.metadata):
            columns += [Column(f"{plain}_low", Integer), Column(f"{plain}_high", Integer)]
    return columns


def _reference_table(row: type[Row]) -> Table:
    return Table(
        row.table,
        metadata,
        *_columns(row),
        Column("reference", String),
        Column("from_entry", Integer, primary_key=True),
        Column("until_entry", Integer),
    )


# What the record adds to every reference row: the reference it came with, the entries between which it stands.
BOOKKEEPING = ("reference", "from_entry", "until_entry")

REFERENCE: dict[str, Table] = {row.table: _reference_table(row) for row in ROWS}
DERIVED: tuple[Table, ...] = (
    exhibits, acquisitions, claims, checks, keys, retired_keys, checkpoints, timestamps, recipients, access,
    derivations, captures, relations, failures, bundles, *REFERENCE.values(),
)  # fmt: skip


def column_values(row: Row) -> dict[str, Any]:
    """A reference row as the values of its table's columns: moments with their days, counts with their bounds."""
    values: dict[str, Any] = {}
    for name, field in type(row).model_fields.items():
        plain, value = name.rstrip("_"), getattr(row, name)
        values[plain] = json.dumps(value, ensure_ascii=False) if isinstance(value, tuple) else value
        if isinstance(value, bool):
            values[plain] = "yes" if value else "no"
        if any(isinstance(mark, IsMoment) for mark in field.metadata):
            moment = parse_moment(value) if value else None
            values[f"{plain}_earliest"] = moment.earliest.isoformat() if moment else None
            values[f"{plain}_latest"] = moment.latest.isoformat() if moment else None
        if any(isinstance(mark, IsCount) for mark in field.metadata):
            count = parse_count(value) if value else None
            values[f"{plain}_low"] = count.low if count else None
            values[f"{plain}_high"] = count.high if count else None
    return values
