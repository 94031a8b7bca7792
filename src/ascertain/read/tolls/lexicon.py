"""The words by which a language tells tolls, as data: `words/<language>.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from ascertain.read.lexicon import load_language
from ascertain.read.names import NameIndex
from ascertain.read.proclitics import without_articles
from ascertain.read.tokens import fold, name_forms
from ascertain.read.tolls.toll import Kind

LANGUAGES: Final = ("ar", "en", "fr")
_MODES: Final = ("verbs", "after", "before", "nouns", "toll")
_PHRASES: Final = tuple(
    "all_of including were_among of_them earlier revised saying according citing family_of zero together".split()
)
_SETS: Final = tuple(
    "be fillers after_fillers prepositions and breaks more people_modifiers one one_of_his not_people rise first_words "
    "denying pronouns subject_ends subject_skips clause_ends determiners nothing negations years have reported_words "
    "not_saying sources numbered clause_words object_of not_persons".split()
)


@dataclass(frozen=True)
class TollWords:
    """A language's words for tolls, compiled. `phrases` and `cues` are indexes by name, `sets` single folded words."""

    language: str
    kinds: NameIndex  # kinds of toll; the value is the mode: verbs, after, before, nouns, toll, itself
    groups: NameIndex  # kinds "plural" and "singular", value the group
    phrases: Mapping[str, NameIndex]
    cues: Mapping[str, NameIndex]
    sets: Mapping[str, frozenset[str]]
    fixed: Mapping[str, tuple[int, str]]
    nationals: tuple[str, ...]
    plural_ends: tuple[str, ...]
    plural_ends_not: tuple[str, ...]
    person_ends: tuple[str, ...]
    filler_ends: tuple[str, ...]
    subject_after: int
    bare_singular: bool
    known: frozenset[str]  # every word of it: what a proclitic may be taken off before


@cache
def toll_words(language: str) -> TollWords:
    """The words of a language. Raises FileNotFoundError for a language without a file."""
    data = yaml.safe_load(files("ascertain.read.tolls").joinpath("words", f"{language}.yaml").read_text("utf-8"))
    kinds = [*_kinds(data["kinds"]), *((kind, "itself", one) for one, kind in data.get("fixed_kinds", {}).items())]
    groups = [*_groups("plural", data["groups"]), *_groups("singular", data["singular"])]
    phrases = {name: _index(name, data.get(name, ())) for name in _PHRASES}
    cues = {name: _index(name, forms) for name, forms in data["cues"].items()}
    written = [form for _, _, form in (*kinds, *groups)]
    written += [form for name in _PHRASES for form in data.get(name, ())]
    written += [form for forms in data["cues"].values() for form in forms] + list(data.get("fixed", {}))
    return TollWords(
        language=language,
        kinds=NameIndex(kinds),
        groups=NameIndex(groups),
        phrases=phrases,
        cues=cues,
        sets={name: frozenset(fold(one) for one in data.get(name, ())) for name in _SETS},
        fixed={fold(one): (n, data.get("fixed_groups", {}).get(one, "")) for one, n in data.get("fixed", {}).items()},
        nationals=tuple(data.get("nationals", ())),
        plural_ends=tuple(data.get("plural_ends", ())),
        filler_ends=tuple(data.get("filler_ends", ())),
        person_ends=tuple(data.get("person_ends", ())),
        plural_ends_not=tuple(data.get("plural_ends_not", ())),
        subject_after=data.get("subject_after", 0),
        bare_singular=data.get("bare_singular", False),
        known=_known(written, language),
    )


def _known(written: Iterable[str], language: str) -> frozenset[str]:
    numbers = load_language(language).numbers
    forms = {form for one in written for form in name_forms(one)}
    return frozenset(forms | set(numbers.values) | set(numbers.vague) | set(numbers.magnitudes))


def _kinds(data: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for kind, modes in data.items():
        for mode in _MODES:
            yield from ((Kind(kind).value, mode, without_articles(one)) for one in modes.get(mode, ()))


def _groups(number: str, data: Mapping[str, list[str]]) -> Iterator[tuple[str, str, str]]:
    for group, forms in data.items():
        yield from ((number, group, without_articles(one)) for one in forms)


def _index(name: str, forms: Iterable[str]) -> NameIndex:
    return NameIndex([("word", name, without_articles(one)) for one in forms])
