"""A folder of one's own for a record that lies in a database server: its `record.toml` says where."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from ascertain.errors import UsageError
from ascertain.record.home import building, places
from ascertain.record.home.address import parse_address
from ascertain.record.home.configuration import Configuration
from ascertain.record.home.postgres import PostgresDatabase, connect_to
from ascertain.record.home.postgres_errors import in_words
from ascertain.record.store import Record
from ascertain.settings import Settings

_LOOKED_AT = 100


def join_record(folder: Path, lock_wait_seconds: int, settings: Settings) -> None:
    """Make the folder, when the record is there and its objects are where they are said to be.

    Raises RecordExists for a folder that holds anything, UsageError for an address without a schema or objects that are
    elsewhere, NoRecord, AccessRefused, Unreachable.
    """
    if not settings.database:
        raise UsageError("a record that is joined lies in a database server", next_step="say --database ADDRESS")
    _refuse_no_schema(settings.database)
    database = PostgresDatabase(parse_address(settings.database), lock_wait_seconds)
    with building.place_beside(folder) as beside:
        name, origin = database.about()
        objects, keys = places.open_objects(beside, settings), places.open_keys(beside, settings)
        _refuse_elsewhere(Record(beside, name, database, objects, keys))
        building.write_down(beside, Configuration(name, origin), settings)


def records_of(database: str) -> list[str]:
    """The schemas of a database that are records. Raises AccessRefused, Unreachable, NoRecord (no such database)."""
    address = parse_address(database, "any")
    with in_words(str(address)), connect_to(address) as connection:
        return list(connection.execute(text(_RECORDS)).scalars())


def _refuse_no_schema(database: str) -> None:
    if "schema" not in parse_address(database, "any").asked:
        found = records_of(database)
        raise UsageError(
            "the address does not say which record is meant",
            next_step=f"say ?schema=NAME; this database holds: {', '.join(found) or 'no record'}",
        )


def _refuse_elsewhere(record: Record) -> None:
    """The last entries name objects: when none of them is here, this is not where the record's objects are."""
    last = record.entries(max(0, record.head().size - _LOOKED_AT))
    names = [name for entry in last for name in entry.said().objects()]
    if names and not any(record.objects.has(name) for name in names):
        raise UsageError(
            f"none of the last {len(names)} objects that the log names is where the objects are said to be",
            next_step="say the --objects that the record was made with",
        )


_RECORDS = """
    SELECT n.nspname FROM pg_namespace n
    WHERE (SELECT count(*) FROM pg_class c WHERE c.relnamespace = n.oid AND c.relname IN ('log', 'heads', 'about')) = 3
    AND position('__building_' IN n.nspname) = 0 ORDER BY n.nspname"""
