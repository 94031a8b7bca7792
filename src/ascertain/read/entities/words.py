"""Words and sentences for the labeller: every word knows its place in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ascertain.read.entities.vocabulary import function_words

# A text without any sentence end (a list, a table, noise) is cut here, so that memory stays bounded.
LONGEST_SENTENCE = 200
_CLITIC = r"[’'‘](?:s|t|re|ve|ll|m|d)\b"
_ENDS = frozenset(".!?")
_CLOSING = frozenset('"”’»)')


@dataclass(frozen=True, slots=True)
class Word:
    """A word or mark, at `start` up to but without `end` (characters)."""

    start: int
    end: int
    text: str


def split_words(text: str) -> list[Word]:
    """The words, numbers and marks of a text, in order; white space is left out."""
    return [Word(found.start(), found.end(), found.group()) for found in _pattern().finditer(text)]


def split_sentences(text: str) -> list[list[Word]]:
    """The words of each sentence; a line end always ends one."""
    done: list[list[Word]] = []
    open_: list[Word] = []
    for word in split_words(text):
        if open_ and (_begins(text, open_, word) or len(open_) >= LONGEST_SENTENCE):
            done.append(open_)
            open_ = []
        open_.append(word)
    return [*done, open_] if open_ else done


def _begins(text: str, before: list[Word], word: Word) -> bool:
    """Whether `word` is the first of a sentence."""
    gap = text[before[-1].end : word.start]
    if "\n" in gap or "\r" in gap:
        return True
    if not gap:
        return False
    if before[-1].text in _ENDS:
        return word.text[0].isupper()
    return before[-1].text in _CLOSING and len(before) > 1 and before[-2].text in _ENDS


@cache
def _pattern() -> re.Pattern[str]:
    short = "|".join(sorted(function_words().abbreviations))
    return re.compile(
        rf"""(?:[A-Z]\.){{2,}}                        # U.S.
          | \b(?:{short})\.                           # Gen.
          | \b[A-Z]\.(?=\s+[A-Z])                     # Joseph L. Votel
          | \d+(?:[.,:]\d+)*
          | {_CLITIC}
          | \w+(?:[’'](?!(?:s|t|re|ve|ll|m|d)\b)\w+)* # Da’esh
          | [^\w\s]""",
        re.VERBOSE,
    )
