"""Do French and Arabic say the same as English? Frames and slots on sentences written for this."""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml

import ascertain
from ascertain.jobs.items import Failure
from ascertain.model.claim import Claim
from ascertain.model.vocabulary import kinds_of_attack

CASES = Path(__file__).parents[1] / "cases" / "languages" / "sentences.yaml"
FRAMES = {"finding": "finding", "attack": "attack", "toll": "estimate", "denial": "denial", "guarantor": "commitment"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this part."""
    parser.add_argument("--split", choices=("development", "test"), help="only these sentences")
    parser.add_argument("--show-wrong", action="store_true", help="print each sentence that is read otherwise")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Read each sentence as a file of its own, into a fresh record of syria-cw."""
    cases = [one for one in yaml.safe_load(CASES.read_text("utf-8")) if args.split in (None, one["split"])]
    counted: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        inquiry = ascertain.new(Path(folder) / "record", reference="syria-cw")
        for number, case in enumerate(cases):
            path = Path(folder) / f"{number}.txt"
            path.write_text(case["text"] + "\n", "utf-8")
            (done,) = inquiry.read_each([str(path)], ascertain.Given(published="2018-09-03"))
            claims = () if isinstance(done, Failure) else done.read.claims
            faults = _score(case, claims, counted[f"{case['language']} {case['split']}"])
            wrong += [f"{case['language']}: {case['text']} — {fault}" for fault in faults]
    return {"parts": {part: dict(numbers) for part, numbers in sorted(counted.items())}, "wrong": wrong}


def _score(case: dict[str, Any], claims: tuple[Claim, ...], counted: dict[str, int]) -> list[str]:
    counted["sentences"] += 1
    if case["frame"] == "none":
        found = [claim for claim in claims if claim.frame.value in FRAMES.values() and claim.modality != "hypothetical"]
        counted["nothing to read"] += 1
        counted["read though there was nothing"] += bool(found)
        return [f"read as {claim.frame}" for claim in found]
    wanted = [claim for claim in claims if claim.frame == FRAMES[case["frame"]]]
    counted["frames"] += 1
    counted["frames found"] += bool(wanted)
    faults = [] if wanted else [f"no {case['frame']}"]
    for slot, value in case["slots"].items():
        for one in str(value).split("|"):
            counted["slots"] += 1
            right = any(_fits(claim, slot, one) for claim in wanted)
            counted["slots right"] += right
            faults += [] if right else [f"{slot} {one}"]
    return faults


def _fits(claim: Claim, slot: str, value: str) -> bool:
    if slot == "type":
        return any(value in kinds_of_attack(found) for found in claim.values("type"))
    if slot in ("killed", "injured"):
        return value in claim.values(slot) or (claim.value("measure") == slot and value in claim.values("count"))
    return value in claim.values(slot)


def show(result: dict[str, Any]) -> str:
    """The figures as a table."""
    lines = [
        "| language, split | sentences | frames found | slots right | read though there was nothing |",
        "|---|---|---|---|---|",
    ]
    for part, n in result["parts"].items():
        nothing = f"{n.get('read though there was nothing', 0)} of {n.get('nothing to read', 0)}"
        frames, slots = f"{n['frames found']} of {n['frames']}", f"{n['slots right']} of {n['slots']}"
        lines.append(f"| {part} | {n['sentences']} | {frames} | {slots} | {nothing} |")
    return "\n".join([*lines, "", *result["wrong"]])
