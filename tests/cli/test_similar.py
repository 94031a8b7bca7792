from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
WORDS = "the commission found that chlorine was used in the town on the seventh of april by the air force".split()


@pytest.fixture
def run(ascertain_command: Run, tmp_path: Path) -> Run:
    assert ascertain_command("new", "inquiry", "--author", "A. Analyst").exit_code == 0
    (tmp_path / "one.txt").write_text(" ".join(WORDS * 2))
    (tmp_path / "two.txt").write_text(" ".join([*WORDS * 2, "again"]))
    (tmp_path / "cut.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    assert ascertain_command("preserve", "one.txt", "two.txt", "-r", "inquiry").exit_code == 0
    return lambda *arguments: ascertain_command(*arguments, "-r", "inquiry")


def test_near_duplicates_are_listed_with_distance_method_and_threshold(run: Run) -> None:
    done = run("similar")
    assert done.exit_code == 0, done.output
    assert "2 new of 2 compared, 1 relations added" in done.stdout
    for shown in ("one.txt", "two.txt", "minhash-jaccard@1", "0.3"):
        assert shown in done.stdout
    assert "0 new of 2 compared, 0 relations added" in run("similar").stdout


def test_json_has_the_searches_and_the_relations(run: Run) -> None:
    told = json.loads(run("similar", "--json").stdout)
    assert [(one["kind"], one["new"]) for one in told["searches"]] == [("image", 0), ("text", 2)]
    (near,) = told["relations"]
    assert {near["name_a"].rpartition("/")[2], near["name_b"].rpartition("/")[2]} == {"one.txt", "two.txt"}
    assert 0 < near["distance"] <= near["threshold"] == 0.3
    assert json.loads(run("similar", near["a"][:8], "--only-list", "--json").stdout) == {
        "searches": [],
        "relations": [near],
    }


def test_only_list_searches_nothing(run: Run) -> None:
    assert json.loads(run("similar", "--only-list", "--json").stdout) == {"searches": [], "relations": []}


def test_a_narrower_threshold_shows_less(run: Run) -> None:
    run("similar")
    assert json.loads(run("similar", "--kind", "text", "--threshold", "0.001", "--json").stdout)["relations"] == []


def test_what_failed_is_named_and_ends_with_3(run: Run) -> None:
    run("preserve", "cut.png")
    done = run("similar", "--kind", "image")
    assert done.exit_code == 3
    assert "failed: " in done.stderr


@pytest.mark.parametrize(
    "arguments", [["--threshold", "9"], ["--kind", "sound"], ["--kind", "image", "--threshold", "99"], ["feedfeedfeed"]]
)
def test_a_wrong_request_ends_with_2(run: Run, arguments: list[str]) -> None:
    assert run("similar", *arguments).exit_code == 2
