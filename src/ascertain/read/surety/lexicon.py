"""The words by which a language says who says so, and how surely, as data: `words/<language>.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from ascertain.read.names import NameIndex
from ascertain.read.proclitics import without_articles
from ascertain.read.tokens import fold, name_forms

LANGUAGES: Final = ("ar", "en", "fr")
_GROUPS: Final = ("verbs", "words", "kinds")
_LISTS: Final = ("according", "hearsay", "speaks_for", "bridges")
_SETS: Final = (
    "own", "auxiliary", "passive", "stop", "inside", "relative", "close", "by", "determiners", "nouns_too",
    "before_nouns", "pronouns", "participles", "responsibility", "onto", "ends_right",
    "takes_of", "inside_charge",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SuretyWords:
    """A language's words, compiled.

    `verbs` finds what opens or closes a source's words (kinds say, find, accuse, suspect, admit, deny, acquit, ask,
    warn, quote); `words` finds cues that need no source (heard, accused, possible, unreal, negated, certain);
    `kinds` the heads of a source's name, `order` which kind counts when a name has several. The sets are of forms.
    """

    language: str
    verbs: NameIndex
    words: NameIndex
    according: NameIndex
    hearsay: NameIndex
    kinds: NameIndex
    speaks_for: NameIndex
    bridges: NameIndex
    order: tuple[str, ...]
    own: frozenset[str]
    auxiliary: frozenset[str]
    passive: frozenset[str]
    stop: frozenset[str]
    inside: frozenset[str]
    relative: frozenset[str]
    close: frozenset[str]
    by: frozenset[str]
    determiners: frozenset[str]
    nouns_too: frozenset[str]
    before_nouns: frozenset[str]
    pronouns: frozenset[str]
    participles: frozenset[str]
    responsibility: frozenset[str]
    onto: frozenset[str]
    ends_right: frozenset[str]
    takes_of: frozenset[str]
    inside_charge: frozenset[str]
    known: frozenset[str]


@cache
def surety_words(language: str) -> SuretyWords:
    """The words of a language. Raises FileNotFoundError for a language without a file."""
    data = yaml.safe_load(files("ascertain.read.surety").joinpath("words", f"{language}.yaml").read_text("utf-8"))
    compiled: dict[str, Any] = {name: _index(data[name]) for name in _GROUPS}
    compiled |= {name: _index({name: data[name]}) for name in _LISTS}
    compiled |= {name: _forms(data[name]) for name in _SETS}
    known = frozenset(form for phrase in _phrases(data) for form in name_forms(without_articles(phrase)))
    return SuretyWords(language=language, order=tuple(data["order"]), known=known, **compiled)


def _index(groups: Mapping[str, Iterable[str]]) -> NameIndex:
    return NameIndex(("cue", kind, without_articles(one)) for kind, forms in groups.items() for one in forms)


def _forms(words: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(word).strip("'’") if len(word) > 2 else fold(word) for word in words)


def _phrases(data: Any) -> Iterable[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for value in data.values():
            yield from _phrases(value)
    else:
        for value in data:
            yield from _phrases(value)
