"""The SQL tables: the log and its heads, which are the record; derived tables, which are a function of the log."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Column, Connection, LargeBinary, MetaData, Table, func, select
from sqlalchemy.types import TypeEngine

from ascertain.model.count import parse_count
from ascertain.model.moment import parse_moment
from ascertain.model.reference import ROWS, IsCount, IsMoment, Row
from ascertain.record.home.columns import Number, Text, Whole, found_by_equality

metadata = MetaData()
LARGEST = 2**63 - 1  # what SQLite keeps as an integer

log = Table(
    "log",
    metadata,
    Column("seq", Whole, primary_key=True, autoincrement=False),
    Column("time", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("kind", Text, nullable=False, index=True),
    Column("entry", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
)

# One row a commit: the tree as it stood then, so that entries lost from the end are noticed.
heads = Table(
    "heads",
    metadata,
    Column("size", Whole, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("peaks", LargeBinary, nullable=False),
)

APPEND_ONLY = (log, heads)

exhibits = Table(
    "exhibits",
    metadata,
    Column("id", Text, primary_key=True),
    Column("size", Whole),
    Column("media_type", Text),
    Column("entered", Whole),
    # The object that holds its bytes: of the exhibit's own name, or the ciphertext of a sealed one.
    Column("object", Text),
    Column("particulars", Text),
    # Of a sealed one: the entry that sealed it, its key's file, who can open it, the entry that erased it.
    Column("sealed", Whole),
    Column("key", Text),
    Column("recipients", Text),
    Column("erased", Whole),
)

acquisitions = Table(
    "acquisitions",
    metadata,
    Column("entered", Whole, primary_key=True, autoincrement=False),
    Column("exhibit", Text, index=True),
    Column("original_name", Text, index=True),
    Column("note", Text),
    Column("source", Text),
    Column("published", Text),
    Column("url", Text),
    Column("time", Text),
    Column("author", Text),
)

claims = Table(
    "claims",
    metadata,
    Column("id", Text, primary_key=True),
    Column("entered", Whole, primary_key=True, autoincrement=False),
    Column("exhibit", Text, index=True),
    Column("frame", Text),
    Column("start", Whole),
    Column("claim", Text),
    Column("reader", Text),
)

texts = Table(
    "texts",
    metadata,
    Column("entered", Whole, primary_key=True, autoincrement=False),
    Column("exhibit", Text, index=True),
    Column("reader", Text),
    Column("text", Text),
    Column("language", Text),
    Column("characters", Whole),
    Column("time", Text),
)

# One row a release; its claims lie in a Parquet object, for a row each would be a table of millions.
datasets = Table(
    "datasets",
    metadata,
    Column("entered", Whole, primary_key=True, autoincrement=False),
    Column("exhibit", Text, index=True),
    Column("name", Text),
    Column("release", Text),
    Column("reader", Text),
    Column("mapping", Text),
    Column("claims", Text),
    Column("number", Whole),
    Column("previous", Text),
    Column("changed", Whole),
    Column("withdrawn", Whole),
    Column("time", Text),
    Column("author", Text),
)

judgements = Table(
    "judgements",
    metadata,
    Column("entered", Whole, primary_key=True, autoincrement=False),
    Column("exhibit", Text, index=True),
    Column("claim", Text, index=True),
    Column("judgement", Text),
    Column("correction", Text),
    Column("reason", Text),
    Column("time", Text),
    Column("author", Text),
)

answers = Table(
    "answers",
    metadata,
    Column("entered", Whole, primary_key=True, autoincrement=False),
    Column("exhibit", Text, index=True),
    Column("reader", Text),
    Column("endpoint", Text),
    Column("model", Text),
    Column("prompt", Text),
    Column("text", Text),
    Column("start", Whole),
    Column("end", Whole),
    Column("answer", Text),
    Column("attempts", Whole),
    Column("tokens_sent", Whole),
    Column("tokens_received", Whole),
    Column("milliseconds", Whole),
    Column("cost_millionths", Whole),
    Column("time", Text),
    Column("author", Text),
)

gazetteers = Table(
    "gazetteers",
    metadata,
    Column("entered", Whole, primary_key=True, autoincrement=False),
    Column("name", Text),
    Column("version", Text),
    Column("source", Text),
    Column("terms", Text),
    Column("gazetteer", Text),
    Column("number", Whole),
    Column("time", Text),
    Column("author", Text),
)

checks = Table(
    "checks",
    metadata,
    Column("entered", Whole, primary_key=True, autoincrement=False),
    Column("exhibit", Text, index=True),
    Column("as_of", Text),
    Column("readings", Text),
    Column("result", Text),
    Column("verdicts", Text),
    Column("time", Text),
    Column("author", Text),
)


keys = Table(
    "keys",
    metadata,
    Column("entered", Whole, primary_key=True, autoincrement=False),
    Column("key", Text),
    Column("replaces", Text),
)

retired_keys = Table(
    "retired_keys",
    metadata,
    Column("entered", Whole, primary_key=True, autoincrement=False),
    Column("key_id", Text),
    Column("reason", Text),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("entered", Whole, primary_key=True, autoincrement=False),
    Column("size", Whole),
    Column("root", Text),
    Column("note", Text),
    Column("time", Text),
    Column("author", Text),
)

timestamps = Table(
    "timestamps",
    metadata,
    Column("entered", Whole, primary_key=True, autoincrement=False),
    Column("subject_kind", Text),
    Column("subject", Text, index=True),
    Column("digest", Text),
    Column("authority", Text),
    Column("time", Text),
    Column("token", Text),
)

recipients = Table(
    "recipients",
    metadata,
    Column("entered", Whole, primary_key=True, autoincrement=False),
    Column("name", Text),
    Column("key", Text),
)

access = Table(
    "access",
    metadata,
    Column("entered", Whole, primary_key=True, autoincrement=False),
    Column("subject_kind", Text),
    Column("subject", Text, index=True),
    Column("access", Text),
    Column("reason", Text),
    Column("authority", Text),
    Column("time", Text),
    Column("author", Text),
)

derivations = Table(
    "derivations",
    metadata,
    Column("entered", Whole, primary_key=True, autoincrement=False),
    Column("exhibit", Text, index=True),
    Column("origin", Text, index=True),
    Column("method", Text),
    Column("details", Text),
)

captures = Table(
    "captures",
    metadata,
    Column("entered", Whole, primary_key=True, autoincrement=False),
    Column("exhibit", Text, index=True),
    Column("url", Text, index=True),
    Column("facts", Text),
    Column("time", Text),
    Column("author", Text),
)

relations = Table(
    "relations",
    metadata,
    Column("a", Text, primary_key=True),
    Column("b", Text, primary_key=True),
    Column("method", Text, primary_key=True),
    Column("entered", Whole, primary_key=True, autoincrement=False),
    Column("distance", Number),
    Column("threshold", Number),
)

failures = Table(
    "failures",
    metadata,
    Column("entered", Whole, primary_key=True, autoincrement=False),
    Column("stage", Text),
    Column("item", Text, index=True),
    Column("code", Text),
    Column("reason", Text),
    Column("time", Text),
    Column("author", Text),
)

# What a search for near-duplicates need not compute again. It is no part of the record: under no hash, not derived from
# the log, and gone for an exhibit that is sealed or erased, of which it would tell too much.
fingerprints = Table(
    "fingerprints",
    metadata,
    Column("exhibit", Text, primary_key=True),
    Column("method", Text, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("quality", Whole, nullable=False),
    Column("compared_within", Number),
)

bundles = Table(
    "bundles",
    metadata,
    Column("entered", Whole, primary_key=True, autoincrement=False),
    Column("name", Text),
    Column("origin", Text),
    Column("size", Whole),
    Column("root", Text),
    Column("time", Text),
    Column("author", Text),
)

# Texts that somebody else wrote, of any length.
found_by_equality(acquisitions, "original_name")
found_by_equality(failures, "item")
found_by_equality(captures, "url")
found_by_equality(access, "subject")
found_by_equality(judgements, "claim")


def number_of(connection: Connection, table: Table) -> int:
    """How many rows a table has."""
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _columns(row: type[Row]) -> list[Column[Any]]:
    columns: list[Column[Any]] = []
    for name, field in row.model_fields.items():
        plain = name.rstrip("_")
        kind: type[TypeEngine[Any]] = Number if "float" in str(field.annotation) else Text
        columns.append(Column(plain, kind, primary_key=plain == "id"))
        if any(isinstance(mark, IsMoment) for mark in field.metadata):
            columns += [Column(f"{plain}_earliest", Text), Column(f"{plain}_latest", Text)]
        if any(isinstance(mark, IsCount) for mark in field.metadata):
            columns += [Column(f"{plain}_low", Whole), Column(f"{plain}_high", Whole)]
    return columns


def _reference_table(row: type[Row]) -> Table:
    return Table(
        row.table,
        metadata,
        *_columns(row),
        Column("reference", Text),
        Column("from_entry", Whole, primary_key=True, autoincrement=False),
        Column("until_entry", Whole),
    )


# What the record adds to every reference row: the reference it came with, the entries between which it stands.
BOOKKEEPING = ("reference", "from_entry", "until_entry")

REFERENCE: dict[str, Table] = {row.table: _reference_table(row) for row in ROWS}
DERIVED: tuple[Table, ...] = (
    exhibits, acquisitions, claims, checks, keys, retired_keys, checkpoints, timestamps, recipients, access,
    derivations, captures, relations, failures, bundles, texts, datasets, judgements, answers, gazetteers,
    *REFERENCE.values(),
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
