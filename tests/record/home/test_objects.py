from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.errors import RecordDamaged
from ascertain.record.home.objects import FolderObjects

MEGABYTE = 1024 * 1024


@pytest.fixture
def objects(home: Any, tmp_path: Path) -> Any:
    return home.objects(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> FolderObjects:
    return FolderObjects(tmp_path / "objects")


def test_bytes_are_kept_under_their_hash_and_come_back_as_they_were(objects: Any) -> None:
    name = objects.put(b"a report")
    assert name == hashlib.sha256(b"a report").hexdigest()
    assert objects.get(name) == b"a report"
    assert objects.hash_of(name) == name
    assert objects.has(name)


@given(st.binary(max_size=200))
def test_any_bytes_come_back_as_they_were(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    objects = FolderObjects(tmp_path_factory.getbasetemp() / "any")
    assert objects.get(objects.put(data)) == data


@pytest.mark.parametrize("size", [0, 1, MEGABYTE, 9 * MEGABYTE + 7])
def test_a_file_is_kept_and_read_whatever_its_size(objects: Any, size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    data = data[:size]
    incoming = objects.incoming()
    kept = incoming.put_file(BytesIO(data))
    incoming.settle()
    assert (kept.name, kept.size) == (hashlib.sha256(data).hexdigest(), size)
    assert objects.get(kept.name) == data
    with objects.open(kept.name) as file:
        assert file.read(10) == data[:10]
        file.seek(size // 2)
        assert file.read() == data[size // 2 :]
        assert file.seek(0, 2) == size


def test_a_file_is_kept_from_where_it_stands_to_its_end(objects: Any) -> None:
    stream = BytesIO(b"a heading and a report")
    stream.seek(14)
    assert objects.incoming().put_file(stream).name == hashlib.sha256(b"a report").hexdigest()


def test_the_names_come_in_order_and_the_same_bytes_have_one(objects: Any) -> None:
    names = {objects.put(bytes([n])) for n in range(12)} | {objects.put(b"\0")}
    assert list(objects.names()) == sorted(names)
    assert len(names) == 12


def test_altered_bytes_are_named_when_they_are_asked_for(objects: Any, home: Any) -> None:
    name = objects.put(b"a report")
    home.alter(objects, name, b"a rapport")
    with pytest.raises(RecordDamaged, match=f"{name} has been altered"):
        objects.get(name)
    assert objects.hash_of(name) == hashlib.sha256(b"a rapport").hexdigest()
    assert objects.has(name)


def test_missing_bytes_are_named_when_they_are_asked_for(objects: Any) -> None:
    name = objects.put(b"a report")
    objects.discard(name)
    objects.discard(name)
    for asked in (objects.get, objects.open):
        with pytest.raises(RecordDamaged, match=f"{name} is missing"):
            asked(name)
    assert objects.hash_of(name) is None
    assert not objects.has(name)


def test_a_place_where_nothing_was_put_holds_no_objects(objects: Any) -> None:
    assert list(objects.names()) == []
    assert objects.hash_of("0" * 64) is None


def test_objects_are_put_from_several_threads(objects: Any) -> None:
    incoming = objects.incoming()
    with ThreadPoolExecutor(4) as pool:
        names = list(pool.map(incoming.put, [bytes([n % 5]) * 100 for n in range(40)]))
    incoming.settle()
    assert list(objects.names()) == sorted(set(names))


def test_the_same_bytes_twice_are_one_file_that_is_not_written_again(folder: FolderObjects) -> None:
    name = folder.put(b"a report")
    before = folder.path(name).stat()
    assert folder.put(b"a report") == name
    assert folder.path(name).stat().st_ino == before.st_ino
    assert list(folder.names()) == [name]


def test_nothing_half_written_is_left_beside_the_objects(folder: FolderObjects) -> None:
    folder.put(b"a report")
    assert [path.name for path in folder.folder.iterdir() if not path.is_dir()] == []


def test_an_object_cannot_be_written_to_by_accident(folder: FolderObjects) -> None:
    assert folder.path(folder.put(b"a report")).stat().st_mode & 0o222 == 0


def test_a_half_written_file_is_no_object(folder: FolderObjects) -> None:
    name = folder.put(b"a report")
    (folder.folder / ".incoming-x").write_bytes(b"a rep")
    assert list(folder.names()) == [name]


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
def test_a_name_that_is_no_hash_is_refused(objects: Any, name: str) -> None:
    for asked in (objects.get, objects.open, objects.has, objects.hash_of, objects.discard):
        with pytest.raises(ValueError, match="is not an object's name"):
            asked(name)
