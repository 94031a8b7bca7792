"""Where a record lies by its settings: its log in a file or in PostgreSQL, its objects in a folder or in a bucket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from ascertain.errors import AscertainError, RecordExists
from ascertain.record.home.address import parse_address, schema_of
from ascertain.record.home.database import Database
from ascertain.record.home.objects import FolderObjects, Objects
from ascertain.record.home.postgres import PostgresDatabase
from ascertain.record.home.postgres_building import built
from ascertain.record.home.sqlite import SqliteDatabase
from ascertain.record.sealed.exhibit_keys import FOLDER as KEYS
from ascertain.record.sealed.exhibit_keys import ExhibitKeys, FolderKeys
from ascertain.settings import Settings, aws_profile

DATABASE = "record.sqlite"
OBJECTS = "objects"


def is_elsewhere(settings: Settings) -> bool:
    """Whether the log is in a database server, not in the record's folder."""
    return bool(settings.database)


def written(settings: Settings, folder_name: str) -> Settings:
    """The settings as `record.toml` keeps them: an address without a schema gets one from the folder's name."""
    if not is_elsewhere(settings):
        return settings
    return replace(settings, database=str(parse_address(settings.database, schema_of(folder_name))))


def open_database(folder: Path, settings: Settings, lock_wait_seconds: int) -> Database:
    """The database of the record in a folder."""
    if is_elsewhere(settings):
        return PostgresDatabase(parse_address(settings.database), lock_wait_seconds)
    return SqliteDatabase(folder / DATABASE, lock_wait_seconds)


@contextmanager
def new_database(folder: Path, name: str, settings: Settings, lock_wait_seconds: int) -> Iterator[Database]:
    """The database of a new record: an empty one, which has its place only when the block ends well."""
    if is_elsewhere(settings):
        with built(parse_address(settings.database), name, lock_wait_seconds) as database:
            yield database
    else:
        file = SqliteDatabase(folder / DATABASE, lock_wait_seconds)
        file.create(name)
        yield file


def open_objects(folder: Path, settings: Settings) -> Objects:
    """The objects of the record in a folder. A path that is not absolute begins at that folder."""
    if not _is_bucket(settings):
        return FolderObjects(folder / (settings.objects or OBJECTS))
    with _asking_for_extra():
        from ascertain.record.home.object_store import BucketObjects  # most records have no bucket
    return BucketObjects(_bucket(settings))


def open_keys(folder: Path, settings: Settings) -> ExhibitKeys:
    """The keys of the sealed exhibits: in the record's folder, or with the objects where these are elsewhere.

    A team has the objects in one place, and what opens and erases them must be in one place too.
    """
    if not _is_bucket(settings):
        return FolderKeys(folder / settings.objects / KEYS)
    with _asking_for_extra():
        from ascertain.record.sealed.key_store import BucketKeys
    return BucketKeys(_bucket(settings, f"/{KEYS.as_posix()}"))


def _is_bucket(settings: Settings) -> bool:
    return settings.objects.startswith("s3://")


def _bucket(settings: Settings, below: str = "") -> Any:
    from ascertain.record.home.bucket import Bucket

    own = {"endpoint": settings.objects_endpoint, "region": settings.objects_region}
    configuration = {**aws_profile(), **{name: value for name, value in own.items() if value}}
    return Bucket(settings.objects.rstrip("/") + below, configuration)


@contextmanager
def _asking_for_extra() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise AscertainError(
            "objects in a bucket need the package obstore", next_step="pip install 'ascertain[s3]'"
        ) from error


def new_objects(folder: Path, settings: Settings, *, goes_on: bool = False) -> Objects:
    """The objects of a new record, which are those of an earlier try when it goes on.

    Raises RecordExists where objects lie already otherwise: they may be another record's.
    """
    objects = open_objects(folder, settings)
    if isinstance(objects, FolderObjects):
        objects.folder.mkdir(parents=True, exist_ok=True)
    if not goes_on and next(objects.names(), None) is not None:
        raise RecordExists(f"{settings.objects} holds objects already", next_step="choose another prefix or folder")
    return objects
