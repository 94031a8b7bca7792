"""The template score of MUC-4 as Du, Rush and Cardie (2021) defined it, written anew from their description.

    python benchmarks/read.py muc4-score --gold FILE --pred FILE

A document's predicted templates are mapped one to one to its gold templates, types agreeing, so that the document's F1
is highest. A unit is a template's type or one entity of a role. A predicted entity is right when all its mentions are
mentions of one gold entity of that role in the mapped template; a gold entity is found when some predicted one is right
by it. Units of templates that are not mapped are spurious (predicted) or missing (gold). Sums run over all documents.

X. Du, A. Rush, C. Cardie: Template Filling with Generative Transformers. NAACL 2021.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

ROLES = ("PerpInd", "PerpOrg", "Target", "Victim", "Weapon")
TYPE = "incident_type"
EXACT_LIMIT = 20_000
"""Mappings tried one by one up to this number; beyond it the best sum of right units is taken."""

Template = Mapping[str, Any]
_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise(mention: str) -> str:
    """Lower case, without punctuation, articles and superfluous white space."""
    return " ".join(_ARTICLES.sub(" ", mention.lower().translate(_PUNCTUATION)).split())


@dataclass
class Tally:
    """Units predicted, gold, and right on either side."""

    predicted: int = 0
    gold: int = 0
    right: int = 0
    found: int = 0

    def add(self, other: Tally) -> None:
        """Take another tally's units in."""
        self.predicted += other.predicted
        self.gold += other.gold
        self.right += other.right
        self.found += other.found

    @property
    def precision(self) -> float:
        """Right predicted units of all predicted ones; 0 when there are none."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Found gold units of all gold ones; 0 when there are none."""
        return self.found / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass
class Score:
    """Tallies by slot; `total` is the figure that publications call template F1."""

    slots: dict[str, Tally] = field(default_factory=lambda: {slot: Tally() for slot in (TYPE, *ROLES)})

    def add(self, other: Score) -> None:
        """Take another score's units in."""
        for slot, tally in other.slots.items():
            self.slots[slot].add(tally)

    @property
    def total(self) -> Tally:
        """All slots together."""
        total = Tally()
        for tally in self.slots.values():
            total.add(tally)
        return total


@dataclass(frozen=True)
class _Normal:
    """A template ready to be compared: its type and, by role, entities as sets of normalised mentions."""

    type: str
    roles: tuple[tuple[frozenset[str], ...], ...]


def _mention(mention: Any) -> str:
    return normalise(mention if isinstance(mention, str) else mention[0])


def _normal(template: Template) -> _Normal:
    roles = []
    for role in ROLES:
        entities = (frozenset(map(_mention, entity)) for entity in template.get(role, ()))
        roles.append(tuple(dict.fromkeys(entity for entity in entities if entity)))
    return _Normal(template[TYPE], tuple(roles))


def _units(side: Sequence[_Normal], *, gold: bool) -> Score:
    """Every unit of one side as predicted or as gold, none of them right."""
    score = Score()
    for template in side:
        for slot, number in zip((TYPE, *ROLES), (1, *map(len, template.roles)), strict=True):
            score.slots[slot].add(Tally(gold=number) if gold else Tally(predicted=number))
    return score


def _pair(predicted: _Normal, gold: _Normal) -> dict[str, tuple[int, int]] | None:
    """Right and found units by slot when the two are mapped; None when their types do not agree."""
    if predicted.type not in gold.type:
        return None
    pairs = {TYPE: (1, 1)}
    for role, said, true in zip(ROLES, predicted.roles, gold.roles, strict=True):
        right = sum(any(entity <= other for other in true) for entity in said)
        found = sum(any(entity <= other for entity in said) for other in true)
        pairs[role] = (right, found)
    return pairs


def score_document(predicted: Iterable[Template], gold: Iterable[Template]) -> Score:
    """The score of one document under its best mapping.

    Args:
        predicted: templates as `{"incident_type": str, role: [[mention, ...], ...]}`; a mention is a string or
            `[string, offset]`.
        gold: the same; templates that say the same are one.
    """
    said = [_normal(template) for template in predicted]
    true = list(dict.fromkeys(_normal(template) for template in gold))
    score = _units(said, gold=False)
    score.add(_units(true, gold=True))
    pairs = [[_pair(one, other) for other in true] for one in said]
    for row, column in _best_mapping(pairs, score.total):
        for slot, (right, found) in (pairs[row][column] or {}).items():
            score.slots[slot].add(Tally(right=right, found=found))
    return score


def align(predicted: Iterable[Template], gold: Iterable[Template]) -> list[tuple[int, int]]:
    """Which predicted template is mapped to which gold one, by their places, as the score maps them."""
    said, true = [_normal(template) for template in predicted], [_normal(template) for template in gold]
    total = _units(said, gold=False)
    total.add(_units(true, gold=True))
    return _best_mapping([[_pair(one, other) for other in true] for one in said], total.total)


def _best_mapping(pairs: list[list[dict[str, tuple[int, int]] | None]], total: Tally) -> list[tuple[int, int]]:
    if not pairs or not pairs[0]:
        return []
    sums = [
        [None if p is None else (sum(r for r, _ in p.values()), sum(f for _, f in p.values())) for p in row]
        for row in pairs
    ]
    rows, columns = len(pairs), len(pairs[0])
    if math.perm(max(rows, columns) + 1, min(rows, columns)) <= EXACT_LIMIT:
        return _exact(sums, total)
    weights = np.array(
        [[0.0 if s is None else s[0] / total.predicted + s[1] / total.gold for s in row] for row in sums]
    )
    chosen = zip(*linear_sum_assignment(weights, maximize=True), strict=True)
    return [(int(row), int(column)) for row, column in chosen if sums[row][column] is not None]


def _exact(sums: list[list[tuple[int, int] | None]], total: Tally) -> list[tuple[int, int]]:
    best: tuple[float, list[tuple[int, int]]] = (-1.0, [])

    def descend(row: int, taken: list[tuple[int, int]], right: int, found: int) -> None:
        nonlocal best
        if row == len(sums):
            f1 = Tally(total.predicted, total.gold, right, found).f1
            if f1 > best[0]:
                best = (f1, list(taken))
            return
        used = {column for _, column in taken}
        for column, pair in enumerate(sums[row]):
            if pair is not None and column not in used:
                descend(row + 1, [*taken, (row, column)], right + pair[0], found + pair[1])
        descend(row + 1, taken, right, found)

    descend(0, [], 0, 0)
    return best[1]


def score(predicted: Mapping[str, Sequence[Template]], gold: Mapping[str, Sequence[Template]]) -> Score:
    """The score of all gold documents; a document without a prediction has all its units missing."""
    total = Score()
    for docid, templates in gold.items():
        total.add(score_document(predicted.get(docid, ()), templates))
    return total


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of this part."""
    parser.add_argument("--gold", type=Path, required=True, help="templates of people, JSON lines")
    parser.add_argument("--pred", type=Path, required=True, help="templates of a reader, JSON lines")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """The table of one output."""
    return score_table(score_files(args.gold, args.pred))


def show(figures: dict[str, Any]) -> str:
    """The table as lines."""
    return show_table(figures)


def score_files(gold: Path, predicted: Path) -> Score:
    """The score of an output against templates of people, both JSON lines with docid and templates."""
    return score(_templates(predicted), _templates(gold))


def _templates(path: Path) -> dict[str, list[dict[str, Any]]]:
    rows = (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())
    return {row["docid"]: row["templates"] for row in rows}


def score_table(found: Score) -> dict[str, dict[str, float]]:
    """Units, precision, recall and F1 in percent, by slot and in all."""
    tallies = {**found.slots, "template": found.total}
    return {
        slot: {
            "predicted": tally.predicted,
            "gold": tally.gold,
            "precision": round(100 * tally.precision, 2),
            "recall": round(100 * tally.recall, 2),
            "f1": round(100 * tally.f1, 2),
        }
        for slot, tally in tallies.items()
    }


def show_table(table: dict[str, dict[str, float]]) -> str:
    """A table of scores as lines."""
    lines = [f"{'slot':14} {'predicted':>9} {'gold':>5} {'P':>6} {'R':>6} {'F1':>6}"]
    for slot, row in table.items():
        shares = " ".join(f"{row[name]:6.1f}" for name in ("precision", "recall", "f1"))
        lines.append(f"{slot:14} {row['predicted']:9} {row['gold']:5} {shares}")
    return "\n".join(lines)
