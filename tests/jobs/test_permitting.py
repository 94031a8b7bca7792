from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pyrage import x25519

import ascertain
from ascertain import Given, Inquiry
from ascertain.errors import NotPermitted, UsageError
from ascertain.jobs.permitting import carried_entry, everything_withheld, open_gate
from ascertain.model.access import Access
from ascertain.publish.check_json import to_json
from ascertain.publish.permitted import Carried
from ascertain.record.sealed import age

PUBLIC, RESTRICTED, SEALED = Access.PUBLIC, Access.RESTRICTED, Access.SEALED
STATEMENT = b"Published on October 3, 2018\n\nThe Commission found that chlorine was used in Estor on 7 April 2018.\n"


@pytest.fixture
def inquiry(tmp_path: Path, small: Any) -> Inquiry:
    reference = str(small.write(tmp_path / "small"))
    return ascertain.new(tmp_path / "inquiry", reference=reference, author="A. Analyst")


def taken(inquiry: Inquiry, folder: Path, name: str, **given: str) -> str:
    (folder / name).write_bytes(name.encode())
    (done,), _ = inquiry.preserve([folder / name], Given(**given))
    return done.exhibit


def withheld(inquiry: Inquiry, reader: Access = PUBLIC) -> list[str]:
    return [one.words() for one in everything_withheld(inquiry.record, reader)]


def entries(inquiry: Inquiry) -> Carried:
    return Carried(entries=[carried_entry(entry) for entry in inquiry.log()])


def test_a_record_in_which_nothing_is_closed_withholds_nothing(inquiry: Inquiry, tmp_path: Path) -> None:
    taken(inquiry, tmp_path, "a.txt")
    assert withheld(inquiry) == []


def test_a_closed_exhibit_takes_its_entries_with_it_and_what_quotes_its_name(inquiry: Inquiry, tmp_path: Path) -> None:
    closed = taken(inquiry, tmp_path, "interview-maryam.txt", note="given to us at the bridge that night")
    taken(inquiry, tmp_path, "b.txt", note="see interview-maryam.txt")
    taken(inquiry, tmp_path, "c.txt", note="Given to us at the bridge, that night!")
    taken(inquiry, tmp_path, "d.txt", note="by hand")
    inquiry.protection.set_class("exhibit", closed, RESTRICTED, "in danger", "the head")
    found = withheld(inquiry)
    expected = numbers(inquiry, closed, "see interview-maryam.txt", "that night!", "in danger")
    assert dict.fromkeys(line.partition(" (")[0] for line in found if line.startswith("entry")) == dict.fromkeys(
        f"entry {number}" for number in expected
    )
    assert f"exhibit {closed}" in found[0]
    assert withheld(inquiry, RESTRICTED) == []


def numbers(inquiry: Inquiry, *texts: str) -> list[int]:
    return [entry.seq for entry in inquiry.log() if any(text in str(entry.body) for text in texts)]


def test_a_name_that_open_things_have_too_gives_nothing_away(inquiry: Inquiry, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    closed = taken(inquiry, tmp_path, "statement.txt")
    (tmp_path / "other" / "statement.txt").write_bytes(b"another")
    inquiry.preserve([tmp_path / "other" / "statement.txt"])
    acquired = inquiry.record.head().size - 1
    inquiry.protection.set_class("exhibit", closed, RESTRICTED, "in danger", "the head")
    assert not [line for line in withheld(inquiry) if line.startswith(f"entry {acquired} ")]


def test_asking_for_yesterdays_record_shows_nothing_that_was_closed_today(inquiry: Inquiry, tmp_path: Path) -> None:
    exhibit = taken(inquiry, tmp_path, "a.txt")
    past = inquiry.view().as_recorded
    inquiry.protection.set_class("exhibit", exhibit, RESTRICTED, "r", "a")
    assert inquiry.view(as_recorded=past).access.of_exhibit(exhibit).access is PUBLIC
    with pytest.raises(NotPermitted):
        inquiry.gate.require(Carried(exhibits=[exhibit]))


def test_rows_of_a_closed_party_are_withheld_with_its_documents(inquiry: Inquiry) -> None:
    rows = [("findings", row) for row in inquiry.view().tables["findings"].to_pylist()]
    inquiry.gate.require(Carried(rows=rows))
    inquiry.protection.set_class("source", "Commission of Inquiry", RESTRICTED, "not published yet", "the head")
    with pytest.raises(NotPermitted) as refused:
        inquiry.gate.require(Carried(rows=rows))
    assert {line.partition(":")[0] for line in refused.value.problems} == {"row f1 of findings", "row f2 of findings"}


def test_a_report_on_a_public_statement_shows_no_restricted_row(inquiry: Inquiry, tmp_path: Path) -> None:
    (tmp_path / "s.txt").write_bytes(STATEMENT)
    done = to_json(inquiry.check(tmp_path / "s.txt"))
    inquiry.gate.require(Carried(results=[done]))
    inquiry.protection.set_class("source", "report", RESTRICTED, "not published yet", "the head")
    with pytest.raises(NotPermitted, match="public"):
        inquiry.gate.require(Carried(results=[done]))
    open_gate(inquiry.record, RESTRICTED).require(Carried(results=[done]))


def test_a_check_of_a_restricted_statement_is_restricted(inquiry: Inquiry, tmp_path: Path) -> None:
    (tmp_path / "s.txt").write_bytes(STATEMENT)
    done = inquiry.check(tmp_path / "s.txt")
    inquiry.protection.set_class("exhibit", done.exhibit, RESTRICTED, "not public", "the head")
    again = inquiry.check(tmp_path / "s.txt")
    with pytest.raises(NotPermitted):
        inquiry.gate.require(Carried(results=[to_json(again)]))
    claims = [(checked.claim.id, done.exhibit) for checked in again.claims]
    assert len(inquiry.gate.withheld(Carried(claims=claims))) == len(claims) > 0


def test_a_sealed_exhibit_is_withheld_with_every_entry_that_names_it(inquiry: Inquiry, tmp_path: Path) -> None:
    inquiry.protection.name_recipient("Hana", age.public_key(x25519.Identity.generate()))
    (tmp_path / "m.txt").write_bytes(b"Maryam")
    (done,) = inquiry.protection.seal_files([tmp_path / "m.txt"], ["Hana"], Given())
    exhibit = done.exhibit  # type: ignore[union-attr]
    inquiry.protection.erase(exhibit, "she asked", "the head")
    for reader, number in ((PUBLIC, 2), (RESTRICTED, 2), (SEALED, 0)):
        found = open_gate(inquiry.record, reader).withheld(entries(inquiry))
        assert len({one.what for one in found if one.access is SEALED}) == number


def test_the_reader_is_a_setting_and_a_bad_one_is_named(inquiry: Inquiry, tmp_path: Path) -> None:
    exhibit = taken(inquiry, tmp_path, "a.txt")
    inquiry.protection.set_class("exhibit", exhibit, RESTRICTED, "r", "a")
    with pytest.raises(NotPermitted):
        inquiry.gate.require(Carried(exhibits=[exhibit]))
    ascertain.open(inquiry.record.folder, reader="restricted").gate.require(Carried(exhibits=[exhibit]))
    with pytest.raises(UsageError, match="no class of readers"):
        _ = ascertain.open(inquiry.record.folder, reader="everybody").gate


def test_files_can_be_restricted_as_they_come_in(inquiry: Inquiry, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"a")
    for _ in range(2):
        (done,) = inquiry.preserve_each([tmp_path / "a.txt"], restricted_by="the head")
    kinds = [entry.kind for entry in inquiry.log()][-3:]
    assert kinds == ["exhibit.preserved", "exhibit.acquired", "access.set"]
    assert inquiry.view().access.of_exhibit(done.exhibit).access is RESTRICTED  # type: ignore[union-attr]
