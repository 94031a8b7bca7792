"""Are the places of a sentence found, and how far off? On the shipped gazetteer of Syria and the reference's places.

    python benchmarks/read.py places

The sentences were written beside the rules: a development set, no measure of unseen text.
"""

from __future__ import annotations

import argparse
import csv
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

import ascertain
from ascertain.read.places import FoundPlace, Gazetteer, find_places
from ascertain.read.places.geometry import distance_km

CASES = Path(__file__).parents[1] / "cases" / "places" / "places.csv"
_MEGABYTE = 1_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this part."""
    parser.add_argument("--show-wrong", action="store_true", help="print each sentence that is read otherwise")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Read every sentence; then a text of a megabyte made of them."""
    with tempfile.TemporaryDirectory() as folder:
        inquiry = ascertain.new(Path(folder) / "record", reference="syria-cw")
        inquiry.gazetteers.take_in_syria()
        started = time.process_time()
        gazetteer = inquiry.gazetteers.open()
        built = time.process_time() - started
    with CASES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    figures = _score(rows, gazetteer, args.show_wrong)
    figures["names in the gazetteer"], figures["seconds to build"] = len(gazetteer), round(built, 2)
    return {**figures, **_speed(rows, gazetteer)}


def _score(rows: list[dict[str, str]], gazetteer: Gazetteer, show_wrong: bool) -> dict[str, Any]:
    points = {gazetteer.row(n).id: gazetteer.row(n) for n in range(len(gazetteer))}
    gold_number = found_number = read = right = whole = 0
    errors: list[float] = []
    precisions: list[float] = []
    wrong = []
    for row in rows:
        gold = [] if row["gold"] == "none" else row["gold"].split(";")
        places = find_places(row["text"], gazetteer, row["language"])
        matched = [place for place, ids in zip(places, gold, strict=False) if _right(place, ids)]
        gold_number += len(gold)
        found_number += min(len(gold), len(places))
        read += len(places)
        right += len(matched)
        precisions += [place.precision_km for place in places]
        for place, ids in zip(places, gold, strict=False):
            known = points.get(ids.split("|")[0])
            if known is not None and not place.relation:
                errors.append(distance_km((known.lat, known.lon), (place.lat, place.lon)))
        good = len(places) == len(gold) == len(matched)
        whole += good
        if not good and show_wrong:
            wrong.append(f"{row['id']} {row['text']}: gold {gold}, read {[(p.name, p.id) for p in places]}")
    return {
        "sentences": len(rows), "sentences right": whole, "places": gold_number, "found": found_number, "read": read,
        "right": right, "recall": round(right / gold_number, 3), "precision": round(right / read, 3),
        "median km off": round(sorted(errors)[len(errors) // 2], 1), "largest km off": round(max(errors), 1),
        "median radius km": round(sorted(precisions)[len(precisions) // 2], 1), "wrong": wrong,
    }  # fmt: skip


def _right(place: FoundPlace, ids: str) -> bool:
    match ids:
        case "@":
            return place.relation == "coordinates"
        case "*":
            return place.relation in ("between", "road")
    return place.id in ids.split("|")


def _speed(rows: list[dict[str, str]], gazetteer: Gazetteer) -> dict[str, Any]:
    """One sentence in ten names places, the others none, as in a report."""
    plain = "Officials said that the shelling lasted several hours and that residents had left their homes. "
    pieces = [f"{row['text']} {plain * 9}" for row in rows if row["language"] == "en"]
    text = "".join(pieces * (_MEGABYTE // sum(map(len, pieces)) + 1))[:_MEGABYTE]
    started = time.process_time()
    names = gazetteer.find(text)
    middle = time.process_time()
    places = find_places(text, gazetteer)
    return {
        "names in a megabyte": len(names), "seconds for names": round(middle - started, 2),
        "places in a megabyte": len(places), "seconds for places": round(time.process_time() - middle, 2),
        "peak memory MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }  # fmt: skip


def show(figures: dict[str, Any]) -> str:
    """The figures, one a line."""
    lines = [f"| {name} | {value} |" for name, value in figures.items() if name != "wrong"]
    return "\n".join(["| | |", "| --- | --- |", *lines, *figures["wrong"]])
