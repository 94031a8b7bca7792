from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ascertain.cli.app import app

OUT_OF_REACH = "http://169.254.169.254/latest/meta-data/"


@pytest.fixture
def run(tmp_path: Path) -> Any:
    def ran(*arguments: str) -> Any:
        return CliRunner(env={"COLUMNS": "200"}).invoke(app, [*arguments, "--record", str(tmp_path / "record")])

    assert CliRunner().invoke(app, ["new", str(tmp_path / "record"), "--author", "A. Analyst"]).exit_code == 0
    return ran


def test_an_address_and_a_file_are_told_from_one_another_and_a_failure_ends_with_3(run: Any, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("words")
    done = run("preserve", str(tmp_path / "a.txt"), OUT_OF_REACH)
    assert done.exit_code == 3
    assert "a.txt" in done.stdout
    assert "refused-address" in done.stderr
    assert OUT_OF_REACH in run("failures").stdout


def test_machines_get_a_line_for_an_address_too(run: Any) -> None:
    done = run("preserve", OUT_OF_REACH, "--json", "--timeout", "5", "--limit-mb", "1")
    failed, summed = (json.loads(line) for line in done.stdout.splitlines())
    assert (failed["status"], failed["name"], failed["code"]) == ("failed", OUT_OF_REACH, "refused-address")
    assert failed["evidence"] == ""
    assert summed["failed_by_code"] == {"refused-address": 1}
    assert done.exit_code == 3


def test_only_what_failed_is_captured_again_with_retry(run: Any) -> None:
    assert json.loads(run("preserve", OUT_OF_REACH, "--retry", "--json").stdout.splitlines()[-1])["failed"] == 0
    run("preserve", OUT_OF_REACH)
    again = run("preserve", OUT_OF_REACH, "http://127.0.0.1:22/", "--retry", "--json")
    assert json.loads(again.stdout.splitlines()[-1])["failed"] == 1


def test_no_time_at_all_is_a_usage_error(run: Any) -> None:
    assert run("preserve", OUT_OF_REACH, "--timeout", "0").exit_code == 2
