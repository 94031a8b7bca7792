"""Hostile files at the door of a record: refused clearly or kept safely, in bounded memory, and nothing beside it."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import lzma
import os
import struct
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bombs
import pytest

from ascertain.preserve.detect import DOCX

MEGABYTE = 2**20
BLNS = Path(__file__).parents[2] / "../shared/data/trust/blns/blns.json"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="made with what Linux allows")


def _file(folder: Path, name: str, data: bytes) -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def _sparse(path: Path, size: int, head: bytes = b"") -> Path:
    with path.open("wb") as file:
        file.write(head)
        file.truncate(size)
    return path


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        pytest.param("flat.zip", bombs.flat_zip(3000), "limit", id="a_flat_zip_of_3_GB"),
        pytest.param("lying.zip", bombs.lying_zip(3000), "damaged", id="a_zip_that_lies_about_its_size"),
        pytest.param("bomb.gz", bombs.gzip_bomb(3000), "limit", id="a_gzip_of_3_GB"),
        pytest.param("nested.zip", bombs.nested_zip(4, 10, bombs.flat_zip(500)), "limit", id="zips_in_zips"),
        pytest.param("cut.zip", bombs.flat_zip(3000)[:-30], "limit", id="a_bomb_without_its_directory"),
    ],
)
def test_a_bomb_is_kept_as_it_came_and_not_unfolded(
    intake: Any, folder: Path, name: str, data: bytes, code: str
) -> None:
    found = intake(_file(folder, name, data))
    assert found.kept[0][0] == name
    assert code in {why for _, why in found.failed}
    kept = sum(path.stat().st_blocks * 512 for path in (intake.inquiry.record.folder / "objects").rglob("*"))
    assert kept < len(data) + 80 * MEGABYTE


def test_an_xz_that_asks_for_gigabytes_of_memory_is_refused(intake: Any, folder: Path) -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 4096}]
    data = bytearray(lzma.compress(b"small", lzma.FORMAT_XZ, filters=filters))
    at = data.index(b"\x21\x01") + 2  # the dictionary's size in the filter's properties
    data[at] = 40  # 4 GB
    header = slice(12, 12 + (data[12] + 1) * 4 - 4)
    data[header.stop : header.stop + 4] = struct.pack("<L", zlib.crc32(bytes(data[header])))
    found = intake(_file(folder, "a.xz", bytes(data)))
    assert (found.names, {why for _, why in found.failed}) == (["a.xz"], {"damaged"})


def test_a_zip_of_very_many_members_is_refused_before_it_fills_the_memory(intake: Any, folder: Path) -> None:
    name = b"n" * 8
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0) + name
    entries = entry * 400_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, len(entries), 4, 0)
    found = intake(_file(folder, "many.zip", b"PK\x03\x04" + entries + end))
    assert (found.names, found.failed) == (["many.zip"], [("many.zip!/", "limit")])


def _everything(folder: Path) -> dict[str, tuple[int, float]]:
    return {str(path): (path.lstat().st_size, path.lstat().st_mtime) for path in folder.rglob("*")}


def test_members_that_climb_out_write_nothing_beside_the_record(intake: Any, folder: Path, tmp_path: Path) -> None:
    out, names = io.BytesIO(), ["../../escaped", "/tmp/escaped", "..\\..\\escaped", "a/../../../escaped", "C:\\escaped"]
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = 4
            archive.addfile(info, io.BytesIO(b"evil"))
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE):
            link = tarfile.TarInfo("objects")
            link.type, link.linkname = kind, "/etc"
            archive.addfile(link)
        info = tarfile.TarInfo("objects/passwd")
        info.size = 4
        archive.addfile(info, io.BytesIO(b"evil"))
    path = _file(folder, "climb.tar", out.getvalue())
    before = {**_everything(folder), **_everything(Path("/tmp/escaped"))}
    found = intake(path)
    assert len(found.kept) == 7
    assert [why for _, why in found.failed] == ["link", "link"]
    assert {**_everything(folder), **_everything(Path("/tmp/escaped"))} == before
    assert {path.name for path in tmp_path.iterdir()} == {"in", "inquiry"}


@pytest.mark.parametrize("size", [b"77777777777", b"\x80" + b"\0" * 6 + b"\x10" + b"\0" * 4])
@pytest.mark.parametrize("kind", [b"x", b"g", b"L", b"K", b"0", b"S"])
def test_a_tar_header_that_claims_gigabytes_takes_no_memory(
    intake: Any, folder: Path, kind: bytes, size: bytes
) -> None:
    head = b"a".ljust(100, b"\0") + b"0000644\0" * 3 + size.ljust(12, b"\0") + b"0" * 11 + b"\0"
    head = ((head + b" " * 8 + kind).ljust(257, b"\0") + b"ustar\x0000").ljust(512, b"\0")
    head = head[:148] + b"%06o\0 " % sum(head) + head[156:]
    found = intake(_sparse(folder / "a.tar", 30 * MEGABYTE, head), more_mb=100)
    assert found.names == ["a.tar"]
    assert found.failed


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("laughs.xml", bombs.LAUGHS, "application/xml"),
        ("laughs.docx", bombs.docx(bombs.LAUGHS), DOCX),
        ("bomb.png", bombs.png(100_000), "image/png"),
        ("bomb.pdf", bombs.pdf(2000), "application/pdf"),
        ("page.html", b"<!doctype html><script>alert(1)</script>" + b"<div>" * 100_000, "text/html"),
        ("zip.pdf", b"%PDF-1.7\n" + bombs.flat_zip(1), "application/pdf"),
        ("gif.html", b"GIF89a/*<html><script>alert(1)</script>*/=1", "image/gif"),
        ("mz.zip", bombs.flat_zip(1) + b"MZ" + bytes(100), "application/zip"),
    ],
)  # fmt: skip
def test_documents_and_images_are_bytes_on_the_way_in_whatever_they_would_unfold_to(
    intake: Any, folder: Path, name: str, data: bytes, media_type: str
) -> None:
    found = intake(_file(folder, name, data), unpack=name != "mz.zip", more_mb=100)
    assert (found.kept, found.failed) == ([(name, media_type)], [])
    assert intake.inquiry.record.objects.get(hashlib.sha256(data).hexdigest()) == data


def test_a_sparse_file_of_two_gigabytes_takes_no_memory_and_no_room(intake: Any, folder: Path) -> None:
    found = intake(_sparse(folder / "disk.img", 2**31), more_mb=100, look=False)
    assert found.names == ["disk.img"]
    (name,) = intake.inquiry.record.objects.names()
    kept = intake.inquiry.record.objects.path(name).stat()
    assert (kept.st_size, kept.st_blocks * 512 < 10 * MEGABYTE) == (2**31, True)


def test_a_file_of_more_bytes_than_the_disk_has_is_named(intake: Any, folder: Path) -> None:
    with contextlib.suppress(OSError):
        found = intake(_sparse(folder / "enormous", 2**43))
        assert (found.kept, found.failed) == ([], [("enormous", "limit")])


def test_names_that_turn_hide_break_or_are_no_text_are_kept_in_writing(intake: Any, folder: Path) -> None:
    names = [
        b"\xe2\x80\xaefdp.exe",
        b"a\nb",
        b"\x1b[2J",
        b"\xff\xfe",
        b"-rf",
        b"..\\..",
        b"x" * 255,
        b" ",
        b"'; DROP TABLE log",
    ]
    for name in names:
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(name)
    found = intake(folder)
    assert found.failed == []
    assert sorted(found.names) == sorted(
        [
            r"\u202efdp.exe",
            r"a\u000ab",
            r"\u001b[2J",
            r"\xff\xfe",
            "-rf",
            r"..\\..",
            "x" * 255,
            " ",
            "'; DROP TABLE log",
        ]
    )


@pytest.mark.skipif(not BLNS.exists(), reason="needs the list of naughty strings")
def test_naughty_strings_as_names_of_files_are_all_kept_apart(intake: Any, folder: Path) -> None:
    made = set()
    for text in json.loads(BLNS.read_text("utf-8")):
        with contextlib.suppress(OSError, ValueError):  # what no file can be called
            (folder / text.replace("/", "\u2215")).write_text(text)
            made.add(text.replace("/", "\u2215"))
    found = intake(folder)
    assert len(made) > 400
    assert (found.failed, len(set(found.names))) == ([], len(list(folder.iterdir())))


def test_pipes_devices_links_and_loops_in_a_folder_are_named_and_never_waited_for(intake: Any, folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    (folder / "loop").symlink_to(".")
    (folder / "zero").symlink_to("/dev/zero")
    (folder / "memory").symlink_to("/proc/self/mem")
    (folder / "a").write_bytes(b"a")
    found = intake(folder, seconds=60)
    assert found.names == ["a"]
    assert found.failed == [("loop", "link"), ("memory", "link"), ("pipe", "special"), ("zero", "link")]


def test_what_the_kernel_makes_up_is_refused_when_it_is_given_by_name(intake: Any) -> None:
    paths = [Path("/proc/self") / name for name in ("mem", "environ", "maps", "status", "pagemap", "fd")]
    paths += [Path("/proc/kcore"), Path("/proc/kmsg"), Path("/dev/zero"), Path("/dev/urandom"), Path("/dev/stdin")]
    found = intake(*paths[:5], *(path for path in paths[6:] if path.exists()), seconds=60)
    assert found.kept == []
    assert {why for _, why in found.failed} <= {"special", "unreadable", "limit", "changed", "missing", "link"}


_GROW = """
import os, sys
with open(sys.argv[1], "ab", 0) as file:
    while os.fstat(file.fileno()).st_size < 2**29:
        file.write(b"more")
"""


@pytest.fixture
def growing(folder: Path) -> Iterator[Path]:
    """A file that somebody writes to without an end."""
    path = folder / "growing.log"
    path.write_bytes(b"x" * 40 * MEGABYTE)
    with subprocess.Popen([sys.executable, "-c", _GROW, path]) as process:
        yield path
        process.kill()


def test_a_file_that_never_stops_growing_is_named(intake: Any, growing: Path, folder: Path) -> None:
    (folder / "still").write_bytes(b"still")
    found = intake(folder)
    assert found.names == ["still"]
    assert found.failed == [("growing.log", "changed")]


def test_a_mailbox_with_a_line_without_an_end_takes_no_memory(intake: Any, folder: Path) -> None:
    head = b"From a@example.org Sat Apr  7 12:00:00 2018\nReceived: x\nFrom: a@example.org\n\n"
    found = intake(_sparse(folder / "a.mbox", 150 * MEGABYTE, head + b"x" * 2**17), more_mb=80)
    assert found.names == ["a.mbox", "a.mbox!/1"]
    assert found.failed == [("a.mbox!/1!/", "limit")]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(
            b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(100_000)),
            id="parts_in_parts",
        ),
        pytest.param(b"Content-Type: message/rfc822\n\n" * 100_000, id="messages_in_messages"),
        pytest.param(b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 1_000_000, id="many_parts"),
        pytest.param(b"Subject: x\n\n" + b"\n" * 30_000_000, id="many_lines"),
        pytest.param(b"X: y\n" * 3_000_000, id="many_headers"),
        pytest.param(b"Subject: x\n\n" + b"x" * 20_000_000, id="a_line_of_megabytes"),
        pytest.param(b'Content-Type: x/y; a="' + b'";"' * 3_000_000 + b"\n\n", id="a_header_of_megabytes"),
    ],
)
def test_a_message_built_to_exhaust_is_kept_and_not_taken_apart(intake: Any, folder: Path, data: bytes) -> None:
    start = b"Received: x\nFrom: a@example.org\nMIME-Version: 1.0\n"
    found = intake(_file(folder, "a.eml", start + data), more_mb=200)
    assert (found.names, found.failed) == (["a.eml"], [("a.eml!/", "limit")])


def test_a_message_as_large_as_is_taken_apart_stays_within_its_memory(intake: Any, folder: Path) -> None:
    start = b"Received: x\nFrom: a@example.org\nContent-Transfer-Encoding: base64\n\n"
    data = start + (b"QUJD" * 19 + b"\n") * (60 * MEGABYTE // 77)
    found = intake(_file(folder, "a.eml", data), more_mb=450)
    assert found.names == ["a.eml", "a.eml!/headers.json", "a.eml!/1"]


def test_an_archive_of_a_thousand_kinds_of_damage_ends_with_names(intake: Any, folder: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(200):
            archive.writestr(f"{number}.txt", os.urandom(50) * 20)
    data = bytearray(out.getvalue())
    for at in range(50, data.index(b"PK\x01\x02"), 97):
        data[at] ^= 0xFF
    found = intake(_file(folder, "a.zip", bytes(data)))
    assert found.names[0] == "a.zip"
    assert {why for _, why in found.failed} == {"damaged"}
