"""Reading exhibits into a record: nothing twice, nothing lost, nothing of what is sealed."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyrage import x25519

from ascertain.errors import UnreadableExhibit, UsageError
from ascertain.inquiry import Inquiry, new_inquiry
from ascertain.jobs.items import Failure
from ascertain.jobs.reading.exhibits import ReadExhibit
from ascertain.jobs.reading.targets import bytes_within
from ascertain.model.claim import Frame
from ascertain.read.text.text_json import text_from_json
from ascertain.record.tables import claims, number_of, texts

REPORT = """On Saturday 7 April 2018 helicopters dropped barrel bombs on a hospital.

Le 4 avril 2017, une frappe aérienne a touché une école dans la ville.

استهدفت غارة جوية مستشفى في البلدة يوم الثلاثاء.
"""


@pytest.fixture
def inquiry(tmp_path: Path) -> Inquiry:
    return new_inquiry(tmp_path / "record", author="A. Analyst")


@pytest.fixture
def report(tmp_path: Path) -> str:
    path = tmp_path / "report.txt"
    path.write_text(REPORT, "utf-8")
    return str(path)


def kinds(inquiry: Inquiry) -> list[str]:
    return [entry.kind for entry in inquiry.log() if entry.kind not in ("record.created", "key.declared")]


def read_one(inquiry: Inquiry, target: str) -> ReadExhibit:
    (done,) = inquiry.read_each([target])
    assert isinstance(done, ReadExhibit)
    return done


def test_a_file_is_preserved_then_its_text_is_kept_then_its_claims(inquiry: Inquiry, report: str) -> None:
    read_one(inquiry, report)
    assert kinds(inquiry) == ["exhibit.preserved", "exhibit.acquired", "text.read", "claims.read"]


def test_reading_the_same_again_adds_nothing(inquiry: Inquiry, report: str) -> None:
    exhibit = read_one(inquiry, report).exhibit
    before = kinds(inquiry)
    assert read_one(inquiry, report).new == 0
    assert read_one(inquiry, exhibit[:8]).new == 0
    assert kinds(inquiry) == before


def test_each_passage_is_read_in_its_own_language_and_incidents_are_numbered_through(
    inquiry: Inquiry, report: str
) -> None:
    attacks = [claim for claim in read_one(inquiry, report).read.claims if claim.frame is Frame.ATTACK]
    assert [(claim.language, claim.incident) for claim in attacks] == [("en", 1), ("fr", 2), ("ar", 3)]


def test_the_claims_point_into_the_text_that_is_kept(inquiry: Inquiry, report: str) -> None:
    done = read_one(inquiry, report)
    (entry,) = [entry for entry in inquiry.log() if entry.kind == "text.read"]
    text = text_from_json(inquiry.record.objects.get(entry.body["text"]))
    for claim in done.read.claims:
        for slot in claim.slots:
            assert text.body[slot.span.start : slot.span.end] == slot.span.text


def test_what_cannot_be_read_is_a_named_failure_and_the_rest_is_read(
    inquiry: Inquiry, report: str, tmp_path: Path
) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    failed, done = inquiry.read_each([str(tmp_path / "empty.txt"), report])
    assert isinstance(failed, Failure) and isinstance(done, ReadExhibit)
    assert kinds(inquiry)[0] == "item.failed"


def test_an_exhibit_over_the_limit_is_refused_before_its_bytes_are_read(inquiry: Inquiry, report: str) -> None:
    exhibit = read_one(inquiry, report).exhibit
    with pytest.raises(UnreadableExhibit, match="too large"):
        bytes_within(inquiry.record, exhibit, 2 * 1024 * 1024, 1)


def test_a_target_that_is_neither_a_file_nor_an_exhibit_is_refused(inquiry: Inquiry) -> None:
    with pytest.raises(UsageError, match="neither a file nor an exhibit"):
        list(inquiry.read_each(["nowhere.txt"]))


def test_what_was_read_goes_when_its_exhibit_is_sealed(inquiry: Inquiry, report: str) -> None:
    exhibit = read_one(inquiry, report).exhibit
    inquiry.protection.name_recipient("R. Registrar", str(x25519.Identity.generate().to_public()))
    inquiry.protection.seal(exhibit, ["R. Registrar"])
    again = next(inquiry.read_each([exhibit[:8]]))
    assert isinstance(again, Failure) and again.code == "sealed"
    assert inquiry.verify().problems == ()
    with inquiry.record.reading() as connection:
        assert number_of(connection, texts) == number_of(connection, claims) == 0


def test_tolls_are_of_the_incident_that_is_told(inquiry: Inquiry, tmp_path: Path) -> None:
    path = tmp_path / "tolls.txt"
    path.write_text("An air strike hit a market on 7 April 2018. At least 12 people were killed and 30 wounded.\n")
    claims_read = read_one(inquiry, str(path)).read.claims
    tolls = {claim.value("measure"): claim for claim in claims_read if claim.frame is Frame.ESTIMATE}
    assert tolls["killed"].value("killed") == ">=12"
    assert tolls["injured"].value("injured") == "30"
    assert {claim.incident for claim in tolls.values()} == {1}


def test_a_reading_that_differs_is_kept_whole_and_takes_the_place_of_the_last(inquiry: Inquiry, report: str) -> None:
    first = read_one(inquiry, report)
    inquiry.import_reference("syria-cw")
    path = Path(report)
    path.write_text(path.read_text("utf-8").replace("ville", "ville de Douma"), "utf-8")
    exhibit = read_one(inquiry, report).exhibit
    assert exhibit != first.exhibit
    assert [entry.body["number"] for entry in inquiry.log() if entry.kind == "claims.read"] == [3, 3]
