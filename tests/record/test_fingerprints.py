from __future__ import annotations

from typing import Any

import pytest

from ascertain.progress import Silent
from ascertain.record.entries import ExhibitErased, ExhibitSealed
from ascertain.record.fingerprints import Fingerprint, known_fingerprints
from ascertain.record.store import Record
from ascertain.record.verify import rebuild, verify

ONE, OTHER = "a" * 64, "b" * 64
PRINTS = [Fingerprint(ONE, "pdq@1", b"\x00\xff", 90), Fingerprint(OTHER, "pdq@1", b"\x01", 80)]
SEALED = ExhibitSealed(exhibit=ONE, object="1" * 64, particulars="2" * 64, key="3" * 64, recipients=[])
ERASED = ExhibitErased(exhibit=ONE, reason="she asked", authority="the head of the inquiry")


@pytest.fixture
def known(record: Record, making: Any) -> Any:
    """What is kept, after what a test does with a writer."""

    def after(do: Any) -> dict[str, Fingerprint]:
        with record.writing("A. Analyst", making.start) as writer:
            do(writer)
        with record.reading() as connection:
            return known_fingerprints(connection, "pdq@1")

    return after


def test_fingerprints_are_kept_beside_the_log_and_are_no_entry(record: Record, known: Any) -> None:
    before = record.head()
    assert known(lambda writer: writer.remember(PRINTS)) == {ONE: PRINTS[0], OTHER: PRINTS[1]}
    assert record.head() == before
    assert verify(record, Silent()).problems == ()


def test_a_later_fingerprint_takes_the_place_of_an_earlier_one(known: Any) -> None:
    newer = Fingerprint(ONE, "pdq@1", b"\x02", 70)
    known(lambda writer: writer.remember(PRINTS))
    assert known(lambda writer: writer.remember([newer])) == {ONE: newer, OTHER: PRINTS[1]}


def test_within_what_distance_all_were_compared_is_noted(known: Any) -> None:
    known(lambda writer: writer.remember(PRINTS))
    found = known(lambda writer: writer.mark_compared("pdq@1", [OTHER], 31.0))
    assert (found[ONE].compared_within, found[OTHER].compared_within) == (None, 31.0)


@pytest.mark.parametrize("body", [SEALED, ERASED], ids=["sealed", "erased"])
def test_nothing_is_kept_of_an_exhibit_that_is_sealed_or_erased(known: Any, body: Any) -> None:
    known(lambda writer: writer.remember(PRINTS))
    assert set(known(lambda writer: writer.append(body))) == {OTHER}


def test_rebuilding_loses_them_and_nothing_else(record: Record, known: Any, making: Any) -> None:
    known(lambda writer: writer.remember(PRINTS))
    before = making.tables(record)
    rebuild(record, Silent())
    assert known(lambda writer: None) == {}
    assert making.tables(record) == before
