"""Bags that we write: read back by us and by the Library of Congress's own validator, whole or not there."""

from __future__ import annotations

import datetime
import errno
import io
import os
import subprocess
import sys
from pathlib import Path

import bagit
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.errors import AscertainError, UsageError
from ascertain.preserve.bag import read_bag
from ascertain.publish.bag import BagWriter, encoded, writing_bag

DAY = datetime.date(2026, 11, 24)
INFO = {"Source-Organization": "An office of records"}


def write(target: Path, files: dict[str, bytes]) -> Path:
    with writing_bag(target, INFO, DAY) as bag:
        for path, data in files.items():
            bag.add(path, io.BytesIO(data))
    return target


def test_another_validator_and_ours_accept_it(tmp_path: Path) -> None:
    files = {"data/a/b.txt": b"words", "data/empty": b"", "README.txt": b"read me\n"}
    bag = write(tmp_path / "bag", files)
    found = read_bag(bag)
    assert (found.errors, found.warnings, found.version) == ((), (), "1.0")
    assert bagit.Bag(str(bag)).is_valid()
    asked = subprocess.run([sys.executable, bagit.__file__, "--validate", "--quiet", str(bag)], check=False)
    assert asked.returncode == 0
    assert ("Payload-Oxum", "5.2") in found.info
    assert ("Bagging-Date", "2026-11-24") in found.info


names = st.text(
    st.characters(blacklist_categories=("Cs",), blacklist_characters="/\\\0"), min_size=1, max_size=20
).filter(lambda name: name not in (".", "..") and name == name.strip() and len(name.encode()) < 200)


@given(name=names, data=st.binary(max_size=100))
def test_any_name_survives(name: str, data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    bag = write(tmp_path_factory.mktemp("any") / "bag", {f"data/{name}": data})
    found = read_bag(bag)
    assert found.errors == ()
    assert f"data/{name}" in {one.path for one in found.files}


@pytest.mark.parametrize("name", ["100%.txt", "a%0Ab.txt", "two\nlines", "a\rb", "%25", "صورة.jpg", "a b  c"])
def test_the_other_validator_accepts_hard_names(name: str, tmp_path: Path) -> None:
    bag = write(tmp_path / "bag", {f"data/{name}": b"x"})
    assert read_bag(bag).is_valid
    if "%" not in name:  # bagit.py 1.9 does not read %25 back, which RFC 8493 asks of it
        assert bagit.Bag(str(bag)).is_valid()


def test_line_ends_and_percent_signs_are_written_as_the_standard_says() -> None:
    assert encoded("data/a\nb\r%") == "data/a%0Ab%0D%25"


@pytest.mark.parametrize(
    "path",
    [
        "../a",
        "data/../../a",
        "/a",
        "data//a",
        "~a",
        "data/\0",
        "data\\a",
        "bagit.txt",
        "manifest-md5.txt",
        "",
        "data/a ",
    ],
)
def test_no_path_leads_out_of_it(path: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        write(tmp_path / "bag", {path: b"x"})
    assert list(tmp_path.iterdir()) == []


def test_two_names_for_one_file_elsewhere_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        write(tmp_path / "case", {"data/A": b"", "data/a": b""})
    with pytest.raises(ValueError):
        write(tmp_path / "form", {"data/\u00e9": b"", "data/e\u0301": b""})


def test_a_tag_cannot_smuggle_a_line(tmp_path: Path) -> None:
    with pytest.raises(ValueError), writing_bag(tmp_path / "bag", {"Note": "a\nPayload-Oxum: 0.0"}, DAY):
        pass
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_when_it_fails_half_way(tmp_path: Path) -> None:
    def failing(bag: BagWriter) -> None:
        bag.add_bytes("data/a", b"a")
        raise RuntimeError

    with pytest.raises(RuntimeError), writing_bag(tmp_path / "bag", INFO, DAY) as bag:
        failing(bag)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_in_words_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(AscertainError, match="could not be made: No space left"):
        write(tmp_path / "bag", {"data/a": b"a"})
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "bag").symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError):
        write(tmp_path / "bag", {})
    with pytest.raises(UsageError):
        write(tmp_path / "no folder" / "bag", {})


def test_the_same_files_give_the_same_bag(tmp_path: Path) -> None:
    files = {"data/b": b"b", "data/a": b"a"}
    one, two = write(tmp_path / "one", files), write(tmp_path / "two", dict(reversed(files.items())))
    for path in sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file()):
        assert (one / path).read_bytes() == (two / path).read_bytes()
