from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ascertain.errors import ItemFailed
from ascertain.preserve.member import NotTaken
from ascertain.preserve.steady import opened
from ascertain.preserve.walk import Found, walk

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pipes and no links")


def _names(folder: Path, *leave_out: Path) -> list[str]:
    return [found.name for found in walk(folder, *leave_out) if isinstance(found, Found)]


def _left(folder: Path, *leave_out: Path) -> list[tuple[str, str]]:
    return [(found.name, found.why) for found in walk(folder, *leave_out) if isinstance(found, NotTaken)]


def _files(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"some bytes")


def test_files_come_sorted_by_the_parts_of_their_paths_hidden_ones_too(tmp_path: Path) -> None:
    _files(tmp_path, "b.txt", "a/2", "a/10", "a.txt", ".hidden", "a/.git/config", "Z")
    assert _names(tmp_path) == [".hidden", "Z", "a/.git/config", "a/10", "a/2", "a.txt", "b.txt"]
    assert _left(tmp_path) == []


def test_links_pipes_and_sockets_are_named_and_not_followed(tmp_path: Path) -> None:
    _files(tmp_path, "in/a.txt", "out/secret.txt")
    (tmp_path / "in/folder").symlink_to(tmp_path / "out")
    (tmp_path / "in/file").symlink_to("/etc/passwd")
    (tmp_path / "in/loop").symlink_to(".")
    os.mkfifo(tmp_path / "in/pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(tmp_path / "in")  # a socket's path may have a hundred bytes only
        listening.bind("socket")
        os.chdir(here)
        assert _left(tmp_path / "in") == [
            ("file", "link"), ("folder", "link"), ("loop", "link"), ("pipe", "special"), ("socket", "special"),
        ]  # fmt: skip
    assert _names(tmp_path / "in") == ["a.txt"]
    reasons = [found.reason for found in walk(tmp_path / "in") if isinstance(found, NotTaken)]
    assert reasons[0] == "a symbolic link to /etc/passwd"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_names_that_no_text_holds_are_written_out(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\n"))).write_bytes(b"x")
    assert _names(tmp_path) == [r"\xff\u000a"]


def test_a_folder_that_cannot_be_read_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    assert [(found.name, found.why) for found in walk(tmp_path / "missing")] == [(".", "unreadable")]
    if os.getuid() == 0:
        pytest.skip("root reads everything")
    _files(tmp_path, "a/1", "b/2")
    (tmp_path / "a").chmod(0)
    assert (_left(tmp_path), _names(tmp_path)) == ([("a", "unreadable")], ["b/2"])
    (tmp_path / "a").chmod(0o700)


def test_the_record_itself_is_not_entered_when_it_lies_inside(tmp_path: Path) -> None:
    _files(tmp_path, "a.txt", "inquiry/record.toml", "inquiry/objects/ab/cd")
    (tmp_path / "way").symlink_to("inquiry")
    assert _names(tmp_path, tmp_path / "way") == ["a.txt"]
    assert _left(tmp_path, tmp_path / "inquiry")[0] == ("inquiry", "record")


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Path]:
    """A folder in a folder, and so on, deeper than any path can say."""
    here, levels, name = Path.cwd(), 25, "d" * 200
    os.chdir(tmp_path)
    for _ in range(levels):
        Path(name).mkdir()
        os.chdir(name)
    os.chdir(here)
    yield tmp_path
    os.chdir(tmp_path)
    for _ in range(levels):
        os.chdir(name)
    for _ in range(levels):
        os.chdir("..")
        Path(name).rmdir()
    os.chdir(here)


def test_a_folder_is_walked_as_deep_as_a_path_can_be_and_what_is_deeper_is_named(deep: Path) -> None:
    ((name, why),) = _left(deep)
    assert why == "unreadable"
    assert 15 < name.count("/") < 25


def test_a_file_is_read_as_it_stands(tmp_path: Path) -> None:
    _files(tmp_path, "a")
    with opened(tmp_path / "a") as file:
        assert (file.size, file.read(4), file.read(100), file.read(100)) == (10, b"some", b" bytes", b"")


@pytest.mark.parametrize("change", ["grow", "shrink", "rewrite"])
def test_a_file_that_changes_while_it_is_read_is_noticed(tmp_path: Path, change: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"0123456789")
    os.utime(path, ns=(1, 1))

    def read() -> None:
        with opened(path) as file:
            file.read(4)
            if change == "grow":
                path.write_bytes(b"0123456789abc")
            elif change == "shrink":
                os.truncate(path, 6)
            else:
                path.write_bytes(b"9876543210")
            while file.read(4):
                pass

    with pytest.raises(ItemFailed, match="changed while it was read") as error:
        read()
    assert error.value.why == "changed"


def _why(path: Path, *, follow: bool = False) -> str:
    with pytest.raises(ItemFailed) as error, opened(path, follow=follow) as file:
        while file.read(1000):
            pass
    return error.value.why


def test_what_is_no_file_of_bytes_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/etc/passwd")
    assert _why(tmp_path / "pipe") == "special"
    assert _why(tmp_path / "link") == "link"
    assert _why(tmp_path) == "special"
    assert _why(tmp_path / "missing") == "missing"
    assert _why(Path("/dev/zero")) == "special"
    assert _why(tmp_path / ("x" * 300)) == "unreadable"
    with opened(tmp_path / "link", follow=True) as file:
        assert file.read(10)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
@pytest.mark.parametrize("name", ["status", "environ", "maps", "mem", "pagemap", "cmdline"])
def test_files_that_are_made_up_as_they_are_read_are_refused(name: str) -> None:
    assert _why(Path("/proc/self") / name) in {"special", "unreadable", "changed"}
