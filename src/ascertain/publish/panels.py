"""A claim's panel as the report's template takes it: every list cut, named and put in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ascertain.model.claim import Claim, Modality
from ascertain.model.verdict import Checked, DecidingRow, Verdict, Weight
from ascertain.publish.verdict_words import VERDICTS, VerdictWords

_HEADINGS = {
    Weight.DECIDES: ("Rows that decide", ""),
    Weight.AGAINST: ("Rows against", ""),
    Weight.ASSERTS: (
        "Rows that only assert",
        "Said by a state or by a party to the matter, not found by an independent body.",
    ),
    Weight.CONTEXT: ("What comes nearest", "These rows decide nothing by themselves."),
}
_UNDECIDED = "Rows that were found"
_BASIS, _NO_BASIS = "; basis: ", "; no basis stated"


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows that do the same in a verdict, under one heading."""

    slug: str
    heading: str
    note: str
    rows: tuple[DecidingRow, ...]


@dataclass(frozen=True, slots=True)
class Denial:
    """A row that denies, with its stance and its stated basis apart."""

    row: DecidingRow
    stance: str
    basis: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A claim as the report shows it. `quote` is its sentence: the words before, in and after the clause."""

    number: int
    checked: Checked
    verdict: VerdictWords
    now: VerdictWords | None
    quote: tuple[str, str, str]
    groups: tuple[RowGroup, ...]
    denials: tuple[Denial, ...]
    deniers: tuple[tuple[str, int], ...]
    in_text: bool
    corrected_by: str

    @property
    def mood(self) -> str:
        """How the claim is said, when it is not plainly asserted."""
        said = [] if self.checked.claim.modality is Modality.ASSERTED else [self.checked.claim.modality.value]
        return ", ".join([*said, *(["negated"] if self.checked.claim.negated else [])])


def panels(claims: Sequence[Checked], in_text: frozenset[int], reader: str) -> list[Panel]:
    """A panel for each claim, numbered from 1 as in the text."""
    return [_panel(number, checked, number in in_text, reader) for number, checked in enumerate(claims, 1)]


def _panel(number: int, checked: Checked, in_text: bool, reader: str) -> Panel:
    outcome, later = checked.outcome, checked.later_verdict
    denials = _denials([*(row for row in outcome.rows if row.weight is Weight.DENIES), *outcome.denied_by])
    return Panel(
        number=number,
        checked=checked,
        verdict=VERDICTS[outcome.verdict],
        now=VERDICTS[later] if later is not None and later is not outcome.verdict else None,
        quote=quote(checked.claim),
        groups=row_groups(outcome.rows, outcome.verdict),
        denials=denials,
        deniers=tuple(Counter(denial.row.body for denial in denials).most_common()),
        in_text=in_text,
        corrected_by=checked.claim.reader if checked.claim.reader not in ("", reader) else "",
    )


def quote(claim: Claim) -> tuple[str, str, str]:
    """The claim's sentence as the words before, in and after its clause; a clause outside it stands alone."""
    sentence, clause = claim.sentence, claim.clause
    start, end = clause.start - sentence.start, clause.end - sentence.start
    if 0 <= start < end <= len(sentence.text):
        return sentence.text[:start], sentence.text[start:end], sentence.text[end:]
    return "", clause.text or sentence.text, ""


def row_groups(rows: Sequence[DecidingRow], verdict: Verdict) -> tuple[RowGroup, ...]:
    """The rows by what they do in the verdict; those that deny have a table of their own.

    Under “not in the record” no row decides, and no heading says that one does.
    """
    decided = verdict is not Verdict.NOT_IN_RECORD
    groups = (
        RowGroup(
            slug=weight.value,
            heading=heading if decided or weight is not Weight.DECIDES else _UNDECIDED,
            note=note,
            rows=tuple(row for row in rows if row.weight is weight),
        )
        for weight, (heading, note) in _HEADINGS.items()
    )
    return tuple(group for group in groups if group.rows)


def _denials(rows: Iterable[DecidingRow]) -> tuple[Denial, ...]:
    return tuple(_denial(row) for row in rows)


def _denial(row: DecidingRow) -> Denial:
    stance, stated, basis = row.says.partition(_BASIS)
    if stated:
        return Denial(row, stance, basis)
    return Denial(row, row.says.removesuffix(_NO_BASIS), "none stated" if row.says.endswith(_NO_BASIS) else "")
