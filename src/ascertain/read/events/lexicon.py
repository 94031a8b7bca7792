"""The words by which a language tells of attacks, as data: `words/<language>.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from ascertain.model.vocabulary import attack_types
from ascertain.read.names import NameIndex
from ascertain.read.proclitics import without_articles
from ascertain.read.tokens import fold, name_forms

LANGUAGES: Final = ("ar", "en", "fr")
_PARTS: Final = ("weapons", "targets", "victims")
_SLOT: Final = {"weapons": "weapon", "targets": "target", "victims": "victim"}


@dataclass(frozen=True, slots=True)
class NoEvents:
    """By what a word for an event is seen to tell none: what causes it, and what it is done to or with."""

    causes: NameIndex
    things: NameIndex
    with_words: NameIndex
    ends: frozenset[str]
    against: frozenset[str]


@dataclass(frozen=True, slots=True)
class EventWords:
    """A language's words for events, compiled.

    `phrases` finds triggers (kind `noun` or `verb`, value the attack type; `use`, a verb that tells an attack where a
    weapon stands beside it) and what may stand around them (kinds `weapon`, `target`, `victim`, `actor`), the longest
    phrase at each place. `cues` maps a cue's kind to an index.
    """

    language: str
    phrases: NameIndex
    cues: Mapping[str, NameIndex]
    generic: frozenset[tuple[str, ...]]
    definite: frozenset[str]
    indefinite: frozenset[str]
    saying: frozenset[tuple[str, ...]]
    according: NameIndex
    by: frozenset[tuple[str, ...]]
    hurt_in: frozenset[str]
    passive: frozenset[str]
    no_events: NoEvents
    known: frozenset[str]  # every word of it: what a proclitic may be taken off before


@cache
def event_words(language: str) -> EventWords:
    """The words of a language. Raises KeyError for a type that the vocabulary lacks, FileNotFoundError for no file."""
    data = yaml.safe_load(files("ascertain.read.events").joinpath("words", f"{language}.yaml").read_text("utf-8"))
    phrases = [(kind, value, without_articles(written)) for kind, value, written in _phrases(data)]
    cues = {kind: _cues(kind, forms) for kind, forms in data["cues"].items()}
    known = {form for _, _, written in phrases for form in name_forms(written)}
    known |= {form for one in data["according"] for form in name_forms(one)}
    known |= {form for one in data["saying"] for form in name_forms(one)}
    known |= {form for forms in data["no_events"].values() for one in forms for form in name_forms(one)}
    known |= {form for forms in data["cues"].values() for one in forms for form in name_forms(one)}
    return EventWords(
        language=language,
        phrases=NameIndex(phrases),
        cues=cues,
        generic=frozenset(name_forms(without_articles(one)) for one in data["generic"]),
        definite=frozenset(fold(one) for one in data["definite"]),
        indefinite=frozenset(fold(one) for one in data["indefinite"]),
        saying=frozenset(name_forms(one) for one in data["saying"]),
        according=_cues("according", data["according"]),
        by=frozenset(name_forms(one) for one in data["by"]),
        hurt_in=frozenset(fold(one) for one in data["hurt_in"]),
        passive=frozenset(fold(one) for one in data["passive"]),
        no_events=_no_events(data["no_events"]),
        known=frozenset(known),
    )


def _cues(kind: str, forms: Sequence[str]) -> NameIndex:
    return NameIndex([("cue", kind, without_articles(one)) for one in forms])


def _no_events(data: Mapping[str, Sequence[str]]) -> NoEvents:
    return NoEvents(
        causes=_cues("cause", data["causes"]),
        things=_cues("thing", data["things"]),
        with_words=_cues("with", data["with_words"]),
        ends=frozenset(fold(one) for one in data["ends"]),
        against=frozenset(fold(one) for one in data["against"]),
    )


def _phrases(data: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    types = attack_types()
    for attack_type, forms in data["triggers"].items():
        assert attack_type in types, attack_type
        yield from (("noun", attack_type, one) for one in forms["nouns"])
        yield from (("verb", attack_type, one) for one in forms["verbs"])
    for part in _PARTS:
        for value, forms in data[part].items():
            yield from ((_SLOT[part], value, one) for one in forms)
    yield from (("use", one, one) for one in data["use"])
    yield from (("none", one, one) for one in data["no_events"]["phrases"])
    yield from (("actor", one, one) for one in data["actors"])
