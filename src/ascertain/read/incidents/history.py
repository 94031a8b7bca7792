"""What training knew of a phrase, of its last word and of its last two: how often each stood where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ascertain.read.incidents.candidates import Document
from ascertain.read.incidents.incident import ROLES
from ascertain.read.incidents.logistic import Floats

MOST_COUNTED = 50
PER_NAME = 1 + len(ROLES)
WIDTH = 3 * PER_NAME


def names(document: Document) -> list[tuple[str, str, str]]:
    """For each candidate: its words, its last stem, its last two stems; the prefixes keep the three apart."""
    found = []
    for key, places in zip(document.keys, document.places, strict=True):
        first, after = places[0]
        stems = document.words.stems[first:after]
        found.append(("s " + key, "h " + stems[-1], "2 " + "_".join(stems[-2:])))
    return found


@dataclass(frozen=True)
class History:
    """Counts by name: documents with the candidate, and documents where it filled each role."""

    rows: dict[str, int]
    counts: Floats

    @classmethod
    def of(cls, documents: Iterable[Document], answers: Iterable[Floats], *, least: int = 1) -> History:
        """Counts of documents with their answers (candidates × roles); names seen fewer than `least` times are left."""
        sums: dict[str, Floats] = {}
        for document, right in zip(documents, answers, strict=True):
            for three, roles in zip(names(document), right, strict=True):
                seen = np.concatenate([np.ones(1, np.float32), roles])
                for name in three:
                    sums[name] = sums[name] + seen if name in sums else seen
        kept = sorted(name for name, count in sums.items() if count[0] >= least)
        counts = np.array([sums[name] for name in kept], np.float32).reshape(len(kept), PER_NAME)
        return cls({name: row for row, name in enumerate(kept)}, counts)

    def read(self, document: Document) -> Floats:
        """Candidates × WIDTH: for each of the three names the count (at most 50) and the shares of the roles."""
        found = np.zeros((len(document.keys), WIDTH), np.float32)
        nothing = np.zeros(PER_NAME, np.float32)
        for row, three in enumerate(names(document)):
            for number, name in enumerate(three):
                known = self.rows.get(name)
                count = nothing if known is None else self.counts[known]
                low = number * PER_NAME
                found[row, low] = min(count[0], MOST_COUNTED)
                found[row, low + 1 : low + PER_NAME] = (count[1:] + 0.02) / (count[0] + 1)
        return found
