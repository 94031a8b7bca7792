from __future__ import annotations

import importlib
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from ascertain.cli.app import PARTS, app
from ascertain.record.store import DATABASE

COMMANDS = sorted(PARTS)
STATEMENT = "Published on October 3, 2018\n\nThe Commission found that chlorine was used in Estor on 7 April 2018.\n"


def run(*arguments: object) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, [str(a) for a in arguments])


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("RECORD", "AUTHOR", "LOCK_WAIT_SECONDS", "STATEMENT_LIMIT_MB"):
        monkeypatch.delenv(f"ASCERTAIN_{name}", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def record(small: Any, tmp_path: Path) -> Path:
    made = run("new", tmp_path / "inquiry", "--with", small.write(tmp_path / "small"), "--author", "A. Analyst")
    assert made.exit_code == 0, made.output
    return tmp_path / "inquiry"


@pytest.fixture
def statement(tmp_path: Path) -> Path:
    (tmp_path / "statement.txt").write_text(STATEMENT)
    return tmp_path / "statement.txt"


@contextmanager
def another_writer(record: Path) -> Iterator[None]:
    """Another process that holds the record's lock."""
    script = (
        "import sqlite3, sys\n"
        "connection = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "connection.execute('BEGIN IMMEDIATE')\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", script, str(record / DATABASE)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield
        process.communicate(b"")


def told(result: Result) -> dict[str, Any]:
    """The one JSON object on stderr."""
    lines = result.stderr.splitlines()
    assert len(lines) == 1, result.stderr
    answer = json.loads(lines[0])
    assert set(answer) == {"error", "message", "next_step", "exit_code", "problems"}
    assert answer["exit_code"] == result.exit_code
    assert result.stdout == ""
    return answer


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_shows_an_example(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "Example" in result.stdout
    assert f"ascertain {command}" in " ".join(result.stdout.split())


def test_without_a_command_the_help_is_shown_and_with_version_the_version() -> None:
    assert all(command in run("--help").stdout for command in COMMANDS)
    assert run("--version").stdout.startswith("ascertain ")


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_is_exit_code_0(flag: str) -> None:
    assert run(flag).exit_code == 0


def test_a_command_that_does_its_work_ends_with_0(record: Path, statement: Path) -> None:
    for command in (["log"], ["list", "findings"], ["verify"], ["rebuild"], ["config"], ["check", statement]):
        result = run(*command, "--record", record)
        assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        pytest.param(["list", "rumours"], "UsageError", id="a_table_that_does_not_exist"),
        pytest.param(["list", "findings", "--as-of", "last week"], "BadMoment", id="a_day_in_words"),
        pytest.param(["list", "findings", "--as-recorded", "yesterday"], "UsageError", id="a_time_in_words"),
        pytest.param(["check", "nothing.txt"], "UsageError", id="a_statement_that_is_not_there"),
        pytest.param(["import", "nowhere"], "UsageError", id="a_reference_that_is_not_there"),
        pytest.param(["preserve", "small/about.toml", "--published", "then"], "BadMoment", id="a_date_in_words"),
    ],
)
def test_a_request_that_is_wrong_ends_with_2(record: Path, arguments: list[str], error: str) -> None:
    result = run(*arguments, "--record", record, "--json")
    assert result.exit_code == 2
    assert told(result)["error"] == error
    in_words = run(*arguments, "--record", record)
    assert in_words.exit_code == 2
    assert in_words.stderr.startswith("error: ")


def test_a_folder_that_is_taken_ends_with_2_and_a_bad_reference_with_1(
    record: Path, small: Any, tmp_path: Path
) -> None:
    assert told(run("new", record, "--json"))["error"] == "RecordExists"
    small.row("figures", "n1")["count"] = "some"
    answer = told(run("new", tmp_path / "other", "--with", small.write(tmp_path / "bad"), "--json"))
    assert (answer["error"], answer["exit_code"], len(answer["problems"])) == ("ImportRefused", 1, 1)
    assert not (tmp_path / "other").exists()


def test_files_of_which_some_failed_end_with_3_and_the_rest_are_kept(record: Path, statement: Path) -> None:
    result = run("preserve", statement, "missing.txt", "--record", record, "--json")
    assert result.exit_code == 3
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(line["status"], line.get("name")) for line in lines] == [
        ("preserved", "statement.txt"), ("failed", "missing.txt"), ("done", None),
    ]  # fmt: skip
    assert (lines[-1]["preserved"], lines[-1]["failed_by_code"]) == (1, {"missing": 1})
    in_words = run("preserve", statement, "missing.txt", "--record", record)
    assert in_words.exit_code == 3
    assert "already there" in in_words.stdout
    assert "failed: missing.txt" in in_words.stderr
    assert "known bytes" in run("preserve", statement, "--note", "again", "--record", record).stdout
    assert "missing.txt: there is no file" in run("failures", "--record", record).stdout
    assert json.loads(run("failures", "--record", record, "--json").stdout)[0]["item"] == "missing.txt"


def test_a_record_that_does_not_verify_ends_with_4_and_says_what_is_wrong(record: Path) -> None:
    with closing(sqlite3.connect(record / DATABASE, isolation_level=None)) as connection:
        connection.execute("DELETE FROM places")
    result = run("verify", "--record", record)
    assert result.exit_code == 4
    assert "table places: row 'town' is missing" in result.stderr
    assert "does NOT verify" in result.stdout
    as_json = run("verify", "--record", record, "--json")
    assert as_json.exit_code == 4
    assert json.loads(as_json.stdout)["problems"] == ["table places: row 'town' is missing"]


def test_a_record_that_is_damaged_ends_with_4(record: Path) -> None:
    (record / "record.toml").write_bytes(b"\xff")
    answer = told(run("log", "--record", record, "--json"))
    assert (answer["error"], answer["exit_code"]) == ("RecordDamaged", 4)


@pytest.mark.parametrize("arguments", [["--record", "nowhere"], []])
def test_no_record_ends_with_10(arguments: list[str]) -> None:
    for command in (["log"], ["list", "findings"], ["verify"], ["rebuild"], ["config"]):
        answer = told(run(*command, *arguments, "--json"))
        assert (answer["error"], answer["exit_code"]) == ("NoRecord", 10)
        assert "ascertain new" in answer["next_step"]


def test_a_record_that_another_process_writes_to_ends_with_11_and_can_still_be_read(
    record: Path, statement: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASCERTAIN_LOCK_WAIT_SECONDS", "0")
    with another_writer(record):
        for command in (["preserve", statement], ["rebuild"], ["check", statement]):
            answer = told(run(*command, "--record", record, "--json"))
            assert (answer["error"], answer["exit_code"]) == ("RecordLocked", 11)
        assert run("list", "findings", "--record", record).exit_code == 0
        assert run("verify", "--record", record).exit_code == 0
    assert run("preserve", statement, "--record", record).exit_code == 0


def test_an_error_has_a_traceback_with_debug_only() -> None:
    assert "Traceback" not in run("log", "--record", "nowhere").stderr
    shown = run("log", "--record", "nowhere", "--debug")
    assert shown.exit_code == 10
    assert "Traceback" in shown.stderr
    assert "NoRecord" in shown.stderr


def test_words_in_brackets_are_shown_as_they_are() -> None:
    assert "no record in [red]nowhere[/]" in run("log", "--record", "[red]nowhere[/]").stderr


def test_list_shows_what_had_been_published_by_a_day(record: Path) -> None:
    def findings(*arguments: str) -> list[str]:
        result = run("list", "findings", "--record", record, "--json", *arguments)
        return [row["id"] for row in json.loads(result.stdout)["rows"]]

    assert findings() == ["f1", "f2"]
    assert findings("--as-of", "2018-07-05") == []
    assert findings("--as-of", "2018-07-06") == ["f1"]
    assert findings("--as-of", "2018-07") == ["f1"]
    assert findings("--as-of", "2019-03-30") == ["f1"]
    assert findings("--as-of", "2019-03-31") == ["f1", "f2"]
    assert findings("--as-recorded", "0") == []
    assert findings("--as-recorded", "2001-01-01T00:00:00Z") == []
    assert "2 rows" in run("list", "findings", "--record", record).stdout


def test_every_table_can_be_listed(record: Path) -> None:
    for (
        table
    ) in "documents parties places agreements zones incidents findings positions figures roles registers".split():
        assert run("list", table, "--record", record).exit_code == 0
        assert json.loads(run("list", table, "--record", record, "--json").stdout)["table"] == table


def test_each_line_of_the_log_is_an_entry(record: Path) -> None:
    entries = [json.loads(line) for line in run("log", "--record", record, "--json").stdout.splitlines()]
    assert [entry["seq"] for entry in entries] == list(range(14))
    assert {entry["author"] for entry in entries} == {"A. Analyst"}
    later = [json.loads(line) for line in run("log", "--record", record, "--json", "--from", "11").stdout.splitlines()]
    assert later == entries[11:]
    assert len(run("log", "--record", record).stdout.splitlines()) == 14


def test_config_says_where_each_value_comes_from(record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def settings() -> dict[str, dict[str, Any]]:
        result = run("config", "--record", record, "--json")
        answer: dict[str, dict[str, Any]] = json.loads(result.stdout)
        return answer

    assert settings()["lock_wait_seconds"] == {"value": 5, "from": "default"}
    assert settings()["author"]["from"] == "login name"
    with (record / "record.toml").open("a") as file:
        file.write("[settings]\nlock_wait_seconds = 7\nauthor = 'The office'\n")
    assert settings()["lock_wait_seconds"] == {"value": 7, "from": "record.toml"}
    monkeypatch.setenv("ASCERTAIN_LOCK_WAIT_SECONDS", "9")
    assert settings()["lock_wait_seconds"] == {"value": 9, "from": "environment"}
    assert settings()["author"] == {"value": "The office", "from": "record.toml"}
    assert "lock_wait_seconds = 9  (environment)" in run("config", "--record", record).stdout


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("lock_wait_seconds = 'long'", id="a_word_for_a_number"),
        pytest.param("lock_wait_seconds = [1]", id="a_list_for_a_number"),
        pytest.param("lock_wait_seconds = -1", id="a_number_below_nought"),
        pytest.param("lock_wait_seconds = true", id="a_truth_value_for_a_number"),
        pytest.param("author = 5", id="a_number_for_a_name"),
        pytest.param("colour = 'blue'", id="a_setting_that_does_not_exist"),
    ],
)
def test_a_bad_setting_ends_with_2_and_is_named(record: Path, line: str) -> None:
    with (record / "record.toml").open("a") as file:
        file.write(f"[settings]\n{line}\n")
    answer = told(run("config", "--record", record, "--json"))
    assert answer["exit_code"] == 2
    assert line.split(" ")[0] in answer["message"]


def test_the_record_is_found_in_the_environment_here_and_above(
    record: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(record / "objects")
    assert run("verify").exit_code == 0
    monkeypatch.chdir(tmp_path)
    assert run("verify").exit_code == 10
    monkeypatch.setenv("ASCERTAIN_RECORD", str(record))
    assert run("verify").exit_code == 0


def test_a_dry_run_names_every_problem_and_touches_no_record(record: Path, small: Any, tmp_path: Path) -> None:
    before = run("verify", "--record", record, "--json").stdout
    small.row("figures", "n1").update(count="some", measure="feared")
    source = small.write(tmp_path / "bad")
    result = run("import", source, "--dry-run", "--record", record)
    assert result.exit_code == 1
    assert "figures.csv:2, column count" in result.stdout
    assert "figures.csv:2, column measure" in result.stdout
    as_json = run("import", source, "--dry-run", "--json")
    assert [p["column"] for p in json.loads(as_json.stdout)["problems"]] == ["measure", "count"]
    assert run("verify", "--record", record, "--json").stdout == before
    assert run("import", tmp_path / "small", "--dry-run").exit_code == 0


def test_an_import_says_what_it_changed(record: Path, small: Any, tmp_path: Path) -> None:
    small.row("figures", "n1")["count"] = "83"
    result = run("import", small.write(tmp_path / "two"), "--record", record)
    assert (result.exit_code, result.stdout) == (0, "small 1: 1 rows stated, 0 withdrawn, 10 unchanged\n")


def test_a_check_is_one_json_object_and_is_recorded_once(record: Path, statement: Path) -> None:
    first = run("check", statement, "--record", record, "--json")
    assert first.exit_code == 0, first.output
    assert isinstance(json.loads(first.stdout), dict)
    entries = run("log", "--record", record, "--json").stdout
    assert '"check.made"' in entries
    assert run("check", statement, "--record", record, "--json").stdout == first.stdout
    assert run("log", "--record", record, "--json").stdout == entries
    assert run("verify", "--record", record).exit_code == 0


def test_the_program_runs_as_a_module() -> None:
    command = [sys.executable, "-m", "ascertain", "log", "--record", "nowhere", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 10
    assert json.loads(done.stderr)["error"] == "NoRecord"


def test_a_superscript_is_no_entry_number(record: Path) -> None:
    assert run("list", "findings", "--as-recorded", "²", "--record", record).exit_code == 2


def test_every_module_of_commands_is_part_of_the_program_and_every_part_is_there() -> None:
    found = set()
    for module in sorted(set(PARTS.values())):
        part = typer.Typer()
        part.add_typer(importlib.import_module(f"ascertain.cli.{module}").commands)
        found |= {(name, module) for name in typer.main.get_group(part).commands}
    assert found == set(PARTS.items())


def test_a_command_waits_for_no_other_commands_modules() -> None:
    program = "import sys, ascertain.cli.app, ascertain.cli.record; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"docx", "trafilatura", "PIL", "playwright", "yt_dlp"} & set(loaded)
