"""Where a record lies, as one writes it down: the address of a PostgreSQL database, with the record's schema.

`postgresql://HOST/DATABASE?schema=NAME`. It holds no password: libpq takes that from PGPASSWORD, from ~/.pgpass or from
a service file, so that it is in no record, no log and no list of processes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from ascertain.errors import UsageError

_SCHEMA = re.compile(r"^[a-z][a-z0-9_]{0,47}$")
_NOT_OURS = ("pg_", "information_schema", "public")
_OPTIONS = frozenset(
    {"schema", "host", "port", "service", "sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "gssencmode",
     "channel_binding", "target_session_attrs", "connect_timeout", "application_name"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """A PostgreSQL database (as SQLAlchemy connects to it) and the schema in it that is one record."""

    url: URL
    schema: str
    asked: frozenset[str] = frozenset()  # what the address said after its question mark

    def __str__(self) -> str:
        plain = self.url.set(drivername="postgresql").update_query_dict({"schema": self.schema})
        return plain.render_as_string(hide_password=True)


def parse_address(text: str, schema: str = "") -> Address:
    """An address as it is written in `record.toml`; `schema` is taken when it names none.

    Raises UsageError for anything that is no such address, for a password in it, for a schema that no record can have.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise UsageError("the setting database is no address", next_step=_EXAMPLE) from error
    if url.get_backend_name() not in ("postgresql", "postgres") or not (url.database or "service" in url.query):
        raise UsageError("the setting database is no address of a PostgreSQL database", next_step=_EXAMPLE)
    if url.password is not None or "password" in url.query:
        raise UsageError("an address must not hold a password", next_step="set PGPASSWORD, or write ~/.pgpass")
    if unknown := sorted(set(url.query) - _OPTIONS):
        raise UsageError(
            f"the address says {unknown[0]!r}, which is not known", next_step=f"known: {', '.join(sorted(_OPTIONS))}"
        )
    return Address(
        url.set(drivername="postgresql+psycopg").difference_update_query(["schema"]),
        checked_schema(str(url.query.get("schema", "")) or schema),
        frozenset(url.query),
    )


def for_others(text: str) -> str:
    """An address as a colleague takes it over: without the user's name."""
    address = parse_address(text)
    url = address.url
    nobodys = URL.create(url.drivername, None, None, url.host, url.port, url.database, url.query)
    return str(replace(address, url=nobodys))


def checked_schema(name: str) -> str:
    """The name of a schema that a record can have. Raises UsageError."""
    if not _SCHEMA.match(name) or name.startswith(_NOT_OURS):
        raise UsageError(
            f"{name!r} cannot be a record's schema",
            next_step="say ?schema=NAME at the end of the address: letters a to z, digits and _, at most 48",
        )
    return name


def schema_of(folder_name: str) -> str:
    """A schema's name from a folder's; empty when there is nothing in it that a schema could be called."""
    plain = re.sub(r"[^a-z0-9]+", "_", folder_name.lower()).strip("_")[:48]
    return plain if _SCHEMA.match(plain) and not plain.startswith(_NOT_OURS) else ""


_EXAMPLE = "write postgresql://HOST/DATABASE?schema=NAME"
