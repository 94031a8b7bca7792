"""Tokens as marks, so that patterns of dates are short and the same words serve them all.

    <d7>  a number of one or two figures, 1 to 31      <y2018>  1900 to 2100       <h1439>  1300 to 1500
    <n48> any other number, in figures or a word       <o1>     first, second …    <q2018-04-07> 7.4.2018
    <m4>  a month; <c5> one that is also another word, in capitals (May); <v5> the same without (may)
    <k9>  a month of the Hijri calendar                <w1>     a weekday, Monday is 0
    <u:day> a unit of time; <t:day> two of them (يومين); <s:summer> a season; <r-1> a day by the text's own (yesterday)

Every other word stands as its folded form; apostrophes and quotation marks vanish; all dashes are "-".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from ascertain.read.tokens import Token, is_joiner, name_forms

_DASHES = frozenset("-‐‑‒–—−")
_UNSEEN = frozenset("'’‘ʼ\"“”„«»")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_LONGEST_NUMBER = 9


@dataclass(frozen=True, slots=True)
class Piece:
    """A word of the code at `start`..`end`, over tokens `first`..`last` (exclusive)."""

    start: int
    end: int
    first: int
    last: int


@dataclass(frozen=True)
class Marked:
    """Tokens in code."""

    text: str
    pieces: tuple[Piece, ...]

    def pieces_of(self, start: int, end: int) -> tuple[int, int]:
        """The pieces (first, last exclusive) behind a stretch of the code that begins and ends with one."""
        first = bisect_left(self.pieces, start, key=lambda piece: piece.start)
        return first, bisect_left(self.pieces, end, key=lambda piece: piece.end) + 1


class Phrases:
    """Words and phrases with the mark that stands for them, longest first."""

    def __init__(self, prefixes: str) -> None:
        """`prefixes` are letters that a language writes together with the word after them (Arabic و)."""
        self.prefixes = prefixes
        self._by_first: dict[str, list[tuple[tuple[str, ...], str, bool]]] = {}

    def add(self, form: str, mark: str, *, weak: bool = False) -> None:
        """A phrase; a weak one is also another word."""
        forms = name_forms(form)
        same = self._by_first.setdefault(forms[0], [])
        if not any(known == forms for known, _, _ in same):
            same.append((forms, mark, weak))
            same.sort(key=lambda entry: -len(entry[0]))

    def at(self, tokens: Sequence[Token], at: int, cut: int = 0) -> tuple[str, int] | None:
        """The mark of the longest phrase at a token (without its first `cut` letters), and the token after it."""
        for forms, mark, weak in self._by_first.get(tokens[at].form[cut:], ()):
            last = _follows(tokens, at, forms[1:])
            if last is not None:
                capital = "c" if tokens[at].text[:1].isupper() else "v"
                return (f"<{capital}{mark[2:]}" if weak else mark), last
        return None


def _follows(tokens: Sequence[Token], at: int, rest: Sequence[str]) -> int | None:
    i = at + 1
    for form in rest:
        while i < len(tokens) and is_joiner(tokens[i]):
            i += 1
        if i >= len(tokens) or tokens[i].form != form:
            return None
        i += 1
    return i


class Marker:
    """Writes tokens as marks."""

    def __init__(self, phrases: Phrases, ordinal_endings: frozenset[str]) -> None:
        self._phrases, self._endings = phrases, ordinal_endings

    def code(self, tokens: Sequence[Token]) -> str:
        """The code of a few words: how a file's words are written in its patterns."""
        return self.mark(tokens).text

    def mark(self, tokens: Sequence[Token]) -> Marked:
        """Tokens in code."""
        words: list[str] = []
        pieces: list[Piece] = []
        length, at = 0, 0
        while at < len(tokens):
            found, last = self._at(tokens, at)
            for word in found:
                length += 1 if words else 0
                words.append(word)
                pieces.append(Piece(length, length + len(word), at, last))
                length += len(word)
            at = last
        return Marked(" ".join(words), tuple(pieces))

    def _at(self, tokens: Sequence[Token], at: int) -> tuple[tuple[str, ...], int]:
        token = tokens[at]
        if token.kind == "num":
            return self._number(tokens, at)
        if token.text in _UNSEEN:
            return (), at + 1
        if token.text in _DASHES:
            return ("-",), at + 1
        found = self._phrases.at(tokens, at)
        if found is not None:
            return (found[0],), self._past_second_name(tokens, *found)
        if token.form[:1] and token.form[0] in self._phrases.prefixes and len(token.form) > 2:
            found = self._phrases.at(tokens, at, cut=1)
            if found is not None:
                return (token.form[0], found[0]), self._past_second_name(tokens, *found)
        return ((token.form.replace(" ", ""),) if token.form.strip() else ()), at + 1

    def _past_second_name(self, tokens: Sequence[Token], mark: str, last: int) -> int:
        """The token after a month that is written in two calendars' names (أبريل/نيسان)."""
        if mark.startswith("<m") and last + 1 < len(tokens) and tokens[last].text == "/":
            second = self._phrases.at(tokens, last + 1)
            if second is not None and second[0] == mark:
                return second[1]
        return last

    def _number(self, tokens: Sequence[Token], at: int) -> tuple[tuple[str, ...], int]:
        after = at + 1
        if after < len(tokens) and tokens[after].form in self._endings and tokens[after].start == tokens[at].end:
            after += 1
        return (_number_mark(tokens[at].text),), after


def _number_mark(text: str) -> str:
    dotted = _DOTTED.fullmatch(text)
    if dotted:
        day, month, year = (int(part) for part in dotted.groups())
        return f"<q{year:04}-{month:02}-{day:02}>"
    if not text.isdecimal() or len(text) > _LONGEST_NUMBER:
        return "<n>"
    number = int(text)
    if len(text) <= 2 and 1 <= number <= 31:
        return f"<d{number}>"
    if len(text) == 4 and 1900 <= number <= 2100:
        return f"<y{number}>"
    return f"<h{number}>" if len(text) == 4 and 1300 <= number <= 1500 else f"<n{number}>"
