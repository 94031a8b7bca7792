"""Claims as a table that a person fills in with a spreadsheet, and back: a row a claim, two columns a slot.

What a spreadsheet does to a CSV file is undone: another separator, a byte order mark, UTF-16, "sep=;", other line ends,
columns in another order. A cell that a spreadsheet would run as a formula gets an apostrophe before it (OWASP's
advice), which is taken away again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping

from ascertain.errors import UsageError
from ascertain.model.claim import Claim, Frame, Modality
from ascertain.read.anchor import IndexedText
from ascertain.read.review.applying import Review, Reviewed
from ascertain.read.review.judgement import Decision, Judgement
from ascertain.read.review.judging import Filed, Problem, Written, corrected_slots, judge, says_the_same

BETWEEN = " | "  # several values of one slot
_FIXED = ("claim", "sentence", "frame", "modality", "negated", "judgement", "reason")
_WORDS = " (words)"
_RISKY = "=+-@\t\r\n'＝＋－＠"
_DECISIONS = {
    "a": Decision.ACCEPTED, "accepted": Decision.ACCEPTED, "accept": Decision.ACCEPTED,
    "c": Decision.CORRECTED, "corrected": Decision.CORRECTED, "correct": Decision.CORRECTED,
    "r": Decision.REJECTED, "rejected": Decision.REJECTED, "reject": Decision.REJECTED,
}  # fmt: skip
_ESCAPED = re.compile(r"\\([\\p])")
_LONGEST_FILE = 50 * 1024 * 1024


def write_sheet(review: Review, author: str) -> str:
    """The claims as CSV, with what `author` has said of them; those that people added are in the JSON alone."""
    rows = [one for one in review.claims if one.machine is not None]
    names = sorted({slot.name for one in rows for slot in (*one.claim.slots, *_machine(one).slots)})
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*_FIXED, *(column for name in names for column in (name, name + _WORDS))])
    for one in rows:
        said = _said(one, author)
        shown = said.correction if said is not None and said.correction is not None else _machine(one)
        fixed = (
            _machine(one).id, one.claim.sentence.text, shown.frame.value, shown.modality.value,
            "yes" if shown.negated else "no", said.decision.value if said else "", said.reason if said else "",
        )  # fmt: skip
        slots = (cell for name in names for cell in _cells(shown, name))
        writer.writerow([_safe(cell) for cell in (*fixed, *slots)])
    return out.getvalue()


def read_sheet(data: bytes, review: Review, author: str, exhibit: str) -> Filed:
    """The judgements of a filled-in table, and the rows that are none; rows without a judgement are passed over.

    Raises UsageError for what is no such table at all.
    """
    machines = {one.machine.id: one for one in review.claims if one.machine is not None}
    judgements: list[Judgement] = []
    problems: list[Problem] = []
    for number, row in _rows(data):
        if not row.get("judgement", "").strip():
            continue
        found = _judged(row, machines, review.text, author, exhibit)
        if isinstance(found, Judgement):
            judgements.append(found)
        else:
            problems.append(Problem(f"row {number}", found))
    return Filed(tuple(judgements), tuple(problems))


def _judged(
    row: Mapping[str, str], machines: Mapping[str, Reviewed], text: IndexedText, author: str, exhibit: str
) -> Judgement | str:
    reviewed = machines.get(row.get("claim", "").strip())
    if reviewed is None:
        return f"no claim {row.get('claim', '')[:40]!r} of this exhibit as it is read now"
    decision = _DECISIONS.get(row["judgement"].strip().lower())
    if decision is None:
        return f"{row['judgement'][:40]!r} is no judgement: write accepted, corrected or rejected"
    reason = row.get("reason", "").strip()
    claim = _machine(reviewed)
    said = _said(reviewed, author)
    changed = _changed(said.correction if said and said.correction else claim, claim, row, text)
    if isinstance(changed, str):
        return changed if decision is not Decision.REJECTED else judge(claim, decision, author, exhibit, reason=reason)
    if decision is Decision.REJECTED:
        return judge(claim, decision, author, exhibit, reason=reason)
    differs = not says_the_same(changed, claim)
    if decision is Decision.ACCEPTED and differs:
        return "it is accepted and yet changed: write corrected, or undo the change"
    if decision is Decision.CORRECTED and not differs:
        return "it is corrected and yet as it was: change it, or write accepted"
    return judge(claim, decision, author, exhibit, correction=changed if differs else None, reason=reason)


def _changed(before: Claim, claim: Claim, row: Mapping[str, str], text: IndexedText) -> Claim | str:
    """The claim as the row has it; or what is wrong with the row. `before` is what the sheet was written from."""
    try:
        frame = Frame(row.get("frame", claim.frame.value).strip())
        modality = Modality(row.get("modality", claim.modality.value).strip())
    except ValueError as error:
        return str(error)
    negated = row.get("negated", "yes" if claim.negated else "no").strip().lower()
    if negated not in ("yes", "no"):
        return f"negated is yes or no, not {negated[:40]!r}"
    wanted = _written(before, row)
    if isinstance(wanted, str):
        return wanted
    found = corrected_slots(claim, wanted, text, before)
    if isinstance(found, list):
        return "; ".join(found)
    return found.model_copy(update={"frame": frame, "modality": modality, "negated": negated == "yes"})


def _written(claim: Claim, row: Mapping[str, str]) -> list[Written] | str:
    """The slots that a row writes, in the claim's order where nothing was changed."""
    named = [c for c in row if c + _WORDS in row and c not in _FIXED]
    order = list(dict.fromkeys((*(slot.name for slot in claim.slots), *named)))
    wanted: list[Written] = []
    for name in order:
        own = [(s.name, s.value, s.span.text) for s in claim.slots if s.name == name]
        if name not in named:
            wanted += own
            continue
        values, words = (_parts(row[column]) for column in (name, name + _WORDS))
        if len(values) != len(words):
            return f"{name}: {len(values)} values and {len(words)} quotes; put “{BETWEEN.strip()}” between several"
        wanted += [(name, value, quote) for value, quote in zip(values, words, strict=True)]
    return _in_order(claim, wanted)


def _in_order(claim: Claim, wanted: list[Written]) -> list[Written]:
    places = {(s.name, s.value, " ".join(s.span.text.split())): n for n, s in reversed([*enumerate(claim.slots)])}
    last = len(claim.slots)
    return sorted(wanted, key=lambda one: places.get((one[0], one[1], " ".join(one[2].split())), last))


def _parts(cell: str) -> list[str]:
    return [_ESCAPED.sub(_unescaped, part.strip()) for part in cell.split("|")] if cell.strip() else []


def _unescaped(found: re.Match[str]) -> str:
    return "|" if found[1] == "p" else found[1]


def _cells(claim: Claim, name: str) -> tuple[str, str]:
    slots = [slot for slot in claim.slots if slot.name == name]
    return BETWEEN.join(_part(s.value) for s in slots), BETWEEN.join(_part(s.span.text) for s in slots)


def _part(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\p")


def _safe(cell: str) -> str:
    return f"'{cell}" if cell[:1] in _RISKY and cell else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _RISKY and len(cell) > 1 else cell


def _rows(data: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    if len(data) > _LONGEST_FILE:
        raise UsageError(f"the table is too large ({len(data) / 2**20:.0f} MB)")
    text = _decoded(data)
    first, _, rest = text.partition("\n")
    skipped = 0
    if first.strip().lower().startswith("sep="):
        separator, text, skipped = first.strip()[4:5], rest, 1
    else:
        separator = max(",;\t", key=first.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator or ",", strict=False)
    try:
        header = [name.strip().lower() for name in next(lines, [])]
        if not {"claim", "judgement"} <= set(header):
            raise UsageError(
                "the table has no columns claim and judgement", next_step="begin from `ascertain read review --export`"
            )
        for number, cells in enumerate(lines, 2 + skipped):
            if any(cell.strip() for cell in cells):
                yield number, dict(zip(header, map(_plain, cells), strict=False))
    except csv.Error as error:
        raise UsageError(f"the table cannot be read: {error}") from error


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UsageError(
            "the table is neither UTF-8 nor UTF-16", next_step="save it as “CSV UTF-8” and import it again"
        ) from error


def _said(one: Reviewed, author: str) -> Judgement | None:
    return next((judgement for judgement in one.judgements if judgement.author == author), None)


def _machine(one: Reviewed) -> Claim:
    if one.machine is None:
        raise ValueError("a claim that a person added has no machine's reading")
    return one.machine
