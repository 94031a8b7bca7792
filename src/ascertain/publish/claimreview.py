"""A check's result as schema.org ClaimReview (JSON-LD)."""

from __future__ import annotations

from typing import Any

from ascertain.model.claim import Claim
from ascertain.model.verdict import Checked, DecidingRow, Verdict, Weight
from ascertain.publish.check_json import CheckedStatement
from ascertain.publish.plain_words import date_words, machine_date
from ascertain.publish.web_address import web_address

_CITED = (Weight.DECIDES, Weight.AGAINST)


def to_claimreview(statement: CheckedStatement) -> list[dict[str, Any]]:
    """One ClaimReview for each claim that can be checked, in the order of the text.

    Google's fact-check markup requires `claimReviewed`, `reviewRating` and `url`. Of these `url`, the address of the
    page on which the review is published, is left out: a check is a file, and whoever publishes it adds the address.
    `datePublished` is left out for the same reason; the day of the check is no day of publication.

    The rating has `alternateName`, the verdict's words, which is the part that is required and shown; the numbers
    `ratingValue`, `bestRating` and `worstRating` are left out. They ask for a scale from false to true, and the
    verdicts are no such scale: “not in the record” and “disputed” lie nowhere between true and false.

    The author is the record that decides, by name, not a person or a newsroom: whoever publishes the review under a
    name of their own sets it. `temporalCoverage` is the time the record was asked about: up to the check's date.

    The strings are untrusted. Whoever writes them into a `<script>` element must escape `<` in the JSON.
    """
    return [
        _review(statement, checked)
        for checked in statement.claims
        if checked.outcome.verdict is not Verdict.NOT_CHECKABLE
    ]


def _review(statement: CheckedStatement, checked: Checked) -> dict[str, Any]:
    outcome = checked.outcome
    return _filled(
        {
            "@context": "https://schema.org",
            "@type": "ClaimReview",
            "claimReviewed": checked.reading or _clause(checked.claim),
            "itemReviewed": _item(statement, checked.claim),
            "author": _author(statement),
            "reviewRating": {
                "@type": "Rating",
                "alternateName": outcome.verdict.value,
                "ratingExplanation": outcome.reason,
            },
            "reviewBody": _body(statement, checked),
            "temporalCoverage": f"../{statement.as_of}",
            "inLanguage": "en",
            "citation": _citations(outcome.rows),
        }
    )


def _item(statement: CheckedStatement, claim: Claim) -> dict[str, Any]:
    appearance = {
        "@type": "CreativeWork",
        "url": web_address(statement.url),
        "headline": statement.title or statement.original_name,
        "inLanguage": statement.language,
        "identifier": f"sha256:{statement.exhibit}",
    }
    author = {"@type": "Organization", "name": statement.publisher} if statement.publisher else None
    published = machine_date(statement.published)
    return _filled(
        {
            "@type": "Claim",
            "text": _clause(claim),
            "author": author,
            "datePublished": published,
            "appearance": _filled({**appearance, "author": author, "datePublished": published}),
        }
    )


def _author(statement: CheckedStatement) -> dict[str, str]:
    names = ", ".join(f"{name} {version}" for name, version in statement.reference)
    return {"@type": "Organization", "name": f"Ascertain record: {names or 'no reference record'}"}


def _body(statement: CheckedStatement, checked: Checked) -> str:
    """The reason, the differences, who denies it, and as of when all this holds."""
    outcome = checked.outcome
    said = [outcome.reason] if outcome.reason else []
    said += [f"Difference ({difference.kind}): {difference.words}" for difference in outcome.differences]
    if outcome.denied_by:
        said.append(f"Denied by {', '.join(dict.fromkeys(row.body for row in outcome.denied_by))}")
    said.append(f"As of what had been published by the end of {date_words(statement.as_of)}")
    if checked.later_verdict is not None and checked.later_verdict is not outcome.verdict:
        said.append(f"With what was published since: {checked.later_verdict.value}")
    return " ".join(f"{words.rstrip('.')}." for words in said)


def _citations(rows: tuple[DecidingRow, ...]) -> list[dict[str, Any]]:
    """The documents of the rows that decide or stand against, each once."""
    documents = {row.document: row for row in reversed(rows) if row.weight in _CITED}
    return [_citation(row) for row in reversed(documents.values())]


def _citation(row: DecidingRow) -> dict[str, Any]:
    return _filled(
        {
            "@type": "CreativeWork",
            "name": row.title or row.document,
            "identifier": row.symbol,
            "url": web_address(row.url),
            "author": {"@type": "Organization", "name": row.body} if row.body else None,
            "datePublished": machine_date(row.published),
        }
    )


def _clause(claim: Claim) -> str:
    return " ".join(claim.clause.text.split())


def _filled(properties: dict[str, Any]) -> dict[str, Any]:
    """The properties that have a value: an unknown one is left out, never empty."""
    return {name: value for name, value in properties.items() if value not in (None, "", [])}
