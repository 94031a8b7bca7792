"""What the checker says of sentences, and why: it reads as the specification of the verdicts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ascertain.model.verdict import Checked, Verdict, Weight

Check = Callable[[str, str], tuple[Checked, ...]]

ROOT = Path(__file__).parents[2]


def one(found: tuple[Checked, ...], frame: str = "") -> Checked:
    """The only claim that is checkable (of a frame)."""
    wanted = [c for c in found if c.outcome.verdict is not Verdict.NOT_CHECKABLE and frame in ("", c.claim.frame.value)]
    assert len(wanted) == 1, [c.claim.clause.text for c in wanted]
    return wanted[0]


def test_a_bodys_finding_supports_a_claim_about_that_body(check: Check) -> None:
    found = one(
        check("The JIM found ISIL responsible for using sulfur mustard in Marea on 21 August 2015.", "2018-09-03")
    )
    assert found.outcome.verdict is Verdict.SUPPORTED
    assert {row.document for row in found.outcome.rows if row.weight is Weight.DECIDES} == {"jim3"}


def test_four_cases_of_the_jim_support_at_least_four(check: Check) -> None:
    text = (
        "The OPCW/UN Joint Investigative Mechanism (JIM) established that the Syrian armed forces were responsible for "
        "using chlorine and sarin in at least four cases."
    )
    found = one(check(text, "2018-09-03"))
    assert found.outcome.verdict is Verdict.SUPPORTED
    incidents = {row.incident for row in found.outcome.rows}
    assert incidents == {"talmenes_2014", "sarmin_2015", "qmenas_2015", "khanshaykhun_2017"}
    assert {"S/2016/738/Rev.1", "S/2016/888", "S/2017/904"} == {row.symbol for row in found.outcome.rows}


@pytest.mark.parametrize("count", ["at least six", "more than ten", "nine"])
def test_more_cases_than_a_complete_register_holds_are_contradicted(check: Check, count: str) -> None:
    text = f"The JIM found the Syrian armed forces responsible for using chemical weapons in {count} cases."
    assert one(check(text, "2018-09-03")).outcome.verdict is Verdict.CONTRADICTED


def test_a_finding_published_later_does_not_support(check: Check) -> None:
    text = "The Syrian regime is responsible for the use of chlorine in Douma on 7 April 2018."
    before, after = one(check(text, "2018-09-03")), one(check(text, "2023-02-01"))
    assert before.outcome.verdict is Verdict.NOT_IN_RECORD
    assert before.later_verdict is Verdict.SUPPORTED
    assert "iit3" in {row.document for row in before.changed_later}
    assert after.outcome.verdict is Verdict.SUPPORTED


def test_national_assessments_assert_and_do_not_support(check: Check) -> None:
    found = one(
        check("The Syrian regime is responsible for the chemical attack in Douma on 7 April 2018.", "2018-09-03")
    )
    asserting = {row.body for row in found.outcome.rows if row.weight is Weight.ASSERTS}
    assert {"French Republic", "United States of America"} <= asserting
    assert not [row for row in found.outcome.rows if row.weight is Weight.DECIDES]


def test_a_denial_does_not_cancel_a_finding(check: Check) -> None:
    found = one(
        check("The JIM found the Syrian Arab Republic responsible for the use of sarin in Khan Shaykhun.", "2018-09-03")
    )
    assert found.outcome.verdict is Verdict.SUPPORTED
    assert {"Syrian Arab Republic", "Russian Federation"} <= {row.body for row in found.outcome.denied_by}


def test_that_a_party_denies_is_a_fact_of_its_own(check: Check) -> None:
    found = one(check("Syria denies the use of chemical weapons in Khan Shaykhun.", "2018-09-03"))
    assert found.outcome.verdict is Verdict.SUPPORTED
    assert all(row.incident == "khanshaykhun_2017" for row in found.outcome.rows)


def test_what_is_denied_is_contradicted_by_a_finding(check: Check) -> None:
    found = one(check("The sarin attack in Khan Shaykhun on 4 April 2017 was fabricated.", "2018-09-03"))
    assert found.outcome.verdict is Verdict.CONTRADICTED


def test_another_actor_than_the_one_found_is_contradicted(check: Check) -> None:
    found = one(
        check("The JIM found ISIL responsible for the use of chlorine in Talmenes on 21 April 2014.", "2018-09-03")
    )
    assert found.outcome.verdict is Verdict.CONTRADICTED


def test_another_body_than_the_one_that_found_is_a_difference(check: Check) -> None:
    text = "The UN Commission of Inquiry found the Syrian air force responsible for the chlorine attack in Kafr Zeita."
    found = one(check(text, "2026-02-01"))
    assert found.outcome.verdict is Verdict.DIFFERENCE
    assert [d.kind for d in found.outcome.differences] == ["body"]


def test_a_hedged_finding_is_a_difference_of_standard(check: Check) -> None:
    found = one(
        check(
            "The OPCW Fact-Finding Mission confirmed that chlorine was used in Saraqib on 4 February 2018.",
            "2018-09-03",
        )
    )
    assert found.outcome.verdict is Verdict.DIFFERENCE
    assert [d.kind for d in found.outcome.differences] == ["standard"]


def test_the_bodys_own_hedge_is_no_difference(check: Check) -> None:
    found = one(
        check(
            "The OPCW Fact-Finding Mission found that sarin was very likely used in Ltamenah on 24 March 2017.",
            "2018-09-03",
        )
    )
    assert found.outcome.verdict is Verdict.SUPPORTED


def test_a_finding_against_a_state_is_none_against_its_forces_in_particular(check: Check) -> None:
    text = "The JIM found the Syrian armed forces responsible for the use of sarin in Khan Shaykhun."
    assert one(check(text, "2018-09-03")).outcome.verdict is Verdict.DIFFERENCE


def test_where_cases_are_counted_a_state_and_its_armed_forces_are_one_side(check: Check) -> None:
    text = "The JIM found the Syrian armed forces responsible in four cases."
    assert one(check(text, "2018-09-03")).outcome.verdict is Verdict.SUPPORTED


def test_a_branch_that_the_finding_does_not_name_is_a_difference(check: Check) -> None:
    found = one(
        check("The JIM found the Syrian air force responsible for the use of sarin in Khan Shaykhun.", "2018-09-03")
    )
    assert found.outcome.verdict is Verdict.DIFFERENCE


def test_a_guarantor_left_out_is_a_difference_and_a_stranger_a_contradiction(check: Check) -> None:
    two = one(check("Russia and Turkey are guarantors of the Idlib de-escalation zone.", "2018-09-03"))
    assert two.outcome.verdict is Verdict.DIFFERENCE
    stranger = one(check("Russia and France are guarantors of the Idlib de-escalation zone.", "2018-09-03"))
    assert stranger.outcome.verdict is Verdict.CONTRADICTED


def test_words_that_no_row_decides_keep_a_claim_from_being_supported(check: Check) -> None:
    text = "The JIM found the Syrian Arab Republic responsible for the secret use of sarin in Khan Shaykhun."
    found = one(check(text, "2018-09-03"))
    assert found.outcome.verdict is Verdict.DIFFERENCE
    assert "secret" in found.outcome.differences[0].words


def test_a_name_that_the_reading_leaves_out_decides_nothing(check: Check) -> None:
    text = "The JIM found the Syrian Arab Republic responsible for the use of sarin together with Iran."
    assert one(check(text, "2018-09-03")).outcome.verdict in (Verdict.NOT_IN_RECORD, Verdict.DIFFERENCE)


def test_a_documented_toll_is_a_floor(check: Check) -> None:
    below = one(check("The sarin attack in Khan Shaykhun killed 20 people.", "2018-09-03"), frame="estimate")
    above = one(check("The sarin attack in Khan Shaykhun killed 150 people.", "2018-09-03"), frame="estimate")
    assert below.outcome.verdict is Verdict.CONTRADICTED
    assert above.outcome.verdict is Verdict.NOT_IN_RECORD


def test_independent_tolls_that_exclude_one_another_are_disputed(check: Check) -> None:
    text = "The chemical attack in Douma on 7 April 2018 killed 43 people."
    assert one(check(text, "2018-10-05"), frame="estimate").outcome.verdict is Verdict.DISPUTED


@pytest.mark.parametrize(
    "text",
    [
        "If the Syrian regime used sarin in Khan Shaykhun, it must answer for it.",
        "The Syrian regime may have used sarin in Khan Shaykhun.",
        "Did the Syrian regime use sarin in Khan Shaykhun?",
        "The risk of a chemical attack by the Syrian regime in Idlib cannot be ruled out.",
        "France calls on Russia and Turkey to preserve the de-escalation of violence.",
        "France will stand ready to take action in the event of lethal use of chemical weapons.",
        "Such an offensive would have disastrous consequences.",
        "We express our deep concern about the situation in Idlib.",
    ],
)
def test_what_asserts_nothing_is_not_checkable(check: Check, text: str) -> None:
    assert {found.outcome.verdict for found in check(text, "2018-09-03")} == {Verdict.NOT_CHECKABLE}


@pytest.mark.parametrize(
    "text",
    [
        "The JIM did not find the Syrian armed forces responsible for the use of chlorine in Talmenes.",
        "There was no chemical attack in Khan Shaykhun.",
        "The OPCW ruled out any use of chemical weapons in Khan Shaykhun.",
        "Nobody used sarin in Khan Shaykhun on 4 April 2017.",
        "It is false that the JIM found ISIL responsible for using sulfur mustard in Marea.",
        "Only the JIM found ISIL responsible for using sulfur mustard in Marea.",
        "The JIM found all parties responsible for using chlorine in Talmenes.",
        "The JIM wrongly found ISIL responsible for using sulfur mustard in Marea.",
        "The JIM failed to find ISIL responsible for using sulfur mustard in Marea.",
        "The JIM found ISIL responsible for using sulfur mustard everywhere except in Marea.",
    ],
)
def test_negations_and_limits_are_never_supported(check: Check, text: str) -> None:
    assert Verdict.SUPPORTED not in {found.outcome.verdict for found in check(text, "2018-09-03")}


def test_nothing_is_supported_before_the_record_begins(check: Check) -> None:
    found = check("The JIM found ISIL responsible for using sulfur mustard in Marea on 21 August 2015.", "2011-01-01")
    assert one(found).outcome.verdict is Verdict.NOT_IN_RECORD


def test_every_verdict_shows_its_query_and_supported_ones_their_rows(check: Check) -> None:
    text = "The JIM found ISIL responsible for using sulfur mustard in Marea. Russia is a guarantor of the Idlib zone."
    for found in check(text, "2018-09-03"):
        assert found.outcome.query.words
        assert found.outcome.query.sql.startswith("SELECT")
        assert found.outcome.rows


def test_no_sentence_of_the_cases_is_wrongly_supported(check: Check) -> None:
    cases = json.loads((ROOT / "benchmarks" / "cases" / "sentences" / "sentences.json").read_text("utf-8"))
    wrong = []
    for case in cases:
        unsupported = [c["quote"] for c in case["claims"] if c["verdict"] != "supported"]
        may_be = [c["quote"] for c in case["claims"] if c["verdict"] == "supported"]
        for found in check(case["text"], case["date"]):
            clause = found.claim.clause.text
            if found.outcome.verdict is Verdict.SUPPORTED and not any(_share(clause, q) for q in may_be):
                wrong += [(case["id"], clause) for q in unsupported if _share(clause, q)]
    assert wrong == []


def _share(one_text: str, other: str) -> bool:
    return one_text in other or other in one_text
