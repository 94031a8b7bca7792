"""How well `ascertain check` reads and judges public statements.

    python benchmarks/check.py benchmarks/cases/statements benchmarks/cases/sentences

Prints the recall of claims, the accuracy of readings and verdicts, and every wrong "supported", which is a defect
whatever the rest. A folder of cases holds JSON files, one statement or a list of statements each; the format is
described in benchmarks/README.md. Every statement is checked through the public interface against a fresh record.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ascertain
from ascertain import Given, Inquiry
from ascertain.errors import AscertainError
from ascertain.model.moment import parse_moment
from ascertain.model.verdict import Checked
from ascertain.model.vocabulary import agents
from ascertain.read.lexicon import checked_languages
from ascertain.read.tokens import fold

SUPPORTED = "supported"
NOT_CHECKABLE = "not checkable"


@dataclass
class Score:
    """What was found in one set of cases."""

    statements: int = 0
    expected: int = 0
    found: int = 0
    frames: int = 0
    slots: int = 0
    slots_right: int = 0
    verdicts: int = 0
    checkable: int = 0
    checkable_found: int = 0
    checkable_right: int = 0
    acceptable: int = 0
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong_supported: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    languages_not_read: Counter[str] = field(default_factory=Counter)


def main() -> int:
    """Score the folders that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--reference", default="syria-cw", help="the reference record to check against")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--show", action="store_true", help="list every claim that was missed or judged otherwise")
    options = parser.parse_args()
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        inquiry = ascertain.new(Path(folder) / "record", reference=options.reference)
        for cases in options.folders:
            began = time.perf_counter()
            score = score_folder(inquiry, cases, Path(folder))
            figures[cases.name] = report(cases, score, time.perf_counter() - began, options.show)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    return 1 if any(figure["wrong_supported"] for figure in figures.values()) else 0


def load_cases(folder: Path) -> Iterator[dict[str, Any]]:
    """The cases of a folder, in the order of their files."""
    for file in sorted(folder.glob("*.json")):
        loaded = json.loads(file.read_text("utf-8"))
        yield from loaded if isinstance(loaded, list) else [loaded]


def score_folder(inquiry: Inquiry, folder: Path, scratch: Path) -> Score:
    """Check every case of a folder and compare."""
    score = Score()
    names = names_of_the_record(inquiry)
    for case in load_cases(folder):
        score.statements += 1
        language = case.get("language", "en")
        try:
            body, checked = check_case(inquiry, case, scratch)
        except AscertainError as error:
            score.wrong.append(f"{case['id']}: {error.message}")
            body, checked = "", []
        if language not in checked_languages():
            score.languages_not_read[language] += len(case["claims"])
        compare(case, body, checked, names, score)
    return score


def check_case(inquiry: Inquiry, case: dict[str, Any], scratch: Path) -> tuple[str, list[Checked]]:
    """A case's text as a statement of its date."""
    statement = scratch / f"{case['id']}.txt"
    paragraphs = [line for line in case["text"].split("\n") if line.strip()]
    statement.write_text("\n\n".join([f"Statement {case['id']}", *paragraphs]) + "\n", "utf-8")
    given = Given(published=case["date"], publisher=case.get("publisher", ""))
    done = inquiry.check(statement, as_of=parse_moment(case["date"]).latest, given=given)
    return done.body, list(done.claims)


def compare(case: dict[str, Any], body: str, checked: list[Checked], names: dict[str, set[str]], score: Score) -> None:
    """Match each expected claim with the claim read from the same words, and count."""
    used: set[int] = set()
    for expected in case["claims"]:
        score.expected += 1
        wanted = expected["verdict"]
        score.checkable += wanted != NOT_CHECKABLE
        best = match(expected, body, checked, used)
        got = checked[best].outcome.verdict.value if best is not None else "missed"
        score.confusion[wanted, got] += 1
        if best is not None:
            used.add(best)
            score.found += 1
            score.checkable_found += wanted != NOT_CHECKABLE
            score.frames += checked[best].claim.frame.value == expected["frame"]
            count_slots(expected, checked[best], names, score)
        score.verdicts += got == wanted
        score.checkable_right += got == wanted and wanted != NOT_CHECKABLE
        score.acceptable += got == wanted or got in (expected.get("also_acceptable") or ())
        line = f"{case['id']}: “{expected['quote']}” — expected {wanted}, got {got}"
        acceptable = expected.get("also_acceptable") or ()
        if got == SUPPORTED and wanted != SUPPORTED and SUPPORTED not in acceptable:
            score.wrong_supported.append(line)
        elif got != wanted:
            score.wrong.append(line)


def match(expected: dict[str, Any], body: str, checked: list[Checked], used: set[int]) -> int | None:
    """The claim that shares most words with the quotation; its own frame and a claim not yet used come first."""
    start = body.find(expected["quote"])
    end = start + len(expected["quote"])
    best, best_score = None, 0.0
    for number, item in enumerate(checked):
        clause = item.claim.clause
        shared = min(end, clause.end) - max(start, clause.start)
        if start < 0 or shared <= 0:
            continue
        value = 2 * shared / (end - start + clause.end - clause.start)
        value += 0.5 * (item.claim.frame.value == expected["frame"]) + 0.2 * (number not in used)
        if value > best_score:
            best, best_score = number, value
    return best


def count_slots(expected: dict[str, Any], checked: Checked, names: dict[str, set[str]], score: Score) -> None:
    """How many of the expected slot values the reading has; a value may be an id or one of the names of the record."""
    read = {slot.value for slot in (*checked.claim.slots, *checked.claim.via)}
    for name in ("body", "actor", "agent", "place", "count", "when", "date"):
        value = (expected.get("slots") or {}).get(name)
        for one in value if isinstance(value, list) else [value] if value else []:
            meant = names.get(fold(str(one)), set()) | {str(one)}
            score.slots += 1
            score.slots_right += bool(meant & read)


def names_of_the_record(inquiry: Inquiry) -> dict[str, set[str]]:
    """The ids of parties, places, zones and agents by each of their names, folded."""
    found: dict[str, set[str]] = {}
    for table in ("parties", "places", "zones"):
        for row in inquiry.view().tables[table].to_pylist():
            for name in (row["name"], *(row["aliases"] or ())):
                found.setdefault(fold(name), set()).add(row["id"])
    for agent, known in agents().items():
        found.setdefault(fold(known["name"]), set()).add(agent)
    return found


def report(folder: Path, score: Score, seconds: float, show: bool) -> dict[str, Any]:
    """Print a folder's figures and return them."""
    figures = {
        "statements": score.statements,
        "claims": score.expected,
        "recall_of_claims": ratio(score.found, score.expected),
        "frames_right": ratio(score.frames, score.found),
        "slots_right": ratio(score.slots_right, score.slots),
        "verdicts_right": ratio(score.verdicts, score.expected),
        "verdicts_right_of_checkable": ratio(score.checkable_right, score.checkable),
        "verdicts_acceptable": ratio(score.acceptable, score.expected),
        "supported_recall": ratio(score.confusion[SUPPORTED, SUPPORTED], total(score, SUPPORTED)),
        "wrong_supported": len(score.wrong_supported),
        "seconds": round(seconds, 2),
    }
    out = sys.stdout.write
    out(f"\n{folder}\n")
    for name, value in figures.items():
        out(f"  {name.replace('_', ' '):30} {value}\n")
    if score.languages_not_read:
        other = ", ".join(f"{n} in {code}" for code, n in score.languages_not_read.items())
        out(f"  claims in languages that the reader does not read: {other}\n")
    for (wanted, got), number in sorted(score.confusion.items()):
        out(f"    {wanted:28} → {got:28} {number}\n")
    for line in score.wrong_supported:
        out(f"  WRONG SUPPORTED {line}\n")
    for line in score.wrong if show else []:
        out(f"  {line}\n")
    return figures


def total(score: Score, wanted: str) -> int:
    """How many claims were expected to have a verdict."""
    return sum(number for (expected, _), number in score.confusion.items() if expected == wanted)


def ratio(part: int, whole: int) -> float | str:
    """A share to three places; a dash where there is nothing to share."""
    return round(part / whole, 3) if whole else "–"


if __name__ == "__main__":
    sys.exit(main())
