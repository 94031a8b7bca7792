from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ascertain.model.access import Access
from ascertain.model.reference import Party
from ascertain.record.entries import (
    AccessSet,
    ExhibitAcquired,
    ExhibitDerived,
    ExhibitErased,
    ExhibitPreserved,
    ExhibitSealed,
    RowWithdrawn,
)
from ascertain.record.sealed.access import read_access
from ascertain.record.store import Record
from ascertain.record.view import open_view

VIDEO, CUT, OTHER = "a" * 64, "b" * 64, "c" * 64
PUBLIC, RESTRICTED, SEALED = Access.PUBLIC, Access.RESTRICTED, Access.SEALED


@pytest.fixture
def say(record: Record, making: Any) -> Callable[..., int]:
    """Appends entries; returns the number of the last."""

    def append(*bodies: Any) -> int:
        with record.writing("A. Analyst", making.start) as writer:
            return [writer.append(body) for body in bodies][-1]

    return append


def preserved(exhibit: str, source: str = "") -> list[Any]:
    return [
        ExhibitPreserved(exhibit=exhibit, size=3, media_type="text/plain"),
        ExhibitAcquired(exhibit=exhibit, original_name="a.txt", source=source),
    ]


def setting(kind: str, subject: str, access: str) -> AccessSet:
    return AccessSet(subject_kind=kind, subject=subject, access=access, reason="safety", authority="the head")


def sealed(exhibit: str) -> ExhibitSealed:
    return ExhibitSealed(exhibit=exhibit, object="1" * 64, particulars="2" * 64, key="3" * 64, recipients=["her"])


def of(record: Record, exhibit: str) -> Access:
    with record.reading() as connection:
        return read_access(connection).of_exhibit(exhibit).access


def party(row_id: str, name: str, *aliases: str) -> Party:
    return Party(
        id=row_id, name=name, aliases=aliases, kind="ngo", independent=True, document="report",
        confirmed_by="d", confirmed_from="tests",
    )  # fmt: skip


def test_a_source_is_closed_however_its_name_was_written(record: Record, say: Callable[..., int]) -> None:
    say(*preserved(VIDEO, "The  Monitor"), *preserved(CUT, "the monitor"), *preserved(OTHER, "Monitors"))
    say(setting("source", "THE MONITOR", "restricted"))
    assert [of(record, one) for one in (VIDEO, CUT, OTHER)] == [RESTRICTED, RESTRICTED, PUBLIC]


def test_a_partys_id_name_and_aliases_are_one_source(record: Record, say: Callable, state: Callable) -> None:
    state(party("monitor", "The Monitor", "TM"))
    say(*preserved(VIDEO, "tm"), *preserved(CUT, "monitor"))
    say(setting("source", "The Monitor", "sealed"))
    assert [of(record, one) for one in (VIDEO, CUT)] == [SEALED, SEALED]
    say(setting("source", "monitor", "public"))
    assert [of(record, one) for one in (VIDEO, CUT)] == [PUBLIC, PUBLIC]


def test_a_name_of_two_parties_closes_both(record: Record, say: Callable, state: Callable) -> None:
    state(party("one", "Monitor of the North", "Monitor"), party("two", "Monitor of the South", "Monitor"))
    say(*preserved(VIDEO, "Monitor of the North"), *preserved(CUT, "two"))
    say(setting("source", "monitor", "restricted"))
    assert [of(record, one) for one in (VIDEO, CUT)] == [RESTRICTED, RESTRICTED]


def test_a_party_that_was_withdrawn_or_renamed_stays_closed(record: Record, say: Callable, state: Callable) -> None:
    state(party("monitor", "The Monitor", "TM"))
    say(*preserved(VIDEO, "TM"), setting("source", "monitor", "restricted"))
    state(party("monitor", "The Observatory"))
    assert of(record, VIDEO) is RESTRICTED
    say(RowWithdrawn(table="parties", id="monitor", reason="no longer used"))
    assert of(record, VIDEO) is RESTRICTED


def test_a_document_is_as_closed_as_its_party_and_as_what_it_is_part_of(
    record: Record, say: Callable, state: Callable, making: Any
) -> None:
    annex = making.document("annex", "2018-07-06").model_copy(update={"part_of": "report", "party": "other"})
    state(making.document("report", "2018-07-06"), annex)
    say(setting("source", "body", "restricted"))
    with record.reading() as connection:
        rule = read_access(connection)
    assert [rule.of_source(one).access for one in ("report", "annex", "other")] == [RESTRICTED, RESTRICTED, PUBLIC]


def test_what_is_derived_from_a_sealed_exhibit_is_sealed_until_a_person_opens_it(
    record: Record, say: Callable[..., int]
) -> None:
    say(sealed(VIDEO), *preserved(CUT))
    say(ExhibitDerived(exhibit=CUT, origin=VIDEO, method="redaction", details={}))
    assert of(record, CUT) is SEALED
    say(setting("exhibit", CUT, "public"))
    assert of(record, CUT) is PUBLIC
    assert of(record, VIDEO) is SEALED


def test_no_setting_opens_what_is_encrypted_not_even_after_it_was_erased(
    record: Record, say: Callable[..., int]
) -> None:
    say(sealed(VIDEO), setting("exhibit", VIDEO, "public"))
    assert of(record, VIDEO) is SEALED
    say(ExhibitErased(exhibit=VIDEO, reason="she asked", authority="the head"))
    assert of(record, VIDEO) is SEALED


def test_a_class_of_the_record_closes_what_is_in_it_and_what_comes(record: Record, say: Callable[..., int]) -> None:
    say(*preserved(VIDEO))
    say(setting("record", "*", "restricted"))
    say(*preserved(CUT))
    assert [of(record, one) for one in (VIDEO, CUT)] == [RESTRICTED, RESTRICTED]


def test_a_view_knows_the_classes_as_they_were_recorded(record: Record, say: Callable[..., int]) -> None:
    first = say(*preserved(VIDEO))
    closed = say(setting("exhibit", VIDEO, "restricted"))
    say(setting("exhibit", VIDEO, "public"))
    seen = [open_view(record, as_recorded=seq).access.of_exhibit(VIDEO).access for seq in (first, closed, closed + 1)]
    assert seen == [PUBLIC, RESTRICTED, PUBLIC]


def test_a_seal_is_as_recorded_too(record: Record, say: Callable[..., int]) -> None:
    first = say(*preserved(VIDEO))
    say(sealed(VIDEO))
    assert open_view(record, as_recorded=first).access.of_exhibit(VIDEO).access is PUBLIC
    assert open_view(record).access.of_exhibit(VIDEO).access is SEALED


def test_a_record_in_which_nothing_is_closed_asks_for_nothing_more(tmp_path: Path, making: Any) -> None:
    record = making.record(tmp_path / "plain")
    assert open_view(record).access.of_exhibit(VIDEO).access is PUBLIC
