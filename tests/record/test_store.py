from __future__ import annotations

import datetime
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ascertain.errors import AscertainError, NoRecord, RecordDamaged, RecordExists, RecordLocked, UsageError
from ascertain.progress import Silent
from ascertain.record.entries import RecordCreated
from ascertain.record.merkle import EMPTY_ROOT, frontier_of, leaf_hash
from ascertain.record.store import CONFIGURATION, DATABASE, OBJECTS, Record, open_record
from ascertain.record.verify import verify

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def test_entries_are_numbered_from_nought_and_come_back_in_order(record: Record, making: Any) -> None:
    with record.writing("A. Analyst", NOW) as writer:
        numbers = [writer.state("small", making.place(f"p{n}")) for n in range(3)]
    assert numbers == [1, 2, 3]
    assert [entry.seq for entry in record.entries()] == [0, 1, 2, 3]
    assert [entry.seq for entry in record.entries(2)] == [2, 3]
    assert list(record.entries(10**30)) == []


def test_an_entry_carries_its_author_its_time_in_utc_and_its_kind(record: Record, making: Any) -> None:
    east = datetime.timezone(datetime.timedelta(hours=3))
    with record.writing("B. Béatrice", datetime.datetime(2026, 2, 1, 1, 30, tzinfo=east)) as writer:
        writer.state("small", making.place("p"))
    entry = list(record.entries())[-1]
    assert (entry.author, entry.time, entry.kind) == ("B. Béatrice", "2026-01-31T22:30:00.000000Z", "row.stated")


def test_the_head_is_the_tree_over_all_entries(record: Record, making: Any) -> None:
    for n in range(5):
        with record.writing("A. Analyst", NOW) as writer:
            writer.state("small", making.place(f"p{n}"))
    tree = frontier_of(leaf_hash(entry.canonical()) for entry in record.entries())
    assert record.head() == tree
    assert record.head().root() == tree.root()


def test_a_clock_set_back_never_makes_an_entry_older_than_the_one_before_it(record: Record, making: Any) -> None:
    for day in (20, 10, 25):
        with record.writing("A. Analyst", datetime.datetime(2026, 3, day, tzinfo=datetime.UTC)) as writer:
            writer.state("small", making.place(f"p{day}"))
    times = [entry.time[:10] for entry in record.entries()][1:]
    assert times == ["2026-03-20", "2026-03-20", "2026-03-25"]


def test_an_exception_while_writing_leaves_nothing_but_what_stood_before(record: Record, making: Any) -> None:
    before, tables = record.head(), making.tables(record)
    with pytest.raises(KeyboardInterrupt), record.writing("A. Analyst", NOW) as writer:
        writer.state("small", making.place("p"))
        writer.put(b"an object without an entry")
        raise KeyboardInterrupt
    assert record.head() == before
    assert making.tables(record) == tables
    found = verify(record, Silent())
    assert found.problems == ()
    assert len(found.notes) == 1
    assert "named by no entry" in found.notes[0]


def test_a_commit_without_entries_adds_nothing(record: Record) -> None:
    before = record.head()
    with record.writing("A. Analyst", NOW):
        pass
    assert record.head() == before


def test_a_second_writer_is_told_that_the_record_is_locked_and_readers_are_not(record: Record) -> None:
    other = open_record(record.folder, 0)
    with record.writing("A. Analyst", NOW) as writer:
        writer.append(RecordCreated(name="again", software="tests"))
        with pytest.raises(RecordLocked, match="is writing to this record"), other.writing("B. Analyst", NOW):
            pytest.fail("two writers at once")
        assert len(list(other.entries())) == 1
    assert len(list(other.entries())) == 2


def test_a_second_writer_waits_for_the_first_and_both_are_kept(record: Record, making: Any) -> None:
    def write(name: str) -> None:
        with open_record(record.folder, 20).writing(name, NOW) as writer:
            writer.state("small", making.place(name))

    threads = [threading.Thread(target=write, args=(f"w{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry.seq for entry in record.entries()] == list(range(7))
    assert {entry.author for entry in record.entries(1)} == {f"w{n}" for n in range(6)}
    assert verify(record, Silent()).problems == ()


def test_two_records_are_open_at_once_and_do_not_meet(record: Record, making: Any, tmp_path: Path) -> None:
    other = making.record(tmp_path / "other")
    with record.writing("A. Analyst", NOW) as ours, other.writing("A. Analyst", NOW) as theirs:
        ours.state("small", making.place("ours"))
        theirs.state("small", making.place("theirs"))
    assert [row["id"] for row in making.tables(record)["places"]] == ["ours"]
    assert [row["id"] for row in making.tables(other)["places"]] == ["theirs"]


@pytest.mark.parametrize("table", ["log", "heads"])
@pytest.mark.parametrize("change", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "UPDATE {0} SET {1}='x'"])
def test_the_log_refuses_to_be_changed(record: Record, making: Any, table: str, change: str) -> None:
    column = {"log": "author", "heads": "root"}[table]
    with making.connection(record) as connection, pytest.raises(making.home.refused, match="append-only"):
        connection.execute(change.format(table, column))


@pytest.mark.home("team")
@pytest.mark.parametrize("table", ["log", "heads"])
def test_the_log_refuses_to_be_emptied_at_once(record: Record, making: Any, table: str) -> None:
    with making.connection(record) as connection, pytest.raises(making.home.refused, match="append-only"):
        connection.execute(f"TRUNCATE {table}")


def test_a_change_of_the_log_through_the_records_own_connection_is_refused_in_words(record: Record) -> None:
    with pytest.raises(AscertainError, match="append-only"), record.writing("A. Analyst", NOW) as writer:
        writer._connection.exec_driver_sql("DELETE FROM log")
    assert len(list(record.entries())) == 1


@pytest.mark.home("folder")
def test_a_new_record_is_a_folder_with_a_name_a_log_and_a_place_for_objects(tmp_path: Path, making: Any) -> None:
    folder = tmp_path / "deep" / 'a "quoted" näme'
    record = making.record(folder)
    assert record.name == 'a "quoted" näme'
    assert {path.name for path in folder.iterdir()} == {CONFIGURATION, DATABASE, OBJECTS}
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_a_block_that_fails_leaves_no_folder(tmp_path: Path, making: Any) -> None:
    with pytest.raises(ZeroDivisionError), making.new(tmp_path / "inquiry"):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_a_record_is_made_in_an_empty_folder(tmp_path: Path, making: Any) -> None:
    (tmp_path / "inquiry").mkdir()
    assert making.record(tmp_path / "inquiry").head().size == 1


def test_a_record_of_no_entries_can_be_written_to(tmp_path: Path, making: Any) -> None:
    with making.new(tmp_path / "inquiry") as record, record.writing("A. Analyst", NOW):
        pass
    record = open_record(tmp_path / "inquiry", 0)
    assert record.head().root() == EMPTY_ROOT
    with record.writing("A. Analyst", NOW) as writer:
        assert writer.state("small", making.place("p")) == 0
    assert verify(record, Silent()).problems == ()


def test_a_folder_that_holds_anything_is_left_as_it_is(tmp_path: Path, record: Record, making: Any) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("a")
    (tmp_path / "file").write_text("a")
    for taken in (record.folder, tmp_path / "notes", tmp_path / "file"):
        with pytest.raises(RecordExists), making.new(taken):
            pytest.fail("the folder was handed over")
    assert (tmp_path / "notes" / "a.txt").read_text() == "a"
    assert len(list(record.entries())) == 1


def test_a_folder_filled_by_somebody_else_meanwhile_is_left_as_it_is(tmp_path: Path, making: Any) -> None:
    folder = tmp_path / "inquiry"
    with pytest.raises(RecordExists), making.new(folder):
        folder.mkdir()
        (folder / "a.txt").write_text("a")
    assert [path.name for path in tmp_path.iterdir()] == ["inquiry"]
    assert [path.name for path in folder.iterdir()] == ["a.txt"]


@pytest.mark.parametrize(
    "folder", [pytest.param("file/inquiry", id="below_a_file"), pytest.param("x" * 300, id="a_name_too_long")]
)
def test_a_place_where_no_folder_can_be_made_is_a_usage_error(tmp_path: Path, making: Any, folder: str) -> None:
    (tmp_path / "file").write_text("a")
    with pytest.raises(UsageError, match="no record can be made"), making.new(tmp_path / folder):
        pytest.fail("the folder was handed over")


@pytest.mark.home("folder")
@pytest.mark.parametrize("missing", [CONFIGURATION, DATABASE])
def test_a_folder_without_its_configuration_or_database_is_no_record(record: Record, missing: str) -> None:
    (record.folder / missing).unlink()
    with pytest.raises(NoRecord):
        open_record(record.folder, 0)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"name = ", id="not_toml"),
        pytest.param(b"name = 'a'", id="no_format"),
        pytest.param(b"name = 'a'\nformat = 'one'", id="a_format_of_letters"),
        pytest.param(b"name = '\xff'\nformat = 1", id="not_utf8"),
    ],
)
def test_an_unreadable_configuration_is_damage(record: Record, text: bytes) -> None:
    (record.folder / CONFIGURATION).write_bytes(text)
    with pytest.raises(RecordDamaged, match=r"record\.toml"):
        open_record(record.folder, 0)


def test_a_record_of_a_newer_format_asks_for_a_newer_program(record: Record) -> None:
    (record.folder / CONFIGURATION).write_text("name = 'a'\nformat = 2\n")
    with pytest.raises(AscertainError, match="format 2") as caught:
        open_record(record.folder, 0)
    assert "newer" in caught.value.next_step


@pytest.mark.home("folder")
def test_a_database_that_is_none_is_damage(record: Record) -> None:
    (record.folder / DATABASE).write_bytes(b"garbage" * 1000)
    with pytest.raises(RecordDamaged, match="not a database"):
        list(record.entries())


def test_a_log_cut_at_its_end_is_not_written_to(record: Record, making: Any, state: Callable[..., int]) -> None:
    state(making.place("a"), making.place("b"))
    with making.tamperer(record) as connection:
        connection.execute("DELETE FROM log WHERE seq = 2")
    with pytest.raises(RecordDamaged, match="does not end where"), record.writing("A. Analyst", NOW):
        pytest.fail("a damaged log was handed over")


@pytest.mark.home("folder")
def test_a_reader_is_told_that_the_record_is_locked_while_another_process_holds_it_all(record: Record) -> None:
    with closing(sqlite3.connect(record.folder / DATABASE, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(RecordLocked):
            list(record.entries())


def test_what_stands_is_kept_apart_by_reference(record: Record, making: Any) -> None:
    with record.writing("A. Analyst", NOW) as writer:
        writer.state("one", making.place("a"))
        writer.state("two", making.place("b"))
        assert list(writer.standing("one")) == [("places", "a")]
        assert list(writer.standing_beside("one")) == [("places", "b")]
        assert writer.standing("two")["places", "b"]["name"] == "Estor"
        assert writer.last_import("one") is None
