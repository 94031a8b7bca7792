"""PETRARCH2's own validation suite: which of its actor and event codes does the reader find, and why not the others?

The suite's sentences are coded by a dictionary made for testing: many of its codes are of WEIS, not of CAMEO, and some
of no scheme. The reader codes no diplomacy. So the figures say how far apart the two are, not which is better.
PETRARCH2 itself is not run: its suite is its own expected output.
"""

from __future__ import annotations

import argparse
import csv
import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ascertain.model.claim import Modality
from ascertain.model.vocabulary import kinds_of_attack
from ascertain.read.events.lexicon import event_words
from ascertain.read.events.mention import Mention
from ascertain.read.events.sentence import read_sentence
from ascertain.read.names import NameIndex
from ascertain.read.sentences import sentences
from ascertain.read.surety import Attribution, Named, Surety, attributions, surety_words
from ascertain.read.tokens import tokenize

CAMEO = Path(__file__).parents[1] / "cases" / "cameo.csv"
FORCE = ("18", "19", "20")
ACCUSED = frozenset({Surety.ACCUSED, Surety.ACCUSED_BY_AUTHORITIES})


@dataclass(frozen=True)
class Record:
    """A sentence of the suite with its date and its events as (source, target, code)."""

    id: str
    date: str
    text: str
    events: tuple[tuple[str, str, str], ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this part."""
    parser.add_argument("--show-wrong", action="store_true", help="print each event of force that is not found")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Every expected event of the suite against what is read of its sentence."""
    if args.data is None:
        raise FileNotFoundError("--data FOLDER, with petrarch2")
    folder = args.data / "petrarch2" / "petrarch2" / "data"
    records = list(read_records(folder / "text" / "PETR.UnitTest.records.xml"))
    names = actors(folder / "dictionaries" / "PETR.Validate.actors.txt")
    index = NameIndex(("actor", name, name) for name in names)
    mapping = {row["ours"]: row["cameo"] for row in csv.DictReader(CAMEO.open(encoding="utf-8"))}
    classes: dict[str, Counter[str]] = defaultdict(Counter)
    coded, missed = Counter[str](), []
    for record in records:
        found = _named(record, index, names)
        read = _codes(record, found, mapping)
        coded["sentences without an event"] += not record.events
        coded["of them read as an event"] += not record.events and bool(read)
        for source, target, code in record.events:
            for role, actor in (("source", source), ("target", target)):
                _count_actor(coded, role, actor, {one for _, one in found})
            kind = _class(code, record.text)
            classes[kind]["events"] += 1
            classes[kind]["root found"] += code[:2] in {one[:2] for one in read}
            if kind == "force (18 to 20)" and code[:2] not in {one[:2] for one in read}:
                missed.append(f"{record.id}: {code} {record.text} — read: {sorted(read) or 'nothing'}")
    return {
        "sentences": len(records),
        "coded": dict(coded),
        "classes": {name: dict(number) for name, number in sorted(classes.items())},
        "missed": missed if args.show_wrong else [],
    }


def read_records(path: Path) -> Iterator[Record]:
    """The sentences of the suite; comments are left out, events marked as errors are none."""
    text = re.sub(r"<!--.*?-->", "", path.read_text("utf-8", errors="replace"), flags=re.DOTALL)
    for found in re.finditer(r"<Sentence ([^>]*)>(.*?)</Sentence>", text, re.DOTALL):
        given = dict(re.findall(r'(\w+)\s*=\s*"([^"]*)"', found.group(1)))
        words = re.search(r"<Text>(.*?)</Text>", found.group(2), re.DOTALL)
        events = []
        for event in re.findall(r"<EventCoding ([^>]*)>", found.group(2)):
            parts = dict(re.findall(r'(\w+)\s*=\s*"([^"]*)"', event))
            if "eventcode" in parts:
                events.append((parts.get("sourcecode", ""), parts.get("targetcode", ""), parts["eventcode"]))
        body = " ".join(html.unescape(words.group(1)).split()) if words else ""
        yield Record(given.get("id", ""), given.get("date", ""), body, tuple(events))


def actors(path: Path) -> dict[str, list[str]]:
    """Names of the dictionary and their codes, the dates of a code left aside."""
    codes: dict[str, list[str]] = {}
    same: list[str] = []
    for line in re.sub(r"<!--.*?-->", "", path.read_text("latin-1"), flags=re.DOTALL).splitlines():
        plain = line.split("#")[0].rstrip()
        name = plain.split("[")[0].strip().lstrip("+").replace("_", " ").strip()
        if name:
            same = [*same, name] if plain.startswith("+") else [name]
        for code in re.findall(r"\[([^\]]*)\]", plain):
            for one in same:
                codes.setdefault(one, []).append(code.split()[0].upper())
        if plain.startswith("+") and "[" not in plain and len(same) > 1:
            codes.setdefault(name, []).extend(codes.get(same[0], []))
    return codes


def _named(record: Record, index: NameIndex, names: dict[str, list[str]]) -> list[tuple[Mention, str]]:
    tokens = tokenize(record.text)
    return [
        (Mention("actor", one.names[0].value, tokens[one.first].start, tokens[one.last - 1].end), code)
        for one in index.find(tokens)
        for code in names[one.names[0].value][:1]
    ]


def _codes(record: Record, found: list[tuple[Mention, str]], mapping: dict[str, str]) -> set[str]:
    """CAMEO codes of what is read: attacks by their type or a wider one, accusations and denials of a named actor."""
    codes = set()
    words = event_words("en")
    for start, end in sentences(record.text):
        inside = [one for one, _ in found if start <= one.start < end]
        for told in read_sentence(record.text, start, end, words, inside).told:
            codes |= set([mapping[kind] for kind in kinds_of_attack(told.trigger.type) if kind in mapping][:1])
    named = [Named(one.start, one.end, one.value) for one, _ in found]
    for said in attributions(record.text, named, surety_words("en")):
        codes |= _of_attribution(said, mapping)
    return codes


def _of_attribution(said: Attribution, mapping: dict[str, str]) -> set[str]:
    if said.modality is Modality.DENIED and said.sources:
        return {mapping["denial"]}
    return {mapping["accusation"]} if said.surety in ACCUSED and said.sources else set()


def _count_actor(coded: Counter[str], role: str, actor: str, found: set[str]) -> None:
    coded[f"{role}s"] += 1
    coded[f"{role}s, whole code found"] += actor in found
    coded[f"{role}s, first three letters found"] += actor[:3] in {code[:3] for code in found}


def _class(code: str, text: str) -> str:
    root = code[:2]
    if not code.isdigit() or not 1 <= int(root) <= 20:
        return "of no CAMEO root (WEIS, test codes)"
    if code[:3] == "191" and re.search(r"postpone|delay|downplay", text):
        return "of no CAMEO root (WEIS, test codes)"
    if root in FORCE:
        return "force (18 to 20)"
    if root in ("11", "12"):
        return "disapproval, accusation, rejection (11, 12)"
    return "statements and cooperation (01 to 10)" if root <= "10" else "protest, threat, coercion (13 to 17)"


def show(result: dict[str, Any]) -> str:
    """The figures as tables."""
    lines = [f"{result['sentences']} sentences", "", "| expected events | number | root code read |", "|---|---|---|"]
    for name, number in result["classes"].items():
        lines.append(f"| {name} | {number['events']} | {number.get('root found', 0)} |")
    lines += ["", *(f"{name:40} {number}" for name, number in result["coded"].items())]
    return "\n".join([*lines, "", *result["missed"]])
