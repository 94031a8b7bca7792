from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

import ascertain
from ascertain import Inquiry
from ascertain.errors import ImportRefused, UsageError
from ascertain.jobs.importing import load_reference
from ascertain.record.entries import ReferenceImported


@pytest.fixture
def inquiry(tmp_path: Path) -> Inquiry:
    return ascertain.new(tmp_path / "inquiry", author="A. Analyst")


def _figures(inquiry: Inquiry, **of: Any) -> dict[str, str]:
    rows = inquiry.view(**of).tables["figures"].to_pylist()
    return {row["id"]: row["count"] for row in rows}


def test_an_import_says_every_row_and_then_what_came_in(inquiry: Inquiry, small: Any, tmp_path: Path) -> None:
    done = inquiry.import_reference(str(small.write(tmp_path / "small")))
    assert (done.stated, done.withdrawn, done.unchanged) == (11, 0, 0)
    assert done.rows == {
        "documents": 3, "parties": 2, "places": 1, "incidents": 1, "findings": 2, "positions": 1, "figures": 1,
    }  # fmt: skip
    entries = list(inquiry.log())
    made = ["record.created", "key.declared"]
    assert [entry.kind for entry in entries] == [*made, *["row.stated"] * 11, "reference.imported"]
    assert inquiry.verify().problems == ()


def test_the_files_of_an_import_are_kept_as_they_were(inquiry: Inquiry, small: Any, tmp_path: Path) -> None:
    inquiry.import_reference(str(small.write(tmp_path / "small")))
    (imported,) = inquiry.record.imported()
    kept = {name: inquiry.record.objects.get(object_name) for name, object_name in imported.files.items()}
    assert kept == small.files()


def test_a_folder_with_one_problem_is_not_imported_at_all(inquiry: Inquiry, small: Any, tmp_path: Path) -> None:
    small.row("figures", "n1")["count"] = "some"
    before = inquiry.record.head()
    with pytest.raises(ImportRefused) as caught:
        inquiry.import_reference(str(small.write(tmp_path / "small")))
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].startswith("figures.csv:2, column count: 'some' is not a count")
    assert inquiry.record.head() == before
    assert inquiry.verify().notes == ()


def test_a_new_record_with_a_bad_reference_is_no_folder_at_all(small: Any, tmp_path: Path) -> None:
    small.row("figures", "n1")["count"] = "some"
    source = small.write(tmp_path / "small")
    with pytest.raises(ImportRefused):
        ascertain.new(tmp_path / "inquiry", reference=str(source))
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


def test_the_same_folder_again_adds_nothing(inquiry: Inquiry, small: Any, tmp_path: Path) -> None:
    source = str(small.write(tmp_path / "small"))
    inquiry.import_reference(source)
    before = inquiry.record.head()
    done = inquiry.import_reference(source)
    assert (done.stated, done.withdrawn, done.unchanged) == (0, 0, 11)
    assert inquiry.record.head() == before


def test_a_newer_version_replaces_and_withdraws_and_the_older_is_still_there_as_recorded(
    inquiry: Inquiry, small: Any, tmp_path: Path
) -> None:
    inquiry.import_reference(str(small.write(tmp_path / "one")))
    then = inquiry.view().as_recorded
    small.about = small.about.replace('"1"', '"2"')
    small.row("figures", "n1")["count"] = "83"
    small.tables["positions"] = []
    del small.tables["positions"]
    small.tables["figures"].append({**small.row("figures", "n1"), "id": "n2", "count": ">=100"})
    done = inquiry.import_reference(str(small.write(tmp_path / "two")))
    assert (done.version, done.stated, done.withdrawn, done.unchanged) == ("2", 2, 1, 9)
    assert _figures(inquiry) == {"n1": "83", "n2": ">=100"}
    assert inquiry.view().tables["positions"].num_rows == 0
    assert _figures(inquiry, as_recorded=then) == {"n1": ">=43"}
    assert inquiry.view(as_recorded=then).tables["positions"].num_rows == 1
    assert inquiry.verify().problems == ()
    assert [said.version for said in inquiry.record.imported()] == ["1", "2"]


def test_a_row_that_comes_back_as_it_was_is_stated_anew(inquiry: Inquiry, small: Any, tmp_path: Path) -> None:
    first = str(small.write(tmp_path / "one"))
    inquiry.import_reference(first)
    small.row("figures", "n1")["count"] = "83"
    inquiry.import_reference(str(small.write(tmp_path / "two")))
    inquiry.import_reference(first)
    assert _figures(inquiry) == {"n1": ">=43"}
    assert inquiry.verify().problems == ()


def test_a_new_version_of_the_same_rows_is_written_down(inquiry: Inquiry, small: Any, tmp_path: Path) -> None:
    inquiry.import_reference(str(small.write(tmp_path / "one")))
    small.about = small.about.replace('"1"', '"2"')
    done = inquiry.import_reference(str(small.write(tmp_path / "two")))
    assert (done.stated, done.withdrawn) == (0, 0)
    assert [said.version for said in inquiry.record.imported()] == ["1", "2"]


def test_a_changed_geometry_is_kept_although_no_row_changed(inquiry: Inquiry, small: Any, tmp_path: Path) -> None:
    source = small.write(tmp_path / "small")
    (source / "zone.geojson").write_text("{}")
    inquiry.import_reference(str(source))
    (source / "zone.geojson").write_text('{"type": "Point"}')
    inquiry.import_reference(str(source))
    last = inquiry.record.imported()[-1]
    assert inquiry.record.objects.get(last.files["zone.geojson"]) == b'{"type": "Point"}'


def test_a_row_that_another_reference_states_otherwise_is_not_replaced_in_silence(
    inquiry: Inquiry, small: Any, tmp_path: Path
) -> None:
    inquiry.import_reference(str(small.write(tmp_path / "one")))
    small.about = small.about.replace("small", "other")
    small.row("figures", "n1")["count"] = "0"
    before = inquiry.record.head()
    with pytest.raises(ImportRefused) as caught:
        inquiry.import_reference(str(small.write(tmp_path / "two")))
    assert caught.value.problems == ("figures.csv, id n1: another reference states it with other values",)
    assert inquiry.record.head() == before
    assert _figures(inquiry) == {"n1": ">=43"}


def test_rows_that_two_references_share_stay_with_the_first(inquiry: Inquiry, small: Any, tmp_path: Path) -> None:
    inquiry.import_reference(str(small.write(tmp_path / "one")))
    small.about = small.about.replace("small", "other")
    small.tables["figures"].append({**small.row("figures", "n1"), "id": "n2"})
    done = inquiry.import_reference(str(small.write(tmp_path / "two")))
    assert (done.stated, done.unchanged) == (1, 11)
    small.tables["figures"].pop()
    done = inquiry.import_reference(str(small.write(tmp_path / "three")))
    assert (done.stated, done.withdrawn) == (0, 1)
    assert _figures(inquiry) == {"n1": ">=43"}


def test_what_is_neither_a_folder_nor_shipped_is_a_usage_error(inquiry: Inquiry, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a")
    for source in (str(tmp_path / "nowhere"), str(tmp_path / "file")):
        with pytest.raises(UsageError, match="neither a folder nor a shipped") as caught:
            inquiry.import_reference(source)
        assert "syria-cw" in caught.value.next_step


def test_an_empty_folder_names_the_files_that_it_lacks(tmp_path: Path) -> None:
    reference, files = load_reference(str(tmp_path))
    assert files == {}
    assert [p.file for p in reference.problems] == ["about.toml", "documents.csv", "parties.csv"]


def test_only_the_files_of_the_format_are_taken(small: Any, tmp_path: Path) -> None:
    source = small.write(tmp_path / "small")
    (source / "notes.docx").write_bytes(b"PK")
    (source / "folder.csv").mkdir()
    assert set(load_reference(str(source))[1]) == set(small.files())


def test_an_import_is_signed_and_dated(inquiry: Inquiry, small: Any, tmp_path: Path) -> None:
    before = datetime.datetime.now(datetime.UTC)
    inquiry.import_reference(str(small.write(tmp_path / "small")))
    last = list(inquiry.log())[-1]
    assert (last.kind, last.author) == (ReferenceImported.kind, "A. Analyst")
    assert before.strftime("%Y-%m-%dT%H:%M:%S.%fZ") <= last.time
