"""MUC-4's perpetrator confidence (slot 11 of the full keys): the data, folds by document, and the score.

A filler is (organisation, value) in one template. It is right when both are: the value is one of the alternatives that
the key allows, word for word. Optional fillers of the key ("?") are neither asked for nor counted when given
organisations are scored. No half points: a right organisation with a wrong value counts as wrong.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ascertain.read.surety import Named, Surety, attributions, by_rules, features, surety_words
from ascertain.read.surety.train import train
from reading.muc4_score import TYPE, align, normalise

FOLDS = 5
_SLOTS = {"PerpInd": (9,), "PerpOrg": (10,), "Target": (12,), "Victim": (18, 19), "Weapon": (6,)}
_VALUES = sorted((str(one) for one in Surety if one), key=len, reverse=True)


@dataclass(frozen=True)
class Filler:
    """An organisation of one template: its names, the values allowed, and what else the template names."""

    document: str
    template: str
    names: tuple[str, ...]
    values: tuple[Surety, ...]
    optional: bool
    about: tuple[str, ...]


def texts(folder: Path) -> dict[str, str]:
    """The texts of the raw development documents by id."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob("dev-muc3-*")):
        parts = re.split(r"^(DEV-MUC3-\d+) \(.*?\)\n", path.read_text("latin-1"), flags=re.MULTILINE)
        found.update(zip(parts[1::2], parts[2::2], strict=True))
    return found


def fillers(folder: Path) -> Iterator[Filler]:
    """The fillers of slot 11 of all keys, in their order."""
    for path in sorted(folder.glob("key-dev-*")):
        for slots in _templates(path.read_text("latin-1")):
            if slots.get(1, ["*"])[0] == "*":
                continue
            about = tuple(name for n in (6, 9, 12, 18, 19) for line in slots.get(n, ()) for name in _names(line))
            for line in slots.get(11, ()):
                values = tuple(Surety(one) for one in re.findall("|".join(_VALUES), line.split('"')[0]))
                if values and _names(line):
                    yield Filler(slots[0][0].split()[0], slots[1][0], _names(line), values, line.startswith("?"), about)


def _templates(text: str) -> Iterator[dict[int, list[str]]]:
    for block in re.split(r"(?m)^(?=0\.  MESSAGE: ID)", text)[1:]:
        slots: dict[int, list[str]] = {}
        at = 0
        for line in block.splitlines():
            if line.startswith(";") or not line.strip():
                continue
            if found := re.match(r"(\d+)\. ", line):
                at = int(found.group(1))
                slots[at] = [line[34:].strip()]
            else:
                slots[at].append(line.strip())
        yield slots


def _names(line: str) -> tuple[str, ...]:
    return tuple(name.replace('\\"', '"') for name in re.findall(r'"((?:\\"|[^"])*)"', line))


def mentions_of(body: str, names: tuple[str, ...]) -> list[Named]:
    """Where a text has one of the names, white space apart; the longest name at each place."""
    found: list[Named] = []
    for name in sorted(names, key=lambda one: (-len(one), one)):
        pattern = r"(?<!\w)" + r"\s+".join(map(re.escape, name.split())) + r"(?!\w)"
        for match in re.finditer(pattern, body, re.IGNORECASE):
            if not any(one.start < match.end() and match.start() < one.end for one in found):
                found.append(Named(match.start(), match.end(), names[0]))
    return sorted(found, key=lambda one: one.start)


def given(filler: Filler, body: str) -> tuple[dict[str, float], Surety]:
    """A filler's features, and what the rules say alone."""
    words = surety_words("en")
    mentions = mentions_of(body, filler.names)
    about = [(one.start, one.end) for name in filler.about for one in mentions_of(body, (name,))]
    found = attributions(body, mentions, words)
    return features(body, mentions, filler.names[0], found, words, about), by_rules(found, about)


def confidence(body: str, name: str, about: list[tuple[int, int]]) -> str:
    """What the rules say of an organisation that a reader found, from all places where the text has its name."""
    return str(by_rules(attributions(body, mentions_of(body, (name,)), surety_words("en")), about)).lower()


def fold_of(document: str) -> int:
    """The fold of a document: its number modulo five."""
    return int(document.rsplit("-", 1)[1]) % FOLDS


def cross_validate(folder: Path, **options: float) -> dict[str, Any]:
    """Given the organisations of the key: rules, model and the majority value, by cross-validation over documents."""
    bodies = texts(folder)
    rows = [one for one in fillers(folder) if one.document in bodies and not one.optional]
    made = [given(one, bodies[one.document]) for one in rows]
    model: list[Surety] = [Surety.REPORTED] * len(rows)
    for fold in range(FOLDS):
        learned = train(
            [(made[i][0], row.values[0]) for i, row in enumerate(rows) if fold_of(row.document) != fold], **options
        )
        for i, row in enumerate(rows):
            if fold_of(row.document) == fold:
                model[i] = learned.judge(made[i][0])[0]
    said = {"always reported as fact": [Surety.REPORTED] * len(rows), "rules": [r for _, r in made], "model": model}
    documents = len({row.document for row in rows})
    return {"fillers": len(rows), "documents": documents, "by": {k: _scored(rows, v) for k, v in said.items()}}


def _scored(rows: list[Filler], said: list[Surety]) -> dict[str, Any]:
    right, gold, predicted = Counter[str](), Counter[str](), Counter[str]()
    for row, value in zip(rows, said, strict=True):
        good = value in row.values
        right[str(value)] += good
        gold[str(value if good else row.values[0])] += 1
        predicted[str(value)] += 1
    f1 = {v: round(2 * right[v] / (gold[v] + predicted[v]), 3) for v in sorted(gold)}
    return {
        "accuracy": round(sum(right.values()) / len(rows), 3),
        "macro F1": round(sum(f1.values()) / len(f1), 3),
        "F1": f1,
        "gold": dict(sorted(gold.items())),
    }


def keys(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The keys as templates by document, each with the organisations' allowed values; optional templates left out."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(folder.glob("key-dev-*")):
        for slots in _templates(path.read_text("latin-1")):
            document = found.setdefault(slots[0][0].split()[0], [])
            kind = slots.get(4, ["*"])[0].lower()
            if slots.get(1, ["*"])[0] == "*" or "optional" in slots[1][0].lower():
                continue
            values = {
                _names(line): frozenset(re.findall("|".join(_VALUES), line.split('"')[0])) for line in slots.get(11, ())
            }
            roles = {
                role: [list(_names(line)) for n in numbers for line in slots.get(n, ()) if _names(line)]
                for role, numbers in _SLOTS.items()
            }
            asked = [
                (names, values[names])
                for line in slots.get(11, ())
                if (names := _names(line)) and not line.startswith("?") and values[names]
            ]
            document.append({TYPE: kind, **roles, "asked": asked})
    return found


def score_files(said: Path, folder: Path, documents: frozenset[str]) -> dict[str, float]:
    """The score of a file of templates (JSON lines) against the keys of some documents."""
    read = {one["docid"]: one["templates"] for one in map(json.loads, said.read_text("utf-8").splitlines())}
    return score_confidence(read, {name: one for name, one in keys(folder).items() if name in documents})


def score_confidence(said: dict[str, list[dict[str, Any]]], gold: dict[str, list[dict[str, Any]]]) -> dict[str, float]:
    """Precision, recall and F of (organisation, value) over templates aligned as the template score aligns them.

    Args:
        said: by document, templates with `PerpOrg` as `[[words, ...], ...]` and `confidence: {PerpOrg: [value, ...]}`.
        gold: what `keys` gives. Organisations are compared as the template score does, by a normalised mention.
    """
    right = names_right = predicted = asked = 0
    for document, true in gold.items():
        read = said.get(document, [])
        predicted += sum(len(one["PerpOrg"]) for one in read)
        asked += sum(len(one["asked"]) for one in true)
        for row, column in align(read, true):
            for mentions, value in zip(read[row]["PerpOrg"], read[row]["confidence"]["PerpOrg"], strict=True):
                first = normalise(mentions[0] if isinstance(mentions[0], str) else mentions[0][0])
                fits = [good for names, good in true[column]["asked"] if first in map(normalise, names)]
                names_right += bool(fits)
                right += any(str(value).upper() in good for good in fits)
    scored = {
        name: _f1(number, predicted, asked) for name, number in (("", right), ("organisation alone ", names_right))
    }
    return {name + part: value for name, parts in scored.items() for part, value in parts.items()}


def _f1(right: int, predicted: int, asked: int) -> dict[str, float]:
    precision, recall = right / max(predicted, 1), right / max(asked, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"precision": round(precision, 3), "recall": round(recall, 3), "F": round(f1, 3)}
