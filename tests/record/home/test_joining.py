from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import ascertain
from ascertain.errors import NoRecord, RecordExists, UsageError
from ascertain.record.entries import ExhibitPreserved
from ascertain.record.home.address import parse_address
from ascertain.record.home.joining import join_record, records_of
from ascertain.record.store import Record, open_record
from ascertain.settings import Settings, load_settings

pytestmark = pytest.mark.home("team")


@pytest.fixture
def told(record: Record, making: Any) -> Settings:
    """What a colleague says of a record with one exhibit."""
    with record.writing("A. Analyst", making.start) as writer:
        exhibit = writer.put(b"a report")
        writer.append(ExhibitPreserved(exhibit=exhibit, size=8, media_type="text/plain"))
    return replace(load_settings(record.folder / "record.toml"), author="", origins={})


def test_two_workstations_write_one_record(record: Record, told: Settings, making: Any, tmp_path: Path) -> None:
    join_record(tmp_path / "second", 0, told)
    second = open_record(tmp_path / "second", 0)
    assert second.name == record.name
    with second.writing("B. Analyst", making.start) as writer:
        writer.state("small", making.place("a"))
    assert record.head() == second.head()
    assert [entry.author for entry in record.entries(2)] == ["B. Analyst"]


def test_a_joined_folder_knows_which_record_it_is_for(record: Record, told: Settings, tmp_path: Path) -> None:
    join_record(tmp_path / "second", 0, told)
    assert f'origin = "{record.origin()}"' in (tmp_path / "second" / "record.toml").read_text()


def test_joining_from_python(record: Record, told: Settings, tmp_path: Path) -> None:
    places = {"database": told.database, "objects": told.objects, "objects_endpoint": told.objects_endpoint}
    inquiry = ascertain.join(tmp_path / "second", **places)
    assert inquiry.verify().problems == ()


def test_an_address_without_a_schema_is_answered_with_those_that_are_records(told: Settings, tmp_path: Path) -> None:
    schema = parse_address(told.database).schema
    without = replace(told, database=told.database.replace(f"&schema={schema}", ""))
    assert schema in records_of(without.database)
    with pytest.raises(UsageError, match="which record") as caught:
        join_record(tmp_path / "second", 0, without)
    assert schema in caught.value.next_step


@pytest.mark.parametrize("change", ["DROP TABLE log", "DROP TABLE about"])
def test_a_schema_that_is_no_record_is_not_joined(
    record: Record, making: Any, told: Settings, tmp_path: Path, change: str
) -> None:
    with making.connection(record) as connection:
        connection.execute(change)
    with pytest.raises(NoRecord):
        join_record(tmp_path / "second", 0, told)
    assert not (tmp_path / "second").exists()


def test_a_schema_that_is_not_there_is_not_joined(told: Settings, tmp_path: Path) -> None:
    with pytest.raises(NoRecord):
        join_record(tmp_path / "second", 0, replace(told, database=told.database + "x"))


@pytest.mark.parametrize("objects", ["", "elsewhere", "s3://records/elsewhere"])
def test_objects_that_are_elsewhere_are_noticed(told: Settings, tmp_path: Path, objects: str) -> None:
    with pytest.raises(UsageError, match="none of the last 1 objects"):
        join_record(tmp_path / "second", 0, replace(told, objects=objects))
    assert not (tmp_path / "second").exists()


def test_a_folder_that_holds_anything_is_left_as_it_is(told: Settings, tmp_path: Path, record: Record) -> None:
    with pytest.raises(RecordExists):
        join_record(record.folder, 0, told)


def test_a_record_without_a_database_server_is_not_joined(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="database server"):
        join_record(tmp_path / "second", 0, Settings())
