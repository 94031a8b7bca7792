"""MUC-4: train the reader of incidents on the development texts, read a file of texts, score any output.

    python benchmarks/read.py muc4 --data FOLDER
    python benchmarks/read.py muc4 --data FOLDER --test FILE --out FILE

The texts come in the format of `muc4/gtt/dev.json` (JSON lines: docid, doctext, templates); templates in FILE are not
looked at. Without `--test` the figures are of dev.json, trained on train.json.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from ascertain.read.incidents import ROLES, Example, Incident, Model, parse_examples, read_incidents, train
from reading.muc4_score import TYPE, score_files, score_table, show_table
from reading.surety_muc4 import confidence

PERPETRATORS = ("PerpInd", "PerpOrg")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of this part."""
    parser.add_argument("--test", type=Path, help="texts to read (default: muc4/gtt/dev.json, scored at once)")
    parser.add_argument("--out", type=Path, help="where to write templates, JSON lines")
    parser.add_argument("--with-dev", action="store_true", help="train on dev.json too (not shown to help)")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Train, read the texts, write their templates; score them when they are those of dev.json.

    Documents that are read are never trained on, so that without `--test` training is on train.json alone.
    """
    if args.data is None:
        raise FileNotFoundError("--data FOLDER, with muc4/gtt/train.json and dev.json")
    folder = args.data / "muc4" if (args.data / "muc4").is_dir() else args.data
    dev = folder / "gtt" / "dev.json"
    test = args.test or dev
    with tempfile.TemporaryDirectory() as here:
        out = args.out or Path(here) / "templates.jsonl"
        figures = read_file(folder, test, out, with_dev=args.with_dev)
        if args.test is None:
            figures["slots"] = score_table(score_files(dev, out))
    return figures


def read_file(folder: Path, test: Path, out: Path, *, with_dev: bool) -> dict[str, Any]:
    """Train on `gtt/train.json` (and `dev.json`), read the texts of `test`, write their templates to `out`."""
    texts = [Example(example.docid, example.text) for example in _examples(test)]
    tested = {example.docid for example in texts}
    names = ("train.json", "dev.json") if with_dev else ("train.json",)
    examples = [e for name in names for e in _examples(folder / "gtt" / name) if e.docid not in tested]
    began = time.process_time()
    model = train(examples)
    trained = time.process_time()
    written = write(texts, model, out)
    read = time.process_time()
    words = sum(len(example.text.split()) for example in texts)
    return {
        "trained on": len(examples),
        "held-out F1 of training": round(model.held_out_f1, 4),
        "training, seconds of processor": round(trained - began, 1),
        "documents": len(texts),
        "templates": written,
        "words a second": round(words / max(read - trained, 1e-9)),
    }


def _examples(path: Path) -> list[Example]:
    with path.open(encoding="utf-8") as lines:
        return list(parse_examples(lines))


def write(texts: list[Example], model: Model, out: Path) -> int:
    """Write what the model reads; the number of templates."""
    number = 0
    with out.open("w", encoding="utf-8") as file:
        for example in texts:
            templates = [as_template(incident, example.text) for incident in read_incidents(example.text, model)]
            number += len(templates)
            file.write(json.dumps({"docid": example.docid, "templates": templates}, ensure_ascii=False) + "\n")
    return number


def as_template(incident: Incident, text: str) -> dict[str, Any]:
    """An incident in the format of the data, with a confidence for each perpetrator."""
    about = [(one.start, one.end) for one in incident.fillers if one.role not in PERPETRATORS]
    template: dict[str, Any] = {TYPE: incident.type}
    for role in ROLES:
        template[role] = [[[filler.words, filler.start]] for filler in incident.in_role(role)]
    template["confidence"] = {
        role: [confidence(text, one.words, about) for one in incident.in_role(role)] for role in PERPETRATORS
    }
    return template


def show(figures: dict[str, Any]) -> str:
    """The figures as lines."""
    lines = [f"{name:32} {value}" for name, value in figures.items() if name != "slots"]
    return "\n".join([*lines, show_table(figures["slots"])] if "slots" in figures else lines)
