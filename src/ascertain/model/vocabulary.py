"""The closed vocabularies (kinds, questions, answers, measures, agents, ladders), read once from their YAML files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def words(name: str) -> Mapping[str, Any]:
    """One vocabulary by its name, as a mapping from each word to what is known of it (a plain list maps to None)."""
    entry = _load("vocabulary")[name]
    return entry if isinstance(entry, dict) else dict.fromkeys(entry)


@cache
def agents() -> Mapping[str, Mapping[str, str]]:
    """The agents by id, each with its name and the wider agent that it is a kind of."""
    loaded: Mapping[str, Mapping[str, str]] = _load("agents")
    return loaded


@cache
def ladders() -> Mapping[str, Mapping[str, Any]]:
    """The ladders of proof by body, each with its rungs in the body's own words and their source."""
    loaded: Mapping[str, Mapping[str, Any]] = _load("ladders")
    return loaded


@cache
def attack_types() -> Mapping[str, Mapping[str, str]]:
    """The kinds of event by id, each with its name, the wider kind, and what ACLED and MUC-4 call it."""
    loaded: Mapping[str, Mapping[str, str]] = _load("attack_types")
    return loaded


def kinds_of_attack(attack_type: str) -> tuple[str, ...]:
    """The type and everything wider, narrowest first: a drone strike is an air strike is remote violence."""
    found: list[str] = []
    current: str | None = attack_type
    while current is not None:
        found.append(current)
        current = attack_types()[current].get("kind_of")
    return tuple(found)


def agent_name(agent: str) -> str:
    """The agent's name for people."""
    return agents()[agent]["name"]


def kinds_of_agent(agent: str) -> frozenset[str]:
    """The agent and everything wider: a finding of sarin is a finding of a nerve agent and of a toxic chemical."""
    found = []
    current: str | None = agent
    while current is not None:
        found.append(current)
        current = agents()[current].get("kind_of")
    return frozenset(found)


def agents_under(agent: str) -> frozenset[str]:
    """The agent and everything narrower: what a finding may name for a claim of this agent to follow from it."""
    return frozenset(other for other in agents() if agent in kinds_of_agent(other))


@cache
def _load(name: str) -> Any:
    text = files("ascertain.model").joinpath("vocabulary", f"{name}.yaml").read_text("utf-8")
    return yaml.load(text, Loader=_StringsOnly)


class _StringsOnly(yaml.SafeLoader):
    """YAML in which `yes` and `no` stay words: they are answers here, not truth values."""


_StringsOnly.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
