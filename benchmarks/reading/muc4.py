"""MUC-4: train the reader of incidents on the development texts, read a file of texts, score any output.

The texts come in the format of `gtt/dev.json` (JSON lines: docid, doctext, templates), in a folder given by `--data`.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from ascertain.read.incidents import ROLES, Example, Incident, Model, parse_examples, read_incidents, train
from reading.muc4_score import TYPE, Score, score

PERPETRATORS = ("PerpInd", "PerpOrg")
CONFIDENCE = "reported as fact"
"""MUC-4's most frequent value; branch of surety decides it where that reader is there."""


def run(data: Path, test: Path, out: Path, *, with_dev: bool = True) -> dict[str, Any]:
    """Train, read the texts of `test`, write their templates to `out`.

    Args:
        data: the folder with `gtt/train.json` and `gtt/dev.json`.
        test: texts in the same format; templates in it are not looked at.
        out: JSON lines, one a document: docid, templates.
        with_dev: train on `gtt/dev.json` too. Documents of `test` are never trained on.
    """
    texts = [Example(example.docid, example.text) for example in _examples(test)]
    tested = {example.docid for example in texts}
    names = ("train.json", "dev.json") if with_dev else ("train.json",)
    examples = [e for name in names for e in _examples(data / "gtt" / name) if e.docid not in tested]
    began = time.process_time()
    model = train(examples)
    trained = time.process_time()
    written = write(texts, model, out)
    read = time.process_time()
    words = sum(len(example.text.split()) for example in texts)
    return {
        "trained on": len(examples),
        "held-out F1 of training": model.held_out_f1,
        "training, seconds of processor": trained - began,
        "documents": len(texts),
        "templates": written,
        "words a second": words / max(read - trained, 1e-9),
    }


def _examples(path: Path) -> list[Example]:
    with path.open(encoding="utf-8") as lines:
        return list(parse_examples(lines))


def write(texts: list[Example], model: Model, out: Path) -> int:
    """Write what the model reads; the number of templates."""
    number = 0
    with out.open("w", encoding="utf-8") as file:
        for example in texts:
            templates = [as_template(incident) for incident in read_incidents(example.text, model)]
            number += len(templates)
            file.write(json.dumps({"docid": example.docid, "templates": templates}, ensure_ascii=False) + "\n")
    return number


def as_template(incident: Incident) -> dict[str, Any]:
    """An incident in the format of the data, with a confidence for each perpetrator."""
    template: dict[str, Any] = {TYPE: incident.type}
    for role in ROLES:
        template[role] = [[[filler.words, filler.start]] for filler in incident.in_role(role)]
    template["confidence"] = {role: [CONFIDENCE] * len(template[role]) for role in PERPETRATORS}
    return template


def run_score(gold: Path, predicted: Path) -> Score:
    """The score of an output against templates of people."""
    return score(_templates(predicted), _templates(gold))


def _templates(path: Path) -> dict[str, list[dict[str, Any]]]:
    rows = (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())
    return {row["docid"]: row["templates"] for row in rows}


def show(figures: dict[str, Any]) -> None:
    """Print what a run gave."""
    for name, value in figures.items():
        print(f"{name:32} {value:,.3f}" if isinstance(value, float) else f"{name:32} {value:,}")


def show_score(found: Score) -> None:
    """Print precision, recall and F1 by slot and in all."""
    print(f"{'slot':14} {'predicted':>9} {'gold':>5} {'P':>6} {'R':>6} {'F1':>6}")
    for slot, tally in (*found.slots.items(), ("template", found.total)):
        figures = f"{100 * tally.precision:6.1f} {100 * tally.recall:6.1f} {100 * tally.f1:6.1f}"
        print(f"{slot:14} {tally.predicted:9} {tally.gold:5} {figures}")
