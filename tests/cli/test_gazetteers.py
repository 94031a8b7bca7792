from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ascertain
from ascertain.errors import UsageError
from ascertain.jobs.reading.gazetteers import Source
from ascertain.read.places import find_places

Run = Callable[..., Any]


@pytest.fixture
def run(ascertain_command: Run, tmp_path: Path) -> Run:
    assert ascertain_command("new", "inquiry", "--author", "A. Analyst").exit_code == 0
    (tmp_path / "ours.csv").write_text("id,name,lat,lon\n1,Estorville,35.1,36.2\n2,Nowhere,,\n", "utf-8")
    return lambda *arguments: ascertain_command(*arguments, "-r", "inquiry")


def test_the_shipped_units_of_syria_are_taken_in_once(run: Run) -> None:
    told = json.loads(run("read", "gazetteer", "syria-cod", "--json").stdout)
    assert told["names"] > 800
    assert "the record had them" in run("read", "gazetteer", "syria-cod").stdout


def test_rows_that_give_no_place_are_named_and_end_with_code_3(run: Run) -> None:
    done = run("read", "gazetteer", "ours.csv", "--name", "ours")
    assert done.exit_code == 3 and "row 3: no point" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("ours.csv",), id="no_name"),
        pytest.param(("ours.csv", "--name", "x", "--as", "atlas"), id="no_such_form"),
        pytest.param(("absent.csv", "--name", "x"), id="no_such_file"),
        pytest.param(("ours.csv", "--name", "x", "--map", "lat"), id="a_mapping_without_a_column"),
    ],
)
def test_a_usage_error_ends_with_code_2(words: tuple[str, ...], run: Run) -> None:
    assert run("read", "gazetteer", *words).exit_code == 2


def test_places_of_gazetteers_and_of_the_reference_are_found_together(tmp_path: Path) -> None:
    inquiry = ascertain.new(tmp_path / "record", reference="syria-cw")
    inquiry.gazetteers.take_in_syria()
    found = find_places("Shells fell on Talmenes and on Salqin.", inquiry.gazetteers.open())
    assert [place.id for place in found] == ["talmenes", "SY070302"]


def test_a_newer_import_of_a_name_replaces_the_one_before(tmp_path: Path) -> None:
    inquiry = ascertain.new(tmp_path / "record")
    for version, name in (("1", "Oldname"), ("2", "Newname")):
        data = f"id,name,lat,lon\n1,{name},35,36\n".encode()
        assert inquiry.gazetteers.take_in(data, "csv", Source("ours", version)).known is False
    places = inquiry.gazetteers.open()
    assert find_places("Oldname", places) == [] and len(find_places("Newname", places)) == 1


def test_a_file_without_a_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no place"):
        ascertain.new(tmp_path / "record").gazetteers.take_in(b"id,name,lat,lon\n", "csv", Source("x", "1"))
