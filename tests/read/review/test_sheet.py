from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reviewed_sample import EXHIBIT, claims, text

from ascertain.errors import UsageError
from ascertain.read.review.applying import Review, apply_judgements
from ascertain.read.review.judgement import Decision, Judgement
from ascertain.read.review.judging import corrected_slots, judge
from ascertain.read.review.sheet import read_sheet, write_sheet

FINDING, ESTOR, DARAN = claims()


def review(*judgements: Judgement) -> Review:
    return apply_judgements(claims(), judgements, text())


def filled(*cells: dict[str, str], separator: str = ",") -> str:
    """The sheet with these cells in its first rows."""
    rows = list(csv.DictReader(io.StringIO(write_sheet(review(), "A"))))
    for row, changed in zip(rows, cells, strict=False):
        row.update(changed)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def read(sheet: str | bytes):
    data = sheet if isinstance(sheet, bytes) else sheet.encode()
    return read_sheet(data, review(), "A", EXHIBIT)


def test_what_is_not_judged_is_passed_over() -> None:
    found = read(write_sheet(review(), "A"))
    assert (found.judgements, found.problems) == ((), ())


def test_judgements_come_back_as_they_were_filled_in() -> None:
    found = read(
        filled(
            {"judgement": "accepted"},
            {"judgement": "r", "reason": "an older toll"},
            {"judgement": "Corrected", "killed": "~13", "killed (words)": "13 people"},
        )
    )
    assert found.problems == ()
    assert [one.decision for one in found.judgements] == [Decision.ACCEPTED, Decision.REJECTED, Decision.CORRECTED]
    assert found.judgements[1].reason == "an older toll"
    correction = found.judgements[2].correction
    assert correction is not None
    killed = next(slot for slot in correction.slots if slot.name == "killed")
    assert (killed.value, killed.span.text) == ("~13", "13 people")
    assert text().body[killed.span.start : killed.span.end] == "13 people"
    assert killed.span.start > DARAN.sentence.start


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_what_a_spreadsheet_saves_is_read(separator: str, encoding: str, line_end: str) -> None:
    sheet = filled({"judgement": "a"}, {"judgement": "r"}, separator=separator).replace("\r\n", line_end)
    assert len(read(sheet.encode(encoding)).judgements) == 2


def test_a_line_that_names_the_separator_is_none_of_the_table() -> None:
    found = read("sep=;\n" + filled({"judgement": "a"}, {"judgement": "x"}, separator=";"))
    assert len(found.judgements) == 1
    assert found.problems[0].where == "row 4"


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        pytest.param({"judgement": "maybe"}, "no judgement", id="no_judgement"),
        pytest.param({"judgement": "a", "claim": "f" * 32}, "no claim", id="no_such_claim"),
        pytest.param({"judgement": "a", "frame": "denial"}, "accepted and yet changed", id="accepted_and_changed"),
        pytest.param({"judgement": "c"}, "corrected and yet as it was", id="corrected_and_unchanged"),
        pytest.param({"judgement": "c", "frame": "rumour"}, "rumour", id="no_frame"),
        pytest.param({"judgement": "c", "negated": "perhaps"}, "yes or no", id="neither_yes_nor_no"),
        pytest.param({"judgement": "c", "agent (words)": "sarin"}, "do not stand", id="words_that_are_not_there"),
        pytest.param({"judgement": "c", "agent (words)": ""}, "1 values and 0 quotes", id="a_value_without_words"),
        pytest.param({"judgement": "c", "actor": "b", "actor (words)": "the army"}, "", id="words_of_the_sentence"),
        pytest.param({"judgement": "c", "actor (words)": "13 people"}, "several places", id="ambiguous_words"),
    ],
)
def test_a_wrong_row_is_named_and_the_rest_goes_in(cells: dict[str, str], why: str) -> None:
    found = read(filled(cells, {"judgement": "a"}))
    assert found.judgements[-1].claim == ESTOR.id
    assert [problem.where for problem in found.problems] == (["row 2"] if why else [])
    assert all(why in problem.why for problem in found.problems)


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", b"\xff\xff\xff", b"PK\x03\x04", b"\x00" * 100, b'"claim'])
def test_what_is_no_such_table_is_refused(data: bytes) -> None:
    with pytest.raises(UsageError):
        read(data)


def test_no_cell_is_a_formula() -> None:
    judged = judge(ESTOR, Decision.REJECTED, "A", EXHIBIT, reason='=HYPERLINK("http://example.org")')
    sheet = write_sheet(review(judged), "A")
    for row in csv.reader(io.StringIO(sheet)):
        assert all(cell[:1] not in tuple("=+-@\t\r") for cell in row)
    assert read_sheet(sheet.encode(), review(), "A", EXHIBIT).judgements == (judged,)


REASONS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30).map(str.strip)


@given(st.lists(st.sampled_from(["accepted", "rejected", "corrected", ""]), min_size=3, max_size=3), REASONS)
def test_the_round_trip_is_the_identity(decisions: list[str], reason: str) -> None:
    judgements = []
    for claim, decision in zip(claims(), decisions, strict=True):
        if decision == "corrected":
            changed = corrected_slots(claim, [("note", "=a|b\\p", "chlorine in Estor")], text())
            judgements.append(judge(claim, Decision.CORRECTED, "A", EXHIBIT, correction=changed, reason=reason))
        elif decision:
            judgements.append(judge(claim, Decision(decision), "A", EXHIBIT, reason=reason))
    sheet = write_sheet(review(*judgements), "A")
    found = read_sheet(sheet.encode(), review(), "A", EXHIBIT)
    assert found.problems == ()
    assert list(found.judgements) == judgements
