from __future__ import annotations

import datetime
import hashlib
import os
import sys
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import ascertain
from ascertain import Given, Inquiry
from ascertain.errors import BadMoment, UsageError
from ascertain.jobs.files import read_file
from ascertain.jobs.items import Failure, Preserved
from ascertain.progress import Silent
from ascertain.record.entries import ExhibitSealed, RecordCreated
from ascertain.record.store import new_record
from ascertain.record.tables import acquisitions, exhibits

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture
def inquiry(tmp_path: Path, home: Any) -> Inquiry:
    """A new record with one entry, in each of the places where records lie."""
    making = new_record(tmp_path / "inquiry", 0, home.settings())
    with making as record, record.writing("A. Analyst", START) as writer:
        writer.append(RecordCreated(name="inquiry", software="tests"))
    return ascertain.open(tmp_path / "inquiry", author="A. Analyst")


def _all(outcomes: Iterable[Any]) -> tuple[list[Preserved], list[Failure]]:
    found = list(outcomes)
    return [o for o in found if isinstance(o, Preserved)], [o for o in found if isinstance(o, Failure)]


def _folder(folder: Path, number: int = 3) -> Path:
    """A folder of small files, some of them in folders of their own."""
    for place in range(number):
        path = folder / f"day {place % 4}" / f"{place:04}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"An account, number %d.\n" % place)
    return folder


def _said(inquiry: Inquiry) -> list[tuple[str, dict[str, Any]]]:
    """What the log says besides its first entry, without when."""
    return [(entry.kind, entry.body) for entry in inquiry.log(1)]


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
    (tmp_path / "link").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe")
    paths = [
        _file(tmp_path, "a.txt"),
        tmp_path / "missing.txt",
        tmp_path / "pipe",
        tmp_path / "link",
        tmp_path / ("x" * 300),
        tmp_path / "a\0b",
        _file(tmp_path, "b.txt", b"another"),
    ]
    done, failed = inquiry.preserve(paths)
    assert [d.name for d in done] == ["a.txt", "b.txt"]
    assert [(f.name[:11], f.code) for f in failed] == [
        ("missing.txt", "missing"), ("pipe", "special"), ("link", "missing"), ("x" * 11, "unreadable"),
        (r"a\u0000b", "missing"),
    ]  # fmt: skip
    assert inquiry.verify().problems == ()


def test_what_failed_is_in_the_log_once_and_open_until_it_is_preserved(inquiry: Inquiry, tmp_path: Path) -> None:
    for _ in range(2):
        inquiry.preserve([tmp_path / "late.txt"])
    (failure,) = inquiry.failures()
    assert (failure.item, failure.code, failure.author) == ("late.txt", "missing", "A. Analyst")
    assert [kind for kind, _ in _said(inquiry)] == ["item.failed"]
    (done,), failed = inquiry.preserve([_file(tmp_path, "late.txt")])
    assert (done.name, failed, inquiry.failures()) == ("late.txt", [], [])
    (tmp_path / "late.txt").unlink()
    inquiry.preserve([tmp_path / "late.txt"])
    assert [failure.item for failure in inquiry.failures()] == ["late.txt"]


def test_only_what_failed_before_is_taken_when_that_is_asked_for(inquiry: Inquiry, tmp_path: Path) -> None:
    folder = _folder(tmp_path / "in")
    (folder / "photo.jpg").symlink_to("elsewhere")
    _all(inquiry.preserve_each([folder]))
    (folder / "photo.jpg").unlink()
    _file(folder, "photo.jpg", b"\xff\xd8\xff")
    _file(folder, "new.txt")
    done, failed = _all(inquiry.preserve_each([folder], only_failed=True))
    assert ([d.name for d in done], failed, inquiry.failures()) == (["photo.jpg"], [], [])


def test_a_folder_is_its_files_by_their_paths_in_it(inquiry: Inquiry, tmp_path: Path) -> None:
    folder = _folder(tmp_path / "in", 6)
    (folder / "day 0" / "again").symlink_to(folder)
    done, failed = inquiry.preserve([folder])
    assert [d.name for d in done] == [
        "day 0/0000.txt", "day 0/0004.txt", "day 1/0001.txt", "day 1/0005.txt", "day 2/0002.txt", "day 3/0003.txt",
    ]  # fmt: skip
    assert [(f.name, f.code) for f in failed] == [("day 0/again", "link")]


def test_the_same_run_again_adds_nothing_and_says_so(inquiry: Inquiry, tmp_path: Path) -> None:
    folder = _folder(tmp_path / "in")
    given = Given(published="2018-04", publisher="Arland", note="a stick")
    first, _ = inquiry.preserve([folder], given)
    before = inquiry.record.head()
    second, _ = inquiry.preserve([folder], given)
    assert [d.added for d in first + second] == [True] * 3 + [False] * 3
    assert inquiry.record.head() == before
    _all(inquiry.preserve_each([folder], Given(published="2018-04", publisher="Arland", note="another stick")))
    assert inquiry.record.head().size == before.size + 3


def test_a_file_that_changed_since_is_another_acquisition_of_its_name(inquiry: Inquiry, tmp_path: Path) -> None:
    for data in (b"one.", b"two.", b"one."):
        inquiry.preserve([_file(tmp_path, "a.txt", data)])
    assert [row["original_name"] for row in _rows(inquiry, acquisitions)] == ["a.txt", "a.txt"]
    assert len(_rows(inquiry, exhibits)) == 2


def test_nothing_is_reported_before_it_is_committed(inquiry: Inquiry, tmp_path: Path) -> None:
    folder = _folder(tmp_path / "in", 450)
    other = ascertain.open(inquiry.record.folder)
    commits = set()
    for outcome in inquiry.preserve_each([folder]):
        assert isinstance(outcome, Preserved)
        commits.add(other.record.head().size)
        with other.record.reading() as connection:
            assert connection.execute(select(exhibits.c.id).where(exhibits.c.id == outcome.exhibit)).first()
    assert len(commits) >= 3
    assert inquiry.verify().problems == ()


def test_a_run_that_was_stopped_comes_to_the_same_end_when_it_is_run_again(inquiry: Inquiry, tmp_path: Path) -> None:
    folder = _folder(tmp_path / "in", 450)
    with closing(inquiry.preserve_each([folder])) as outcomes:
        reported = [next(outcomes) for _ in range(10)]
    assert inquiry.verify().problems == ()
    assert {outcome.name for outcome in reported} <= {row["original_name"] for row in _rows(inquiry, acquisitions)}
    _all(inquiry.preserve_each([folder]))
    stopped = sorted(row["original_name"] for row in _rows(inquiry, acquisitions))
    assert len(stopped) == len(set(stopped)) == 450
    assert inquiry.verify().notes == ()


def test_the_record_is_not_taken_into_itself(inquiry: Inquiry, tmp_path: Path) -> None:
    _file(tmp_path, "a.txt")
    done, failed = inquiry.preserve([tmp_path])
    assert ([d.name for d in done], failed) == (["a.txt"], [])
    for path in (inquiry.record.folder, inquiry.record.folder / "record.toml"):
        with pytest.raises(UsageError, match="lies inside the record"):
            inquiry.preserve([path])


def test_a_file_that_grows_while_it_is_read_is_named_and_nothing_of_it_is_left(
    inquiry: Inquiry, tmp_path: Path
) -> None:
    path = _file(tmp_path, "log", b"x" * 3_000_000)

    class Writer(Silent):
        """Somebody who writes each time that a piece was read."""

        def advance(self, steps: int = 1, size: int = 0) -> None:
            with path.open("ab") as file:
                file.write(b"more")

    growing = replace(inquiry, progress=Writer())
    done, (failed,) = _all(growing.preserve_each([path]))
    assert (done, failed.code) == ([], "changed")
    assert list(inquiry.record.objects.names()) == []


def test_what_is_kept_sealed_is_not_taken_in_the_clear_and_its_name_stays_out_of_the_log(
    inquiry: Inquiry, tmp_path: Path
) -> None:
    data = b"An account by a witness.\n"
    sealed = hashlib.sha256(data).hexdigest()
    with inquiry.record.writing("A. Analyst", START) as writer:
        cipher = writer.put(b"sealed")
        writer.append(ExhibitSealed(exhibit=sealed, object=cipher, particulars=cipher, key=cipher, recipients=[]))
    before = inquiry.record.head()
    done, (failed,) = _all(inquiry.preserve_each([_file(tmp_path, "witness.txt", data)]))
    assert (done, failed.code) == ([], "sealed")
    assert inquiry.record.head() == before
    assert not inquiry.record.objects.has(sealed)


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


@pytest.mark.home("folder")
def test_an_exhibit_whose_bytes_were_lost_is_made_good_by_the_same_bytes(inquiry: Inquiry, tmp_path: Path) -> None:
    (done,), _ = inquiry.preserve([_file(tmp_path, "a.txt")])
    inquiry.record.objects.path(done.exhibit).unlink()
    assert inquiry.verify().problems
    inquiry.preserve([tmp_path / "a.txt"])
    assert inquiry.verify().problems == ()


def test_reading_a_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no file"):
        read_file(tmp_path / "nothing")
