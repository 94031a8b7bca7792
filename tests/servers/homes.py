"""Where the records of a test lie. Every test that asks for `home` runs in each of them:

- `folder`: a workstation's own, with SQLite and a folder of objects;
- `team`: PostgreSQL and a bucket, both real, started by the run (skipped where they are not installed).

`@pytest.mark.home("folder")` on a test keeps it to the homes that it names.
"""

from __future__ import annotations

import itertools
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest
import s3_server

from ascertain.record.home import sqlite
from ascertain.record.home.address import parse_address
from ascertain.record.home.objects import FolderObjects
from ascertain.record.home.places import open_objects
from ascertain.record.store import DATABASE, Record
from ascertain.settings import Settings, load_settings

KINDS = ("folder", "team")
_numbers = itertools.count()


class Home(Protocol):
    """What tests need of a place for records, past the record's own code."""

    def settings(self) -> Settings:
        """The settings of a record that nobody has made yet."""

    def objects(self, folder: Path) -> Any:
        """A place for objects by itself; empty."""

    def connect(self, record: Record) -> AbstractContextManager[Any]:
        """A connection to a record's database: `execute` with `?` for values; refusals are `refused`."""

    def tamper(self, record: Record) -> AbstractContextManager[Any]:
        """Such a connection with the triggers that keep the log out of the way, and put back at the end."""

    def alter(self, objects: Any, name: str, data: bytes) -> None:
        """Put other bytes under an object's name."""

    def alter_object(self, record: Record, name: str, data: bytes) -> None:
        """Put other bytes under the name of an object of a record."""

    def lose_objects(self, record: Record) -> None:
        """Take every object away."""

    refused: type[Exception]
    drop_trigger: str
    is_quick: bool


class FolderHome:
    """SQLite and files."""

    refused = sqlite3.IntegrityError
    drop_trigger = "DROP TRIGGER {name}"
    is_quick = True

    def settings(self) -> Settings:
        return Settings()

    def objects(self, folder: Path) -> Any:
        return FolderObjects(folder / "objects")

    @contextmanager
    def connect(self, record: Record) -> Iterator[Any]:
        with closing(sqlite3.connect(record.folder / DATABASE, isolation_level=None)) as connection:
            yield connection

    @contextmanager
    def tamper(self, record: Record) -> Iterator[Any]:
        with self.connect(record) as connection:
            for name in sqlite.append_only_triggers():
                connection.execute(f"DROP TRIGGER {name}")
            yield connection
            for statement in sqlite.append_only_triggers().values():
                connection.execute(statement)

    def alter(self, objects: Any, name: str, data: bytes) -> None:
        path = objects.path(name)
        path.chmod(0o644)
        path.write_bytes(data)

    def alter_object(self, record: Record, name: str, data: bytes) -> None:
        self.alter(record.objects, name, data)

    def lose_objects(self, record: Record) -> None:
        shutil.rmtree(record.objects.folder)


class TeamHome:
    """PostgreSQL and a bucket."""

    drop_trigger = "DROP TRIGGER {name} ON {table}"
    is_quick = False

    def __init__(self, postgres: Any, s3: Any) -> None:
        import psycopg

        self.postgres = postgres
        self.s3 = s3
        self.refused = psycopg.errors.RaiseException

    def settings(self) -> Settings:
        name = f"t{os.getpid()}_{next(_numbers)}"
        return Settings(
            database=f"{self.postgres.address()}&schema={name}",
            objects=self.s3.address(name),
            objects_endpoint=self.s3.endpoint,
        )

    def objects(self, folder: Path) -> Any:
        return open_objects(folder, self.settings())

    @contextmanager
    def connect(self, record: Record) -> Iterator[Any]:
        address = parse_address(load_settings(record.folder / "record.toml").database)
        with self.postgres.connect(user=address.url.username) as connection:
            connection.execute(f'SET search_path TO "{address.schema}"')
            yield _Asked(connection)

    @contextmanager
    def tamper(self, record: Record) -> Iterator[Any]:
        with self.connect(record) as connection:
            for table in ("log", "heads"):
                connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield connection
            for table, verb in itertools.product(("log", "heads"), ("update", "delete", "truncate")):
                connection.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_never_{verb}")

    def alter(self, objects: Any, name: str, data: bytes) -> None:
        from ascertain.record.home.object_store import key_of

        objects.discard(name)
        objects.bucket.create(key_of(name), data)

    def alter_object(self, record: Record, name: str, data: bytes) -> None:
        self.alter(record.objects, name, data)

    def lose_objects(self, record: Record) -> None:
        for name in list(record.objects.names()):
            record.objects.discard(name)


class _Asked:
    """A psycopg connection that takes SQLite's way of writing values."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def execute(self, statement: str, values: tuple[Any, ...] | None = None) -> Any:
        return self._connection.execute(statement.replace("?", "%s"), values)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "home" in metafunc.fixturenames:
        chosen = metafunc.definition.get_closest_marker("home")
        metafunc.parametrize("home", chosen.args if chosen else KINDS, indirect=True)


@pytest.fixture
def home_of(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Home]:
    """A home by its name."""

    def made(name: str) -> Home:
        if name == "folder":
            return FolderHome()
        for variable, value in s3_server.ENVIRONMENT.items():
            monkeypatch.setenv(variable, value)
        return TeamHome(request.getfixturevalue("postgres_server"), request.getfixturevalue("s3_server"))

    return made


@pytest.fixture
def home(request: pytest.FixtureRequest, home_of: Callable[[str], Home]) -> Home:
    """Where this test's records lie."""
    return home_of(request.param)
