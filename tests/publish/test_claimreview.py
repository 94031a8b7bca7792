from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from ascertain.publish.check_json import CheckedStatement
from ascertain.publish.claimreview import to_claimreview


def test_each_checkable_claim_has_a_review(whole: CheckedStatement) -> None:
    reviews = to_claimreview(whole)
    assert [review["reviewRating"]["alternateName"] for review in reviews] == [
        "supported with a difference", "not in the record", "supported",
    ]  # fmt: skip
    assert all(review["@type"] == "ClaimReview" and review["@context"] == "https://schema.org" for review in reviews)


def test_a_review_says_whose_claim_it_is_and_where_it_stands(whole: CheckedStatement) -> None:
    item = to_claimreview(whole)[0]["itemReviewed"]
    assert item["author"] == {"@type": "Organization", "name": "A Ministry"}
    assert item["datePublished"] == "2018-09-03"
    assert item["appearance"]["url"] == "https://example.org/statement"
    assert item["appearance"]["headline"] == "On the attack at Northtown"


def test_no_number_is_invented_for_a_verdict(whole: CheckedStatement) -> None:
    written = json.dumps(to_claimreview(whole))
    assert "ratingValue" not in written and "bestRating" not in written


def test_a_review_names_the_record_its_date_and_the_deciding_documents(whole: CheckedStatement) -> None:
    review = to_claimreview(whole)[0]
    assert review["author"]["name"] == "Ascertain record: north-cw 2026.11"
    assert review["temporalCoverage"] == "../2018-09-03"
    assert [cited["name"] for cited in review["citation"]] == ["Report 1", "Report 2"]
    assert review["citation"][0]["identifier"] == "A/1" and "identifier" not in review["citation"][1]
    assert review["reviewBody"] == (
        "the rows say so. Difference (date): found for 4 April 2017. Denied by Northern State."
        " As of what had been published by the end of 3 September 2018."
    )


def test_a_later_verdict_is_in_the_text(whole: CheckedStatement) -> None:
    assert to_claimreview(whole)[1]["reviewBody"].endswith("With what was published since: contradicted.")


def test_what_is_unknown_is_left_out(whole: CheckedStatement) -> None:
    review = to_claimreview(replace(whole, publisher="", published="", url="javascript:alert(1)", language=""))[0]
    assert set(review["itemReviewed"]) == {"@type", "text", "appearance"}
    assert set(review["itemReviewed"]["appearance"]) == {"@type", "headline", "identifier"}
    assert "datePublished" not in review and "url" not in review


def test_untrusted_addresses_are_left_out(hostile: Callable[[str], CheckedStatement], payload: str) -> None:
    written = to_claimreview(hostile(payload))
    assert '"url"' not in json.dumps(written)
