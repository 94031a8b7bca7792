"""What the labeller looks at: a word, its neighbours, their shapes and endings, and what kind of thing they name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ascertain.read.entities.vocabulary import function_words, sense_of
from ascertain.read.entities.words import Word

_UPPER, _LOWER, _DIGIT = re.compile(r"[A-Z]"), re.compile(r"[a-z]"), re.compile(r"\d")
_RUN = re.compile(r"(.)\1{2,}")
# A word, number or mark longer than this tells nothing more.
_LONGEST = 40
_PHRASE = 5
_OUTSIDE = "^"


@dataclass(frozen=True, slots=True)
class _Sentence:
    lower: list[str]
    shapes: list[str]
    senses: list[str]
    kinds: list[str]  # the sense, or the shape of what is no known noun

    def at(self, values: list[str], place: int) -> str:
        return values[place] if 0 <= place < len(values) else _OUTSIDE


def features(sentence: Sequence[Word]) -> list[list[str]]:
    """The features of each word of a sentence, each once."""
    lower = [word.text[:_LONGEST].lower() for word in sentence]
    shapes = [shape(word.text[:_LONGEST]) for word in sentence]
    senses = [sense_of(word) for word in lower]
    kinds = [sense or form for sense, form in zip(senses, shapes, strict=True)]
    seen = _Sentence(lower, shapes, senses, kinds)
    return [[*_own(seen, i), *_around(seen, i), *_pairs(seen, i), *_phrase(seen, i)] for i in range(len(lower))]


def shape(word: str) -> str:
    """Letters as X and x, digits as d, runs cut to two: "Qayyarah-1" is "Xxx-d"."""
    form = _DIGIT.sub("d", _LOWER.sub("x", _UPPER.sub("X", word)))
    return _RUN.sub(r"\1\1", form)


def _own(seen: _Sentence, i: int) -> list[str]:
    word = seen.lower[i]
    own = ["any", f"p2={word[:2]}", f"p3={word[:3]}", f"p4={word[:4]}", f"e2={word[-2:]}", f"e4={word[-4:]}"]
    return own if i else [*own, "first"]


def _around(seen: _Sentence, i: int) -> list[str]:
    around = [f"w{d}={seen.at(seen.lower, i + d)}" for d in (-2, -1, 0, 1, 2)]
    around += [f"n{d}={seen.at(seen.senses, i + d)}" for d in (-1, 0, 1, 2)]
    for d in (-1, 0, 1):
        around += [f"s{d}={seen.at(seen.shapes, i + d)}", f"e{d}={seen.at(seen.lower, i + d)[-3:]}"]
    return around


def _pairs(seen: _Sentence, i: int) -> list[str]:
    pairs = []
    if i:
        pairs += [
            f"ww-={seen.lower[i - 1]}|{seen.lower[i]}",
            f"ss-={seen.shapes[i - 1]}|{seen.shapes[i]}",
            f"wk-={seen.lower[i - 1]}|{seen.kinds[i]}",
            f"kk-={seen.kinds[i - 1]}|{seen.kinds[i]}",
        ]
    if i + 1 < len(seen.lower):
        pairs += [
            f"ww+={seen.lower[i]}|{seen.lower[i + 1]}",
            f"ss+={seen.shapes[i]}|{seen.shapes[i + 1]}",
            f"kw+={seen.kinds[i]}|{seen.lower[i + 1]}",
            f"kk+={seen.kinds[i]}|{seen.kinds[i + 1]}",
        ]
    return pairs


def _phrase(seen: _Sentence, i: int) -> list[str]:
    """The last word of the noun phrase in which the word may stand: "fighters" for each of "foreign ISIL fighters"."""
    end = i
    while end < len(seen.lower) and end < i + _PHRASE and _continues(seen.lower[end]):
        end += 1
    if end == i:
        return []
    return [f"h={seen.lower[end - 1]}", f"hn={seen.senses[end - 1]}", f"hd={end - i}"]


def _continues(word: str) -> bool:
    return (word[0].isalnum() or word[0] == "_") and word not in function_words().breaks
