from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ascertain.cli.app import app

Run = Callable[..., Any]
STATEMENT = (
    "Statement of the ministry, 4 September 2018\n\n"
    "The Syrian regime used chlorine in Saraqib on 4 February 2018. Syria denies any use of chlorine in Saraqib.\n"
)


@pytest.fixture
def run(ascertain_command: Run, tmp_path: Path) -> Run:
    assert ascertain_command("new", "inquiry", "--author", "A. Analyst", "--with", "syria-cw").exit_code == 0
    (tmp_path / "statement.txt").write_text(STATEMENT)
    return lambda *arguments: ascertain_command(*arguments, "-r", "inquiry", "--author", "A. Analyst")


@pytest.fixture
def exhibit(run: Run) -> str:
    done = run("read", "statement.txt", "--json")
    assert done.exit_code == 0, done.output
    return str(json.loads(done.stdout)["exhibit"])


@pytest.fixture
def answer(exhibit: str, run: Run) -> Run:
    """Reviews the exhibit with these answers."""

    def review(*answers: str) -> Any:
        command = ["read", "review", exhibit, "-r", "inquiry", "--author", "A. Analyst"]
        return CliRunner(env={"COLUMNS": "200"}).invoke(app, command, input="".join(f"{one}\n" for one in answers))

    return review


def states(run: Run, exhibit: str) -> list[str]:
    return [one["state"] for one in json.loads(run("read", "review", exhibit, "--json").stdout)["claims"]]


def test_each_claim_is_shown_with_its_words_and_asked_for(answer: Run, run: Run, exhibit: str) -> None:
    done = answer("a", "r", "not said", "q")
    assert done.exit_code == 0, done.output
    assert "place = saraqib  “Saraqib”" in done.stdout
    assert states(run, exhibit)[:2] == ["accepted", "rejected"]


def test_what_was_judged_is_not_asked_again(answer: Run) -> None:
    first = answer("a", "q")
    second = answer("q")
    count = first.stdout.split(" claims to judge")[0].rsplit(" ", 1)[-1]
    assert f": {int(count) - 1} claims to judge, 1 judged by A. Analyst" in second.stdout


def test_the_end_of_the_input_ends_the_review_and_keeps_what_was_said(answer: Run, run: Run, exhibit: str) -> None:
    assert answer("a").exit_code == 0
    assert states(run, exhibit)[0] == "accepted"


def test_a_key_that_is_none_is_asked_again(answer: Run) -> None:
    done = answer("x", "", "s", "q")
    assert done.exit_code == 0
    assert done.stdout.count("a key of these") == 2


def test_a_corrected_slot_is_anchored_to_its_words(answer: Run, run: Run, exhibit: str) -> None:
    claim = json.loads(run("read", "review", exhibit, "--json").stdout)["claims"][0]["claim"]
    keep = [""] * (2 + 2 * (len(claim["slots"]) - 1))
    answer("c", *keep, "4 February 2018", "2018-02-04", "note", "Syrian regime", "", "", "as the text has it", "q")
    (first, *_) = json.loads(run("read", "review", exhibit, "--json").stdout)["claims"]
    correction = first["judgements"][0]["correction"]
    assert first["state"] == "corrected"
    assert first["claim"] == claim
    (note,) = [slot for slot in correction["slots"] if slot["name"] == "note"]
    span = note["span"]
    assert STATEMENT[span["start"] : span["end"]] == span["text"] == "Syrian regime"


def test_words_that_are_not_in_the_text_correct_nothing(answer: Run, run: Run, exhibit: str) -> None:
    claim = json.loads(run("read", "review", exhibit, "--json").stdout)["claims"][0]["claim"]
    keep = [""] * (2 + 2 * len(claim["slots"]))
    done = answer("c", *keep, "agent", "mustard gas", "", "", "q")
    assert "do not stand in the text" in done.output
    assert set(states(run, exhibit)) == {"not judged"}


def test_a_filled_in_table_is_taken_and_wrong_rows_end_with_3(run: Run, exhibit: str, tmp_path: Path) -> None:
    assert run("read", "review", exhibit, "--export", "claims.csv").exit_code == 0
    lines = (tmp_path / "claims.csv").read_text().splitlines()
    lines[1] = lines[1].replace(",no,,", ",no,accepted,", 1)
    lines[2] = lines[2].replace(",no,,", ",no,perhaps,", 1)
    (tmp_path / "claims.csv").write_text("\ufeff" + "\n".join(lines))
    done = run("read", "review", exhibit, "--import", "claims.csv")
    assert done.exit_code == 3, done.output
    assert "1 judgements taken, 0 known already, 1 not taken" in done.stdout
    assert "row 3" in done.output
    again = run("read", "review", exhibit, "--import", "claims.csv", "--json")
    assert (again.exit_code, json.loads(again.stdout)["known"]) == (3, 1)


def test_annotations_and_examples_are_written(run: Run, exhibit: str, tmp_path: Path) -> None:
    assert run("read", "review", exhibit, "--export", "claims.jsonld", "--examples", "rows.jsonl").exit_code == 0
    assert json.loads((tmp_path / "claims.jsonld").read_text())["type"] == "AnnotationCollection"
    assert (tmp_path / "rows.jsonl").read_text() == ""


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["--export", "claims.xlsx"], id="no_form"),
        pytest.param(["--import", "nothing.csv"], id="no_file"),
        pytest.param(["--import", "statement.txt"], id="no_table"),
    ],
)
def test_a_wrong_request_ends_with_2(run: Run, exhibit: str, arguments: list[str]) -> None:
    assert run("read", "review", exhibit, *arguments).exit_code == 2


def test_what_a_reader_may_not_see_is_not_exported(run: Run, exhibit: str, tmp_path: Path) -> None:
    assert run("protect", "class", "exhibit", exhibit, "restricted", "--reason", "R", "--authority", "A").exit_code == 0
    done = run("read", "review", exhibit, "--export", "claims.csv", "--reader", "public")
    assert done.exit_code == 1
    assert not (tmp_path / "claims.csv").exists()
