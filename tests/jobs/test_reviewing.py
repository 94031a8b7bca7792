from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyrage import x25519
from sqlalchemy import select

import ascertain
from ascertain import Inquiry
from ascertain.errors import IsSealed, UsageError
from ascertain.jobs.clock import now
from ascertain.jobs.reading.exhibits import write_claims
from ascertain.jobs.reviewing import Reviews
from ascertain.model.claim import Claim
from ascertain.read.review.applying import State
from ascertain.read.review.judgement import Decision
from ascertain.read.review.judging import corrected_slots, judge
from ascertain.record import tables

STATEMENT = (
    "Statement of the ministry, 4 September 2018\n\n"
    "The Syrian regime used chlorine in Saraqib on 4 February 2018. At least 43 people were killed in Saraqib.\n"
)


@pytest.fixture
def inquiry(tmp_path: Path) -> Inquiry:
    return ascertain.new(tmp_path / "inquiry", reference="syria-cw", author="A. Analyst")


@pytest.fixture
def exhibit(inquiry: Inquiry, tmp_path: Path) -> str:
    (tmp_path / "statement.txt").write_text(STATEMENT)
    (done,) = inquiry.read_each([str(tmp_path / "statement.txt")])
    return done.exhibit


def named(inquiry: Inquiry, author: str) -> Reviews:
    return Reviews(inquiry.record, author, now)


def read_anew(inquiry: Inquiry, exhibit: str, reader: str, *changed: Claim) -> list[Claim]:
    """What a later version of the reader would write."""
    with inquiry.record.writing("A. Analyst", now()) as writer:
        claims = [claim.identified(exhibit, reader) for claim in changed]
        write_claims(writer, exhibit, reader, claims)
    return claims


def test_a_review_begins_with_every_claim_open(inquiry: Inquiry, exhibit: str) -> None:
    review = inquiry.reviews.of(exhibit[:12]).review
    assert len(review.claims) > 0
    assert {one.state for one in review.claims} == {State.OPEN}


def test_judgements_are_entries_and_the_same_again_adds_none(inquiry: Inquiry, exhibit: str) -> None:
    claim = inquiry.reviews.of(exhibit).review.claims[0].claim
    accepted = [judge(claim, Decision.ACCEPTED, "A. Analyst", exhibit)]
    assert inquiry.reviews.judge(exhibit, accepted) == 1
    assert inquiry.reviews.judge(exhibit, accepted) == 0
    assert inquiry.reviews.judge(exhibit, [judge(claim, Decision.REJECTED, "A. Analyst", exhibit)]) == 1
    assert [entry.kind for entry in inquiry.log()].count("claim.judged") == 2
    assert inquiry.reviews.of(exhibit).review.claims[0].state is State.REJECTED


def test_who_disagrees_is_shown(inquiry: Inquiry, exhibit: str) -> None:
    claim = inquiry.reviews.of(exhibit).review.claims[0].claim
    inquiry.reviews.judge(exhibit, [judge(claim, Decision.ACCEPTED, "A. Analyst", exhibit)])
    named(inquiry, "B. Other").judge(exhibit, [judge(claim, Decision.REJECTED, "B. Other", exhibit)])
    one = inquiry.reviews.of(exhibit).review.claims[0]
    assert (one.state, {said.author for said in one.judgements}) == (State.DISPUTED, {"A. Analyst", "B. Other"})


def test_a_correction_survives_a_newer_reader_and_a_rebuild(inquiry: Inquiry, exhibit: str) -> None:
    claims = [one.claim for one in inquiry.reviews.of(exhibit).review.claims]
    target = next(claim for claim in claims if "Saraqib" in claim.clause.text and claim.slots)
    wanted = [(s.name, s.value, s.span.text) for s in target.slots] + [("note", "", "4 February 2018")]
    changed = corrected_slots(target, wanted, inquiry.reviews.of(exhibit).review.text)
    assert isinstance(changed, Claim)
    inquiry.reviews.judge(exhibit, [judge(target, Decision.CORRECTED, "A. Analyst", exhibit, correction=changed)])
    name = target.reader.partition("@")[0]
    newer = read_anew(inquiry, exhibit, f"{name}@99", *(c for c in claims if c.reader == target.reader))
    inquiry.rebuild()
    review = inquiry.reviews.of(exhibit).review
    (one,) = [one for one in review.claims if one.judgements]
    assert (one.state, one.carried, review.lost) == (State.CORRECTED, True, ())
    assert one.machine in newer
    assert one.claim.value("note") == "4 February 2018"
    assert target.reader not in {r.machine.reader for r in review.claims if r.machine}


def test_what_the_newer_reader_lacks_is_named_and_stays_in_the_log(inquiry: Inquiry, exhibit: str) -> None:
    claims = [one.claim for one in inquiry.reviews.of(exhibit).review.claims]
    inquiry.reviews.judge(exhibit, [judge(c, Decision.ACCEPTED, "A. Analyst", exhibit) for c in claims])
    read_anew(inquiry, exhibit, f"{claims[0].reader.partition('@')[0]}@99", claims[0])
    review = inquiry.reviews.of(exhibit).review
    assert len(review.lost) + len([one for one in review.claims if one.judgements]) == len(claims)
    assert all(lost.machine in claims for lost in review.lost)


@pytest.mark.parametrize("form", ["csv", "json", "jsonld"])
def test_what_is_exported_can_be_imported_again(inquiry: Inquiry, exhibit: str, form: str) -> None:
    claim = inquiry.reviews.of(exhibit).review.claims[0].claim
    inquiry.reviews.judge(exhibit, [judge(claim, Decision.REJECTED, "A. Analyst", exhibit, reason="not said")])
    done = inquiry.reviews.import_file(exhibit, inquiry.reviews.export(exhibit, form).encode(), form)
    assert (done.new, done.known, done.others, done.problems) == (0, 1, 0, ())


def test_examples_are_lines_that_a_trainer_reads(inquiry: Inquiry, exhibit: str) -> None:
    claim = inquiry.reviews.of(exhibit).review.claims[0].claim
    inquiry.reviews.judge(exhibit, [judge(claim, Decision.ACCEPTED, "A. Analyst", exhibit)])
    (line,) = inquiry.reviews.examples_as_lines().splitlines()
    row = json.loads(line)
    assert (row["exhibit"], row["claim"], row["right"]) == (exhibit, claim.id, True)


def test_an_exhibit_that_was_not_read_has_no_review(inquiry: Inquiry, tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("Nothing of it was read.\n")
    (done,), _ = inquiry.preserve([tmp_path / "other.txt"])
    with pytest.raises(UsageError, match="was not read"):
        inquiry.reviews.of(done.exhibit)
    with pytest.raises(UsageError, match="no exhibit"):
        inquiry.reviews.of("0" * 12)


def test_a_review_has_three_forms_and_no_other(inquiry: Inquiry, exhibit: str) -> None:
    with pytest.raises(UsageError, match="no form"):
        inquiry.reviews.export(exhibit, "xlsx")
    with pytest.raises(UsageError, match="no form"):
        inquiry.reviews.import_file(exhibit, b"", "xlsx")


def test_of_a_sealed_exhibit_no_judgement_stays(inquiry: Inquiry, exhibit: str) -> None:
    claim = inquiry.reviews.of(exhibit).review.claims[0].claim
    judged = [judge(claim, Decision.ACCEPTED, "A. Analyst", exhibit)]
    inquiry.reviews.judge(exhibit, judged)
    inquiry.protection.name_recipient("Registrar", str(x25519.Identity.generate().to_public()))
    inquiry.protection.seal(exhibit, ["Registrar"])
    with pytest.raises(IsSealed):
        inquiry.reviews.of(exhibit)
    with pytest.raises(IsSealed):
        inquiry.reviews.judge(exhibit, judged)
    with inquiry.record.reading() as connection:
        assert connection.execute(select(tables.judgements)).all() == []
