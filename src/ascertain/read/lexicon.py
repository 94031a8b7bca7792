"""What a reader knows: a language's words and patterns (data), and the names of one record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import count
from typing import Any

import yaml

from ascertain.model.claim import Frame, Modality
from ascertain.read.names import NameIndex
from ascertain.read.numbers import NumberWords
from ascertain.read.proclitics import without_articles
from ascertain.read.tokens import fold, name_forms
from ascertain.read.when import DateWords, load_date_words

LANGUAGES = tuple(
    sorted(
        f.name.removesuffix(".yaml")
        for f in files("ascertain.read").joinpath("lexicons").iterdir()
        if f.name.endswith(".yaml")
    )
)
_ARABIC_WORD = re.compile("[\u0621-\u064a]{2,}")
_MACRO = re.compile(r"\{(?:(\w+)=)?(\w+)\}")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way in which a language says a frame."""

    name: str
    frame: Frame
    regex: re.Pattern[str]
    negated: bool
    presupposed: bool
    weak: bool
    modality: Modality
    measure: str
    anaphor: str
    extends: bool
    body_before: bool


@dataclass(frozen=True, slots=True)
class Grammar:
    """Words that turn what stands beside them, compiled; a file that says nothing of them has the English ones."""

    none: re.Pattern[str]  # before a noun phrase: it is denied
    not_so: re.Pattern[str]  # shortly before a noun phrase: nothing is asserted of it
    denying: re.Pattern[str]  # anywhere in the clause before any claim: it is not asserted
    denied_after: re.Pattern[str]  # directly after a claim: it is not asserted
    not_yet: re.Pattern[str]  # before a noun phrase: of no particular event
    preposition: re.Pattern[str]  # before a name: it is not the subject
    object_of: re.Pattern[str]  # "… and <P1> for <G2>": somebody is said to be behind it
    subjects: frozenset[str]  # the slots that name a subject
    listing: frozenset[str]  # the words within a list of names
    events: frozenset[str]  # the words for one event


@dataclass(frozen=True)
class Language:
    """A language's words and patterns, compiled."""

    code: str
    checked: bool  # whether its words that turn a claim are known well enough for verdicts
    known: frozenset[str]  # the words of a language with proclitics, before which they are taken off; else empty
    drop: frozenset[str]
    be: frozenset[str]
    dates: DateWords
    numbers: NumberWords
    agents: tuple[tuple[str, str, str], ...]
    units: Mapping[tuple[str, ...], str]
    place_prepositions: frozenset[str]
    patterns: tuple[Pattern, ...]
    adjuncts: tuple[re.Pattern[str], ...]
    cues: Mapping[str, re.Pattern[str]]
    reporting: tuple[re.Pattern[str], ...]
    boundary: re.Pattern[str]
    neutral: frozenset[str]
    universal: frozenset[str]
    turning: frozenset[str]  # anywhere around a claim: it may be said to be false
    commenting: frozenset[str]  # in a short sentence directly after a claim: it may be taken back
    announcing: frozenset[str]  # in a sentence before claims: what follows may be another's words
    antecedents: Mapping[str, tuple[str, ...]]  # words for a party that need one of these beginnings of words before
    anaphors: re.Pattern[str]
    pronouns: frozenset[str]
    written: Mapping[str, str]  # forms that patterns write in one way: "du" and "des" as "de"
    values: Mapping[str, Mapping[str, str]]  # what a slot's words are called by those who check: "probablement", likely
    grammar: Grammar


@dataclass(frozen=True)
class Lexicon:
    """A language with the names of a record: all that reading needs beside the text."""

    language: Language
    names: NameIndex
    parties: Mapping[str, str]
    known: frozenset[str] = frozenset()  # before which proclitics are taken off; empty in a language without


def make_lexicon(language: str, names: Iterable[tuple[str, str, str]]) -> Lexicon:
    """A lexicon for a language code and names as (kind, id, written form); kinds: party, place, zone, agreement."""
    words = load_language(language)
    known = [(kind, value, without_articles(written)) for kind, value, written in names] if words.known else list(names)
    parties = {" ".join(name_forms(written)): value for kind, value, written in known if kind == "party"}
    bare = frozenset(form for *_, written in known for form in name_forms(written)) if words.known else frozenset()
    return Lexicon(words, NameIndex([*known, *words.agents]), parties, words.known | bare)


@cache
def checked_languages() -> tuple[str, ...]:
    """The languages whose claims may be given verdicts."""
    return tuple(code for code in LANGUAGES if load_language(code).checked)


@cache
def load_language(code: str) -> Language:
    """A language from its YAML file."""
    data = yaml.safe_load(files("ascertain.read").joinpath("lexicons", f"{code}.yaml").read_text("utf-8"))
    macros = data["macros"]
    return Language(
        code=code,
        checked=data.get("checked", "yes") == "yes",
        known=_arabic_words(data),
        drop=frozenset(data["drop"]),
        be=frozenset(data["be"]),
        dates=load_date_words(code),
        numbers=_numbers(data["numbers"], code),
        agents=tuple(
            ("agent", agent, without_articles(written)) for agent, forms in data["agents"].items() for written in forms
        ),
        units={
            name_forms(without_articles(written)): unit for unit, forms in data["units"].items() for written in forms
        },
        place_prepositions=frozenset(data["places"]["prepositions"]),
        patterns=tuple(_pattern(entry, macros) for entry in data["patterns"]),
        adjuncts=tuple(_compile(text, macros) for text in data["adjuncts"]),
        cues={kind: _words(forms, macros) for kind, forms in data["cues"].items()},
        reporting=tuple(_compile(text, macros) for text in data["reporting"]),
        boundary=re.compile("|".join(rf"(?<!\S){re.escape(b)}(?!\S)" for b in data["boundaries"])),
        neutral=(frozenset(data["neutral"]) | frozenset(data["drop"]) | frozenset(data["be"]))
        - frozenset(data["universal"]),
        universal=frozenset(data["universal"]),
        turning=frozenset(data["turning"]),
        commenting=frozenset(data["commenting"]),
        announcing=frozenset(data["announcing"]),
        antecedents={words: tuple(beginnings) for words, beginnings in data["antecedents"].items()},
        anaphors=_words(data["anaphors"], macros),
        pronouns=frozenset(data["pronouns"]),
        written=data.get("written", {}),
        values=data.get("values", {}),
        grammar=_grammar({**_GRAMMAR, **data.get("grammar", {})}),
    )


def _arabic_words(data: Any) -> frozenset[str]:
    """Every Arabic word of a language's file, folded."""
    if isinstance(data, dict):
        return frozenset().union(*(_arabic_words(one) for pair in data.items() for one in pair))
    if isinstance(data, list):
        return frozenset().union(*(_arabic_words(one) for one in data))
    return (
        frozenset(fold(without_articles(word)) for word in _ARABIC_WORD.findall(data))
        if isinstance(data, str)
        else frozenset()
    )


_GRAMMAR: Mapping[str, list[str]] = {
    "none": ["no", "without"],
    "not_so": ["not", "never", "neither", "nor"],
    "denying": [],
    "denied_after": [],
    "not_yet": ["any", "another", "further", "new", "future", "potential", "possible", "alleged", "such"],
    "preposition": ["by", "of", "to", "with", "from"],
    "object_of": ["for", "with", "over", "of"],
    "subjects": ["body", "party"],
    "listing": ["and", ",", "the", "as", "well"],
    "events": ["attack", "incident", "massacre", "assault", "strike"],
}


def _grammar(data: Mapping[str, list[str]]) -> Grammar:
    one = {key: "|".join(forms) or "(?!)" for key, forms in data.items()}
    return Grammar(
        none=re.compile(rf"(?<!\S)(?:{one['none']})(?: \w+)? ?$"),
        not_so=re.compile(rf"(?<!\S)(?:{one['not_so']})(?: \w+){{0,2}} ?$"),
        denying=re.compile(rf"(?<!\S)(?:{one['denying']})(?!\S)"),
        denied_after=re.compile(rf"(?:{one['denied_after']})(?!\S)"),
        not_yet=re.compile(rf"(?<!\S)(?:{one['not_yet']})(?!\S)"),
        preposition=re.compile(rf"(?<!\S)(?:{one['preposition']}) ?$"),
        object_of=re.compile(rf"<P\d+> (?:{one['object_of']})(?: \w+)? ?$"),
        subjects=frozenset(data["subjects"]),
        listing=frozenset(data["listing"]),
        events=frozenset(data["events"]),
    )


def _numbers(data: Mapping[str, Any], code: str) -> NumberWords:
    return NumberWords(
        language=code,
        numerals=frozenset(data["numerals"]),
        magnitudes=data["magnitudes"],
        vague=data["vague"],
        before=_comparators(data["before"]),
        after=_comparators(data["after"]),
        range_words=frozenset(data["range"]),
        between_words=frozenset(data["between"]),
        and_words=frozenset(data["and"]),
        not_alone=frozenset(data.get("not_alone", ())),
        round_words=data.get("round", {}),
        decimal=data.get("decimal", "."),
        grouping=data.get("grouping", ","),
        of_words=frozenset(data.get("of", ())),
        tens=data.get("tens", {}),
        values={fold(written): value for written, value in data.get("values", {}).items()},
    )


def _comparators(data: Mapping[str, list[str]]) -> tuple[tuple[tuple[str, ...], str], ...]:
    pairs = [(name_forms(written), comparator) for comparator, forms in data.items() for written in forms]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def _pattern(entry: Mapping[str, Any], macros: Mapping[str, str]) -> Pattern:
    return Pattern(
        name=entry["name"],
        frame=Frame(entry["frame"]),
        regex=_compile(entry["pattern"], macros),
        negated=entry.get("negated", False),
        presupposed=entry.get("presupposed", False),
        weak=entry.get("weak", False),
        modality=Modality(entry.get("modality", "asserted")),
        measure=entry.get("measure", ""),
        anaphor=entry.get("anaphor", ""),
        extends=entry.get("extends", False),
        body_before=entry.get("body_before", False),
    )


def _compile(text: str, macros: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S){_expand(text, macros, count())}(?!\S)")


def _words(forms: Iterable[str], macros: Mapping[str, str]) -> re.Pattern[str]:
    numbers = count()
    return re.compile(rf"(?<!\S)(?:{'|'.join(_expand(form, macros, numbers) for form in forms)})(?!\S)")


def _expand(text: str, macros: Mapping[str, str], numbers: Iterator[int]) -> str:
    """Macros written out; each slot becomes a group of its own (`agent_0`), for a slot may stand in two branches."""

    def replace(found: re.Match[str]) -> str:
        slot, name = found.groups()
        inner = _expand(macros[name], macros, numbers)
        return f"(?P<{slot}_{next(numbers)}>{inner})" if slot else f"(?:{inner})"

    return _MACRO.sub(replace, text)


def slots_of(found: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    """The slots that a pattern filled: each with its name and its stretch of the code."""
    for group, text in found.groupdict().items():
        if text:
            yield group.rsplit("_", 1)[0].rstrip("0123456789"), *found.span(group)
