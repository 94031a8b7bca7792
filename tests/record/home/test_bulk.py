from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from ascertain.record.home import bulk
from ascertain.record.home.bulk import bulk_incoming
from ascertain.record.home.objects import FolderObjects
from ascertain.record.store import Record


@pytest.fixture
def objects(tmp_path: Path) -> FolderObjects:
    return FolderObjects(tmp_path / "objects")


def test_what_was_put_is_there_under_its_hash_once_it_is_settled(objects: FolderObjects) -> None:
    with bulk_incoming(objects) as incoming:
        kept = [incoming.put_file(BytesIO(b"%d" % number)) for number in range(300)]
        assert list(objects.names()) == []
        incoming.settle()
        assert sorted(objects.names()) == sorted(one.name for one in kept)
    assert [objects.get(one.name) for one in kept] == [b"%d" % number for number in range(300)]
    assert not list(objects.folder.glob(".incoming-*"))


def test_the_same_bytes_twice_in_a_batch_and_again_later_are_one_object(objects: FolderObjects) -> None:
    with bulk_incoming(objects) as incoming:
        for _ in range(2):
            names = {incoming.put_file(BytesIO(b"the same")).name for _ in range(3)}
            incoming.settle()
            assert list(objects.names()) == list(names)
    assert not list(objects.folder.glob(".incoming-*"))


def test_what_is_not_settled_is_left_out(objects: FolderObjects) -> None:
    with bulk_incoming(objects) as incoming:
        incoming.put_file(BytesIO(b"a"))
    assert list(objects.folder.iterdir()) == []


def test_a_stream_that_breaks_leaves_nothing(objects: FolderObjects) -> None:
    class Broken(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise ValueError("broken")

    with bulk_incoming(objects) as incoming, pytest.raises(ValueError, match="broken"):
        incoming.put_file(Broken())
    assert list(objects.folder.iterdir()) == []


def _open_files() -> int:
    """How many files this process has open, where the system tells."""
    return len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0


def test_files_are_closed_however_many_there_are(objects: FolderObjects, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_OPEN_LIMIT", 3)
    before = _open_files()
    with bulk_incoming(objects) as incoming:
        for number in range(50):
            incoming.put_file(BytesIO(b"%d" % number))
        assert _open_files() <= before + 5
        incoming.settle()
        assert len(list(objects.names())) == 50
    assert _open_files() <= before


def test_several_threads_may_put_while_another_settles(objects: FolderObjects) -> None:
    with bulk_incoming(objects) as incoming, ThreadPoolExecutor(4) as threads:
        putting = [threads.submit(incoming.put_file, BytesIO(b"%d" % (number % 200))) for number in range(400)]
        while not all(one.done() for one in putting):
            incoming.settle()
        incoming.settle()
        assert {one.result().name for one in putting} == set(objects.names())


def test_a_stretch_of_zeros_reads_as_it_was_and_takes_no_room(objects: FolderObjects) -> None:
    megabyte = 2**20
    data = bytes(20 * megabyte) + b"end" + bytes(3 * megabyte)
    with bulk_incoming(objects) as incoming:
        kept = incoming.put_file(BytesIO(data))
        incoming.settle()
    assert (kept.size, kept.name) == (len(data), hashlib.sha256(data).hexdigest())
    assert objects.hash_of(kept.name) == kept.name
    assert objects.path(kept.name).stat().st_blocks * 512 < 10 * megabyte


def test_objects_of_every_kind_can_be_put_in_bulk(record: Record, making: Any) -> None:
    with bulk_incoming(record.objects) as incoming:
        kept = incoming.put_file(BytesIO(b"a"))
        incoming.settle()
        assert record.objects.get(kept.name) == b"a"
