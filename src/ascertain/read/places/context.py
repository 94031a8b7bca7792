"""Words around a name, from context.yaml: what the name names, when it is part of another name, how the place lies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from ascertain.read.text.folding import fold_character

REACH = 90  # characters before and after a name that are looked at
Pattern = re.Pattern[str]


@dataclass(frozen=True)
class Words:
    """A language's words around names, compiled: `…_before` patterns end at the name, `…_after` begin behind it."""

    kinds_before: tuple[tuple[frozenset[str], Pattern], ...]
    kinds_after: tuple[tuple[frozenset[str], Pattern], ...]
    never_before: tuple[Pattern, ...]
    never_after: tuple[Pattern, ...]
    offset: Pattern
    toward: Pattern
    part: Pattern
    part_before: Pattern
    part_after: Pattern
    near: Pattern
    outskirts: Pattern
    between: Pattern
    and_word: Pattern
    road_before: Pattern
    road_between: Pattern
    road_after: Pattern
    directions: Mapping[str, int]
    numbers: Mapping[str, int]


@cache
def load_words(language: str) -> Words:
    """A language's words; those of English where a language has none."""
    data = yaml.safe_load(files("ascertain.read.places").joinpath("context.yaml").read_text("utf-8"))
    return _words(data.get(language) or data["en"])


def _words(data: Mapping[str, Any]) -> Words:
    directions = "|".join(sorted(map(re.escape, data["directions"]), key=len, reverse=True))

    def before(name: str) -> Pattern:
        return _before(data[name].replace("{direction}", directions))

    return Words(
        kinds_before=tuple((frozenset(one["kinds"]), _before(one["words"])) for one in data["kinds_before"]),
        kinds_after=tuple((frozenset(one["kinds"]), _after(one["words"])) for one in data["kinds_after"]),
        never_before=tuple(_before(one, flags=re.NOFLAG) for one in data["never_before"]),
        never_after=tuple(re.compile(rf"[ -]{unaccented(one)}") for one in data["never_after"]),
        offset=before("offset"),
        toward=before("toward"),
        part=before("part"),
        part_before=before("part_before"),
        part_after=_after(data["part_after"].replace("{direction}", directions)),
        near=before("near"),
        outskirts=before("outskirts"),
        between=before("between"),
        and_word=re.compile(data["and"]),
        road_before=before("road_before"),
        road_between=re.compile(data["road_between"], re.IGNORECASE),
        road_after=re.compile(data["road_after"], re.IGNORECASE),
        directions=data["directions"],
        numbers=data["numbers"],
    )


def _before(words: str, flags: re.RegexFlag = re.IGNORECASE) -> Pattern:
    """Words that end directly before a name, an article of the name's own between ("north of al-Bab")."""
    article = "(?:(?:al|el|Al|El)[- ])?"
    return re.compile(rf"(?<![\w-])(?:{unaccented(words)})(?:(?<=')|(?<= )| ){article}\Z", flags)


def _after(words: str) -> Pattern:
    return re.compile(rf"(?:(?=')| ){unaccented(words)}", re.IGNORECASE)


def unaccented(text: str) -> str:
    """A text of the same length, letter for letter, without accents and with one form of Arabic letters."""
    return text.translate({ord(letter): _bare(letter) for letter in set(text) if ord(letter) > 127})


@lru_cache(maxsize=4096)
def _bare(letter: str) -> str:
    folded = fold_character(letter)
    if letter.isupper():
        folded = folded.upper()
    return folded if len(folded) == 1 else letter
