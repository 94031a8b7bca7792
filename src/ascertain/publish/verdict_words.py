"""What each verdict means and how a report names it."""

from __future__ import annotations

from dataclasses import dataclass

from ascertain.model.verdict import Verdict


@dataclass(frozen=True, slots=True)
class VerdictWords:
    """A verdict for a page: its own words, a name for classes and anchors, and one line on what it means."""

    words: str
    slug: str
    meaning: str


_MEANINGS = {
    Verdict.SUPPORTED: "Rows of the record say the same, as of the date of the check.",
    Verdict.DIFFERENCE: "Rows of the record say nearly the same; the difference in count, scope, body, standard or date"
    " is named.",
    Verdict.CONTRADICTED: "Rows of the record say otherwise.",
    Verdict.DISPUTED: "Findings of the same kind conflict with each other; both sides are shown.",
    Verdict.NOT_IN_RECORD: "No row of the record decides it. This does not say that the claim is false.",
    Verdict.NOT_CHECKABLE: "A call, intention, forecast or value: it asserts nothing that a row could decide.",
}

VERDICTS: dict[Verdict, VerdictWords] = {
    verdict: VerdictWords(verdict.value, verdict.value.replace(" ", "-"), meaning)
    for verdict, meaning in _MEANINGS.items()
}
