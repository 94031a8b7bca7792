"""Builds the package data of the entity labeller (src/ascertain/read/entities/data).

    python scripts/entities_data.py senses FOLDER    noun_senses.txt, from WordNet 3.0's data.noun and index.noun
    python scripts/entities_data.py model            re3d.npz, from benchmarks/data/re3d

WordNet: Debian's package `wordnet-base` has both files in /usr/share/wordnet. The same input gives the same file.
"""

from __future__ import annotations

import sys
from pathlib import Path

from ascertain.read.entities import read_annotated, save_model, train_entities

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "src" / "ascertain" / "read" / "entities" / "data"
TRAINING = ROOT / "benchmarks" / "data" / "re3d"

# The lexicographer files of nouns: wnintro, lexnames(5WN).
CLASSES = (
    "tops act animal artifact attribute body cognition communication event feeling food group location motive object "
    "person phenomenon plant possession process quantity relation shape state substance time"
).split()
FIRST_CLASS = 3
# Rare words of these classes never head a mention; WordNet has ten thousand of them.
ONLY_IF_COMMON = frozenset("animal body feeling food motive plant process relation shape substance".split())
HEADER = """\
# Each noun's class: that of its most frequent sense in WordNet 3.0. Built by scripts/entities_data.py.
# WordNet 3.0 Copyright 2006 by Princeton University. All rights reserved. The licence is in NOTICE.txt.
"""


def build_senses(wordnet: Path) -> str:
    """The file's text: a class a line, with its nouns."""
    lines = (wordnet / "data.noun").read_text("utf-8").splitlines()
    classes = {line[:8]: CLASSES[int(line[9:11]) - FIRST_CLASS] for line in lines if not line.startswith(" ")}
    nouns: dict[str, list[str]] = {name: [] for name in sorted(CLASSES)}
    for line in (wordnet / "index.noun").read_text("utf-8").splitlines():
        noun, *rest = line.split()
        if line.startswith(" ") or not noun.isalpha():
            continue
        senses = int(rest[1])
        common = int(rest[-1 - senses]) > 0
        name = classes[rest[-senses]]
        if common or name not in ONLY_IF_COMMON:
            nouns[name].append(noun)
    return HEADER + "".join(f"{name}: {' '.join(sorted(found))}\n" for name, found in nouns.items())


def main(arguments: list[str]) -> None:
    """Write the file that is asked for."""
    match arguments:
        case ["senses", folder]:
            (DATA / "noun_senses.txt").write_text(build_senses(Path(folder)), "utf-8")
        case ["model"]:
            (DATA / "re3d.npz").write_bytes(save_model(train_entities(read_annotated(TRAINING), name="re3d")))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
