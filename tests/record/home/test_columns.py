"""What a table holds is the same on both databases, whatever is said: text, numbers, order."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from ascertain.progress import Silent
from ascertain.record import tables
from ascertain.record.entries import ExhibitAcquired, ExhibitPreserved, ItemFailed
from ascertain.record.home.columns import as_kept
from ascertain.record.store import Record
from ascertain.record.verify import rebuild, verify

TEXTS = [
    pytest.param("", id="empty"),
    pytest.param("a\0b", id="nul"),
    pytest.param("\0", id="only_nul"),
    pytest.param("\u2400", id="the_sign_for_nul"),
    pytest.param("\x01\x1f\x7f\u0085", id="control_characters"),
    pytest.param("\u202egnp.exe", id="turned_round"),
    pytest.param("خان شيخون", id="arabic"),
    pytest.param("e\u0301 \u00e9", id="composed_and_not"),
    pytest.param("\U0001f600\U0010ffff\ufffe\ufffd", id="beyond_the_basic_plane"),
    pytest.param("'; DROP TABLE log; -- %s ? :name {}", id="sql"),
    pytest.param("a" * 100_000, id="long"),
    pytest.param("".join(chr(0x4E00 + n * 7 % 20_000) for n in range(20_000)), id="long_and_not_to_be_compressed"),
]


def _column(record: Record, column: Any) -> list[Any]:
    with record.reading() as connection:
        return list(connection.execute(select(column).order_by(column)).scalars())


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_comes_back_as_the_tables_keep_it_and_the_log_keeps_it_whole(
    record: Record, making: Any, text: str
) -> None:
    with record.writing(text, making.start) as writer:
        writer.append(ExhibitAcquired(exhibit="0" * 64, original_name=text, note=text))
        writer.append(ItemFailed(stage="preserve", item=text, code="x", reason=text))
        assert writer.has(tables.failures, tables.failures.c.item == text)
    assert [entry.body["note"] for entry in record.entries(1) if entry.kind == "exhibit.acquired"] == [text]
    assert [entry.author for entry in record.entries(1)] == [text, text]
    assert _column(record, tables.acquisitions.c.original_name) == [as_kept(text)]
    assert "\0" not in as_kept(text)
    assert rebuild(record, Silent()) == 3
    assert verify(record, Silent()).problems == ()


def test_texts_are_ordered_by_their_code_points(record: Record, making: Any) -> None:
    names = ["a", "B", "A", "b", "ä", "Z", "z", "_", "-", " ", "é", "10", "9", "ا", "\U0001f600", "\uffee"]
    with record.writing("A. Analyst", making.start) as writer:
        for name in names:
            writer.append(ItemFailed(stage=name, item=name, code="x", reason=""))
    assert _column(record, tables.failures.c.stage) == sorted(names)


@pytest.mark.parametrize("size", [0, 2**31, 2**40, 2**53 - 1])
def test_a_size_of_any_file_fits(record: Record, making: Any, size: int) -> None:
    with record.writing("A. Analyst", making.start) as writer:
        writer.append(ExhibitPreserved(exhibit="0" * 64, size=size, media_type="text/plain"))
    assert _column(record, tables.exhibits.c.size) == [size]


@pytest.mark.parametrize("number", [0.1, 1 / 3, -0.0, 89.99999999999999, 5e-324, 1.7976931348623157e308, 35.0])
def test_a_number_comes_back_to_its_last_digit(record: Record, making: Any, number: float) -> None:
    with record.writing("A. Analyst", making.start) as writer:
        writer.state("small", making.place("p").model_copy(update={"precision_km": number}))
    (kept,) = _column(record, tables.REFERENCE["places"].c.precision_km)
    assert repr(kept) == repr(number or 0.0)
