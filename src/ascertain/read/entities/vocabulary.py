"""What the labeller knows of English before it is trained: function words, and what kind of thing a noun names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

# Plural endings and what stands in their place in the singular.
_PLURALS = (("s", ""), ("es", ""), ("ies", "y"), ("men", "man"))


@dataclass(frozen=True, slots=True)
class FunctionWords:
    """Abbreviations that end in a full stop, and words that end a noun phrase."""

    abbreviations: frozenset[str]
    breaks: frozenset[str]


@cache
def function_words() -> FunctionWords:
    """The words of `data/function_words.yaml`."""
    data = yaml.safe_load(_read("function_words.yaml"))
    return FunctionWords(frozenset(data["abbreviations"]), frozenset(data["breaks"]))


@cache
def noun_senses() -> dict[str, str]:
    """The sense class of each noun of `data/noun_senses.txt`: the class of its most frequent sense in WordNet 3.0."""
    senses: dict[str, str] = {}
    for line in _read("noun_senses.txt").splitlines():
        if line and not line.startswith("#"):
            name, _, nouns = line.partition(": ")
            senses.update(dict.fromkeys(nouns.split(), name))
    return senses


def sense_of(word: str) -> str:
    """The sense class of a lower-case word or of its singular; empty when it is no known noun."""
    senses = noun_senses()
    if word in senses:
        return senses[word]
    for plural, singular in _PLURALS:
        if word.endswith(plural):
            found = senses.get(word[: -len(plural)] + singular)
            if found:
                return found
    return ""


def _read(name: str) -> str:
    return files("ascertain.read.entities").joinpath("data", name).read_text("utf-8")
