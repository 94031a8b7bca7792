"""What verification, replay and the tables make of seals, by entries alone; the whole is in jobs/test_protecting.py."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from ascertain.progress import Silent
from ascertain.record import tables
from ascertain.record.entries import (
    CheckMade,
    ClaimsRead,
    ExhibitErased,
    ExhibitPreserved,
    ExhibitSealed,
    RecipientsSet,
    ReferenceImported,
    canonical,
)
from ascertain.record.sealed.exhibit_keys import key_name
from ascertain.record.sealed.seals import read_seals
from ascertain.record.store import Record
from ascertain.record.verify import rebuild, verify

CLEAR, CIPHER, PARTICULARS = b"she was at the well", b"ciphertext", b"ciphertext of particulars"
EXHIBIT = hashlib.sha256(CLEAR).hexdigest()
KEY, NEWER = b"wrapped once", b"wrapped again"


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def sealed(exhibit: str = EXHIBIT) -> ExhibitSealed:
    return ExhibitSealed(
        exhibit=exhibit, object=digest(CIPHER), particulars=digest(PARTICULARS), key=digest(KEY), recipients=["her"]
    )


ERASED = ExhibitErased(exhibit=EXHIBIT, reason="she asked", authority="the head of the inquiry")


@pytest.fixture
def say(record: Record, making: Any) -> Callable[..., int]:
    """Appends entries; returns the number of the last."""

    def append(*bodies: Any) -> int:
        with record.writing("A. Analyst", making.start) as writer:
            for data in (CIPHER, PARTICULARS):
                writer.put(data)
            return [writer.append(body) for body in bodies][-1]

    return append


def problems(record: Record) -> str:
    return "\n".join(verify(record, Silent()).problems)


def row(record: Record) -> dict[str, Any]:
    with record.reading() as connection:
        found = connection.execute(select(tables.exhibits).where(tables.exhibits.c.id == EXHIBIT)).mappings().one()
    return dict(found)


def claim(name: str) -> dict[str, Any]:
    return {"id": name, "frame": "attack", "sentence": {"start": 0, "end": 3, "text": "she"}}


def read_and_checked(record: Record, say: Callable[..., int]) -> list[str]:
    """The exhibit in the clear, read and checked; the names of the objects that tell of it."""
    claims = record.objects.put(canonical([claim("c1"), claim("c2")]))
    result = record.objects.put(b'{"verdict":"not in the record"}')
    record.objects.put(CLEAR)
    say(
        ExhibitPreserved(exhibit=EXHIBIT, size=len(CLEAR), media_type="text/plain"),
        ClaimsRead(exhibit=EXHIBIT, reader="r@1", claims=claims, number=2),
        CheckMade(exhibit=EXHIBIT, as_of="2018-04-07", readings="r@1", result=result, verdicts={}),
    )
    return [EXHIBIT, claims, result]


def test_a_sealed_exhibit_with_its_key_verifies(record: Record, say: Callable[..., int]) -> None:
    seq = say(sealed())
    record.keys.put(key_name(EXHIBIT, KEY), KEY)
    assert problems(record) == ""
    assert row(record) == {
        "id": EXHIBIT, "size": None, "media_type": None, "entered": seq, "object": digest(CIPHER),
        "particulars": digest(PARTICULARS), "sealed": seq, "key": digest(KEY), "recipients": '["her"]', "erased": None,
    }  # fmt: skip


def test_a_key_that_is_missing_or_altered_is_named(record: Record, say: Callable[..., int]) -> None:
    say(sealed())
    assert "its key is missing" in problems(record)
    record.keys.put(key_name(EXHIBIT, KEY), b"something else")
    assert "its key has been altered" in problems(record)


def test_a_key_that_counts_no_longer_is_named_until_it_is_gone(record: Record, say: Callable[..., int]) -> None:
    say(sealed())
    for wrapped in (KEY, NEWER):
        record.keys.put(key_name(EXHIBIT, wrapped), wrapped)
    say(RecipientsSet(exhibit=EXHIBIT, key=digest(NEWER), recipients=["him"], reason="she left"))
    assert "a key that counts no longer" in problems(record)
    record.keys.destroy(key_name(EXHIBIT, KEY))
    assert problems(record) == ""
    assert row(record)["recipients"] == '["him"]'


def test_sealing_takes_the_clear_bytes_the_claims_and_the_checks_away(record: Record, say: Callable[..., int]) -> None:
    gone = read_and_checked(record, say)
    say(sealed())
    record.keys.put(key_name(EXHIBIT, KEY), KEY)
    for name in gone:
        assert f"exhibit {EXHIBIT} is sealed, but object {name}" in problems(record)
        record.objects.discard(name)
    assert problems(record) == ""
    with record.reading() as connection:
        assert connection.execute(select(tables.claims)).all() == []


def test_a_record_with_a_sealed_exhibit_can_be_rebuilt(record: Record, say: Callable[..., int], making: Any) -> None:
    for name in read_and_checked(record, say):
        record.objects.discard(name)
    say(sealed())
    record.keys.put(key_name(EXHIBIT, KEY), KEY)
    before = making.tables(record)
    rebuild(record, Silent())
    assert making.tables(record) == before
    assert problems(record) == ""


def test_bytes_that_another_entry_stands_for_must_stay(record: Record, say: Callable[..., int]) -> None:
    read_and_checked(record, say)
    say(ReferenceImported(name="r", version="1", files={"notes.md": EXHIBIT}, stated=0, withdrawn=0))
    say(sealed())
    assert f"object {EXHIBIT}" not in problems(record)
    record.objects.discard(EXHIBIT)
    assert f"object {EXHIBIT} (entry 4) is missing" in problems(record)


def test_an_erased_exhibit_verifies_and_verification_says_who_erased_it(
    record: Record, say: Callable[..., int]
) -> None:
    say(sealed())
    record.keys.put(key_name(EXHIBIT, KEY), KEY)
    say(ERASED)
    assert "a key of it is still there" in problems(record)
    record.keys.forget(EXHIBIT)
    assert f"is erased, but object {digest(CIPHER)}" in problems(record)
    for data in (CIPHER, PARTICULARS):
        record.objects.discard(digest(data))
    found = verify(record, Silent())
    assert found.problems == ()
    assert found.notes == (
        f"exhibit {EXHIBIT}: erased on 2026-01-01 by A. Analyst under the authority of the head of the inquiry: "
        "she asked",
    )
    assert [row(record)[name] for name in ("object", "particulars", "key")] == [None] * 3


def test_a_key_that_no_entry_seals_is_a_note(record: Record) -> None:
    record.keys.put(key_name(EXHIBIT, KEY), KEY)
    found = verify(record, Silent())
    assert found.problems == ()
    assert "no entry seals" in found.notes[0]


def test_erasing_what_is_not_sealed_says_nothing(record: Record, say: Callable[..., int]) -> None:
    say(ERASED, RecipientsSet(exhibit=EXHIBIT, key=digest(KEY), recipients=[], reason=""))
    with record.reading() as connection:
        assert read_seals(connection) == {}


def test_seals_are_as_recorded(record: Record, say: Callable[..., int]) -> None:
    first = say(sealed())
    say(ERASED)
    with record.reading() as connection:
        assert read_seals(connection, first)[EXHIBIT].erased is None
        assert read_seals(connection)[EXHIBIT].erased is not None
        assert read_seals(connection, first - 1) == {}
