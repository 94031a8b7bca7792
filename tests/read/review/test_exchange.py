from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reviewed_sample import BODY, EXHIBIT, claims, span, text

from ascertain.errors import UsageError
from ascertain.model.claim import Claim, Frame
from ascertain.read.review.annotations import annotations_from_json, review_to_annotations
from ascertain.read.review.applying import Review, apply_judgements
from ascertain.read.review.exchange import review_from_json, review_to_json
from ascertain.read.review.judgement import Decision, Judgement
from ascertain.read.review.judging import add, corrected_slots, judge

FINDING, ESTOR, DARAN = claims()


def corrected() -> Judgement:
    changed = corrected_slots(DARAN, [("killed", "12", "13 people")], text())
    assert isinstance(changed, Claim)
    return judge(DARAN, Decision.CORRECTED, "A", EXHIBIT, correction=changed, reason="the mayor says about")


def added() -> Judgement:
    denial = Claim(frame=Frame.DENIAL, sentence=span("The army denied it."), clause=span("The army denied it"))
    return add(denial, "A", EXHIBIT)


ALL = [judge(FINDING, Decision.ACCEPTED, "A", EXHIBIT), judge(ESTOR, Decision.REJECTED, "A", EXHIBIT, reason="old")]


def review(*judgements: Judgement, body: str = BODY) -> Review:
    return apply_judgements(claims(), judgements, text(body))


FORMS = [
    pytest.param(review_to_json, review_from_json, id="json"),
    pytest.param(review_to_annotations, annotations_from_json, id="web_annotations"),
]


@pytest.mark.parametrize(("write", "read"), FORMS)
@given(st.sets(st.integers(0, 3)))
def test_the_round_trip_is_the_identity(write, read, chosen: set[int]) -> None:
    judgements = [one for n, one in enumerate([*ALL, corrected(), added()]) if n in chosen]
    written = json.dumps(write(review(*judgements), EXHIBIT)).encode()
    found = read(written, review(), "A", EXHIBIT)
    assert (list(found.judgements), found.problems, found.others) == (judgements, (), 0)


@pytest.mark.parametrize(("write", "read"), FORMS)
def test_the_judgements_of_others_are_left_to_them(write, read) -> None:
    written = json.dumps(write(review(*ALL), EXHIBIT)).encode()
    found = read(written, review(), "B", EXHIBIT)
    assert (found.judgements, found.problems, found.others) == ((), (), 2)


@pytest.mark.parametrize(("write", "read"), FORMS)
@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"3", b'"x"', b"[" * 5000, b'{"format":"x","exhibit":"","claims":[]}', b"\xff\xfe"]
)
def test_what_is_no_such_file_is_refused(write, read, data: bytes) -> None:
    with pytest.raises(UsageError):
        read(data, review(), "A", EXHIBIT)


@pytest.mark.parametrize("change", ["exhibit", "span", "claim", "decision", "shape"])
def test_a_wrong_claim_of_a_file_is_named_and_the_rest_goes_in(change: str) -> None:
    plain = review_to_json(review(*ALL, corrected()), EXHIBIT)
    wrong = plain["claims"][2]
    match change:
        case "exhibit":
            plain["exhibit"] = "f" * 64
            with pytest.raises(UsageError, match="another exhibit"):
                review_from_json(json.dumps(plain).encode(), review(), "A", EXHIBIT)
            return
        case "span":
            wrong["judgements"][0]["correction"]["clause"]["start"] += 1
        case "claim":
            wrong["claim"]["id"] = "0" * 32
        case "decision":
            wrong["judgements"][0]["judgement"] = "perhaps"
        case "shape":
            plain["claims"][2] = ["?"]
    found = review_from_json(json.dumps(plain).encode(), review(), "A", EXHIBIT)
    assert len(found.judgements) == 2
    assert [problem.where for problem in found.problems] == ["claim 3"]


def test_annotations_are_those_of_the_standard() -> None:
    """The rules of the Web Annotation Data Model, 2017, sections 3, 4 and 5, for what we write."""
    written = review_to_annotations(review(*ALL, corrected(), added()), EXHIBIT, lambda a, b: ("page=1",))
    assert written["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    assert (written["type"], written["total"]) == ("AnnotationCollection", 4)
    page = written["first"]
    assert (page["type"], page["startIndex"], len(page["items"])) == ("AnnotationPage", 0, 4)
    ids = {written["id"], page["id"], *(one["id"] for one in page["items"])}
    assert len(ids) == 6
    for one in page["items"]:
        assert one["type"] == "Annotation"
        assert one["motivation"] in ("assessing", "describing")
        assert one["body"][0]["type"] == "TextualBody"
        assert isinstance(one["body"][0]["value"], str)
        assert one["target"]["source"] == f"urn:sha256:{EXHIBIT}"
        selectors = {s["type"]: s for s in one["target"]["selector"]}
        quote, position = selectors["TextQuoteSelector"], selectors["TextPositionSelector"]
        assert BODY[position["start"] : position["end"]] == quote["exact"]
        assert BODY[: position["start"]].endswith(quote["prefix"])
        assert BODY[position["end"] :].startswith(quote["suffix"])
        assert {s["conformsTo"] for s in one["target"]["selector"] if s["type"] == "FragmentSelector"} == {
            "http://tools.ietf.org/rfc/rfc5147", "http://tools.ietf.org/rfc/rfc8118",
        }  # fmt: skip


def hypothesis_row(exact: str, prefix: str = "", suffix: str = "", text: str = "look") -> dict:
    quote = {"type": "TextQuoteSelector", "exact": exact, "prefix": prefix, "suffix": suffix}
    position = {"type": "TextPositionSelector", "start": 3, "end": 9}
    target = [{"source": "https://example.org/", "selector": [{"type": "RangeSelector"}, position, quote]}]
    return {"id": "x", "user": "acct:a@hypothes.is", "text": text, "tags": ["toll"], "target": target}


def test_annotations_of_hypothesis_become_added_claims_where_their_words_stand() -> None:
    rows = [
        hypothesis_row("13 people were killed", "On Monday, ", " in Daran, the mayor"),
        hypothesis_row("13 people were killed"),
        hypothesis_row("nowhere to be found"),
        {"id": "a page note", "text": "hm", "target": [{"source": "https://example.org/"}]},
        "?",
    ]
    found = annotations_from_json(json.dumps({"total": 5, "rows": rows}).encode(), review(), "A", EXHIBIT)
    (one,) = found.judgements
    assert one.decision is Decision.ADDED
    assert one.correction is not None
    assert (one.correction.frame, one.correction.reason) == (Frame.OTHER, "look; toll")
    assert one.correction.clause == span("13 people were killed", nth=1)
    assert one.correction.sentence == DARAN.sentence
    assert [problem.where.split()[1] for problem in found.problems] == ["2", "3", "4", "5"]
    assert "several places" in found.problems[0].why


@pytest.mark.parametrize(
    "target",
    [
        {"source": "s", "selector": {"type": "TextQuoteSelector", "exact": "denied it"}},
        {"source": "s", "selector": {"type": "FragmentSelector", "value": "p", "refinedBy": {
            "type": "TextQuoteSelector", "exact": "denied it"}}},
        [{"source": "s"}, {"source": "s", "selector": [{"type": "TextQuoteSelector", "exact": "denied it"}]}],
    ],
)  # fmt: skip
def test_a_plain_annotation_of_any_tool_is_taken(target) -> None:
    plain = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "Annotation",
        "bodyValue": "who?",
        "target": target,
    }
    found = annotations_from_json(json.dumps(plain).encode(), review(), "A", EXHIBIT)
    assert [one.correction and one.correction.clause for one in found.judgements] == [span("denied it")]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "target", "selector", "body", "exact", "rows", "first", "items"]), inner
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_annotations_or_named(plain) -> None:
    try:
        found = annotations_from_json(json.dumps(plain).encode(), review(), "A", EXHIBIT)
    except UsageError:
        return
    assert all(one.decision is Decision.ADDED for one in found.judgements)
