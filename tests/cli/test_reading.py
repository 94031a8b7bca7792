"""`ascertain read`: exhibits and files to claims, for people and for machines."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
REPORT = "On 7 April 2018 an air strike hit a hospital. Helicopters fired rockets at a market on 8 April 2018.\n"


@pytest.fixture
def run(ascertain_command: Run, tmp_path: Path) -> Run:
    assert ascertain_command("new", "inquiry", "--author", "A. Analyst").exit_code == 0
    (tmp_path / "report.txt").write_text(REPORT)
    return lambda *arguments: ascertain_command(*arguments, "-r", "inquiry")


def test_each_claim_is_shown_with_its_slots_and_their_words(run: Run) -> None:
    done = run("read", "report.txt")
    assert done.exit_code == 0, done.output
    assert "attack, asserted: type air_strike “air strike”, when 2018-04-07 “7 April 2018”" in done.stdout
    assert "2 claims, 2 of them new" in done.stdout


def test_json_has_the_claims(run: Run) -> None:
    told = json.loads(run("read", "report.txt", "--json").stdout)
    assert [claim["incident"] for claim in told["claims"]] == [1, 2]
    assert told["language"] == "en"


def test_one_file_that_fails_is_named_and_the_exit_code_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    done = run("read", "empty.txt", "report.txt")
    assert done.exit_code == 3
    assert "empty.txt" in done.output and "2 claims" in done.output


def test_the_help_shows_an_example(run: Run, ascertain_command: Run) -> None:
    assert "ascertain read report.pdf" in ascertain_command("read", "files", "--help").stdout
