"""Features of sentences (with those beside them) and of whole documents."""

from __future__ import annotations

from itertools import pairwise

from ascertain.read.incidents.features import step
from ascertain.read.incidents.words import Words

OPENING = 60
"""Words of a text's beginning that count apart: a report says first what it reports."""


def sentence_features(words: Words) -> list[list[str]]:
    """One row a sentence: its words, pairs, pairs with a gap, and the words of its neighbours."""
    rows = []
    for number, (low, high) in enumerate(pairwise(words.bounds)):
        stems, tags = words.stems[low:high], words.tags[low:high]
        row = ["u=" + stem for stem in stems]
        row += [f"b={one}_{two}" for one, two in pairwise(stems)]
        row += [f"k={one}_{two}" for one, two in zip(stems, stems[2:], strict=False)]
        row += [f"t={stem}{tag[:3]}" for stem, tag in zip(stems, tags, strict=True)]
        if number > 0:
            row += ["P=" + stem for stem in words.stems[words.bounds[number - 1] : low]]
        if number + 1 < words.sentences:
            row += ["N=" + stem for stem in words.stems[high : words.bounds[number + 2]]]
        row.append(f"si={step(number, (1, 2, 3, 5, 8, 13, 20))}")
        rows.append(row)
    return rows


def document_features(words: Words) -> list[str]:
    """One row: words, pairs of words, and the words of the beginning."""
    row = ["u=" + stem for stem in words.stems]
    row += [f"b={one}_{two}" for one, two in pairwise(words.stems)]
    return row + ["f=" + stem for stem in words.stems[:OPENING]]
