"""The main job on real statements: the shipped example, and the statement of 3 September 2018 where it is at hand."""

from __future__ import annotations

import datetime
import json
import os
from pathlib import Path

import pytest

from ascertain import Inquiry
from ascertain.errors import BadReadings
from ascertain.model.verdict import Checked, Verdict
from ascertain.publish.check_json import CheckedStatement, to_json

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "statements" / "ministry_2018_10_05.txt"
SEED = Path(os.environ.get("ASCERTAIN_SEED_STATEMENT", ROOT.parent / "shared" / "seed" / "idlib-statement.txt"))
needs_seed = pytest.mark.skipif(
    not SEED.exists(), reason="the statement of 3 September 2018 is not part of the repository"
)


def about(statement: CheckedStatement, words: str, *, checkable: bool = True) -> Checked:
    """The claim whose clause holds these words."""
    found = [
        c
        for c in statement.claims
        if words in c.claim.clause.text and (c.outcome.verdict is not Verdict.NOT_CHECKABLE) == checkable
    ]
    assert len(found) == 1, [c.claim.clause.text for c in found]
    return found[0]


def test_the_example_has_a_claim_of_each_verdict(shipped: Inquiry) -> None:
    assert set(shipped.check(EXAMPLE).verdicts()) == {verdict.value for verdict in Verdict}


def test_the_same_statement_gives_the_same_result_and_the_record_keeps_one(shipped: Inquiry) -> None:
    first = shipped.check(EXAMPLE)
    size = shipped.record.head().size
    assert to_json(shipped.check(EXAMPLE)) == to_json(first)
    assert shipped.record.head().size == size


def test_the_check_is_recorded_with_the_statement_as_exhibit(shipped: Inquiry) -> None:
    done = shipped.check(EXAMPLE)
    checks = [e for e in shipped.log() if e.kind == "check.made" and e.body["exhibit"] == done.exhibit]
    assert checks and json.loads(shipped.record.objects.get(checks[-1].body["result"])) == to_json(done)
    assert shipped.record.objects.get(done.exhibit) == EXAMPLE.read_bytes()
    assert shipped.verify().problems == ()


def test_every_slot_quotes_the_statement(shipped: Inquiry) -> None:
    done = shipped.check(EXAMPLE)
    for checked in done.claims:
        for slot in (*checked.claim.slots, *checked.claim.via):
            assert done.body[slot.span.start : slot.span.end] == slot.span.text


def test_a_corrected_reading_is_checked_again(shipped: Inquiry, tmp_path: Path) -> None:
    plain = to_json(shipped.check(EXAMPLE))
    claim = next(c for c in plain["claims"] if c["frame"] == "commitment" and "guarantors" in c["clause"]["text"])
    claim["frame"], claim["not_checkable_because"] = "not checkable", "value"
    readings = tmp_path / "readings.json"
    readings.write_text(json.dumps(plain), "utf-8")
    again = shipped.check(EXAMPLE, readings=readings)
    corrected = about(again, claim["clause"]["text"], checkable=False)
    assert corrected.outcome.verdict is Verdict.NOT_CHECKABLE
    assert corrected.claim.reader == "corrected by test"
    assert [c.claim.id for c in again.claims if c is not corrected] == [
        c["id"] for c in plain["claims"] if c is not claim
    ]


@pytest.mark.parametrize("damage", ["no json", "{}", '{"statement": {"exhibit": "other"}, "claims": []}'])
def test_readings_of_another_statement_are_refused(shipped: Inquiry, tmp_path: Path, damage: str) -> None:
    readings = tmp_path / "readings.json"
    readings.write_text(damage, "utf-8")
    with pytest.raises(BadReadings):
        shipped.check(EXAMPLE, readings=readings)


def test_readings_whose_span_does_not_quote_the_statement_are_refused(shipped: Inquiry, tmp_path: Path) -> None:
    plain = to_json(shipped.check(EXAMPLE))
    claim = next(c for c in plain["claims"] if c["slots"])
    claim["slots"][0]["span"]["text"] = "words that stand nowhere"
    readings = tmp_path / "readings.json"
    readings.write_text(json.dumps(plain), "utf-8")
    with pytest.raises(BadReadings, match="does not stand at"):
        shipped.check(EXAMPLE, readings=readings)


@pytest.fixture(scope="module")
def done(shipped: Inquiry) -> CheckedStatement:
    """The statement of 3 September 2018, checked as of its date."""
    return shipped.check(SEED)


@needs_seed
class TestTheStatementOf3September2018:
    """What the record of September 2018 says of the French statement on Idlib."""

    def test_its_own_date_is_the_day_of_the_check(self, done: CheckedStatement) -> None:
        assert (done.published, done.as_of) == ("2018-09-03", "2018-09-03")
        assert "Skip to main content" not in done.body

    def test_the_jim_sentence_is_supported_by_four_cases(self, done: CheckedStatement) -> None:
        jim = about(done, "Joint Investigative Mechanism")
        assert jim.outcome.verdict is Verdict.SUPPORTED
        assert jim.claim.value("body") == "jim"
        assert jim.claim.value("actor") == "syria_armed_forces"
        assert jim.claim.values("agent") == ("chlorine", "sarin")
        assert jim.claim.value("count") == ">=4"
        assert len({row.incident for row in jim.outcome.rows}) == 4

    def test_the_opcw_sentence_gets_the_counts_that_the_rows_give(self, done: CheckedStatement) -> None:
        reports, attacks = about(done, "17 reports"), about(done, "more than 30 attacks")
        assert len(dict(reports.outcome.counts)) == 4
        assert all(number > 0 for _, number in reports.outcome.counts)
        assert reports.outcome.verdict is not Verdict.SUPPORTED
        assert attacks.claim.value("body") == "opcw"
        assert attacks.outcome.verdict is Verdict.NOT_IN_RECORD
        assert "no document of the body" in attacks.outcome.reason

    def test_douma_is_not_attributed_by_an_independent_body_until_2023(
        self, shipped: Inquiry, done: CheckedStatement
    ) -> None:
        douma = about(done, "the attack in Douma")
        assert douma.outcome.verdict is Verdict.NOT_IN_RECORD
        assert "French Republic" in douma.outcome.reason
        assert {"Russian Federation", "Syrian Arab Republic"} <= {row.body for row in douma.outcome.denied_by}
        assert "S/1645/2018" in {row.symbol for row in douma.outcome.rows}
        assert "S/2125/2023" in {row.symbol for row in douma.changed_later}
        later = about(shipped.check(SEED, as_of=datetime.date(2023, 2, 1)), "the attack in Douma")
        assert later.outcome.verdict is Verdict.SUPPORTED

    def test_three_million_are_ochas_figure_with_its_date(self, done: CheckedStatement) -> None:
        people = about(done, "three million civilians")
        assert people.outcome.verdict is Verdict.SUPPORTED
        assert people.outcome.rows[0].body == "UN Office for the Coordination of Humanitarian Affairs"
        assert people.outcome.rows[0].published == "2018-08-28"

    def test_the_third_guarantor_is_the_difference(self, done: CheckedStatement) -> None:
        guarantors = about(done, "guarantors")
        assert guarantors.outcome.verdict is Verdict.DIFFERENCE
        assert "Iran" in guarantors.outcome.differences[0].words

    @pytest.mark.parametrize(
        "words",
        ["expresses its concern", "disastrous consequences", "stand ready", "calls on Russia", "combat impunity"],
    )
    def test_calls_concerns_and_promises_are_not_checkable(self, done: CheckedStatement, words: str) -> None:
        assert about(done, words, checkable=False).outcome.reason
