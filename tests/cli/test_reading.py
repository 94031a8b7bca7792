"""`ascertain read`: exhibits and files to claims, for people and for machines."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from model_server import ModelServer, says

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
    assert "(incident 2)" in done.stdout
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


def test_a_folder_is_named_as_one_with_what_to_do(run: Run, tmp_path: Path) -> None:
    (tmp_path / "scans").mkdir()
    done = run("read", "scans")
    assert done.exit_code == 2
    assert "is a folder" in done.output
    assert "name its files" in done.output


def test_the_help_shows_an_example(run: Run, ascertain_command: Run) -> None:
    assert "ascertain read report.pdf" in ascertain_command("read", "files", "--help").stdout


@pytest.fixture
def model(run: Run, tmp_path: Path, model_server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> ModelServer:
    with (tmp_path / "inquiry" / "record.toml").open("a") as file:
        file.write(f'\n[llm]\nendpoint = "{model_server.url}"\nmodel = "small"\nprice_sent = "10"\n')
    monkeypatch.setenv("ASCERTAIN_LLM_KEY", "sk-secret")
    slots = [{"name": "type", "quote": "air strike", "value": "air_strike"}]
    found = [{"frame": "attack", "quote": "an air strike hit a hospital", "slots": slots}]
    model_server.answers = [says(json.dumps({"claims": [*found, {**found[0], "quote": "a lie"}]}))]
    return model_server


def test_a_models_claims_come_with_its_name_its_cost_and_what_was_dropped(run: Run, model: ModelServer) -> None:
    done = run("read", "report.txt", "--with", "llm")
    assert done.exit_code == 0, done.output
    assert "read by llm:small@" in done.stdout
    assert "1 claims, 1 of them new; dropped: 1 × quote not in the text" in done.stdout
    assert "100 tokens sent, 20 back" in done.stdout
    assert "cost 0.001000" in done.stdout


def test_the_key_is_shown_nowhere(run: Run, model: ModelServer) -> None:
    told = [run("read", "report.txt", "--with", "llm", "--json"), run("config"), run("log"), run("verify")]
    assert [done.exit_code for done in told] == [0, 0, 0, 0]
    assert all("sk-secret" not in done.output for done in told)
    assert model.headers[0]["authorization"] == "Bearer sk-secret"


def test_without_a_configured_model_nothing_is_read(run: Run) -> None:
    done = run("read", "report.txt", "--with", "llm")
    assert done.exit_code == 2
    assert "llm_endpoint" in done.output


def test_what_is_read_can_be_judged_at_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["a", "q"])
    monkeypatch.setattr("builtins.input", lambda *_: next(answers))
    done = run("read", "report.txt", "--review")
    assert done.exit_code == 0, done.output
    assert "2 claims to judge" in done.stdout and "1 judged now" in done.stdout


def test_a_review_is_not_for_machines(run: Run) -> None:
    assert run("read", "report.txt", "--review", "--json").exit_code == 2


@pytest.mark.parametrize("with_", ["rules", "llm"])
def test_the_words_of_a_restricted_exhibit_are_no_json_for_a_public_reader(
    run: Run, model: ModelServer, with_: str
) -> None:
    exhibit = json.loads(run("read", "report.txt", "--with", with_, "--json").stdout)["exhibit"]
    run("protect", "class", "exhibit", exhibit, "restricted", "--reason", "x", "--authority", "y")
    if with_ == "llm":
        with Path("inquiry", "record.toml").open("a") as file:
            file.write(f'trusted = ["{model.url}"]\n')
    refused = run("read", exhibit, "--with", with_, "--json")
    assert (refused.exit_code, "air strike" in refused.output) == (1, False)
    allowed = run("read", exhibit, "--with", with_, "--json", "--reader", "restricted")
    assert allowed.exit_code == 0, allowed.output
    assert json.loads(allowed.stdout)["claims"]
