"""A trained reader of incidents, and how it answers: which types, which fillers, from the rows of the second stage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ascertain.read.incidents.candidates import Document, prepare
from ascertain.read.incidents.evidence import Rows, evidence, template_features
from ascertain.read.incidents.grouping import distinct
from ascertain.read.incidents.incident import ROLES, Filler, Incident
from ascertain.read.incidents.logistic import Floats
from ascertain.read.incidents.signals import FirstStage
from ascertain.read.incidents.trees import Trees

Chances = dict[tuple[int, int], list[tuple[float, int]]]
"""By type and role: chance and candidate, surest first, one candidate an entity."""


@dataclass(frozen=True)
class Thresholds:
    """From which chance on an incident of each type, and a filler of each role, is told."""

    types: tuple[float, ...]
    roles: tuple[float, ...]


@dataclass(frozen=True)
class Model:
    """Everything that was learned."""

    types: tuple[str, ...]
    heads: frozenset[str]
    first: FirstStage
    fillers: Trees
    templates: Trees
    thresholds: Thresholds
    held_out_f1: float
    """F1 of the training texts, each read by models that had not seen it; the thresholds were chosen on the same."""


def read_incidents(text: str, model: Model) -> tuple[Incident, ...]:
    """The incidents that a text tells of, in the order of the model's types; at most one of each type.

    Args:
        text: any text; case does not count. Nothing is raised for empty or strange text.
        model: from `train` or `load`.
    """
    document = prepare(text, model.heads)
    if not document.keys:
        return ()
    signals = model.first.read(document)
    rows = evidence(document, signals)
    odds = model.fillers.odds(rows.features)
    templates = model.templates.read(template_features(rows, odds, signals))
    return decode(document, chances(document, rows, odds), templates, model.types, model.thresholds)


def chances(document: Document, rows: Rows, odds: Floats, least: float = 0.05) -> Chances:
    """Candidates by type and role with a chance of at least `least`, one an entity."""
    probability = 1 / (1 + np.exp(-odds))
    by_place: dict[tuple[int, int], dict[int, float]] = {}
    for row in np.argsort(-probability, kind="stable"):
        if probability[row] < least:
            break
        place = by_place.setdefault((int(rows.type[row]), int(rows.role[row])), {})
        place[int(rows.candidate[row])] = float(probability[row])
    return {
        place: [(chance[candidate], candidate) for candidate in distinct(document, chance)]
        for place, chance in by_place.items()
    }


def decode(
    document: Document, found: Chances, templates: Floats, types: tuple[str, ...], thresholds: Thresholds
) -> tuple[Incident, ...]:
    """Incidents whose type is likely enough, each with the fillers that are likely enough if it is one."""
    told = []
    for kind, name in enumerate(types):
        whole = float(templates[kind])
        if whole < thresholds.types[kind]:
            continue
        fillers = []
        for role, title in enumerate(ROLES):
            for chance, candidate in found.get((kind, role), ()):
                if chance / max(whole, chance) >= thresholds.roles[role]:
                    start, end = document.span(candidate)
                    fillers.append(Filler(title, document.words.text[start:end], start, end, chance))
        told.append(Incident(name, whole, tuple(fillers)))
    return tuple(told)
