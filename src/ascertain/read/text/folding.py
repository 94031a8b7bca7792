"""Text as it is matched, never as it is shown: one form for the spellings that a reader takes for one word.

Folded are: case, accents, ligatures and width (Unicode's NFKD); Arabic's alef and hamza forms, ta marbuta, alef
maqsura, Persian kaf and ya, vowel signs, tatweel and presentation forms; digits of every script; quotes, dashes, the
Arabic comma; characters that are not seen (bidi marks, joiners, soft hyphens); runs of white space to one space.
Not folded: superscript and circled digits and fractions, which would run into the number before them (43² is not 432),
and letters of different scripts that look alike.

The Arabic classes are those of Larkey, Ballesteros and Connell (SIGIR 2002), and for Persian Unicode's own note that
U+06A9 and U+06CC are the Persian forms of U+0643 and U+064A.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_ARABIC = {
    **dict.fromkeys("أإآٱٲٳ", "ا"),
    **dict.fromkeys("ىیېۍ", "ي"),
    **dict.fromkeys("ةەہۀۂۃھ", "ه"),
    **dict.fromkeys("کڪ", "ك"),
    "ؤ": "و",
    "ئ": "ي",
    "،": ",",
    "؛": ";",
    "؟": "?",
    "٪": "%",
    "٫": ".",
    "٬": ",",
}
_LATIN = {"ı": "i", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "þ": "th", "æ": "ae", "œ": "oe", "ŧ": "t"}
_MARKS = {
    **dict.fromkeys("‘’‚‛′ʻʼʽʾʿˈ`´‹›՚＇", "'"),
    **dict.fromkeys("“”„‟″«»〝〞＂", '"'),
    **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
    "⁄": "/",
}
_FOLDS = {**_ARABIC, **_LATIN, **_MARKS}
_TATWEEL = "\u0640"
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)


@dataclass(frozen=True, slots=True)
class Folded:
    """`source` folded to `text`; `starts[i]` is where in `source` the character stands that gave `text[i]`."""

    text: str
    starts: Sequence[int]
    source: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where in `source` the folded characters `start` to `end` stand, with the marks on their last letter.

        Raises ValueError for an empty span or one outside the text: no words stand behind it.
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"no characters {start} to {end} in a folded text of {len(self.text)}")
        after = self.starts[end - 1] + 1
        while after < len(self.source) and unicodedata.combining(self.source[after]):
            after += 1
        return self.starts[start], after


def fold(text: str) -> str:
    """`text` folded."""
    return fold_with_map(text).text


def fold_with_map(text: str) -> Folded:
    """`text` folded, with the place of every folded character, so that a match is anchored to the words as written."""
    folded: list[str] = []
    starts = array("I")
    spaced = False
    for index, character in enumerate(text):
        told = fold_character(character)
        if told == " ":
            if spaced:
                continue
            spaced = True
        elif told:
            spaced = False
        folded.append(told)
        starts.extend([index] * len(told))
    return Folded("".join(folded), starts, text)


@lru_cache(maxsize=65_536)
def fold_character(character: str) -> str:
    """One character folded: none, one or several (`ﻻ` is two)."""
    if character.isspace():
        return " "
    if unicodedata.category(character) == "No":
        return character
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(map(_plain, apart)).casefold()


def _plain(letter: str) -> str:
    unseen = unicodedata.category(letter) == "Cf" or ord(letter) in _VARIATION_SELECTORS
    if unseen or letter == _TATWEEL or unicodedata.combining(letter):
        return ""
    if letter.isspace():
        return " "
    number = unicodedata.decimal(letter, None)
    return _FOLDS.get(letter, letter) if number is None else str(number)
