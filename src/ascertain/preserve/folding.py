"""Text as it is compared: without case, accents, vowel signs, or characters that only join, turn or hide.

Two spellings that a reader takes for one word are one here: precomposed and combining letters, full width and half
width, Arabic with and without vowel signs or tatweel, ligatures, letters with invisible characters between them.
Unicode's NFKD and case folding do it, character by character, so that every folded character has one place in the text.
Not folded: letters of different scripts that look alike, and different letters of one sound (ة and ه, ى and ي).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Scripts that write no spaces between words: Thai and Lao, Burmese, Khmer, Chinese, Japanese.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_DROPPED = frozenset({"Mn", "Me", "Cf"})  # marks on letters; characters that are not seen
_TATWEEL = "\u0640"


def fold(text: str) -> str:
    """The text folded."""
    if text.isascii():
        return text.lower()
    return "".join(map(fold_character, text))


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """The text folded, and for each of its characters the index in `text` of the character that it comes from."""
    folded, places = [], []
    for index, character in enumerate(text):
        told = fold_character(character)
        folded.append(told)
        places.extend([index] * len(told))
    return "".join(folded), places


@lru_cache(maxsize=65_536)
def fold_character(character: str) -> str:
    """One character folded: none, one or several."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(c for c in apart if c != _TATWEEL and unicodedata.category(c) not in _DROPPED)
