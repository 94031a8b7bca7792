"""Words in the forms in which quotes are compared: a number is one word, a word broken at a line's end is whole.

Space and punctuation separate words and are not compared. So "3 killed" never stands in "13 killed" nor in
"1,003 killed", and quotes, dashes and line ends make no difference. Each word has forms of rising looseness:

* MARKS: without accents, vowel signs, invisible characters and tatweel; ligatures and wide letters as plain ones;
* CASE: and without case;
* LETTERS: and with one form of Arabic letters and of digits, as `text.folding` has it, in which words are looked up.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ascertain.read.text.folding import fold_character

MARKS, CASE, LETTERS = 0, 1, 2

_INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_TATWEEL = "\u0640"
HYPHENS = "-\u2010\u2011\u2012\u2013\u2212"
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# Marks that Python's \w leaves out, though a word goes on after them.
_ALL_MARKS = "".join(chr(c) for c in range(0x300, 0x10000) if unicodedata.category(chr(c)) in ("Mn", "Mc", "Me"))
_PART = rf"[\w{re.escape(_ALL_MARKS)}{_INVISIBLE}]"
_RUN = rf"(?:(?![{_UNSPACED}]){_PART})"
_IN_NUMBERS = rf"(?<=\d)[.,:/'’\u066b\u066c{HYPHENS}](?=\d)"
_AT_LINE_END = rf"(?<=[^\W\d_])[{HYPHENS}][ \t]*\r?\n[ \t]*(?=[^\W\d_])"
_HYPHEN_INSIDE = rf"(?<=\w)[{HYPHENS}](?=\w)"
_ONE = rf"[{_UNSPACED}]|[^\w\s]"


def _pattern(joins: str) -> re.Pattern[str]:
    return re.compile(rf"{_RUN}+(?:(?:{joins}){_RUN}+)*|{_ONE}")


_SPLIT = _pattern(f"{_IN_NUMBERS}|{_AT_LINE_END}")
_JOINED = _pattern(f"{_IN_NUMBERS}|{_AT_LINE_END}|{_HYPHEN_INSIDE}")
_BROKEN = re.compile(rf"[{HYPHENS}][ \t]*\r?\n[ \t]*")
_DASH = re.compile(f"[{HYPHENS}]")
_DIGIT = re.compile(r"\d")
# Punctuation that says something: 5 % is not 5, and A/B is not A B.
_SAYING = frozenset("%‰&@#/")


@dataclass(frozen=True, slots=True)
class Word:
    """A word at `start` up to but without `end`, as written, and its loosest form."""

    start: int
    end: int
    written: str
    form: str


def words_of(text: str, *, joined: bool = False) -> Iterator[Word]:
    """The words of a text in order. `joined`: parts of a word with hyphens are one word (air-strike, airstrike)."""
    for found in matches(text, joined=joined):
        form = word_form(found.group(), LETTERS)
        if form:
            yield Word(found.start(), found.end(), found.group(), form)


def matches(text: str, *, joined: bool) -> Iterator[re.Match[str]]:
    """The words of a text and the marks between them, of which those without a form are none."""
    return (_JOINED if joined else _SPLIT).finditer(text)


@lru_cache(maxsize=65_536)
def word_form(written: str, looseness: int) -> str:
    """A word's form; empty for punctuation and for what is invisible."""
    if written.isascii() and written.isalnum():
        return written if looseness == MARKS else written.lower()
    if not written or (len(written) == 1 and not written.isalnum() and not _says(written)):
        return ""
    whole = _DASH.sub(_dash(written), _BROKEN.sub("", written))
    if looseness == LETTERS:
        return "".join(map(fold_character, whole))
    plain = "".join(map(_without_marks, whole))
    return plain if looseness == MARKS else plain.casefold()


def is_number(word: str) -> bool:
    """Whether there is a digit, or a sign of one, in a word's form: such words are never nearly equal."""
    return any(unicodedata.category(c)[0] == "N" for c in word)


def _dash(written: str) -> str:
    """What a hyphen inside a word becomes: 3-5 keeps it."""
    return "-" if _DIGIT.match(written[0]) and _DIGIT.match(written[-1]) else ""


def _says(mark: str) -> bool:
    told = fold_character(mark).strip()
    return told in _SAYING or (bool(told) and unicodedata.category(told[0])[0] in "SLM")


def _without_marks(character: str) -> str:
    if unicodedata.category(character) == "No":  # 12² is not 122
        return character
    apart = unicodedata.normalize("NFKD", character)
    return "".join(
        c for c in apart if not (unicodedata.combining(c) or unicodedata.category(c) == "Cf" or c == _TATWEEL)
    )
