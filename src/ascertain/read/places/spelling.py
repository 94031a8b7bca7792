"""One form for the spellings of a place's name: what a gazetteer's index and a text's words are compared in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

import yaml

from ascertain.read.text.folding import fold

WORD: Final = re.compile(
    "[^\\W\\d_][^\\W\\d_\u0300-\u036f\u064b-\u0652\u0640\u0670]*"
    "(?:[\u0300-\u036f\u064b-\u0652\u0640\u0670'’ʼʿʾ`‘][^\\W\\d_]+)*['’ʿ]?"
)
_QUOTES = re.compile("['\"]")
_TWICE = re.compile(r"(.)\1+")
_ELISION = re.compile(r"^[dlq]u?'(?=\w{3})")
_ARABIC_PREFIXES = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ب", "ل", "ف")
_SHORTEST = 3


@cache
def _data() -> dict[str, Any]:
    return yaml.safe_load(files("ascertain.read.places").joinpath("spelling.yaml").read_text("utf-8"))  # type: ignore[no-any-return]


@cache
def _sounds() -> tuple[re.Pattern[str], dict[str, str]]:
    pairs = dict(_data()["sounds"])
    return re.compile("|".join(map(re.escape, pairs))), pairs


@cache
def _words() -> dict[str, str]:
    return {form: word for word, forms in _data()["words"].items() for form in forms}


@cache
def _articles() -> frozenset[str]:
    return frozenset(_data()["articles"])


@cache
def common_words() -> frozenset[str]:
    """Words (folded) that are somewhere the name of a place and mostly something else."""
    return frozenset(_data()["common"])


@lru_cache(maxsize=262_144)
def plain(word: str) -> str:
    """A word folded, without apostrophes and a possessive's ending: the exact form."""
    folded = fold(word).removesuffix("'s")
    return _QUOTES.sub("", _ELISION.sub("", folded))


@lru_cache(maxsize=262_144)
def spoken(word: str) -> str:
    """The form of a word in which its spellings are one; nothing for an article.

    Sheikhoun, Shaykhun and Cheikhoun are "shikun"; Hama and Hamah "hama". An Arabic word loses its article.
    """
    exact = plain(word)
    if exact in _articles():
        return ""
    if not exact.isascii():
        bare = exact.removeprefix("ال")
        return bare if len(bare) >= 2 else exact
    pattern, sounds = _sounds()
    for ending in ("iah", "ieh", "ah", "eh", "a", "e"):
        if len(exact) > len(ending) + 2 and exact.endswith(ending):
            exact = exact.removesuffix(ending) + "a"
            break
    once = _TWICE.sub(r"\1", pattern.sub(lambda found: sounds[found.group()], exact))
    return _words().get(once, once)


def without_prefixes(word: str) -> Sequence[str]:
    """An Arabic word's forms without what is written together with it (and, in, to, the), longest prefix first."""
    exact = plain(word)
    if exact.isascii():
        return ()
    return [exact.removeprefix(p) for p in _ARABIC_PREFIXES if exact.startswith(p) and len(exact) >= len(p) + _SHORTEST]


def name_key(name: str) -> tuple[str, ...]:
    """The words of a name in the form in which they are matched."""
    return tuple(form for found in WORD.finditer(name) if (form := spoken(found.group())))


def exact_key(name: str) -> str:
    """The name folded, articles and signs left out: whether a text writes it as the gazetteer does."""
    words = (plain(found.group()) for found in WORD.finditer(name))
    return " ".join(word for word in words if word not in _articles())
