"""Who says that somebody did it, and how surely: sentences written for this, and MUC-4's perpetrator confidence."""

from __future__ import annotations

import argparse
import re
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from ascertain.model.claim import Modality
from ascertain.read.surety import Attribution, Named, attributions, surety_words
from reading.surety_end_to_end import end_to_end
from reading.surety_muc4 import cross_validate

CASES = Path(__file__).parents[1] / "cases" / "surety" / "sentences.yaml"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this part."""
    parser.add_argument("--split", choices=("development", "test"), help="only these sentences")
    parser.add_argument("--end-to-end", action="store_true", help="train a reader of incidents too: some minutes")
    parser.add_argument("--show-wrong", action="store_true", help="print each sentence that is read otherwise")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """The labelled sentences; MUC-4's perpetrator confidence where the data are at hand."""
    splits = (args.split,) if args.split else ("development", "test")
    read = {split: _sentences(split) for split in splits}
    result: dict[str, Any] = {"sentences": read, "show_wrong": args.show_wrong}
    keys = args.data / "muc4" / "raw" / "dev" if args.data else None
    if keys is not None and keys.is_dir():
        result["muc4, organisations given"] = cross_validate(keys)
    if args.end_to_end and args.data:
        result["muc4, end to end"] = end_to_end(args.data)
    return result


def _sentences(split: str) -> dict[str, Any]:
    cases = [one for one in yaml.safe_load(CASES.read_text("utf-8")) if one["split"] == split]
    right: Counter[str] = Counter()
    wrong = []
    for case in cases:
        read = _read(case)
        told = next((one for one in read if one.modality is not Modality.DENIED), read[0] if read else None)
        denial = next((one for one in read if one.modality is Modality.DENIED and one is not told), None)
        checks = _checks(case, told, denial)
        right.update(name for name, good in checks.items() if good)
        right["all"] += all(checks.values())
        if not all(checks.values()):
            wrong.append(f"{case['text']} — {', '.join(k for k, v in checks.items() if not v)}: {_said(told, denial)}")
    return {"sentences": len(cases), "right": dict(right), "wrong": wrong}


def _read(case: dict[str, Any]) -> list[Attribution]:
    who = case["who"]
    mentions = [Named(m.start(), m.end(), who) for m in re.finditer(re.escape(who), case["text"], re.IGNORECASE)]
    found = attributions(case["text"], mentions, surety_words("en"))
    first = case["text"].index(who)
    return [one for one in found if one.actor.start == first]


def _checks(case: dict[str, Any], told: Attribution | None, denial: Attribution | None) -> dict[str, bool]:
    if told is None:
        return dict.fromkeys(("surety", "modality", "sources", "kinds"), False)
    words = [_bare(one.span.text) for one in told.sources]
    wanted = [_bare(one["words"]) for one in case["sources"]]
    checks = {
        "surety": told.surety == case["surety"],
        "modality": told.modality == case["modality"],
        "sources": words == wanted,
        "kinds": [str(one.kind) for one in told.sources] == [one["kind"] for one in case["sources"]],
    }
    if "denied_by" in case or denial is not None:
        said = [_bare(one.span.text) for one in denial.sources][-1:] if denial else []
        checks["denial"] = said == [_bare(case.get("denied_by", ""))]
    return checks


def _bare(words: str) -> str:
    return re.sub(r"^(the|a|an) ", "", words.lower())


def _said(told: Attribution | None, denial: Attribution | None) -> str:
    parts = [
        f"{one.modality}/{one.surety.lower()}/{[(s.span.text, str(s.kind)) for s in one.sources]}"
        for one in (told, denial)
        if one
    ]
    return " + ".join(parts)


def show(result: dict[str, Any]) -> str:
    """The figures as a table."""
    lines = [
        "| sentences | number | surety | modality | sources in order | kinds of sources | all |",
        "|---|---|---|---|---|---|---|",
    ]
    for split, part in result["sentences"].items():
        n, right = part["sentences"], part["right"]
        cells = " | ".join(
            f"{right.get(k, 0)} ({right.get(k, 0) / n:.0%})" for k in ("surety", "modality", "sources", "kinds", "all")
        )
        lines.append(f"| {split} | {n} | {cells} |")
    if given := result.get("muc4, organisations given"):
        lines += ["", f"{given['fillers']} fillers of MUC-4 in {given['documents']} documents, organisations given", ""]
        values = list(given["by"]["model"]["F1"])
        lines += [f"| | accuracy | macro F1 | {' | '.join(values)} |", "|---" * (len(values) + 3) + "|"]
        for name, one in given["by"].items():
            f1 = " | ".join(f"{one['F1'].get(value, 0):.2f}" for value in values)
            lines.append(f"| {name} | {one['accuracy']:.1%} | {one['macro F1']:.3f} | {f1} |")
    if found := result.get("muc4, end to end"):
        lines += ["", f"end to end, {found['documents']} documents of one fold", ""]
        lines += [f"{name}: {found[name]}" for name in ("rules", "always reported as fact")]
    if result["show_wrong"]:
        lines += ["", *(line for part in result["sentences"].values() for line in part["wrong"])]
    return "\n".join(lines)
