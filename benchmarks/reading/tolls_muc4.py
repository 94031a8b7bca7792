"""Numbers of killed and injured in the MUC-4 development documents, beside those of their keys.

A second development measure, of documents and not of sentences. The keys (HUM TGT: NUMBER and EFFECT) hold the numbers
of the templates' incidents only: a toll of a war, of soldiers in battle, or of an incident that is no template is in no
key, so that the precision here is a lower bound. Numbers of one are left out: most are names. Some numbers of the keys
stand in no sentence: they are sums, or lists of names. The test documents are not used.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from ascertain.read.sentences import sentences
from ascertain.read.tolls import Role, find_tolls

Pair = tuple[str, int]
_KIND: Final = {"DEATH": "killed", "INJURY": "injured"}
_SLOT = re.compile(r"^(\d+)\.\s+([A-Z :]+?)\s{2,}(.*)$")
_VALUE = re.compile(r'^\??\s*([^:"]+?):\s*(.*)$')


def measure(data: Path) -> dict[str, Any]:
    """Recall and precision of (kind, number) pairs by document; `data` is the folder that holds `muc4`."""
    folder = data / "muc4" / "raw" / "dev"
    if not list(folder.glob("key-dev-*")):
        raise FileNotFoundError(f"no MUC-4 keys in {folder}")
    keys = _keys(folder)
    totals: Counter[str] = Counter()
    for name, text in _documents(folder):
        told, gold = _told(text), keys.get(name, set())
        totals.update(documents=1, keyed=len(gold), told=len(told), right=len(gold & told))
        other = {"killed": "injured", "injured": "killed"}
        totals["swapped"] += sum((other[kind], number) in told and (kind, number) not in told for kind, number in gold)
    return {
        "documents": totals["documents"],
        "numbers of two or more in the keys": totals["keyed"],
        "found": round(totals["right"] / totals["keyed"], 3),
        "numbers told": totals["told"],
        "of them in the keys": round(totals["right"] / max(totals["told"], 1), 3),
        "killed and injured swapped": totals["swapped"],
    }


def _told(text: str) -> set[Pair]:
    found = set()
    for start, end in sentences(text):
        for toll in find_tolls(text, start, end, "en"):
            if toll.kind in _KIND.values() and toll.count.stated > 1 and toll.role is not Role.EARLIER:
                found.add((str(toll.kind), toll.count.stated))
    return found


def _documents(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.glob("dev-muc3-*")):
        for part in re.split(r"(?m)^(?=DEV-MUC3-\d{4})", path.read_text("latin-1")):
            if part.startswith("DEV-MUC3-"):
                body = part.partition("\n")[2]
                paragraphs = re.split(r"\n\s*\n", body)
                yield part[:13], "\n\n".join(" ".join(one.split()) for one in paragraphs)


def _keys(folder: Path) -> dict[str, set[Pair]]:
    found: dict[str, set[Pair]] = {}
    for path in sorted(folder.glob("key-dev-*")):
        for template in re.split(r"(?m)^(?=0\.\s+MESSAGE: ID)", path.read_text("latin-1")):
            slots = _slots(template)
            name = slots.get("0", [""])[0][:13]
            found.setdefault(name, set()).update(_pairs(slots.get("21", []), slots.get("23", [])))
    return found


def _slots(template: str) -> dict[str, list[str]]:
    slots: dict[str, list[str]] = {}
    number = ""
    for line in template.splitlines():
        if line.startswith(";"):
            continue
        if head := _SLOT.match(line):
            number = head.group(1)
            slots[number] = [head.group(3).strip()]
        elif line.startswith(" ") and number:
            slots[number].append(line.strip())
    return slots


def _pairs(numbers: list[str], effects: list[str]) -> Iterator[Pair]:
    of = {whose: number for number, whose in _values(numbers)}
    for effect, whose in _values(effects):
        number = of.get(whose, "")
        if effect in _KIND and number.isdigit() and int(number) > 1:
            yield _KIND[effect], int(number)


def _values(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        if found := _VALUE.match(line):
            yield found.group(1).strip(), found.group(2).split(" / ")[0].strip()
