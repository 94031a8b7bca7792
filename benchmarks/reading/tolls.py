"""Tolls: how many of the labelled ones are found with their exact range, and what is found that is none.

`cases/tolls` says what a label is. A toll counts as found when its kind and both bounds are those of the label; the
rest (whose, who says so, how surely) is measured on those found. Beside it a naive peer: the nearest number to a word
for killed or injured. spaCy without a model has nothing to compare.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ascertain.model.count import parse_count
from ascertain.read.sentences import sentences
from ascertain.read.tolls import Toll, find_tolls
from reading.tolls_muc4 import measure

CASES = Path(__file__).parents[1] / "cases" / "tolls"
Found = tuple[str, int | None, int | None]

_WORDS = {
    "killed": r"killed|dead|died|deaths?|tuée?s?|morts?|قتل\w*|مقتل",
    "injured": r"injured|wounded|hurt|blessée?s?|أصيب|إصابة|جر[يح]\w*",
}


def naive(text: str, language: str) -> list[Found]:
    """A number a word: for each word for killed or injured, the nearest digits."""
    del language
    numbers = [
        (m.start(), int(m.group().replace(",", ""))) for m in re.finditer(r"\d[\d,]*\b", text) if m.group()[-1] != ","
    ]
    found = set()
    for kind, pattern in _WORDS.items():
        for word in re.finditer(rf"\b(?:{pattern})\b", text, re.IGNORECASE):
            if numbers:
                number = min(numbers, key=lambda one: abs(one[0] - word.start()))[1]
                found.add((kind, number, number))
    return sorted(found)


def rules(text: str, language: str) -> list[Toll]:
    """The tolls of a text by this package."""
    return [toll for start, end in sentences(text) for toll in find_tolls(text, start, end, language)]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this part."""
    parser.add_argument("--test", action="store_true", help="also the test sentences, not for development")
    parser.add_argument("--show-wrong", action="store_true", help="print what is read otherwise")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """The figures on the development sentences, the hostile ones, and MUC-4's development documents if at hand."""
    cases = json.loads((CASES / "labelled.json").read_text("utf-8"))
    if args.show_wrong:
        print("\n".join(explain()))
    figures: dict[str, Any] = {}
    for split in ("dev", "test") if args.test else ("dev",):
        chosen = [case for case in cases if case["split"] == split]
        figures[split] = score(chosen, rules)
        figures[f"{split}, naive peer"] = score(chosen, naive)
        for language in ("en", "fr", "ar"):
            figures[f"{split}, {language}"] = score([c for c in chosen if c["language"] == language], rules)
        figures[f"{split}, re3d"] = score([c for c in chosen if c["source"].startswith("re3d")], rules)
    hostile = json.loads((CASES / "hostile.json").read_text("utf-8"))
    figures["hostile"] = score(hostile, rules)
    figures["hostile, naive peer"] = score(hostile, naive)
    if args.data is not None:
        figures["MUC-4 development documents"] = measure(args.data)
    return figures


def _key(toll: Any) -> Found:
    if isinstance(toll, tuple):
        return toll
    return (toll.kind.value, toll.count.low, toll.count.high)


def _label(label: Mapping[str, Any]) -> Found:
    count = parse_count(label["count"])
    return (label["kind"], count.low, count.high)


def score(cases: list[dict[str, Any]], reader: Callable[[str, str], list[Any]]) -> dict[str, Any]:
    """Found, missed and false tolls, and how often the rest of what was found is right."""
    totals: Counter[str] = Counter()
    for case in cases:
        found = reader(case["text"], case["language"])
        totals.update(_compare(case["tolls"], found))
        totals["sentences without tolls"] += not case["tolls"]
        totals["false alarms"] += not case["tolls"] and bool(found)
    right, labels, given = totals["right"], totals["labels"], totals["given"]
    figures = {
        "sentences": len(cases),
        "tolls": labels,
        "exact range": _share(right, labels),
        "precision": _share(right, given),
        "f1": _share(2 * right, labels + given),
        "killed and injured swapped": totals["swapped"],
        "sentences without tolls": totals["sentences without tolls"],
        "of them with a false toll": totals["false alarms"],
    }
    for part in ("claimant", "group", "role", "modality", "scope"):
        if totals["parts"]:
            figures[part] = _share(totals[part], totals["parts"])
    with_claimant = totals["with claimant"]
    if with_claimant:
        figures["claimant, where one is named"] = _share(totals["right claimant"], with_claimant)
    return figures


def _share(part: int, whole: int) -> float:
    return round(part / whole, 3) if whole else 0.0


def _compare(labels: list[dict[str, Any]], found: list[Any]) -> Iterator[str]:
    left = list(found)
    yield from ["labels"] * len(labels) + ["given"] * len(found)
    missed = []
    for label in labels:
        match = next((one for one in left if _key(one) == _label(label)), None)
        if match is None:
            missed.append(_label(label))
            continue
        left.remove(match)
        yield "right"
        if isinstance(match, Toll):
            yield from _parts(label, match)
    other = {"killed": "injured", "injured": "killed"}
    keys = [_key(one) for one in left]
    yield from ["swapped" for kind, low, high in missed if (other.get(kind, ""), low, high) in keys]


def _parts(label: Mapping[str, Any], toll: Toll) -> Iterator[str]:
    yield "parts"
    claimants = [span.text for span in toll.claimants]
    same = len(claimants) == len(label["claimant"]) and all(map(_same_name, label["claimant"], claimants))
    yield from ["claimant"] * same
    if label["claimant"]:
        yield from ["with claimant"] + ["right claimant"] * same
    for part in ("group", "role", "modality", "scope"):
        if str(getattr(toll, part)) == label[part] or (part == "group" and {toll.group, label[part]} <= {"", "people"}):
            yield part


def _same_name(one: str, other: str) -> bool:
    """Whether one name holds the other whole: "the UN" and "UN"; no more than three words beyond it."""
    a, b = one.casefold(), other.casefold()
    return (a in b or b in a) and abs(len(a.split()) - len(b.split())) <= 3


def show(figures: Mapping[str, Any]) -> str:
    """The figures as a table, a row a set of sentences."""
    columns = list(figures["dev"])
    lines = ["| | " + " | ".join(columns) + " |", "|---|" + "---|" * len(columns)]
    for name, values in figures.items():
        if "exact range" in values:
            lines.append(f"| {name} | " + " | ".join(str(values.get(column, "")) for column in columns) + " |")
    muc4 = figures.get("MUC-4 development documents", {})
    return "\n".join([*lines, "", *(f"MUC-4, {name}: {value}" for name, value in muc4.items())])


def explain(split: str = "dev", name: str = "labelled") -> Iterator[str]:
    """Each sentence of which something is missed, false or read wrongly: what development looks at."""
    for case in json.loads((CASES / f"{name}.json").read_text("utf-8")):
        if case.get("split", split) != split:
            continue
        found = rules(case["text"], case["language"])
        got = [_line(toll) for toll in found]
        want = [
            " ".join([t["kind"], t["count"], t["group"], t["role"], ">".join(t["claimant"]), t["modality"], t["scope"]])
            for t in case["tolls"]
        ]
        if got != want:
            yield (
                f"{case['id']} {case['text']}\n"
                + "".join(f"    want {w}\n" for w in want)
                + "".join(f"    got  {g}\n" for g in got)
            )


def _line(toll: Toll) -> str:
    who = ">".join(span.text for span in toll.claimants)
    return " ".join([toll.kind, toll.count.notation(), toll.group, toll.role, who, toll.modality, toll.scope])
