"""Rows of the second stage: what is known of "this candidate fills this role in an incident of this type"."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ascertain.read.incidents.candidates import Document
from ascertain.read.incidents.incident import ROLES
from ascertain.read.incidents.logistic import Floats
from ascertain.read.incidents.relations import Neighbours, nesting, relations
from ascertain.read.incidents.signals import Signals

Integers = npt.NDArray[np.intp]
LEAST_ROLE = np.log(0.01 / 0.99)
LEAST_TYPE = np.log(0.04 / 0.96)
"""Log odds below which a candidate or a type is not looked at again."""


@dataclass(frozen=True)
class Rows:
    """Rows of one document: candidate, role and type of each, and its features."""

    candidate: Integers
    role: Integers
    type: Integers
    features: Floats


def evidence(document: Document, signals: Signals) -> Rows:
    """The rows worth a look of a document."""
    types = len(signals.document) - 1
    pairs = signals.candidates > LEAST_ROLE
    candidate, role = np.nonzero(pairs)
    likely = np.flatnonzero(signals.document[:types] > LEAST_TYPE)
    kind = np.tile(likely, len(candidate))
    candidate, role = np.repeat(candidate, len(likely)), np.repeat(role, len(likely))
    return Rows(candidate, role, kind, _features(document, signals, candidate, role, kind))


def _features(document: Document, signals: Signals, candidate: Integers, role: Integers, kind: Integers) -> Floats:
    types, odds = len(signals.document) - 1, signals.candidates
    own = _of_candidates(document, signals)
    neighbours = Neighbours(document)
    per_role = np.concatenate([relations(document, odds, neighbours), nesting(document, odds, neighbours)], 2)
    width = signals.sentences.shape[1]
    best, first = own[:, :width], own[:, width : 2 * width]
    whole = signals.sentences.max(0)
    others = np.where(np.eye(types, dtype=bool), -np.inf, signals.document[:types]).max(1) if types > 1 else np.zeros(1)
    columns = [
        role[:, None],
        kind[:, None],
        odds[candidate, role][:, None],
        odds[candidate],
        per_role[candidate, role],
        best[candidate, kind][:, None],
        first[candidate, kind][:, None],
        whole[kind][:, None],
        signals.document[kind][:, None],
        (signals.document[kind] - others[kind])[:, None],
        (best[candidate, kind] - best[candidate, :types].max(1))[:, None],
        best[candidate, types + role][:, None],
        first[candidate, types + role][:, None],
        own[candidate],
        np.tile(np.concatenate([whole[:types], signals.document]), (len(candidate), 1)),
    ]
    return np.concatenate(columns, 1).astype(np.float32)


def _of_candidates(document: Document, signals: Signals) -> Floats:
    """Candidates × what does not depend on role and type: their sentences, their form, their history."""
    words = document.words
    rows = np.zeros((len(document.keys), 2 * signals.sentences.shape[1] + 7), np.float32)
    for number, places in enumerate(document.places):
        sentences = sorted({words.sentence[first] for first, _ in places})
        first, after = places[0]
        tags = words.tags[first:after]
        form = (len(places), sentences[0], words.sentences, after - first, tags[0] == "CD", len(document.keys[number]))
        names = sum(tag == "NNP" for tag in tags) / len(tags)
        of_sentences = signals.sentences[sentences]
        rows[number] = np.concatenate([of_sentences.max(0), of_sentences[0], np.array([*form, names])])
    return np.concatenate([rows, signals.history], 1)


def best_by_role(rows: Rows, odds: Floats, types: int, number: int) -> Floats:
    """Types × roles × number: the highest log odds of the document's rows, −6 where there are fewer."""
    found = np.full((types, len(ROLES), number), -6, np.float32)
    for kind in range(types):
        for role in range(len(ROLES)):
            values = np.sort(odds[(rows.type == kind) & (rows.role == role)])[::-1][:number]
            found[kind, role, : len(values)] = values
    return found


def template_features(rows: Rows, odds: Floats, signals: Signals) -> Floats:
    """Types × features of "the document tells of an incident of this type"."""
    types = len(signals.document) - 1
    best = best_by_role(rows, odds, types, 3)
    sentences, whole = signals.sentences, signals.sentences.max(0)
    found = []
    for kind in range(types):
        column = np.sort(sentences[:, kind])[::-1]
        three = np.concatenate([column[:3], np.full(3, -9)])[:3]
        others = np.delete(signals.document[:types], kind)
        summary = [
            np.logaddexp.reduce(column),
            sentences[:3, kind].max(),
            (column > -1).sum(),
            signals.document[kind] - (others.max() if len(others) else 0),
            len(sentences),
            kind,
            best[kind, :, 0].max() - best[:, :, 0].max(),
        ]
        parts = [best[kind].ravel(), three, np.array(summary), signals.document, whole[types:]]
        found.append(np.concatenate(parts))
    return np.array(found, np.float32)
