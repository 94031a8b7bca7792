"""Are dates read as they are said, and never sharper? Beside dateparser and ctparse, where they are installed.

    python benchmarks/read.py when
    python benchmarks/read.py when --split test

An invention is a date that no gold date lies in: another day, or one sharper than the words ("in April" as a day).
"""

from __future__ import annotations

import argparse
import csv
import datetime
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ascertain.errors import BadMoment
from ascertain.model.moment import parse_moment
from ascertain.read.when import find_moments

CASES = Path(__file__).parents[1] / "cases" / "dates"
_NOON = datetime.time(12)
Reader = Callable[[dict[str, str], datetime.date | None], list[str]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this part."""
    parser.add_argument("--split", choices=("dev", "test"), default="dev", help="which labelled phrases")
    parser.add_argument("--show-wrong", action="store_true", help="print each phrase that ours reads otherwise")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Read every phrase with every reader that is at hand."""
    with (CASES / f"{args.split}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    readers: dict[str, Reader] = {"ascertain": _ours, **_peers()}
    figures: dict[str, Any] = {"split": args.split, "readers": {}, "wrong": []}
    for name, reader in readers.items():
        figures["readers"][name] = _score(rows, reader, figures["wrong"] if name == "ascertain" else [])
    if not args.show_wrong:
        figures["wrong"] = []
    return figures


def _score(rows: list[dict[str, str]], reader: Reader, wrong: list[str]) -> dict[str, float]:
    counted = {"phrases": 0, "right": 0, "dates": 0, "found": 0, "read": 0, "inventions": 0, "seconds": 0.0}
    for row in rows:
        gold = [] if row["gold"] == "none" else row["gold"].replace("|", ";").split(";")
        written = datetime.date.fromisoformat(row["written"]) if row["written"] else None
        started = time.process_time()
        found = reader(row, written)
        counted["seconds"] += time.process_time() - started
        counted["phrases"] += 1
        counted["right"] += found == gold
        counted["dates"] += len(gold)
        counted["read"] += len(found)
        counted["found"] += sum(one in found for one in gold)
        counted["inventions"] += sum(_invented(one, gold) for one in found)
        if found != gold:
            wrong.append(f"{row['id']} {row['text']}: gold {gold}, read {found}")
    return counted


def _invented(found: str, gold: list[str]) -> bool:
    try:
        moment = parse_moment(found)
    except BadMoment:
        return True
    return not any(parse_moment(one).within(moment) for one in gold)


def _ours(row: dict[str, str], written: datetime.date | None) -> list[str]:
    return [when.edtf for when in find_moments(row["text"], row["language"], written, hemisphere=row["hemisphere"])]


def _peers() -> dict[str, Reader]:
    """The date libraries that are installed; each at its best: their periods are taken, not only their days."""
    found: dict[str, Reader] = {}
    try:
        from dateparser.date import DateDataParser
        from dateparser.search import search_dates
    except ImportError:
        pass
    else:
        found["dateparser"] = lambda row, written: _dateparser(row, written, search_dates, DateDataParser)
    try:
        from ctparse import ctparse
    except ImportError:
        pass
    else:
        found["ctparse"] = lambda row, written: _ctparse(row, written, ctparse)
    return found


def _dateparser(row: dict[str, str], written: datetime.date | None, search: Any, parser: Any) -> list[str]:
    settings: dict[str, Any] = {"PREFER_DATES_FROM": "past", "RETURN_TIME_AS_PERIOD": False}
    if written:
        settings["RELATIVE_BASE"] = datetime.datetime.combine(written, _NOON)
    hits = search(row["text"], languages=[row["language"]], settings=settings) or []
    reader = parser(languages=[row["language"]], settings=settings)
    told = []
    for words, moment in hits:
        period = reader.get_date_data(words).period or "day"
        told.append(moment.date().isoformat()[: {"year": 4, "month": 7}.get(period, 10)])
    return told


def _ctparse(row: dict[str, str], written: datetime.date | None, parse: Any) -> list[str]:
    base = datetime.datetime.combine(written or datetime.date(1970, 1, 1), _NOON)
    found = parse(row["text"], ts=base, timeout=1.0)
    if found is None or found.resolution is None:
        return []
    sides = [found.resolution]
    if hasattr(found.resolution, "t_from"):
        sides = [found.resolution.t_from, found.resolution.t_to]
    told = [_side(side) for side in sides if side is not None and getattr(side, "year", None)]
    return ["/".join(dict.fromkeys(told))] if told else []


def _side(side: Any) -> str:
    return "-".join(f"{part:02}" for part in (side.year, side.month, side.day) if part)


def show(figures: dict[str, Any]) -> str:
    """The table."""
    lines = [
        f"{figures['split']} split",
        "",
        "| reader | phrases | right | dates found | of | read | inventions | ms a phrase |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, one in figures["readers"].items():
        share, speed = one["right"] / one["phrases"], 1000 * one["seconds"] / one["phrases"]
        lines.append(
            f"| {name} | {one['phrases']} | {one['right']} ({share:.3f}) | {one['found']} | {one['dates']} | "
            f"{one['read']} | {one['inventions']} | {speed:.1f} |"
        )
    return "\n".join([*lines, *figures["wrong"]])
