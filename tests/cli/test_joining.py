from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from ascertain.cli.app import app

pytestmark = pytest.mark.home("team")


def run(*arguments: object) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, [str(a) for a in arguments])


@pytest.fixture
def places(home: Any) -> list[str]:
    """The options that say where a new record lies."""
    settings = home.settings()
    return [
        "--database", settings.database, "--objects", settings.objects, "--objects-endpoint", settings.objects_endpoint,
    ]  # fmt: skip


@pytest.fixture
def record(small: Any, places: list[str], tmp_path: Path) -> Path:
    made = run("new", tmp_path / "inquiry", "--with", small.write(tmp_path / "small"), *places)
    assert made.exit_code == 0, made.output
    return tmp_path / "inquiry"


def test_new_says_how_others_join_and_that_works(record: Path, places: list[str], tmp_path: Path) -> None:
    joined = run("join", tmp_path / "second", *places)
    assert joined.exit_code == 0, joined.output
    assert "joined inquiry" in joined.output
    assert run("verify", "--record", tmp_path / "second").exit_code == 0
    roots = {
        json.loads(run("verify", "--record", tmp_path / n, "--json").stdout)["root"] for n in ("inquiry", "second")
    }
    assert len(roots) == 1


def test_what_new_prints_for_others_has_no_users_name(small: Any, places: list[str], tmp_path: Path) -> None:
    made = run("new", tmp_path / "inquiry", *places)
    (line,) = [line for line in made.output.splitlines() if line.startswith("others: ascertain join inquiry")]
    assert "owner@" not in line
    assert "--objects s3://" in line


def test_a_copy_goes_to_another_place_and_back(record: Path, tmp_path: Path) -> None:
    done = run("copy", record, tmp_path / "local")
    assert done.exit_code == 0, done.output
    assert "both have the root" in done.output
    back = json.loads(run("copy", tmp_path / "local", tmp_path / "again", "--json").stdout)
    assert back["entries"] > 10
    assert back["root"] in done.output.replace("\n", "")


def test_a_copy_to_a_place_that_is_taken_is_a_usage_error(record: Path) -> None:
    assert run("copy", record, record).exit_code == 2


def test_join_without_an_address_is_a_usage_error(tmp_path: Path) -> None:
    refused = run("join", tmp_path / "second")
    assert refused.exit_code == 2
    assert "--database" in refused.output


def test_a_password_on_the_command_line_is_refused_and_not_repeated(tmp_path: Path) -> None:
    for command in ("new", "join"):
        refused = run(command, tmp_path / "x", "--database", "postgresql://u:secret@h/d?schema=a")
        assert refused.exit_code == 2
        assert "PGPASSWORD" in refused.output
        assert "secret" not in refused.output
    assert list(tmp_path.iterdir()) == []


def test_no_record_at_the_address_has_its_own_exit_code(places: list[str], tmp_path: Path) -> None:
    refused = run("join", tmp_path / "second", *places, "--json")
    assert refused.exit_code == 10
    assert json.loads(refused.stderr)["error"] == "NoRecord"


def test_a_server_that_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    refused = run("join", tmp_path / "x", "--database", "postgresql://127.0.0.1:9/d?schema=a", "--json")
    assert refused.exit_code == 1
    told = json.loads(refused.stderr)
    assert told["error"] == "Unreachable"
    assert "does not answer" in told["message"]


def test_config_shows_where_the_record_lies(record: Path) -> None:
    shown = run("config", "--record", record)
    assert "objects = s3://records/" in shown.output
    assert "(record.toml)" in shown.output
