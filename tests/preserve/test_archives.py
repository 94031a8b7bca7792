from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import struct
import tarfile
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascertain.preserve.limits import Limits

DATA = b"An account of 7 April 2018.\n" * 40
COMPRESSIONS = [
    pytest.param(gzip.compress, id="gzip"),
    pytest.param(bz2.compress, id="bzip2"),
    pytest.param(lzma.compress, id="xz"),
]


def _tar(*names: str, form: int = tarfile.PAX_FORMAT, data: bytes = DATA) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), 1_523_059_200
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def _tar_of(kind: bytes, link: str = "/etc/passwd") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("odd")
        info.type, info.linkname = kind, link
        archive.addfile(info)
    return out.getvalue()


def _header(name: bytes = b"a", size: bytes = b"00000000005\0", kind: bytes = b"0") -> bytes:
    """A header of a tar with a right checksum, whatever stands in its fields."""
    head = name.ljust(100, b"\0") + b"0000644\0" * 3 + size.ljust(12, b"\0") + b"00000000000\0"
    head = (head + b" " * 8 + kind).ljust(257, b"\0") + b"ustar\x0000"
    head = head.ljust(512, b"\0")
    return head[:148] + b"%06o\0 " % sum(head) + head[156:]


def _zip(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name, (2018, 4, 7, 12, 0, 0)), data, method)
    return out.getvalue()


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_the_members_of_a_tar_come_in_its_order_with_their_bytes(unpacking: Any, form: int) -> None:
    names = ["photos/1.jpg", "photos/2.jpg", "long/" + "x" * 90 + "/" + "y" * 90]
    found = unpacking(_tar(*names, form=form))
    assert found.taken == [(name, DATA) for name in names]
    assert found.left == []
    assert found.facts["photos/1.jpg"] == {"modified": "2018-04-07T00:00:00Z"}


@pytest.mark.parametrize("compress", COMPRESSIONS)
def test_a_compressed_tar_is_its_members_and_another_compressed_file_is_one(
    unpacking: Any, compress: Callable[[bytes], bytes]
) -> None:
    assert unpacking(compress(_tar("a.txt", "b.txt"))).taken == [("a.txt", DATA), ("b.txt", DATA)]
    assert unpacking(compress(DATA)).taken == [("1", DATA)]
    assert unpacking(compress(b"")).taken == [("1", b"")]


def test_the_name_in_a_gzip_header_is_the_name_of_the_file_in_it(unpacking: Any) -> None:
    out = io.BytesIO()
    with gzip.GzipFile("../report.txt", "wb", fileobj=out) as file:
        file.write(DATA)
    header = out.getvalue()
    assert unpacking(header).names == ["report.txt"]
    assert unpacking(header.replace(b"report.txt", b"..\\eport.t")).facts == {
        r"..\\eport.t": {"remarks": "parent, backslash"}
    }


def test_streams_that_follow_one_another_are_one_and_zeros_behind_them_are_padding(unpacking: Any) -> None:
    found = unpacking(gzip.compress(b"one,") + gzip.compress(b"two") + bytes(3000))
    assert (found.taken, found.left) == ([("1", b"one,two")], [])


def test_bytes_behind_the_end_are_named(unpacking: Any) -> None:
    behind = unpacking(gzip.compress(DATA) + b"something else")
    assert (behind.taken, behind.left) == ([("1", DATA)], [("", "damaged")])
    second = unpacking(_tar("a.txt") + _tar("b.txt"))
    assert (second.names, second.left) == (["a.txt"], [("", "damaged")])


@pytest.mark.parametrize(
    ("kind", "why", "reason"),
    [
        (tarfile.SYMTYPE, "link", "a symbolic link to /etc/passwd"),
        (tarfile.LNKTYPE, "link", "a hard link to /etc/passwd"),
        (tarfile.CHRTYPE, "special", "a character device"),
        (tarfile.BLKTYPE, "special", "a block device"),
        (tarfile.FIFOTYPE, "special", "a named pipe"),
        (tarfile.GNUTYPE_SPARSE, "unsupported", "a sparse file, which is not unpacked"),
        (b"Q", "unsupported", "a member of an unknown kind (Q)"),
    ],
)
def test_what_is_no_file_in_a_tar_is_named_and_not_taken(unpacking: Any, kind: bytes, why: str, reason: str) -> None:
    found = unpacking(_tar_of(kind))
    assert (found.taken, found.left, found.reasons) == ([], [("odd", why)], [reason])


def test_folders_are_no_members(unpacking: Any) -> None:
    found = unpacking(_tar_of(tarfile.DIRTYPE))
    assert (found.taken, found.left) == ([], [])
    assert unpacking(_zip(("folder/", b""))).taken == []


@pytest.mark.parametrize(
    ("name", "written", "remark"),
    [
        ("../../etc/cron.d/x", "../../etc/cron.d/x", "parent"),
        ("/etc/passwd", "/etc/passwd", "absolute"),
        ("C:\\Windows\\x", r"C:\\Windows\\x", "drive, backslash"),
        ("a\u202efdp.exe", r"a\u202efdp.exe", "hidden"),
        ("a\nb", r"a\u000ab", "control"),
    ],
)
def test_a_name_that_is_unfit_as_a_path_is_kept_in_writing_and_the_bytes_are_taken(
    unpacking: Any, name: str, written: str, remark: str
) -> None:
    for data in (_tar(name), _zip((name, DATA))):
        found = unpacking(data)
        assert found.taken == [(written, DATA)]
        assert found.facts[written]["remarks"] == remark


def test_names_that_are_no_utf8_are_written_by_their_bytes(unpacking: Any) -> None:
    assert unpacking(_header(b"caf\xe9") + b"hello".ljust(512, b"\0") + bytes(1024)).names == [r"caf\xe9"]
    assert unpacking(_zip(("cafe", DATA)).replace(b"cafe", b"caf\xe9")).names == [r"caf\xe9"]


def test_a_zip_whose_maker_left_out_that_its_names_are_utf8_still_has_them(unpacking: Any) -> None:
    name = "تقرير"
    out = _zip((name, DATA))
    unmarked = out.replace(struct.pack("<H", 0x800), struct.pack("<H", 0))
    assert unpacking(unmarked).names == [name]


def test_the_same_name_twice_and_names_that_differ_by_case_are_taken_and_remarked(unpacking: Any) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        members = _zip(("a.txt", b"1"), ("a.txt", b"2"), ("A.TXT", b"3"))
    for data in (members, _tar("a.txt", "a.txt", "A.TXT")):
        found = unpacking(data)
        assert found.names == ["a.txt", "a.txt", "A.TXT"]
        assert found.facts["a.txt"]["remarks"] == "duplicate"
        assert found.facts["A.TXT"]["remarks"] == "case clash"


def test_encrypted_and_linked_members_of_a_zip_are_named_and_the_rest_is_taken(unpacking: Any) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, b"/etc/passwd")
        device = zipfile.ZipInfo("device")
        device.create_system, device.external_attr = 3, 0o020666 << 16
        archive.writestr(device, b"")
        archive.writestr(zipfile.ZipInfo("packed"), DATA, zipfile.ZIP_BZIP2)
        archive.writestr("secret", DATA)
        archive.writestr("open", DATA)
    data = bytearray(out.getvalue())
    data[data.rindex(b"secret") - 46 + 8] |= 1
    found = unpacking(bytes(data))
    assert found.taken == [("open", DATA)]
    assert found.left == [
        ("link", "link"), ("device", "special"), ("packed", "unsupported"), ("secret", "encrypted"),
    ]  # fmt: skip


def test_a_zip_tells_when_its_members_were_changed_and_nothing_where_it_does_not_know(unpacking: Any) -> None:
    assert unpacking(_zip(("a", DATA))).facts["a"] == {"modified": "2018-04-07T12:00:00"}
    without = zipfile.ZipInfo("a")
    without.date_time = (1980, 0, 0, 0, 0, 0)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(without, DATA)
    assert unpacking(out.getvalue()).facts["a"] == {}


def test_a_member_whose_bytes_are_altered_is_named_and_the_rest_is_taken(unpacking: Any) -> None:
    data = bytearray(_zip(("a", DATA), ("b", DATA), method=zipfile.ZIP_STORED))
    data[40] ^= 1
    found = unpacking(bytes(data))
    assert (found.names, found.left) == (["b"], [("a", "damaged")])


def test_a_local_header_that_says_another_name_than_the_directory_is_damage(unpacking: Any) -> None:
    data = _zip(("invoice", DATA)).replace(b"invoice", b"another", 1)
    assert unpacking(data).left == [("invoice", "damaged")]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("compress", [None, *[c.values[0] for c in COMPRESSIONS]])
def test_of_a_tar_that_is_cut_off_what_was_read_is_kept_and_the_rest_is_named(
    unpacking: Any, share: float, compress: Callable[[bytes], bytes] | None
) -> None:
    noise = random.Random(1).randbytes(30_000)
    whole = _tar("1", "2", "3", "4", data=noise)
    cut = compress(whole) if compress else whole.rstrip(b"\0")
    found = unpacking(cut[: int(len(cut) * share)])
    assert found.names == ["1", "2", "3", "4"][: len(found.names)]
    assert all(data == noise for _, data in found.taken)
    assert found.left[-1] == ("", "damaged")


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_of_a_zip_without_its_directory_the_whole_members_are_kept(unpacking: Any, method: int) -> None:
    noise = random.Random(1).randbytes(30_000)
    whole = _zip(("folder/", b""), ("1", noise), ("2", noise), ("3", noise), method=method)
    found = unpacking(whole[: int(len(whole) * 0.8)])
    assert found.taken == [("1", noise), ("2", noise)]
    assert found.left == [("3", "damaged"), ("", "damaged")]


def test_of_a_zip_that_was_written_as_a_stream_and_cut_the_whole_members_are_kept(unpacking: Any) -> None:
    class Pipe(io.RawIOBase):
        """Cannot be gone back in, so that sizes come behind the data."""

        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            self.data += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        for name in ("1", "2", "3"):
            archive.writestr(name, DATA)
    found = unpacking(pipe.data[: pipe.data.rindex(b"PK\x03\x04") + 40])
    assert found.taken == [("1", DATA), ("2", DATA)]
    assert found.left[-1] == ("", "damaged")


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        pytest.param(_header(size=b"9" * 11), "a number that is none", id="a_number_that_is_none"),
        pytest.param(_header(size=b"\xff" * 12), "a number that is none", id="a_negative_size"),
        pytest.param(_header(size=b"\x80" + b"\xff" * 11), "too large", id="a_size_beyond_any"),
        pytest.param(_header()[:400] + b"x" + _header()[401:], "checksum is wrong", id="a_wrong_checksum"),
        pytest.param(_header(kind=b"x") + b"99 a=b\n".ljust(512, b"\0"), "a pax record is none", id="a_bad_record"),
        pytest.param(_header(kind=b"x") * 40, "a pax record is none", id="headers_as_records"),
        pytest.param(_header(kind=b"L", size=b"77777777777"), "8,589,934,591 bytes long", id="a_name_of_8_GB"),
        pytest.param((_header(kind=b"L") + b"hello".ljust(512, b"\0")) * 20, "more than 16", id="names_without_an_end"),
        pytest.param(b"", "no mark at its end", id="nothing_more"),
    ],
)
def test_a_hostile_header_ends_a_tar_and_what_came_before_is_kept(unpacking: Any, header: bytes, reason: str) -> None:
    found = unpacking(_tar("a.txt").rstrip(b"\0").ljust(512 * 4, b"\0") + header)
    assert found.names == ["a.txt"]
    assert [name for name, _ in found.left] == [""]
    assert reason in found.reasons[0]


def test_a_sparse_file_in_any_form_is_named_and_the_next_member_is_taken(unpacking: Any) -> None:
    record = b"22 GNU.sparse.major=1\n"
    pax = _header(kind=b"x", size=b"%o" % len(record)) + record.ljust(512, b"\0")
    old = bytearray(_header(b"old", kind=b"S", size=b"0"))
    old[482] = 1
    old = bytearray(old[:148] + b" " * 8 + old[156:])
    old[148:156] = b"%06o\0 " % sum(old)
    more = bytes(504) + b"\0" * 8
    data = pax + _header(b"new") + b"hello".ljust(512, b"\0") + bytes(old) + more + _tar("last")
    found = unpacking(data)
    assert found.left == [("new", "unsupported"), ("old", "unsupported")]
    assert found.names == ["last"]


@pytest.mark.parametrize("compress", COMPRESSIONS)
def test_a_bomb_ends_where_it_unfolds_to_more_than_is_allowed(
    unpacking: Any, compress: Callable[[bytes], bytes]
) -> None:
    found = unpacking(compress(bytes(80 * 2**20)))
    assert found.taken == []
    assert ("1", "limit") in found.left
    assert "200 times its size" in found.reasons[0]


def test_a_bomb_in_a_zip_is_not_begun_and_the_rest_is_taken(unpacking: Any) -> None:
    found = unpacking(_zip(("bomb", bytes(80 * 2**20)), ("a", DATA)))
    assert (found.names, found.left) == (["a"], [("bomb", "limit")])


def test_a_member_that_lies_about_its_size_gives_no_more_than_it_says(unpacking: Any) -> None:
    data = _zip(("a", bytes(2**20)))
    lying = data.replace(struct.pack("<L", 2**20), struct.pack("<L", 10))
    assert unpacking(lying).left == [("a", "damaged")]


def test_members_and_bytes_are_limited_over_the_whole_archive(unpacking: Any) -> None:
    names = [str(number) for number in range(10)]
    by_number = unpacking(_tar(*names), Limits(members=3))
    assert (by_number.names, by_number.left) == (["0", "1", "2"], [("", "limit")])
    by_bytes = unpacking(_zip(*[(name, DATA) for name in names]), Limits(total_bytes=3 * len(DATA)))
    assert by_bytes.names == ["0", "1", "2"]
    assert {why for _, why in by_bytes.left} == {"limit"}


def test_members_that_share_their_bytes_are_refused_before_any_is_read(unpacking: Any) -> None:
    found = unpacking(overlapping_zip(200))
    assert (found.taken, found.left) == ([], [("", "damaged")])
    assert "overlap" in found.reasons[0]


def overlapping_zip(number: int) -> bytes:
    """A zip in which every member is the same deflated run of zeros, as in the bombs that are not nested."""
    whole = _zip(("000", bytes(2**20)))
    directory = whole.index(b"PK\x01\x02")
    entry = whole[directory : whole.index(b"PK\x05\x06")]
    entries = b"".join(entry.replace(b"000", b"%03d" % place) for place in range(number))
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, number, number, len(entries), directory, 0)
    return whole[:directory] + entries + end


def test_a_zip_whose_directory_is_said_to_be_enormous_is_refused(unpacking: Any) -> None:
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFF0, 0, 0)
    found = unpacking(_zip(("a", DATA))[:-22] + end)
    assert found.left[-1][0] == ""


@pytest.mark.parametrize("head", [b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\x01\x00", b"\x28\xb5\x2f\xfd"])
def test_kinds_that_are_not_unpacked_are_named(unpacking: Any, head: bytes) -> None:
    found = unpacking(head + b"\0" * 100)
    assert (found.taken, found.left) == ([], [("", "unsupported")])


def _read_by_the_standard_library(data: bytes) -> list[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return [(info.name, archive.extractfile(info).read()) for info in archive if info.isreg()]  # type: ignore[union-attr]


_NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0\\/", categories=("L", "N", "P")), min_size=1)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(_NAMES, st.binary(max_size=1500)), max_size=6),
    st.sampled_from([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]),
)
def test_a_tar_is_read_as_the_standard_library_reads_it(
    unpacking: Any, members: list[tuple[str, bytes]], form: int
) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            try:
                archive.addfile(info, io.BytesIO(data))
            except ValueError:  # a name that this form cannot hold
                continue
    found = unpacking(out.getvalue(), media_type="application/x-tar")
    assert found.taken == _read_by_the_standard_library(out.getvalue())
    assert found.left == []


SAMPLES = [
    _tar("a", "b"), gzip.compress(_tar("a", "b"), mtime=0), _zip(("a", DATA), ("b", DATA)),
    gzip.compress(DATA, mtime=0), bz2.compress(DATA), lzma.compress(DATA),
]  # fmt: skip
KINDS = ["application/x-tar", "application/gzip", "application/zip", "application/x-bzip2", "application/x-xz"]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SAMPLES), st.data())
def test_any_damage_is_named_and_never_raises(unpacking: Any, sample: bytes, data: st.DataObject) -> None:
    damaged = bytearray(sample)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(damaged)))
    unpacking(bytes(damaged[: cut or len(damaged)]), media_type=data.draw(st.sampled_from(KINDS)))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=600), st.sampled_from(KINDS))
def test_any_bytes_are_unpacked_or_named(unpacking: Any, data: bytes, kind: str) -> None:
    for start in (b"", b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08\0"):
        unpacking(start + data, media_type=kind)
