"""A log that was put back or rewritten behind a workstation's back is noticed there, though it verifies by itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ascertain.errors import RecordDamaged
from ascertain.progress import Silent
from ascertain.record.home.joining import join_record
from ascertain.record.home.memory import FILE
from ascertain.record.store import Record, open_record
from ascertain.record.verify import rebuild, verify
from ascertain.settings import load_settings

pytestmark = pytest.mark.home("team")


def _put_back(record: Record, making: Any, size: int) -> None:
    """What an administrator does who restores an old backup, whole with its heads and tables."""
    with making.tamperer(record) as connection:
        connection.execute("DELETE FROM log WHERE seq >= ?", (size,))
        connection.execute("DELETE FROM heads WHERE size > ?", (size,))
    rebuild(record, Silent())


def _seen(record: Record) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((record.folder / FILE).read_text())
    return found


def test_a_writer_notes_the_head_that_it_wrote(record: Record, making: Any, state: Callable[..., int]) -> None:
    state(making.place("a"))
    assert _seen(record) == {"size": 2, "root": record.head().root().hex()}


def test_a_log_put_back_is_noticed_by_who_saw_more_of_it(
    record: Record, making: Any, state: Callable[..., int]
) -> None:
    state(making.place("a"))
    state(making.place("b"))
    _put_back(record, making, 2)
    assert verify(record, Silent()).problems == ()  # by itself it is whole
    with pytest.raises(RecordDamaged, match="no longer holds what this workstation saw of it: 3 entries") as caught:
        open_record(record.folder, 0)
    assert FILE in caught.value.next_step


def test_a_log_put_back_and_written_on_is_noticed_too(record: Record, making: Any, state: Callable[..., int]) -> None:
    state(making.place("a"))
    _put_back(record, making, 1)
    other = record.folder.parent / "other"
    join_record(other, 0, load_settings(record.folder / "record.toml"))
    with open_record(other, 0).writing("B. Forger", making.start) as writer:
        writer.state("small", making.place("another"))
    with pytest.raises(RecordDamaged, match="no longer holds"):
        open_record(record.folder, 0)


def test_who_only_reads_notes_what_they_verified(record: Record, making: Any, tmp_path: Path) -> None:
    join_record(tmp_path / "reader", 0, load_settings(record.folder / "record.toml"))
    reader = open_record(tmp_path / "reader", 0)
    assert not (reader.folder / FILE).exists()
    verify(reader, Silent())
    assert _seen(reader)["size"] == 1


def test_what_does_not_verify_is_not_noted(record: Record, making: Any, tmp_path: Path) -> None:
    join_record(tmp_path / "reader", 0, load_settings(record.folder / "record.toml"))
    reader = open_record(tmp_path / "reader", 0)
    with making.tamperer(record) as connection:
        connection.execute("UPDATE log SET author = 'x'")
    assert verify(reader, Silent()).problems
    assert not (reader.folder / FILE).exists()


def test_an_older_head_does_not_take_the_place_of_a_later_one(
    record: Record, making: Any, state: Callable[..., int]
) -> None:
    state(making.place("a"))
    before = _seen(record)
    assert record.memory is not None
    with open_record(record.folder, 0).writing("A. Analyst", making.start):
        pass
    assert _seen(record) == before


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"size": "x", "root": ""}', "\x00"])
def test_a_memory_that_cannot_be_read_is_not_taken_for_none(record: Record, text: str) -> None:
    (record.folder / FILE).write_text(text)
    with pytest.raises(RecordDamaged, match="unreadable"):
        open_record(record.folder, 0)


@pytest.mark.home("folder")
def test_a_record_in_ones_own_folder_has_no_memory_of_its_own(
    record: Record, making: Any, state: Callable[..., int]
) -> None:
    state(making.place("a"))
    assert record.memory is None
    assert not (record.folder / FILE).exists()
