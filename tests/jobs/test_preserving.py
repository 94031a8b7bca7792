from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import ascertain
from ascertain import Given, Inquiry
from ascertain.errors import BadMoment, UsageError
from ascertain.jobs.preserving import read_file
from ascertain.record.tables import acquisitions, exhibits


@pytest.fixture
def inquiry(tmp_path: Path) -> Inquiry:
    return ascertain.new(tmp_path / "inquiry", author="A. Analyst")


def _rows(inquiry: Inquiry, table: Any) -> list[dict[str, Any]]:
    with inquiry.record.reading() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


def _file(folder: Path, name: str, data: bytes = b"A statement of 7 April 2018.\n") -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def test_a_file_becomes_an_exhibit_under_its_hash_with_how_it_was_acquired(inquiry: Inquiry, tmp_path: Path) -> None:
    data = b"A statement of 7 April 2018.\n"
    given = Given(published="2018-04-07", publisher="Arland", url="https://example.org", note="from the site")
    (done,), failed = inquiry.preserve([_file(tmp_path, "statement.txt", data)], given)
    assert failed == []
    assert (done.exhibit, done.size, done.media_type) == (hashlib.sha256(data).hexdigest(), 29, "text/plain")
    assert inquiry.record.objects.get(done.exhibit) == data
    (acquired,) = _rows(inquiry, acquisitions)
    told = {key: acquired[key] for key in ("original_name", "source", "published", "url", "note", "author")}
    assert told == {
        "original_name": "statement.txt", "source": "Arland", "published": "2018-04-07",
        "url": "https://example.org", "note": "from the site", "author": "A. Analyst",
    }  # fmt: skip


def test_the_same_bytes_twice_are_one_exhibit_and_two_acquisitions(inquiry: Inquiry, tmp_path: Path) -> None:
    done, _ = inquiry.preserve([_file(tmp_path, "a.txt"), _file(tmp_path, "b.txt")])
    assert [d.known for d in done] == [False, True]
    assert len(_rows(inquiry, exhibits)) == 1
    assert [row["original_name"] for row in _rows(inquiry, acquisitions)] == ["a.txt", "b.txt"]
    assert len(list(inquiry.record.objects.names())) == 1


def test_a_file_that_cannot_be_preserved_is_named_and_the_rest_go_on(inquiry: Inquiry, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    paths = [
        _file(tmp_path, "a.txt"),
        tmp_path / "missing.txt",
        tmp_path / "folder",
        tmp_path / ("x" * 300),
        _file(tmp_path, "b.txt", b"another"),
    ]
    done, failed = inquiry.preserve(paths)
    assert [d.name for d in done] == ["a.txt", "b.txt"]
    assert [f.name[:11] for f in failed] == ["missing.txt", "folder", "x" * 11]
    assert "there is no file" in failed[0].reason
    assert "is not a file" in failed[1].reason
    assert inquiry.verify().problems == ()


def test_failed_files_leave_no_trace_and_can_be_given_again(inquiry: Inquiry, tmp_path: Path) -> None:
    before = inquiry.record.head()
    inquiry.preserve([tmp_path / "late.txt"])
    assert inquiry.record.head() == before
    (done,), failed = inquiry.preserve([_file(tmp_path, "late.txt")])
    assert (done.name, failed) == ("late.txt", [])


def test_an_empty_file_is_an_exhibit_too(inquiry: Inquiry, tmp_path: Path) -> None:
    (done,), _ = inquiry.preserve([_file(tmp_path, "empty", b"")])
    assert done.size == 0
    assert inquiry.verify().problems == ()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_name_that_is_not_utf_8_is_written_out(inquiry: Inquiry, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    path.write_bytes(b"a statement")
    (done,), failed = inquiry.preserve(
        [
            path,
        ]
    )
    assert (done.name, failed) == ("caf\\xe9.txt", [])
    assert inquiry.verify().problems == ()


def test_a_date_that_is_none_is_refused_before_anything_is_preserved(inquiry: Inquiry, tmp_path: Path) -> None:
    before = inquiry.record.head()
    with pytest.raises(BadMoment):
        inquiry.preserve([_file(tmp_path, "a.txt")], Given(published="last April"))
    assert inquiry.record.head() == before


def test_an_exhibit_whose_bytes_were_lost_is_made_good_by_the_same_bytes(inquiry: Inquiry, tmp_path: Path) -> None:
    (done,), _ = inquiry.preserve([_file(tmp_path, "a.txt")])
    inquiry.record.objects.path(done.exhibit).unlink()
    assert inquiry.verify().problems
    inquiry.preserve([tmp_path / "a.txt"])
    assert inquiry.verify().problems == ()


def test_reading_a_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no file"):
        read_file(tmp_path / "nothing")
