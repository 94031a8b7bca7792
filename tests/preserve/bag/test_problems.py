"""What is wrong with a bag, each thing by its name; what another maker or another system would do differently."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ascertain.preserve.bag import Bag, read_bag
from ascertain.preserve.bag.names import decoded, is_portable, out_of_scope, plain, shown_name

PAYLOAD = {"data/a.txt": b"first", "data/b/c.bin": b"\x00\xff", "data/leer.txt": b""}


def manifest(files: dict[str, bytes], algorithm: str = "sha256") -> str:
    return "".join(f"{hashlib.new(algorithm, data).hexdigest()}  {path}\n" for path, data in sorted(files.items()))


def bag_files(payload: dict[str, bytes], version: str = "1.0", algorithm: str = "sha256") -> dict[str, bytes]:
    oxum = f"{sum(map(len, payload.values()))}.{len(payload)}"
    tags = {
        "bagit.txt": f"BagIt-Version: {version}\nTag-File-Character-Encoding: UTF-8\n".encode(),
        "bag-info.txt": f"Source-Organization: A\n  folded\nPayload-Oxum: {oxum}\nBagging-Date: 2026-11-24\n".encode(),
        f"manifest-{algorithm}.txt": manifest(payload, algorithm).encode(),
    }
    return {**payload, **tags, f"tagmanifest-{algorithm}.txt": manifest(tags, algorithm).encode()}


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def told(bag: Bag) -> str:
    return "\n".join(map(str, bag.errors))


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Bag]:
    """Reads a bag whose files are changed as said: None takes a file away, bytes or text put one there."""

    def make(payload: dict[str, bytes] = PAYLOAD, version: str = "1.0", **changed: bytes | str | None) -> Bag:
        files = bag_files(payload, version)
        files.pop("tagmanifest-sha256.txt")
        for name, data in changed.items():
            path = {"bagit": "bagit.txt", "info": "bag-info.txt", "listing": "manifest-sha256.txt"}.get(name, name)
            if data is None:
                files.pop(path)
            else:
                files[path] = data.encode() if isinstance(data, str) else data
        return read_bag(write(tmp_path / "bag", files))

    return make


def test_a_whole_bag_has_neither_errors_nor_warnings(tmp_path: Path) -> None:
    bag = read_bag(write(tmp_path, bag_files(PAYLOAD)))
    assert (bag.errors, bag.warnings, bag.version) == ((), (), "1.0")
    assert [file.path for file in bag.files if file.path.startswith("data/")] == sorted(PAYLOAD)
    assert next(file for file in bag.files if file.path == "data/a.txt").size == 5


def test_bag_info_is_kept_as_it_is_and_in_order(read: Callable[..., Bag]) -> None:
    bag = read(info="Contact-Name: A\ncontact-name : B: C\nBagging-Date: soon\n\tand later\n")
    assert bag.info == (("Contact-Name", "A"), ("contact-name", "B: C"), ("Bagging-Date", "soon and later"))
    assert bag.is_valid


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"bagit": None}, "bagit.txt: is missing"),
        ({"bagit": "BagIt-Version: 1.0\n"}, "bagit.txt: is not the two lines"),
        ({"bagit": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\nMore: 1\n"}, "is not the two lines"),
        ({"bagit": "\ufeffBagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"}, "byte-order mark"),
        ({"bagit": "BagIt-Version: 1.1\nTag-File-Character-Encoding: UTF-8\n"}, "version '1.1' is none of"),
        ({"bagit": "BagIt-Version: 1.0\nTag-File-Character-Encoding: unicode_escape\n"}, "the encoding"),
        ({"bagit": "BagIt-Version: 1.0\nTag-File-Character-Encoding: idna\n"}, "the encoding"),
        ({"bagit": "BagIt-Version:1.0\nTag-File-Character-Encoding: UTF-8\n"}, "allows none"),
        ({"bagit": b"\xff\xfe"}, "bagit.txt: begins with a byte-order mark"),
        ({"bagit": ""}, "is not the two lines"),
        ({"listing": None}, "there is no payload manifest"),
        ({"listing": ""}, "data/a.txt: is in no manifest"),
        ({"data/a.txt": None}, "data/a.txt: is missing (manifest-sha256.txt lists it)"),
        ({"data/a.txt": "First"}, "data/a.txt: has been altered: its sha256 is"),
        ({"data/more.txt": "more"}, "data/more.txt: is in no manifest"),
        ({"info": "Payload-Oxum: 1.1\n"}, "Payload-Oxum is 1.1, but the listed files there make 7.3"),
        ({"info": "Payload-Oxum: many\n"}, "Payload-Oxum 'many' is not two numbers"),
        ({"info": f"Payload-Oxum: {'9' * 5000}.1\n"}, "is not two numbers"),
        ({"info": "no colon\n"}, "bag-info.txt, line 1: is neither a label"),
        ({"info": b"Name: \xff\n"}, "bag-info.txt, line 1: not text in UTF-8"),
        ({"info": "A: " + "x" * 70_000}, "bag-info.txt, line 1: a line of more than"),
        ({"info": "A: 1\n" + " x\n" * 60_000}, "a tag of more than"),
        ({"manifest-crc.txt": ""}, "the algorithm crc is not known here"),
        ({"manifest-SHA-256.txt": ""}, "is a second manifest for sha256"),
        ({"fetch.txt": "https://example.org/ 4 ../a\n"}, "fetch.txt, line 1: ../a: the path leaves the bag"),
        ({"fetch.txt": "https://example.org/ 4 other/a\n"}, "lies outside of data/"),
        ({"fetch.txt": "https://example.org/\n"}, "fetch.txt, line 1: is not an address"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(read: Callable[..., Bag], changed: dict[str, bytes | str | None], words: str) -> None:
    assert words in told(read(**changed))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{}  ../a", "../a: the path leaves the bag (..)"),
        ("{}  data/../../a", "the path leaves the bag (..)"),
        ("{}  data/..\\..\\a", "the path leaves the bag (..)"),
        ("{}  /etc/passwd", "the path is absolute"),
        ("{}  \\\\server\\a", "the path is absolute"),
        ("{}  ~/a", "the path begins with ~"),
        ("{}  C:a", "the path names a drive"),
        ("{}  data/a\x00b", "the name holds a NUL"),
        ("{}  data/", "lies outside of data/"),
        ("{}  ./", "the path names no file"),
        ("{}  bag-info.txt", "lies outside of data/"),
        ("{}  data/gone", "data/gone: is missing"),
        ("00  data/a.txt", "the digest has 2 digits instead of 64"),
        ("{}data/a.txt", "is not a digest and a path"),
        ("{}  ", "is not a digest and a path"),
        ("data/a.txt", "is not a digest and a path"),
        ("{}  data/a.txt", "data/a.txt is listed twice with different digests"),
        ("x" * 70_000, "a line of more than"),
        ("{} " + " " * 60_000, "is not a digest and a path"),
    ],
)  # fmt: skip
def test_a_line_of_a_manifest_that_may_not_be_there_is_named(read: Callable[..., Bag], line: str, words: str) -> None:
    listing = manifest(PAYLOAD)
    found = told(read(listing=listing + line.format("0" * 64) + "\n"))
    assert words in found
    assert "line 4" in found or "missing" in found


def test_a_tag_manifest_lists_tag_files_alone(tmp_path: Path) -> None:
    files = bag_files(PAYLOAD)
    files["tagmanifest-sha256.txt"] += f"{'0' * 64}  data/a.txt\n{'0' * 64}  tagmanifest-sha256.txt\n".encode()
    found = told(read_bag(write(tmp_path, files)))
    assert "data/a.txt: is a payload file" in found
    assert "tagmanifest-sha256.txt: is a tag manifest" in found


def test_a_file_that_one_of_two_manifests_leaves_out_is_an_error_since_1_0(read: Callable[..., Bag]) -> None:
    shorter = manifest({"data/a.txt": PAYLOAD["data/a.txt"]}, "sha512")
    assert "data/b/c.bin: is not in manifest-sha512.txt" in told(read(**{"manifest-sha512.txt": shorter}))
    assert read(version="0.97", **{"manifest-sha512.txt": shorter}).is_valid


def test_a_file_to_be_fetched_is_missing_and_nothing_is_fetched(read: Callable[..., Bag]) -> None:
    bag = read(**{"data/a.txt": None, "fetch.txt": "http://127.0.0.1:9/a - data/a.txt\n"})
    assert "data/a.txt: is missing; fetch.txt gives an address for it, and nothing is ever fetched" in told(bag)


def test_a_bag_without_a_payload_folder_is_no_bag(tmp_path: Path) -> None:
    assert "data/: is missing" in told(read_bag(write(tmp_path, bag_files({}))))


def test_percent_signs_are_read_as_the_version_says(tmp_path: Path) -> None:
    payload = {"data/a\nb\r%0A.txt": b"1", "data/100%": b"2"}
    files = bag_files(payload)
    lines = files["manifest-sha256.txt"].decode()
    written = lines.replace("a\nb\r%0A.txt", "a%0Ab%0d%250A.txt").replace("100%", "100%25")
    files["manifest-sha256.txt"] = written.encode()
    del files["tagmanifest-sha256.txt"]
    assert read_bag(write(tmp_path, files)).errors == ()


def test_a_percent_sign_that_a_maker_did_not_encode_is_a_warning(read: Callable[..., Bag]) -> None:
    bag = read({"data/100%": b"1", "data/a%25b": b"2"})
    assert bag.is_valid
    assert {"% is written as %25" in str(one) or "% is not used as BagIt 1.0" in str(one) for one in bag.warnings} == {
        True
    }


def test_names_that_another_system_would_merge_are_a_warning(read: Callable[..., Bag]) -> None:
    bag = read({"data/A.txt": b"1", "data/a.txt": b"2", "data/\u00e9": b"3", "data/e\u0301": b"4"})
    warned = "\n".join(map(str, bag.warnings))
    assert bag.is_valid
    assert "differ in letter case alone" in warned
    assert "differ in normalisation alone" in warned


def test_another_file_does_not_stand_in_for_a_missing_one_of_another_case(read: Callable[..., Bag]) -> None:
    listing = manifest({**PAYLOAD, "data/A.TXT": b"other"})
    assert "data/A.TXT: is missing" in told(read(listing=listing))


def test_weak_digests_are_a_warning(tmp_path: Path) -> None:
    bag = read_bag(write(tmp_path, bag_files(PAYLOAD, algorithm="md5")))
    assert bag.is_valid
    assert "no manifest is stronger than SHA-1" in str(bag.warnings)


def test_a_tag_file_in_no_tag_manifest_is_a_warning(tmp_path: Path) -> None:
    files = {**bag_files(PAYLOAD), "README": b"hello"}
    assert "README: is in no tag manifest" in map(str, read_bag(write(tmp_path, files)).warnings)


@pytest.mark.parametrize("encoding", ["UTF-16", "UTF-32", "ISO-8859-1", "windows-1252"])
def test_tag_files_are_read_in_the_encoding_that_is_declared(tmp_path: Path, encoding: str) -> None:
    payload = {"data/caf\u00e9": b"1"}
    files = bag_files(payload)
    del files["tagmanifest-sha256.txt"]
    files["bagit.txt"] = f"BagIt-Version: 1.0\nTag-File-Character-Encoding: {encoding}\n".encode()
    for name in ("bag-info.txt", "manifest-sha256.txt"):
        files[name] = files[name].decode().encode(encoding)
    assert read_bag(write(tmp_path, files)).errors == ()


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha224", "sha384", "sha512", "sha3-256", "blake2b"])
def test_every_common_algorithm_is_checked(tmp_path: Path, algorithm: str) -> None:
    name = algorithm.replace("-", "_")
    files = {**PAYLOAD, "bagit.txt": bag_files({})["bagit.txt"]}
    files[f"manifest-{algorithm}.txt"] = manifest(PAYLOAD, name).encode()
    assert read_bag(write(tmp_path, files)).errors == ()
    (tmp_path / "data/a.txt").write_bytes(b"firsT")
    assert "data/a.txt: has been altered" in told(read_bag(tmp_path))


@given(st.sampled_from(["bagit.txt", "bag-info.txt", "manifest-sha256.txt", "fetch.txt"]), st.binary(max_size=300))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_in_a_tag_file_are_read_or_named(tmp_path: Path, name: str, data: bytes) -> None:
    write(tmp_path, {**bag_files(PAYLOAD), name: data})
    bag = read_bag(tmp_path)
    assert all(str(one).isprintable() for one in (*bag.errors, *bag.warnings))
    if name != "fetch.txt" and data != bag_files(PAYLOAD)[name]:
        assert bag.errors  # the tag manifest has another digest


@given(st.data())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_flipped_bit_in_a_file_is_noticed(tmp_path: Path, data: st.DataObject) -> None:
    files = bag_files(PAYLOAD)
    name = data.draw(st.sampled_from(sorted(path for path in files if files[path] and not path.startswith("tagm"))))
    at, bit = data.draw(st.integers(0, len(files[name]) - 1)), data.draw(st.integers(0, 7))
    changed = bytearray(files[name])
    changed[at] ^= 1 << bit
    write(tmp_path, {**files, name: bytes(changed)})
    assert any(one.path == name for one in read_bag(tmp_path).errors)


@given(st.text(max_size=30))
def test_a_name_in_scope_stays_below_the_folder(name: str) -> None:
    if out_of_scope(name) is None and "\\" not in name:
        joined = os.path.normpath(os.path.join("/bag", plain(name)))  # noqa: PTH118
        assert joined.startswith("/bag/")


@given(st.text())
def test_a_shown_name_is_one_line_that_hides_nothing(name: str) -> None:
    assert shown_name(name).isprintable() or shown_name(name) == ""


def test_names_as_they_are_shown_and_written() -> None:
    assert shown_name("a\u202egpj.exe\x00\n") == "a\\u202egpj.exe\\x00\\n"
    assert decoded("%0a%0D%25%41") == "\n\r%%41"
    assert not is_portable("data/aux.txt")
    assert not is_portable("data/a?")
    assert is_portable("data/aux1/a b.txt")
