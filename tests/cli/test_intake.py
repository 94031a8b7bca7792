"""What `ascertain preserve` says of many files, to a person and to a program."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from ascertain.cli.app import app


def run(*arguments: object) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, [str(a) for a in arguments])


@pytest.fixture
def record(tmp_path: Path) -> Path:
    assert run("new", tmp_path / "inquiry", "--author", "A. Analyst").exit_code == 0
    return tmp_path / "inquiry"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Thirty files, an archive, a link."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(30):
        (folder / f"{number:02}.txt").write_bytes(b"account %d" % number)
    with zipfile.ZipFile(folder / "case.zip", "w") as archive:
        archive.writestr("photo.jpg", b"\xff\xd8\xff")
    (folder / "link").symlink_to("elsewhere")
    return folder


def _lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def _cells(result: Result) -> str:
    return " ".join(result.stdout.replace("│", " ").split())


def test_of_many_files_some_are_shown_and_all_are_counted(record: Path, folder: Path) -> None:
    result = run("preserve", folder, "--record", record)
    assert result.exit_code == 3
    assert result.stdout.count("text/plain") == 20
    assert "preserved 31" in _cells(result)
    assert "failed: link 1" in _cells(result)
    assert "failed: link: a symbolic link to elsewhere" in result.stderr
    assert "--retry" in result.stderr


def test_the_same_command_again_says_that_everything_is_there(record: Path, folder: Path) -> None:
    run("preserve", folder, "--record", record)
    assert "already there 31" in _cells(run("preserve", folder, "--record", record))


def test_a_program_gets_a_line_a_file_and_a_last_one_that_counts(record: Path, folder: Path) -> None:
    lines = _lines(run("preserve", folder, "--unpack", "--record", record, "--json"))
    assert len(lines) == 34
    assert lines[0] == {
        "status": "preserved", "name": "00.txt", "exhibit": lines[0]["exhibit"], "size": 9, "media_type": "text/plain",
        "known": False, "added": True,
    }  # fmt: skip
    assert lines[31]["name"] == "case.zip!/photo.jpg"
    assert (lines[32]["status"], lines[32]["code"]) == ("failed", "link")
    assert lines[-1] == {
        "status": "done", "preserved": 32, "already_there": 0, "failed": 1, "failed_by_code": {"link": 1},
    }  # fmt: skip


def test_what_failed_is_listed_and_taken_when_it_is_asked_for(record: Path, folder: Path) -> None:
    run("preserve", folder, "--record", record)
    assert "link: a symbolic link to elsewhere" in run("failures", "--record", record).stdout
    (folder / "link").unlink()
    (folder / "link").write_bytes(b"a file now")
    result = run("preserve", folder, "--retry", "--record", record, "--json")
    assert (result.exit_code, [line.get("name") for line in _lines(result)]) == (0, ["link", None])
    assert run("failures", "--record", record).stdout.startswith("0 open")


def test_names_cannot_steer_the_terminal(record: Path, tmp_path: Path) -> None:
    (tmp_path / "a\x1b[2Jb").write_bytes(b"x")
    result = run("preserve", tmp_path / "a\x1b[2Jb", tmp_path / "[red]missing", "--record", record)
    assert "\x1b" not in result.output
    assert r"a\u001b[2Jb" in result.stdout
    assert "[red]missing" in result.stderr


@pytest.mark.parametrize("setting", ["unpack_members_limit", "unpack_ratio_limit", "unpack_depth_limit"])
def test_the_limits_are_settings(record: Path, setting: str) -> None:
    assert setting in json.loads(run("config", "--record", record, "--json").stdout)
