from __future__ import annotations

from collections.abc import Iterable

import pytest

from ascertain.errors import NotPermitted
from ascertain.model.access import Access, AccessRule, Setting, Subject
from ascertain.publish.hidden_names import HiddenName, HiddenNames
from ascertain.publish.permitted import Carried, CarriedEntry, Gate, Withheld

VIDEO, CUT, OTHER = "a" * 64, "b" * 64, "c" * 64
PUBLIC, RESTRICTED, SEALED = Access.PUBLIC, Access.RESTRICTED, Access.SEALED


def gate(reader: Access = PUBLIC, **closed: Access) -> Gate:
    """A record in which VIDEO comes from the source `monitor`, and CUT was made from VIDEO."""
    subjects = {
        "video": Subject("exhibit", VIDEO), "cut": Subject("exhibit", CUT), "monitor": Subject("source", "monitor"),
        "report": Subject("source", "report"), "claim": Subject("claim", "c1"),
    }  # fmt: skip
    settings = {subjects[name]: Setting(access, 10, "safety", "the head") for name, access in closed.items()}
    below = {subjects["monitor"]: [(subjects["video"], 1)], subjects["video"]: [(subjects["cut"], 2)]}
    rule = AccessRule(settings, lambda subject: below.get(subject, ()))
    return Gate(rule, reader, HiddenNames(_names(rule, reader)))


def _names(rule: AccessRule, reader: Access) -> Iterable[HiddenName]:
    for exhibit, name in ((VIDEO, "interview maryam"), (CUT, "the cut.mp4"), (OTHER, "annex.pdf")):
        standing = rule.of_exhibit(exhibit)
        if not standing.access.is_open_to(reader):
            yield from (HiddenName(text, f"exhibit {exhibit[:4]}", standing) for text in (exhibit, name))


def told(found: tuple[Withheld, ...]) -> list[str]:
    return [one.what for one in found]


def entry(kind: str, **body: object) -> Carried:
    return Carried(entries=[CarriedEntry(7, kind, body)])


def test_what_is_public_goes_to_anybody() -> None:
    carried = Carried(
        exhibits=[VIDEO, CUT], claims=[("c1", VIDEO)], rows=[("findings", {"id": "f1", "document": "report"})]
    )
    assert gate().withheld(carried, entry("exhibit.acquired", exhibit=VIDEO, original_name="interview maryam")) == ()
    gate().require(carried)


def test_a_closed_exhibit_its_claims_and_what_is_derived_from_it_are_withheld() -> None:
    found = gate(video=SEALED).withheld(Carried(exhibits=[VIDEO, CUT, OTHER], claims=[("c1", VIDEO), ("c2", OTHER)]))
    assert told(found) == [f"exhibit {VIDEO}", f"exhibit {CUT}", "claim c1"]
    assert {one.access for one in found} == {SEALED}
    assert found[1].why == f"sealed (entry 10, on exhibit {VIDEO[:16]}…: safety)"


def test_each_reader_sees_as_much_as_they_are_trusted_with() -> None:
    carried = Carried(exhibits=[VIDEO])
    assert told(gate(RESTRICTED, monitor=RESTRICTED).withheld(carried)) == []
    assert told(gate(RESTRICTED, monitor=SEALED).withheld(carried)) == [f"exhibit {VIDEO}"]
    assert told(gate(SEALED, monitor=SEALED).withheld(carried)) == []


def test_a_redacted_copy_that_a_person_opened_goes_and_its_origin_stays() -> None:
    opened = gate(video=SEALED)
    rule = AccessRule(
        {**opened.rule.settings, Subject("exhibit", CUT): Setting(PUBLIC, 11, "faces removed", "the head")},
        lambda subject: [(Subject("exhibit", CUT), 2)] if subject.id == VIDEO else (),
    )
    assert told(Gate(rule, PUBLIC).withheld(Carried(exhibits=[CUT, VIDEO]))) == [f"exhibit {VIDEO}"]


@pytest.mark.parametrize(
    "body",
    [
        {"exhibit": VIDEO},
        {"exhibit": OTHER, "origin": VIDEO, "details": {}},
        {"exhibit": OTHER, "note": "the same night as “Interview Maryam”"},
        {"exhibit": OTHER, "details": {"files": [{"path": "box/interview-maryam"}]}},
        {"files": {"proof": VIDEO}},
    ],
)
def test_an_entry_that_names_a_closed_exhibit_anywhere_is_withheld(body: dict[str, object]) -> None:
    (found,) = gate(video=RESTRICTED).withheld(entry("exhibit.acquired", **body))
    assert found.what == "entry 7 (exhibit.acquired)"
    assert "it names exhibit aaaa, which is restricted" in found.why


def test_a_field_that_is_called_like_something_closed_names_nothing() -> None:
    assert gate(video=RESTRICTED).withheld(entry("exhibit.derived", details={"interview maryam": "x"})) == ()


@pytest.mark.parametrize(
    "row",
    [
        {"id": "f1", "document": "report"},
        {"id": "f1", "document": "other", "via": ["report"]},
        {"id": "f1", "document": "other", "via": "report"},
        {"id": "f1", "document": "other", "party": "Report"},
    ],
)
def test_a_row_is_as_closed_as_whose_word_it_is(row: dict[str, object]) -> None:
    closed = gate(report=RESTRICTED)
    assert told(closed.withheld(Carried(rows=[("findings", row)]))) == ["row f1 of findings"]
    stated = entry("row.stated", reference="r", table="findings", row=row)
    assert told(closed.withheld(stated)) == ["entry 7 (row.stated): row f1 of findings"]


def test_a_source_is_withheld_as_a_row_too() -> None:
    closed = gate(report=RESTRICTED)
    assert told(closed.withheld(Carried(rows=[("documents", {"id": "report"}), ("places", {"id": "report"})]))) == [
        "row report of documents"
    ]
    withdrawn = entry("row.withdrawn", table="documents", id="report", reason="x")
    assert told(closed.withheld(withdrawn)) == ["entry 7 (row.withdrawn): row report of documents"]


@pytest.mark.parametrize("kind", ["access.set", "recipient.named", "recipients.set", "exhibit.erased", "item.failed"])
def test_what_keepers_say_to_one_another_is_not_for_the_public(kind: str) -> None:
    assert told(gate(PUBLIC).withheld(entry(kind, reason="x"))) == [f"entry 7 ({kind})"]
    assert gate(RESTRICTED).withheld(entry(kind, reason="x")) == ()


def result(exhibit: str, **more: object) -> dict[str, object]:
    row = {"table": "findings", "id": "f1", "document": "report"}
    claim = {"id": "c1", "sentence": "Interview Maryam was shown on television.", "rows": [row], **more}
    return {"statement": {"exhibit": exhibit, "original_name": "a.txt"}, "claims": [claim], "notes": []}


def test_a_result_is_as_closed_as_its_statement() -> None:
    assert told(gate(video=RESTRICTED).withheld(Carried(results=[result(VIDEO)])))[0] == f"the check of exhibit {VIDEO}"


def test_a_result_of_a_public_statement_tells_no_closed_row() -> None:
    closed = gate(report=RESTRICTED)
    assert told(closed.withheld(Carried(results=[result(OTHER)]))) == ["row f1 of findings"]
    for name in ("denied_by", "changed_later"):
        row = {"table": "positions", "id": "p1", "document": "report"}
        assert "row p1 of positions" in told(closed.withheld(Carried(results=[result(OTHER, **{name: [row]})])))


def test_the_sentences_of_a_public_statement_are_its_own_and_the_notes_are_ours() -> None:
    closed = gate(video=RESTRICTED)
    assert closed.withheld(Carried(results=[result(OTHER)])) == ()
    noted = {**result(OTHER), "notes": ["compare interview maryam"]}
    assert told(closed.withheld(Carried(results=[noted]))) == [f"the check of exhibit {OTHER}"]


def test_a_closed_claim_of_an_open_exhibit_is_withheld() -> None:
    closed = gate(claim=RESTRICTED)
    assert told(closed.withheld(Carried(claims=[("c1", OTHER), ("c2", OTHER)]))) == ["claim c1"]
    assert told(closed.withheld(Carried(results=[result(OTHER)]))) == ["claim c1"]


@pytest.mark.parametrize("broken", [{}, {"statement": None}, {"claims": [{}]}, {"claims": [{"rows": [{}]}]}])
def test_a_result_that_is_none_breaks_nothing(broken: dict[str, object]) -> None:
    gate(video=SEALED).withheld(Carried(results=[broken]))


def test_other_words_are_searched_too() -> None:
    (found,) = gate(video=RESTRICTED).withheld(Carried(texts=[("index.html", "With interview maryam.")]))
    assert found.what == "index.html"


def test_a_refusal_lists_everything_with_the_reason_and_says_what_to_do() -> None:
    carried = (Carried(exhibits=[VIDEO, CUT]), entry("exhibit.preserved", exhibit=VIDEO))
    with pytest.raises(NotPermitted, match="3 things that a reader of the class public may not see") as refused:
        gate(video=RESTRICTED).require(*carried)
    assert len(refused.value.problems) == 3
    assert all("restricted (entry 10" in problem for problem in refused.value.problems)
    assert "--reader restricted" in refused.value.next_step
    with pytest.raises(NotPermitted, match="show one thing"):
        gate(video=RESTRICTED).require(Carried(exhibits=[VIDEO]))


def test_a_thing_is_told_once_for_each_reason() -> None:
    again = entry("exhibit.acquired", exhibit=VIDEO, note=VIDEO)
    assert len(gate(video=RESTRICTED).withheld(again, again)) == 1
