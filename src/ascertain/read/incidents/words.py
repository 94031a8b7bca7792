"""A text as words with places, rough parts of speech, stems and sentences. Case does not count.

Parts of speech come from a lexicon of words and a few endings, not from a tagger in context: the noun phrases that are
cut from them are candidates only, and many may be wrong.
"""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import yaml

_TOKEN = re.compile(
    r"'s\b|[^\W_]+(?:['’.\-/&][^\W_]+)*\.?(?<=[a-zA-Z]\.[a-zA-Z]\.)"
    r"|[^\W_]+(?:(?!'s\b)['’.\-/&][^\W_]+)*|[^\w\s]|_"
)
_NOT_WORD = re.compile(r"[^\w\s]|_")
_ARTICLE = re.compile(r"\b(a|an|the)\b")
LONGEST = 60
"""A sentence without an end is cut after so many words times ten: a text of one endless line stays quick to read."""


@dataclass(frozen=True)
class Words:
    """A text's words: places, folded forms, tags, stems, and the sentence that each stands in."""

    text: str
    places: tuple[tuple[int, int], ...]
    words: tuple[str, ...]
    tags: tuple[str, ...]
    stems: tuple[str, ...]
    sentence: tuple[int, ...]
    bounds: tuple[int, ...]
    """Where each sentence begins, and the number of words at the end."""

    @property
    def sentences(self) -> int:
        """The number of sentences."""
        return len(self.bounds) - 1


def normalise(words: str) -> str:
    """Lower case, without punctuation, articles and superfluous white space: two mentions are the same by this."""
    return " ".join(_ARTICLE.sub(" ", _NOT_WORD.sub("", words.lower())).split())


def split_words(text: str) -> Words:
    """The words of a text of any case; an empty text has one empty sentence."""
    places = tuple(match.span() for match in _TOKEN.finditer(text))
    words = tuple(text[start:end].lower() for start, end in places)
    bounds = _bounds(text, places, words)
    sentence = tuple(number for number, (a, b) in enumerate(pairwise(bounds)) for _ in range(a, b))
    return Words(text, places, words, tuple(map(tag, words)), tuple(map(stem, words)), sentence, bounds)


def _bounds(text: str, places: tuple[tuple[int, int], ...], words: tuple[str, ...]) -> tuple[int, ...]:
    bounds = [0]
    for i in range(len(words) - 1):
        gap = text[places[i][1] : places[i + 1][0]]
        stop = words[i] in ".?!" and not (i and (words[i - 1] in _language().titles or len(words[i - 1]) == 1))
        if stop or gap.count(" ") >= 3 or gap.count("\n") >= 2 or i + 1 - bounds[-1] >= 10 * LONGEST:
            bounds.append(i + 1)
    bounds.append(len(words))
    return tuple(bounds)


@dataclass(frozen=True)
class _Language:
    """What words.yaml says of English."""

    tags: dict[str, str]
    irregular: dict[str, str]
    endings: tuple[tuple[str, str], ...]
    titles: frozenset[str]


@cache
def _language() -> _Language:
    data = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text("utf-8"))
    endings = tuple((ending, instead) for ending, instead in data["endings"])
    return _Language(data["tags"], data["irregular"], endings, frozenset(data["titles"]))


@cache
def _lexicon() -> dict[str, str]:
    """Words and their most frequent tag, of the lexicon that the package textblob carries; the package is not run."""
    found = importlib.util.find_spec("textblob")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("textblob, whose lexicon of English words the reader of incidents needs")
    tags: dict[str, str] = {}
    path = Path(found.submodule_search_locations[0]) / "en" / "en-lexicon.txt"
    for line in path.read_text("utf-8").splitlines():
        parts = line.split()
        if len(parts) < 2 or line.startswith(";;;"):
            continue
        word, lower = parts[0], parts[0].lower()
        if word == lower or lower not in tags:
            tags[lower] = parts[1]
    return tags


@cache
def tag(word: str) -> str:
    """The usual part of speech of a word (Penn Treebank's names); a word that nobody knows is taken for a name."""
    known = _language().tags.get(word) or _lexicon().get(word)
    if known:
        return known
    if word[0].isdigit():
        return "CD"
    if not word[0].isalnum():
        return word
    if word.endswith("s") and _lexicon().get(word[:-1], "").startswith("NN"):
        return "NNS"
    if "-" in word:
        return "JJ" if _lexicon().get(word.split("-")[-1], "")[:2] in ("VB", "JJ") else "NN"
    return "RB" if word.endswith("ly") else "NNP"


@cache
def stem(word: str) -> str:
    """A word without its usual English endings; irregular verbs by a list."""
    irregular = _language().irregular.get(word)
    if irregular:
        return irregular
    for ending, instead in _language().endings:
        doubled = ending == "s" and word.endswith("ss")
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not doubled:
            word = word[: -len(ending)] + instead
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
        word = word[:-1]
    return word[:-1] if word.endswith("e") and len(word) > 4 else word
