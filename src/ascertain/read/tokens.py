"""Words with their places, in the form in which lexicons are matched."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
    (?P<nt>[^\W\d_]+n['’]t\b)            # did n't: one word, of which the matching form is "not"
  | (?P<poss>['’]s\b|(?<=s)['’](?!\w))   # the possessive
  | (?P<num>\d+(?:[.,]\d+)*)
  | (?P<word>[^\W\d_][^\W\d_\u0300-\u036f\u064b-\u0652]*(?:[\u0300-\u036f\u064b-\u0652][^\W\d_]*)*)
  | (?P<mark>[^\w\s])
    """,
    re.VERBOSE,
)
_JOINERS = frozenset("-‐‑–/.·'’")
_ARABIC_MARKS = re.compile(r"[\u064b-\u0652\u0640]")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark at `start`..`end`; `form` is what lexicons match."""

    start: int
    end: int
    text: str
    form: str
    kind: str


def tokenize(text: str, offset: int = 0) -> list[Token]:
    """The tokens of a text; positions are shifted by `offset`."""
    tokens = []
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or "mark"
        word = found.group()
        match kind:
            case "nt":
                form = "not"
            case "poss":
                form = "'s"
            case _:
                form = fold(word)
        tokens.append(Token(found.start() + offset, found.end() + offset, word, form, kind))
    return tokens


def fold(word: str) -> str:
    """The matching form of a word: no case, no accents; Arabic without marks, with one alef, ya and ta marbuta."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    plain = _ARABIC_MARKS.sub("", plain)
    return plain.translate(_ARABIC_LETTERS)


_ARABIC_LETTERS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي"})


def is_joiner(token: Token) -> bool:
    """Whether a mark only joins the parts of a name (OPCW-UN, OPCW/UN, U.N.)."""
    return token.kind == "mark" and token.text in _JOINERS


def name_forms(name: str) -> tuple[str, ...]:
    """The forms of a name's words, joiners left out: how names are compared."""
    return tuple(token.form for token in tokenize(name) if not is_joiner(token))
