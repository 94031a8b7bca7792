from __future__ import annotations

from typing import Any

import pytest

from ascertain.errors import AscertainError, RecordDamaged
from ascertain.progress import Silent
from ascertain.record.entries import (
    CheckMade,
    ClaimsRead,
    ExhibitAcquired,
    ExhibitPreserved,
    RowStated,
    RowWithdrawn,
    canonical,
)
from ascertain.record.store import Record
from ascertain.record.verify import rebuild, verify
from ascertain.record.view import open_view


def _bounds(making: Any, record: Record, table: str = "places") -> list[tuple[str, int, int | None]]:
    rows = making.tables(record)[table]
    return sorted((row["id"], row["from_entry"], row["until_entry"]) for row in rows)


def _fill(record: Record, making: Any) -> None:
    """One entry of every kind that has an effect, rows replaced and withdrawn among them."""
    with record.writing("A. Analyst", making.start) as writer:
        writer.state("small", making.document("report", "2018-09~"))
        writer.state("small", making.place("a"))
        writer.state("small", making.place("a", "Estor, the town"))
        writer.state("small", making.place("b"))
        writer.append(RowWithdrawn(table="places", id="b", reason="a duplicate"))
        writer.state("small", making.place("c"))
        exhibit = writer.put(b"a statement")
        writer.append(ExhibitPreserved(exhibit=exhibit, size=11, media_type="text/plain"))
        writer.append(ExhibitAcquired(exhibit=exhibit, original_name="s.txt", note="from the site"))
        claim = {"id": "0" * 32, "frame": "attack", "sentence": {"start": 3}}
        claims = writer.put(canonical([claim]))
        writer.append(ClaimsRead(exhibit=exhibit, reader="reader@1", claims=claims, number=1))
        result = writer.put(canonical({"claims": []}))
        verdicts = {"supported": 1}
        writer.append(
            CheckMade(exhibit=exhibit, as_of="2018-09-30", readings="reader@1", result=result, verdicts=verdicts)
        )


def test_a_row_stands_from_its_entry_until_the_entry_that_replaces_or_withdraws_it(record: Record, making: Any) -> None:
    _fill(record, making)
    assert _bounds(making, record) == [("a", 2, 3), ("a", 3, None), ("b", 4, 5), ("c", 6, None)]


def test_a_row_withdrawn_can_be_stated_again(record: Record, making: Any) -> None:
    with record.writing("A. Analyst", making.start) as writer:
        writer.state("small", making.place("a"))
        writer.append(RowWithdrawn(table="places", id="a", reason=""))
        writer.state("small", making.place("a"))
    assert _bounds(making, record) == [("a", 1, 2), ("a", 3, None)]


def test_a_row_withdrawn_that_was_never_stated_changes_no_table(record: Record, making: Any) -> None:
    before = making.tables(record)
    with record.writing("A. Analyst", making.start) as writer:
        writer.append(RowWithdrawn(table="places", id="nowhere", reason=""))
    assert making.tables(record) == before
    assert verify(record, Silent()).problems == ()


def test_rebuild_gives_the_same_tables_row_for_row(record: Record, making: Any) -> None:
    _fill(record, making)
    before = making.tables(record)
    assert all(before[name] for name in ("exhibits", "acquisitions", "claims", "checks", "places", "documents"))
    assert rebuild(record, Silent()) == record.head().size
    assert making.tables(record) == before
    assert verify(record, Silent()).problems == ()


def test_rebuild_takes_away_what_no_entry_says_and_brings_back_what_was_lost(record: Record, making: Any) -> None:
    _fill(record, making)
    before = making.tables(record)
    with making.tamperer(record) as connection:
        connection.execute("UPDATE places SET name = 'elsewhere'")
        connection.execute("DELETE FROM checks")
        connection.execute("DROP TABLE zones")
    rebuild(record, Silent())
    assert making.tables(record) == before


def test_tables_of_an_older_version_ask_for_a_rebuild_which_makes_them_good(record: Record, making: Any) -> None:
    _fill(record, making)
    before = making.tables(record)
    with making.tamperer(record) as connection:
        connection.execute("ALTER TABLE places DROP COLUMN pcode")
    with pytest.raises(AscertainError, match="another version") as caught:
        open_view(record)
    assert "rebuild" in caught.value.next_step
    rebuild(record, Silent())
    assert making.tables(record) == before


def test_rebuild_of_a_damaged_log_says_what_is_wrong_and_leaves_the_tables(record: Record, making: Any) -> None:
    _fill(record, making)
    before = making.tables(record)
    entry = list(record.entries())[2]
    without_a_name = {**entry.body, "row": {k: v for k, v in entry.body["row"].items() if k != "name"}}
    with making.tamperer(record) as connection:
        data = entry.model_copy(update={"body": without_a_name}).canonical()
        connection.execute("UPDATE log SET entry = ? WHERE seq = 2", (data,))
    with pytest.raises(RecordDamaged, match="entry 2"):
        rebuild(record, Silent())
    assert making.tables(record) == before


def test_a_row_of_a_table_that_does_not_exist_cannot_be_stated(record: Record, making: Any) -> None:
    before = record.head()
    with pytest.raises(KeyError), record.writing("A. Analyst", making.start) as writer:
        writer.append(RowStated(reference="small", table="rumours", row={"id": "x"}))
    assert record.head() == before
