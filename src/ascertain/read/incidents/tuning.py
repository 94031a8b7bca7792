"""Thresholds that give the best F1 over examples read by models that had not seen them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ascertain.read.incidents.candidates import Document
from ascertain.read.incidents.examples import Template
from ascertain.read.incidents.incident import ROLES, Incident
from ascertain.read.incidents.logistic import Floats
from ascertain.read.incidents.model import Chances, Thresholds, decode
from ascertain.read.incidents.words import normalise

STEPS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7)


@dataclass(frozen=True)
class Held:
    """A held-out document: what the models say of it, and what people read in it."""

    document: Document
    chances: Chances
    templates: Floats
    gold: tuple[Template, ...]


def tune(held: Sequence[Held], types: tuple[str, ...], rounds: int = 2) -> Thresholds:
    """Thresholds one after the other, each set where F1 is highest while the others stay."""
    now = [0.35] * len(types) + [0.4] * len(ROLES)

    def thresholds() -> Thresholds:
        return Thresholds(tuple(now[: len(types)]), tuple(now[len(types) :]))

    best = f1(held, types, thresholds())
    for place in [place for _ in range(rounds) for place in range(len(now))]:
        kept = now[place]
        for value in STEPS:
            now[place] = value
            reached = f1(held, types, thresholds())
            if reached > best + 1e-6:
                best, kept = reached, value
        now[place] = kept
    return thresholds()


def f1(held: Sequence[Held], types: tuple[str, ...], thresholds: Thresholds) -> float:
    """F1 over types and fillers, each told incident compared with the likest of its type."""
    right = told = true = 0
    for one in held:
        incidents = decode(one.document, one.chances, one.templates, types, thresholds)
        told += sum(1 + len(incident.fillers) for incident in incidents)
        true += sum(1 + sum(map(len, template.roles)) for template in one.gold)
        right += sum(_right(incident, one.gold) for incident in incidents)
    return 2 * right / (told + true) if told + true else 0.0


def _right(incident: Incident, gold: tuple[Template, ...]) -> int:
    return max((1 + _agree(incident, template) for template in gold if template.type == incident.type), default=0)


def _agree(incident: Incident, template: Template) -> int:
    found = 0
    for role, entities in zip(ROLES, template.roles, strict=True):
        mentions = {normalise(mention) for entity in entities for mention in entity}
        found += sum(normalise(filler.words) in mentions for filler in incident.in_role(role))
    return found
