"""Statements built by hand, for what a report must show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ascertain.model.claim import Claim, Frame, Slot, Span
from ascertain.model.verdict import Checked, DecidingRow, Difference, Outcome, Query, Verdict, Weight
from ascertain.publish.check_json import CheckedStatement

BODY = (
    "A ministry deplores the violence.\n\n"
    "The Commission found that the forces used sarin in Northtown on 4 April, and more than 30 attacks are confirmed."
    " Both guarantors signed."
)


def span(body: str, words: str) -> Span:
    start = body.index(words)
    return Span(start=start, end=start + len(words), text=words)


def row(number: int = 1, weight: Weight = Weight.DECIDES, **changed: str) -> DecidingRow:
    made = DecidingRow(
        table="findings",
        id=f"row_{number}",
        weight=weight,
        says="who is responsible: yes — Northern forces (sarin)",
        body="Commission of Inquiry",
        document=f"document_{number}",
        title=f"Report {number}",
        symbol=f"A/{number}",
        published="2018-03-01",
        url=f"https://example.org/report/{number}",
        locator="para. 17",
        incident="northtown",
        incident_name="Northtown",
        when="2017-04-04",
        phrase="reasonable grounds to believe",
        standard="commission:reasonable",
        via="Agency: report published",
    )
    return replace(made, **changed)


def denial(number: int = 1, basis: str = "; basis: says that no aircraft flew") -> DecidingRow:
    says = f"denies that a chemical was used{basis}"
    return row(number, Weight.DENIES, table="positions", says=says, body="Northern State", phrase="", via="")


def checked(body: str, clause: str, verdict: Verdict, *rows: DecidingRow, **outcome: object) -> Checked:
    asked = Query("Which findings say so?", "SELECT * FROM findings WHERE question IN ('agent')")
    frame = Frame.NOT_CHECKABLE if verdict is Verdict.NOT_CHECKABLE else Frame.FINDING
    sentence = next(part for part in body.replace("\n\n", ". ").split(". ") if clause[:12] in part)
    claim = Claim(frame=frame, sentence=span(body, sentence), clause=span(body, clause), reader="statement-rules@1")
    if verdict is Verdict.NOT_CHECKABLE:
        return Checked(claim, "no assertion (value)", Outcome(verdict, "a judgement of value", Query("", "")))
    return Checked(claim, f"reading of: {clause}", Outcome(verdict, "the rows say so", asked, rows, **outcome))


def statement(body: str, *claims: Checked, **changed: object) -> CheckedStatement:
    made = CheckedStatement(
        exhibit="0f" * 32,
        original_name="statement.txt",
        media_type="text/plain",
        title="On the attack at Northtown",
        publisher="A Ministry",
        published="2018-09-03",
        language="en",
        url="https://example.org/statement",
        body=body,
        as_of="2018-09-03",
        reference=(("north-cw", "2026.11"),),
        reader="statement-rules@1",
        checker="record-rules@1",
        claims=claims,
        unread=(),
        notes=(),
    )
    return replace(made, **changed)


def everything() -> CheckedStatement:
    """A small statement that has one of everything a report shows."""
    found = checked(
        BODY,
        "The Commission found that the forces used sarin in Northtown on 4 April",
        Verdict.DIFFERENCE,
        row(1),
        row(2, Weight.AGAINST, symbol="", phrase=""),
        row(3, Weight.ASSERTS, url="ftp://example.org/assessment", body="A State"),
        row(4, Weight.CONTEXT, via="", locator=""),
        differences=(Difference("date", "found for 4 April 2017"),),
        denied_by=(denial(5), denial(6, "; no basis stated")),
    )
    slots = (
        Slot(name="agent", value="sarin", span=span(BODY, "sarin")),
        Slot(name="when", value="2017-04-04", span=span(BODY, "4 April"), inherited=True),
    )
    read = found.claim.model_copy(update={"slots": slots, "rest": (span(BODY, "forces"),), "left_out": slots[:1]})
    counted = checked(
        BODY, "more than 30 attacks are confirmed", Verdict.NOT_IN_RECORD, counts=(("documents", 12), ("reports", 9))
    )
    signed = checked(BODY, "Both guarantors signed", Verdict.SUPPORTED, row(7))
    corrected = signed.claim.model_copy(update={"reader": "corrected by B. Analyst"})
    return statement(
        BODY,
        checked(BODY, "A ministry deplores the violence.", Verdict.NOT_CHECKABLE),
        replace(found, claim=read),
        replace(counted, later_verdict=Verdict.CONTRADICTED, changed_later=(row(8, published="2020-04-08"),)),
        replace(signed, claim=corrected),
        unread=(span(BODY, "Both guarantors signed."),),
        notes=("a note on the reading",),
    )


@pytest.fixture
def whole() -> CheckedStatement:
    return everything()


@pytest.fixture
def make_row() -> Callable[..., DecidingRow]:
    return row


@pytest.fixture
def make_denial() -> Callable[..., DecidingRow]:
    return denial


@pytest.fixture
def make_checked() -> Callable[..., Checked]:
    return checked


@pytest.fixture
def make_statement() -> Callable[..., CheckedStatement]:
    return statement


PAYLOADS = (
    "<script>window.broken=1</script>",
    '"><img src=x onerror="window.broken=1">',
    "</style></title></textarea><svg onload=window.broken=1>",
    "' onmouseover='window.broken=1",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:window.broken=1",
    "<!-- --!> <a href=javascript:window.broken=1>",
)


@pytest.fixture(params=PAYLOADS)
def payload(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def hostile() -> Callable[[str], CheckedStatement]:
    """A statement with a payload in every field of text."""

    def build(bad: str) -> CheckedStatement:
        body = f"before {bad} after"
        quoted = span(body, bad)
        rows = tuple(
            DecidingRow("findings", bad, weight, *(bad for _ in range(13)))
            for weight in (Weight.DECIDES, Weight.AGAINST, Weight.ASSERTS, Weight.CONTEXT, Weight.DENIES)
        )
        slots = tuple(Slot(name=name, value=bad, span=quoted) for name in ("count", "agent", "measure", "when", bad))
        claim = Claim(
            id=bad, frame=Frame.OTHER, sentence=span(body, body), clause=quoted, speaker=bad, via=slots, slots=slots,
            rest=(quoted,), left_out=slots, reason=bad, reader=bad,
        )  # fmt: skip
        outcome = Outcome(
            Verdict.SUPPORTED, bad, Query(bad, bad), rows, (Difference(bad, bad),), rows[:1] * 9, ((bad, 1),)
        )
        whole = Checked(claim, bad, outcome, Verdict.DISPUTED, rows * 2)
        return CheckedStatement(
            exhibit=bad, original_name=bad, media_type=bad, title=bad, publisher=bad, published=bad, language=bad,
            url=bad, body=body, as_of=bad, reference=((bad, bad),), reader="reader", checker=bad, claims=(whole,),
            unread=(quoted,) * 12, notes=(bad,),
        )  # fmt: skip

    return build
