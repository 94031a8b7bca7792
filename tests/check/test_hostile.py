"""Sentences written to be wrongly supported or wrongly contradicted: none may be again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ascertain.model.verdict import Checked, Verdict

Check = Callable[[str, str], tuple[Checked, ...]]
CASES = Path(__file__).parents[2] / "benchmarks" / "cases" / "hostile"


def _cases(name: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads((CASES / f"{name}.json").read_text("utf-8"))
    return cases


@pytest.mark.parametrize("case", _cases("never_supported"), ids=lambda case: case["text"][:60])
def test_is_never_plainly_supported(check: Check, case: dict[str, Any]) -> None:
    verdicts = [found.outcome.verdict for found in check(case["text"], case["date"])]
    assert Verdict.SUPPORTED not in verdicts, case["why"]


@pytest.mark.parametrize("case", _cases("never_contradicted"), ids=lambda case: case["text"][:60])
def test_is_never_contradicted(check: Check, case: dict[str, Any]) -> None:
    verdicts = [found.outcome.verdict for found in check(case["text"], case["date"])]
    assert Verdict.CONTRADICTED not in verdicts, case["why"]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("The JIM found that the Syrian armed forces used chlorine in Talmenes on 21 April 2014.", "2018-09-03"),
        ("The Syrian regime used sarin in Khan Shaykhun on 4 April 2017.", "2018-09-03"),
        ("The JIM identified the Syrian armed forces as responsible in four cases.", "2018-09-03"),
        ("The Sochi memorandum was signed in Sochi on 17 September 2018.", "2018-09-20"),
        ("Russia, Iran and Turkey are the guarantors of the Idlib de-escalation zone.", "2018-09-20"),
        ("The OPCW confirmed 17 cases of chemical weapons use.", "2021-06-10"),
        ("The Executive Council adopted the decision of 9 July 2020.", "2024-06-01"),
        ("The JIM's seventh report found Syria responsible for the sarin attack in Khan Shaykhun.", "2018-09-03"),
    ],
)
def test_the_true_sentence_beside_them_is_supported(check: Check, text: str, date: str) -> None:
    assert [found.outcome.verdict for found in check(text, date)] == [Verdict.SUPPORTED]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("The OPCW published one report in 2016, the third.", "2024-06-01"),
        ("The Sochi memorandum was signed in Sochi and Astana on 17 September 2018.", "2024-06-01"),
        ("The Sochi memorandum was signed in Idlib on 17 September 2018.", "2024-06-01"),
        ("The JIM said on 4 and 7 April 2018 that the Syrian regime used sarin in Khan Shaykhun.", "2024-06-01"),
    ],
)
def test_what_the_row_does_not_say_is_a_difference(check: Check, text: str, date: str) -> None:
    assert [found.outcome.verdict for found in check(text, date)] == [Verdict.DIFFERENCE]


def test_a_comment_reaches_only_the_sentence_before_it(check: Check) -> None:
    claim = "The Syrian regime used sarin in Khan Shaykhun on 4 April 2017."
    assert check(f"{claim} That is not true.", "2018-09-03")[0].outcome.verdict is Verdict.DIFFERENCE
    later = check(f"{claim} The ministry met envoys in the morning. They did not agree.", "2018-09-03")
    assert later[0].outcome.verdict is Verdict.SUPPORTED
