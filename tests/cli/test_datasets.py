from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
MAPPING = """mapping: 1
name: small
speaker: The Observatory
key: id
slots: {when: date, killed: deaths, place: place}
"""


@pytest.fixture
def run(ascertain_command: Run, tmp_path: Path) -> Run:
    assert ascertain_command("new", "inquiry", "--author", "A. Analyst").exit_code == 0
    (tmp_path / "small.yaml").write_text(MAPPING)
    (tmp_path / "first.csv").write_text("id,date,deaths,place\n1,2018-04-07,3,Estor\n2,2018-04-08,5,Arvel\n")
    (tmp_path / "bad.csv").write_text("id,date,deaths,place\n1,2018-04-07,3,Estor\n2,2018-13-08,5,Arvel\n3,,-1,\n")
    return lambda *arguments: ascertain_command(*arguments, "-r", "inquiry")


def test_a_table_is_read_and_counted(run: Run) -> None:
    done = run("read", "dataset", "first.csv", "--as", "small.yaml", "--release", "1")
    assert done.exit_code == 0, done.output
    assert "small 1: 2 rows" in done.stdout
    assert "nothing is added" in run("read", "dataset", "first.csv", "--as", "small.yaml").stdout


def test_rows_that_are_no_claims_are_listed_and_end_with_code_3(run: Run) -> None:
    done = run("read", "dataset", "bad.csv", "--as", "small.yaml")
    assert done.exit_code == 3
    assert "row 3: bad_date: column 2 (date): '2018-13-08' is no date" in done.stderr
    told = json.loads(run("read", "dataset", "bad.csv", "--as", "small.yaml", "--name", "other", "--json").stdout)
    assert (told["new"], told["failed"], told["failed_by_code"]) == (1, 2, {"bad_date": 1, "negative": 1})
    assert told["failures"][1]["row"] == 4


def test_a_mapping_with_problems_names_line_and_column(run: Run, tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(MAPPING.replace("slots: {when", "slots: {wen"))
    done = run("read", "dataset", "first.csv", "--as", "small.yaml")
    assert done.exit_code == 2
    assert "line 5, column 9: slots.wen: there is no such slot" in done.stderr


def test_an_unknown_mapping_is_a_usage_error(run: Run) -> None:
    done = run("read", "dataset", "first.csv", "--as", "nothing")
    assert done.exit_code == 2
    assert "ucdp-ged" in done.stderr


def test_a_proposed_mapping_reads_its_table(run: Run, ascertain_command: Run, tmp_path: Path) -> None:
    done = ascertain_command("read", "mapping", "first.csv")
    assert done.exit_code == 0, done.output
    (tmp_path / "draft.yaml").write_text(done.stdout)
    told = json.loads(run("read", "dataset", "first.csv", "--as", "draft.yaml", "--json").stdout)
    assert (told["new"], told["failed"]) == (2, 0)
