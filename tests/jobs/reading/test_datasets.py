"""Releases of datasets in a record."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pyrage import x25519

import ascertain
from ascertain import Inquiry
from ascertain.errors import BadMapping, IsSealed, UnreadableExhibit, UsageError
from ascertain.jobs.reading.datasets import dataset_anchors, dataset_claims
from ascertain.model.dataset import CLAIMS
from ascertain.read.datasets.mapping_file import parse_mapping
from ascertain.record.entries import DatasetRead
from ascertain.record.sealed import age

MAPPING = parse_mapping(
    b"{mapping: 1, name: small, speaker: The Observatory, key: id,"
    b" slots: {when: date, killed: deaths, place: place, via: source}}",
    "small.yaml",
)
FIRST = "id,date,deaths,place,source\n1,2018-04-07,3,Estor,Radio\n2,2018-04-08,5,Arvel,\n3,2018-04-09,1,Estor,\n"
SECOND = "id,date,deaths,place,source\n1,2018-04-07,4,Estor,Radio\n2,2018-04-08,5,Arvel,\n4,2018-05-01,2,Estor,\n"


@pytest.fixture
def inquiry(tmp_path: Path) -> Inquiry:
    return ascertain.new(tmp_path / "inquiry", author="A. Analyst")


def _read(inquiry: Inquiry, folder: Path, text: str, **of: Any) -> Any:
    path = folder / "table.csv"
    path.write_text(text)
    return inquiry.datasets.read(str(path), MAPPING, **of)


def _killed(inquiry: Inquiry, **of: Any) -> dict[str, int]:
    return {row["key"]: row["killed"] for row in inquiry.datasets.claims(**of).to_pylist()}


def _entries(inquiry: Inquiry) -> list[DatasetRead]:
    return [DatasetRead.model_validate(one.body) for one in inquiry.log() if one.kind == "dataset.read"]


def test_a_release_is_one_entry(inquiry: Inquiry, tmp_path: Path) -> None:
    done = _read(inquiry, tmp_path, FIRST, release="1")
    (entry,) = _entries(inquiry)
    assert (entry.name, entry.release, entry.number, entry.previous) == ("small", "1", 3, "")
    assert (entry.exhibit, entry.changed, entry.withdrawn) == (done.exhibit, 0, 0)
    assert parse_mapping(inquiry.record.objects.get(entry.mapping), "kept") == MAPPING
    assert inquiry.verify().problems == ()


def test_reading_the_same_again_adds_nothing(inquiry: Inquiry, tmp_path: Path) -> None:
    _read(inquiry, tmp_path, FIRST)
    before = inquiry.record.head()
    assert _read(inquiry, tmp_path, FIRST).known
    assert inquiry.record.head() == before


def test_each_moment_sees_the_release_that_stood(inquiry: Inquiry, tmp_path: Path) -> None:
    first = _read(inquiry, tmp_path, FIRST, release="1")
    second = _read(inquiry, tmp_path, SECOND, release="2")
    assert second.outcome.changes == {"new": 1, "changed": 1, "unchanged": 1, "withdrawn": 1}
    assert _killed(inquiry, as_recorded=first.entry) == {"1": 3, "2": 5, "3": 1}
    assert _killed(inquiry) == {"1": 4, "2": 5, "4": 2}
    assert _killed(inquiry, as_recorded=first.entry - 1) == {}


def test_an_old_release_does_not_stand_again_unless_it_is_said(inquiry: Inquiry, tmp_path: Path) -> None:
    _read(inquiry, tmp_path, FIRST)
    _read(inquiry, tmp_path, SECOND)
    assert _read(inquiry, tmp_path, FIRST).known
    assert _killed(inquiry) == {"1": 4, "2": 5, "4": 2}
    again = _read(inquiry, tmp_path, FIRST, again=True)
    assert again.outcome.changes == {"changed": 1, "restored": 1, "unchanged": 1, "withdrawn": 1}
    assert _killed(inquiry) == {"1": 3, "2": 5, "3": 1}


def test_two_datasets_stand_beside_each_other(inquiry: Inquiry, tmp_path: Path) -> None:
    _read(inquiry, tmp_path, FIRST, name="one")
    _read(inquiry, tmp_path, SECOND, name="other")
    assert inquiry.datasets.claims().num_rows == 6
    assert inquiry.datasets.claims(names=["one"]).num_rows == 3
    table = dataset_claims(inquiry.record, names=["one"], columns=["claim", "killed"])
    assert table.column_names == ["claim", "killed"]


def test_no_dataset_is_an_empty_table_of_the_schema(inquiry: Inquiry) -> None:
    assert inquiry.datasets.claims().schema == CLAIMS
    with pytest.raises(UsageError, match="no column"):
        dataset_claims(inquiry.record, columns=["deaths"])


def test_a_claim_leads_to_its_cells(inquiry: Inquiry, tmp_path: Path) -> None:
    _read(inquiry, tmp_path, FIRST)
    _read(inquiry, tmp_path, SECOND)
    claims = {row["key"]: row for row in inquiry.datasets.claims().to_pylist()}
    found = {one.slot: (one.fragment, one.text) for one in dataset_anchors(inquiry.record, claims["2"])}
    assert found == {
        "when": ("cell=3,2", "2018-04-08"),
        "killed": ("cell=3,3", "5"),
        "place": ("cell=3,4", "Arvel"),
    }


def test_a_rebuilt_record_has_the_same_claims(inquiry: Inquiry, tmp_path: Path) -> None:
    _read(inquiry, tmp_path, FIRST)
    _read(inquiry, tmp_path, SECOND)
    before = inquiry.datasets.claims()
    inquiry.rebuild()
    assert inquiry.datasets.claims().equals(before)


def test_what_is_no_such_table_leaves_the_record_as_it_was(inquiry: Inquiry, tmp_path: Path) -> None:
    with pytest.raises(BadMapping):
        _read(inquiry, tmp_path, "a,b\n1,2\n")
    with pytest.raises(UnreadableExhibit):
        _read(inquiry, tmp_path, "\n")
    assert _entries(inquiry) == []
    assert inquiry.verify().problems == ()
    assert not list(inquiry.record.folder.glob(".reading-*"))


def test_sealing_a_release_takes_its_claims_away_and_nothing_more_is_read_of_it(
    inquiry: Inquiry, tmp_path: Path
) -> None:
    inquiry.protection.name_recipient("Hana", age.public_key(x25519.Identity.generate()))
    done = _read(inquiry, tmp_path, FIRST)
    other = _read(inquiry, tmp_path, SECOND, name="other")
    inquiry.protection.seal(done.exhibit, ["Hana"])
    assert {row["dataset"] for row in inquiry.datasets.claims().to_pylist()} == {"other"}
    with pytest.raises(IsSealed):
        inquiry.datasets.read(done.exhibit, MAPPING)
    assert inquiry.verify().problems == ()
    assert inquiry.datasets.read(other.exhibit, MAPPING, name="third").outcome.claims == 3


def test_what_a_killed_process_left_behind_is_cleared_away(inquiry: Inquiry, tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left, kept = (inquiry.record.folder / f".reading-{platform.node()}-{pid}-x" for pid in (dead.pid, os.getpid()))
    for folder in (left, kept):
        folder.mkdir()
        (folder / "exhibit").write_text("words")
    _read(inquiry, tmp_path, FIRST)
    assert (left.exists(), kept.exists()) == (False, True)
