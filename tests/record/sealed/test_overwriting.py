from __future__ import annotations

from pathlib import Path

from ascertain.record.home.objects import FolderObjects
from ascertain.record.sealed.overwriting import destroy

SECRET = b"the witness was at the well" * 100_000


def test_the_bytes_are_written_over_before_the_name_goes(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(SECRET)
    path.chmod(0o444)
    with path.open("rb") as still_open:
        destroy(path)
        left = still_open.read()
    assert len(left) == len(SECRET)
    assert b"witness" not in left
    assert list(tmp_path.iterdir()) == []


def test_a_file_with_another_name_is_not_written_over(tmp_path: Path) -> None:
    path, other = tmp_path / "secret", tmp_path / "backup"
    path.write_bytes(SECRET)
    other.hardlink_to(path)
    destroy(path)
    assert not path.exists()
    assert other.read_bytes() == SECRET


def test_what_is_not_there_is_destroyed_already(tmp_path: Path) -> None:
    destroy(tmp_path / "nothing")


def test_what_a_kill_left_of_it_is_no_object_and_is_cleared_away(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path / "objects")
    name = objects.put(b"abc")
    left = objects.path(name).with_name(".0".ljust(62, "0"))
    left.write_bytes(b"noise")
    assert list(objects.names()) == [name]
    assert objects.clear_away() == 1
    assert not left.exists()
