"""A bag in one file: unpacked into a private folder that goes again, refused whole for anything that is not plain."""

from __future__ import annotations

import hashlib
import io
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ascertain.errors import BundleRefused, UsageError
from ascertain.preserve.bag import read_bag
from ascertain.preserve.bag.archive import bag_folder
from ascertain.preserve.limits import Limits

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


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def _tar(files: dict[str, bytes], mode: str = "w:gz") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


@pytest.mark.parametrize("pack", [_zip, _tar, lambda files: _tar(files, "w:xz"), lambda files: _tar(files, "w")])
@pytest.mark.parametrize("top", ["", "my bag/"])
def test_a_bag_in_an_archive_is_read_in_a_private_folder_that_goes(
    tmp_path: Path, pack: Callable[[dict[str, bytes]], bytes], top: str
) -> None:
    packed = tmp_path / "bag.archive"
    packed.write_bytes(pack({top + name: data for name, data in bag_files(PAYLOAD).items()}))
    with bag_folder(packed, Limits()) as folder:
        assert read_bag(folder).errors == ()
        private = folder.parent if top else folder
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert not folder.exists()


def test_a_folder_is_its_own_bag_folder(tmp_path: Path) -> None:
    with bag_folder(tmp_path, Limits()) as folder:
        assert folder == tmp_path


HOSTILE = {
    "it leaves the folder": ({"../../a": b"1"}, "leaves the bag"),
    "it is absolute": ({"/tmp/a": b"1"}, "absolute"),
    "it names a drive": ({"C:/a": b"1"}, "drive"),
    "it turns text": ({"a\u202eb": b"1"}, "not plain"),
    "it is no bag": ({"a": b"1", "b": b"2"}, "holds no bag"),
    "it is a bomb": ({"a": bytes(200_000_000)}, "unfolds to more than"),
}  # fmt: skip


@pytest.mark.parametrize("pack", [_zip, _tar])
@pytest.mark.parametrize(("files", "words"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_archive_is_refused_with_its_reason(
    tmp_path: Path, pack: Callable[[dict[str, bytes]], bytes], files: dict[str, bytes], words: str
) -> None:
    packed = tmp_path / "bag.archive"
    packed.write_bytes(pack(files))
    with pytest.raises(BundleRefused, match=words), bag_folder(packed, Limits()):
        pass


def test_a_link_in_an_archive_refuses_it(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        link = tarfile.TarInfo("bag/data")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        archive.addfile(link)
    packed = tmp_path / "bag.tar"
    packed.write_bytes(out.getvalue())
    with pytest.raises(BundleRefused, match="a symbolic link to /etc"), bag_folder(packed, Limits()):
        pass


@pytest.mark.parametrize("pack", [_zip, _tar])
def test_an_archive_that_is_cut_off_is_refused(tmp_path: Path, pack: Callable[[dict[str, bytes]], bytes]) -> None:
    whole = pack({f"bag/{name}": data for name, data in bag_files(PAYLOAD).items()})
    packed = tmp_path / "bag.archive"
    for length in (40, len(whole) // 2, len(whole) - 1):
        packed.write_bytes(whole[:length])
        with pytest.raises((BundleRefused, UsageError)), bag_folder(packed, Limits()):
            pass


def test_what_is_no_archive_is_a_usage_error(tmp_path: Path) -> None:
    packed = tmp_path / "bag.txt"
    packed.write_text("hello")
    with pytest.raises(UsageError, match="no folder, zip or tar"), bag_folder(packed, Limits()):
        pass
