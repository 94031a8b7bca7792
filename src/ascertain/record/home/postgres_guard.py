"""What keeps a log in PostgreSQL append-only, and what a verification looks at there.

Triggers refuse UPDATE, DELETE and TRUNCATE, also in a session that replays another server's changes. They stop mistakes
and members who only have the rights to add; the owner of the tables can drop them, which verification names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, text

from ascertain.record import tables

_BODY = " BEGIN RAISE EXCEPTION 'the log is append-only'; END "
_VERBS = {"UPDATE": 16, "DELETE": 8, "TRUNCATE": 32}
_BEFORE = 2


def statements() -> Iterator[str]:
    """The SQL that makes, in the current schema, the record's own table and what guards its log."""
    yield "CREATE TABLE about (name text NOT NULL, format integer NOT NULL)"
    yield f"CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $${_BODY}$$"
    for name, table, verb in _triggers():
        yield f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"


def holds_anything(connection: Connection, schema: str) -> bool:
    """Whether a schema is there and has a table, a view, a sequence or a function."""
    wanted = """
        SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = :schema)
            OR EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = :schema)"""
    return bool(connection.execute(text(wanted), {"schema": schema}).scalar())


def problems(connection: Connection, schema: str) -> list[str]:
    """What the tables of the log, and the triggers on them, are not as they were made."""
    return [*_table_problems(connection, schema), *_trigger_problems(connection, schema)]


def notes(connection: Connection) -> list[str]:
    """Settings of the server that a power cut or a bad disk would show."""
    wanted = {
        "fsync": "what it acknowledges can be lost",
        "full_page_writes": "a power cut can damage its pages",
        "data_checksums": "it does not notice pages that its disk changed",
    }
    return [
        f"the database server runs with {name} off: {why}"
        for name, why in wanted.items()
        if connection.execute(text("SELECT current_setting(:name)"), {"name": name}).scalar() == "off"
    ]


def _triggers() -> Iterator[tuple[str, str, str]]:
    for table in tables.APPEND_ONLY:
        for verb in _VERBS:
            yield f"{table.name}_never_{verb.lower()}", table.name, verb


def _table_problems(connection: Connection, schema: str) -> list[str]:
    wanted = """
        SELECT c.relname, c.relkind = 'r' AS is_table, c.relpersistence = 'p' AS lasts, c.relrowsecurity AS hides,
            EXISTS (SELECT FROM pg_rewrite w WHERE w.ev_class = c.oid) AS rewrites,
            EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = c.oid) AS has_children
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = :schema AND c.relname IN ('log', 'heads')"""
    found: list[str] = []
    for row in connection.execute(text(wanted), {"schema": schema}):
        wrong = [
            (not row.is_table, "is no table"),
            (not row.lasts, "is unlogged: the server empties it after a crash"),
            (row.hides, "hides rows from some users (row security)"),
            (row.rewrites, "has a rule that changes what is asked of it"),
            (row.has_children, "has tables that inherit from it"),
        ]
        found += [f"table {row.relname} {what}" for is_so, what in wrong if is_so]
    return sorted(found)


def _trigger_problems(connection: Connection, schema: str) -> list[str]:
    present = {(row.table, row.name): row for row in connection.execute(text(_PRESENT), {"schema": schema})}
    wrong: list[str] = []
    for name, table, verb in _triggers():
        row = present.pop((table, name), None)
        if row is None:
            wrong.append(f"trigger {name}, which keeps the log append-only, is missing")
        elif not _is_as_made(row, verb):
            wrong.append(f"trigger {name}, which keeps the log append-only, is changed")
    return wrong + [f"trigger {name} on {table} is none of the record's" for table, name in sorted(present)]


def _is_as_made(row: Any, verb: str) -> bool:
    found = (row.acts, row.enabled, row.always, row.body, row.language)
    return found == (_BEFORE | _VERBS[verb], "A", True, _BODY, "plpgsql")


_PRESENT = """
    SELECT c.relname AS table, t.tgname AS name, t.tgtype AS acts, t.tgenabled AS enabled,
        t.tgqual IS NULL AND t.tgattr = ''::int2vector AS always, p.prosrc AS body, l.lanname AS language
    FROM pg_trigger t
    JOIN pg_class c ON c.oid = t.tgrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_proc p ON p.oid = t.tgfoid
    JOIN pg_language l ON l.oid = p.prolang
    WHERE n.nspname = :schema AND c.relname IN ('log', 'heads') AND NOT t.tgisinternal"""
