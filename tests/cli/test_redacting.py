from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
ACCOUNT = "Samira Example saw two barrels fall on Estor.\n"


@pytest.fixture
def run(ascertain_command: Run, tmp_path: Path) -> Run:
    assert ascertain_command("new", "inquiry", "--author", "A. Analyst").exit_code == 0
    (tmp_path / "account.txt").write_text(ACCOUNT)
    (tmp_path / "names.txt").write_text("\ufeffSamira Example\n\n")
    return lambda *arguments: ascertain_command(*arguments, "-r", "inquiry")


@pytest.fixture
def exhibit(run: Run) -> str:
    told = [json.loads(line) for line in run("preserve", "account.txt", "--json").stdout.splitlines()]
    return str(told[0]["exhibit"])


def test_a_copy_without_the_words_of_a_file_is_made(run: Run, exhibit: str, tmp_path: Path) -> None:
    done = run("protect", "redact", exhibit[:8], "--words-from", "names.txt", "--reason", "protection", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    copy = (tmp_path / "inquiry" / "objects" / told["exhibit"][:2] / told["exhibit"][2:]).read_text()
    assert copy.startswith("[redacted] saw two barrels")
    assert "Samira" not in done.output + run("log").stdout


def test_for_people_the_copy_its_origin_and_what_to_look_at_are_said(run: Run, exhibit: str) -> None:
    done = run("protect", "redact", exhibit, "--span", "0:14", "--reason", "protection")
    assert exhibit[:16] in done.stdout
    assert "read it" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["--reason", "protection"], id="nothing_to_hide"),
        pytest.param(["--words", "Samira", "--reason", "about Samira"], id="a_reason_that_tells"),
        pytest.param(["--words", "Nobody", "--reason", "protection"], id="words_that_are_nowhere"),
        pytest.param(["--span", "0-14", "--reason", "protection"], id="no_span"),
        pytest.param(["--region", "1,2,3", "--reason", "protection"], id="no_region"),
        pytest.param(["--words-from", "nothing.txt", "--reason", "protection"], id="no_file"),
        pytest.param(["--words", "Samira", "--reason", "protection", "--access", "sealed"], id="no_class"),
    ],
)
def test_a_wrong_request_ends_with_2_and_repeats_nothing(run: Run, exhibit: str, arguments: list[str]) -> None:
    done = run("protect", "redact", exhibit, *arguments)
    assert done.exit_code == 2
    assert "Nobody" not in done.output


def test_places_are_listed_coarser_on_request(ascertain_command: Run, small: Any, tmp_path: Path) -> None:
    assert ascertain_command("new", "other", "--with", small.write(tmp_path / "small")).exit_code == 0
    told = json.loads(ascertain_command("list", "places", "--coarsen", "10km", "--json", "-r", "other").stdout)
    assert told["coarsened"] == "10km"
    assert "Estor" not in json.dumps(told)
    (row,) = told["rows"]
    assert row["precision_km"] > 7
    assert ascertain_command("list", "places", "--coarsen", "10km", "-r", "other").exit_code == 0
    for arguments in (["places", "--coarsen", "village"], ["incidents", "--coarsen", "10km"]):
        assert ascertain_command("list", *arguments, "-r", "other").exit_code == 2
