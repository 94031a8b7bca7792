from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.errors import RecordDamaged
from ascertain.record.objects import FolderObjects


@pytest.fixture
def objects(tmp_path: Path) -> FolderObjects:
    return FolderObjects(tmp_path / "objects")


def test_bytes_are_kept_under_their_hash_and_come_back_as_they_were(objects: FolderObjects) -> None:
    name = objects.put(b"a report")
    assert name == hashlib.sha256(b"a report").hexdigest()
    assert objects.get(name) == b"a report"
    assert objects.hash_of(name) == name


@given(st.binary(max_size=200))
def test_any_bytes_come_back_as_they_were(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    objects = FolderObjects(tmp_path_factory.getbasetemp() / "any")
    assert objects.get(objects.put(data)) == data


def test_the_same_bytes_twice_are_one_file_that_is_not_written_again(objects: FolderObjects) -> None:
    name = objects.put(b"a report")
    before = objects.path(name).stat()
    assert objects.put(b"a report") == name
    assert objects.path(name).stat().st_ino == before.st_ino
    assert list(objects.names()) == [name]


def test_nothing_half_written_is_left_beside_the_objects(objects: FolderObjects) -> None:
    objects.put(b"a report")
    assert [path.name for path in objects.folder.iterdir() if not path.is_dir()] == []


def test_an_object_cannot_be_written_to_by_accident(objects: FolderObjects) -> None:
    assert objects.path(objects.put(b"a report")).stat().st_mode & 0o222 == 0


def test_a_half_written_file_is_no_object(objects: FolderObjects) -> None:
    name = objects.put(b"a report")
    (objects.folder / ".incoming-x").write_bytes(b"a rep")
    assert list(objects.names()) == [name]


def test_altered_bytes_are_named_when_they_are_asked_for(objects: FolderObjects) -> None:
    name = objects.put(b"a report")
    objects.path(name).chmod(0o644)
    objects.path(name).write_bytes(b"a rapport")
    with pytest.raises(RecordDamaged, match=f"{name} has been altered"):
        objects.get(name)
    assert objects.hash_of(name) == hashlib.sha256(b"a rapport").hexdigest()


def test_missing_bytes_are_named_when_they_are_asked_for(objects: FolderObjects) -> None:
    name = objects.put(b"a report")
    objects.path(name).unlink()
    with pytest.raises(RecordDamaged, match=f"{name} is missing"):
        objects.get(name)
    assert objects.hash_of(name) is None


def test_a_folder_that_is_not_there_holds_no_objects(objects: FolderObjects) -> None:
    assert list(objects.names()) == []
    assert objects.hash_of("0" * 64) is None


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("", id="empty"),
        pytest.param("ab", id="too_short"),
        pytest.param("0" * 65, id="too_long"),
        pytest.param("A" * 64, id="capitals"),
        pytest.param("g" * 64, id="not_hexadecimal"),
        pytest.param("../" + "0" * 61, id="a_way_out_of_the_folder"),
        pytest.param("/etc/passwd".ljust(64, "0"), id="an_absolute_path"),
    ],
)
def test_a_name_that_is_no_hash_is_refused(objects: FolderObjects, name: str) -> None:
    for asked in (objects.path, objects.get, objects.hash_of):
        with pytest.raises(ValueError, match="is not an object's name"):
            asked(name)
