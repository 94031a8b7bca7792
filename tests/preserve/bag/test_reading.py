"""Bags of strangers: every problem named, no link followed, nothing outside of the bag opened, always an end."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.preserve.bag import files, lines, names, read_bag
from ascertain.preserve.bag.names import out_of_scope, shown_name

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    folder = tmp_path / "bag"
    (folder / "data").mkdir(parents=True)
    (folder / "bagit.txt").write_bytes(DECLARATION)
    (folder / "data/a").write_bytes(b"a")
    listing(folder, {"data/a": b"a"})
    return folder


def listing(folder: Path, content: dict[str, bytes], name: str = "manifest-sha256.txt") -> None:
    (folder / name).write_text("".join(f"{digest(data)}  {path}\n" for path, data in content.items()), "utf-8")


def errors(folder: Path) -> list[str]:
    return [str(error) for error in read_bag(folder).errors]


def test_a_small_bag_is_valid(bag: Path) -> None:
    found = read_bag(bag)
    assert (found.errors, found.warnings) == ((), ())
    assert [(one.path, one.size, one.digests) for one in found.files] == [("data/a", 1, {"sha256": digest(b"a")})]


def test_a_link_is_a_problem_and_is_not_followed(bag: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"s")
    (bag / "data/link").symlink_to(tmp_path / "secret")
    (bag / "data/loop").symlink_to(bag)
    listing(bag, {"data/a": b"a", "data/link": b"s"})
    found = errors(bag)
    assert "data/link: is a symbolic link, which is not followed" in found
    assert "data/loop: is a symbolic link, which is not followed" in found
    assert not any("secret" in error for error in found)


def test_a_link_in_place_of_a_tag_file_is_not_read(bag: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(DECLARATION)
    (bag / "bagit.txt").unlink()
    (bag / "bagit.txt").symlink_to(tmp_path / "elsewhere")
    assert "bagit.txt: is missing" in errors(bag)


def test_a_pipe_is_a_problem_and_does_not_hang(bag: Path) -> None:
    os.mkfifo(bag / "data/pipe")
    assert "data/pipe: is neither a file nor a folder" in errors(bag)


def test_a_name_that_is_not_utf_8_is_named(bag: Path) -> None:
    (Path(os.fsdecode(os.fsencode(bag) + b"/data/\xff"))).write_bytes(b"")
    assert r"data/\udcff: the name is not UTF-8" in errors(bag)


def test_a_file_for_which_fetch_txt_gives_an_address_is_missing_and_is_not_fetched(bag: Path) -> None:
    (bag / "fetch.txt").write_text("http://169.254.169.254/secret 1 data/b\n")
    listing(bag, {"data/a": b"a", "data/b": b"b"})
    assert errors(bag) == ["data/b: is missing; fetch.txt gives an address for it, and nothing is ever fetched"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("../a", "leaves the bag"), ("data/../../a", "leaves the bag"), ("data\\..\\..\\a", "leaves the bag"),
        ("/etc/passwd", "absolute"), ("\\\\server\\a", "absolute"), ("~/a", "home"), ("~root/a", "home"),
        ("C:\\a", "drive"), ("c:a", "drive"), ("data/a\0b", "NUL"), ("%2e%2e/a", "outside"), (".", "names no file"),
    ],
)  # fmt: skip
def test_a_path_out_of_scope_is_refused(path: str, reason: str, bag: Path) -> None:
    listing(bag, {"data/a": b"a", path: b"x"})
    assert any(error.startswith("manifest-sha256.txt, line 2") and reason in error for error in errors(bag))


def test_a_payload_oxum_that_does_not_fit_is_named(bag: Path) -> None:
    (bag / "bag-info.txt").write_text("Payload-Oxum: 2.1\n")
    assert errors(bag) == ["bag-info.txt: Payload-Oxum is 2.1, but the listed files there make 1.1"]
    (bag / "bag-info.txt").write_text("payload-oxum: many\n")
    assert errors(bag) == ["bag-info.txt: Payload-Oxum 'many' is not two numbers"]


@pytest.mark.parametrize("encoding", ["utf-7", "punycode", "rot13", "unicode_escape", "idna", "zip", "hex", "a\0b", ""])
def test_an_encoding_that_is_none_is_refused(encoding: str, bag: Path) -> None:
    (bag / "bagit.txt").write_text(f"BagIt-Version: 0.97\nTag-File-Character-Encoding: {encoding}\n")
    assert errors(bag)


def test_a_manifest_in_another_encoding_than_declared_is_named(bag: Path) -> None:
    with (bag / "manifest-sha256.txt").open("ab") as file:
        file.write(b"\xff\n")
    assert any("manifest-sha256.txt" in error and "not text in UTF-8" in error for error in errors(bag))


def test_an_endless_line_ends(bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (bag / "manifest-sha256.txt").open("ab") as file:
        file.write(b"a" * (lines.LONGEST_LINE + 10))
    assert any("a line of more than" in error for error in errors(bag))
    monkeypatch.setattr(lines, "MOST_LINES", 3)
    listing(bag, {f"data/{n}": b"" for n in range(9)})
    assert "manifest-sha256.txt: more than 3 lines" in errors(bag)


def test_too_many_files_and_too_deep_folders_end(bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_FILES", 2)
    monkeypatch.setattr(files, "DEEPEST", 3)
    (bag / "data/b/c/d/e").mkdir(parents=True)
    found = errors(bag)
    assert ": more than 2 files" in found or "more than 2 files" in found
    shutil.rmtree(bag / "data/b")


@pytest.mark.parametrize("name", ["manifest-sha-256.txt", "manifest-SHA256.txt"])
def test_two_manifests_of_one_algorithm_are_refused(name: str, bag: Path) -> None:
    listing(bag, {"data/a": b"b"}, name)
    assert any("is a second manifest for sha256" in error for error in errors(bag))


def test_an_algorithm_that_is_not_known_is_refused(bag: Path) -> None:
    (bag / "manifest-crc32.txt").write_text("00000000  data/a\n")
    assert "manifest-crc32.txt: the algorithm crc32 is not known here" in errors(bag)


def test_several_algorithms_are_all_checked(bag: Path) -> None:
    (bag / "manifest-sha512.txt").write_text(f"{'0' * 128}  data/a\n")
    assert any("its sha512 is" in error for error in errors(bag))


def test_one_flipped_bit_in_any_file_is_named(bag: Path) -> None:
    listing(
        bag,
        {name: (bag / name).read_bytes() for name in ("bagit.txt", "manifest-sha256.txt")},
        "tagmanifest-sha256.txt",
    )
    assert errors(bag) == []
    for path in sorted(path for path in bag.rglob("*") if path.is_file()):
        whole = path.read_bytes()
        for at in range(len(whole) * 8):
            data = bytearray(whole)
            data[at // 8] ^= 1 << at % 8
            if data.lower() == whole.lower() and path.name != "data/a" and "manifest" in path.name:
                continue  # the letter case of a digest says nothing
            path.write_bytes(data)
            assert errors(bag), (path.name, at)
        path.write_bytes(whole)


@given(data=st.binary(max_size=300))
def test_any_bytes_in_place_of_a_tag_file_have_an_end(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "data").mkdir()
    (folder / "bagit.txt").write_bytes(data)
    assert errors(folder)
    (folder / "bagit.txt").write_bytes(DECLARATION)
    for name in ("manifest-sha256.txt", "tagmanifest-md5.txt", "fetch.txt", "bag-info.txt"):
        (folder / name).write_bytes(data)
    read_bag(folder)


@given(path=st.text(max_size=40))
def test_a_path_in_scope_stays_inside(path: str) -> None:
    if out_of_scope(path) is None:
        assert os.path.normpath("/bag/" + path).startswith("/bag/")
        assert names.plain(path)


def test_a_hostile_name_is_shown_in_one_plain_line() -> None:
    assert shown_name("a\u202egpj\n\x1b[31m") == r"a\u202egpj\n\x1b[31m"
