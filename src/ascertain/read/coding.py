"""A sentence in code: names, dates, counts and units become marks such as <P1>, so that patterns can be short."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ascertain.model.claim import Span
from ascertain.read.lexicon import Language, Lexicon
from ascertain.read.names import FoundName, Name
from ascertain.read.numbers import find_counts
from ascertain.read.proclitics import without_proclitics
from ascertain.read.tokens import Token, is_joiner, tokenize
from ascertain.read.when import FoundDate, find_dates

_LETTER = {
    "party": "P",
    "place": "L",
    "zone": "Z",
    "agreement": "T",
    "agent": "G",
    "date": "D",
    "count": "N",
    "unit": "U",
}
MARK = re.compile(r"<[PLZTGDNU](\d+)(?::\w+)?>")


@dataclass(frozen=True, slots=True)
class Mark:
    """A name, date, count or unit over tokens `first`..`last` (exclusive)."""

    kind: str
    value: str
    first: int
    last: int


@dataclass(frozen=True)
class Coded:
    """A sentence in code. `pieces` gives, for each piece of `text`, its place there and the tokens behind it."""

    body: str
    sentence: Span
    tokens: tuple[Token, ...]
    marks: tuple[Mark, ...]
    text: str
    pieces: tuple[tuple[int, int, int, int], ...]

    def marks_in(self, code: str) -> Iterator[Mark]:
        """The marks that a stretch of code names."""
        return (self.marks[int(found.group(1))] for found in MARK.finditer(code))

    def tokens_of(self, start: int, end: int) -> set[int]:
        """The tokens that stand behind a stretch of the code, dropped words between them included."""
        inside = [(first, last) for s, e, first, last in self.pieces if s >= start and e <= end]
        return set(range(min(f for f, _ in inside), max(last for _, last in inside))) if inside else set()

    def span(self, first: int, last: int) -> Span:
        """The text of tokens `first`..`last` (exclusive)."""
        start, end = self.tokens[first].start, self.tokens[last - 1].end
        return Span(start=start, end=end, text=self.body[start:end])


def code_sentence(body: str, start: int, end: int, lexicon: Lexicon, written: datetime.date | None) -> Coded:
    """The sentence `body[start:end]` in code."""
    as_written = tokenize(body[start:end], start)
    tokens = tuple(without_proclitics(as_written, lexicon.known))
    dates = find_dates(as_written, lexicon.language.dates, written)
    marks = _find_marks(tokens, lexicon, dates)
    text, pieces = _write(tokens, marks, lexicon.language)
    return Coded(body, Span(start=start, end=end, text=body[start:end]), tokens, tuple(marks), text, tuple(pieces))


def _find_marks(tokens: tuple[Token, ...], lexicon: Lexicon, dates: list[FoundDate]) -> list[Mark]:
    language = lexicon.language
    marks = _with_abbreviations(tokens, _find_names(tokens, lexicon))
    taken = _taken(tokens, marks)
    marks += [Mark("date", d.edtf, d.first, d.last) for d in dates if not any(taken[d.first : d.last])]
    taken = _taken(tokens, marks)
    marks += [Mark("count", c.count.notation(), c.first, c.last) for c in find_counts(tokens, taken, language.numbers)]
    marks += _find_units(tokens, _taken(tokens, marks), language)
    return sorted(marks, key=lambda mark: mark.first)


def _find_names(tokens: tuple[Token, ...], lexicon: Lexicon) -> list[Mark]:
    marks: list[Mark] = []
    for found in lexicon.names.find(tokens):
        before = marks[-1] if marks else None
        gap = {t.form for t in tokens[before.last : found.first]} if before else set()
        after_place = before is not None and before.kind == "place" and gap <= {",", *lexicon.language.drop}
        marks.append(_choose(tokens, found, lexicon.language, after_place))
    return marks


def _with_abbreviations(tokens: tuple[Token, ...], marks: list[Mark]) -> list[Mark]:
    """A name and its abbreviation in brackets are one mark: "the Joint Investigative Mechanism (JIM)"."""
    merged: list[Mark] = []
    for mark in marks:
        before = merged[-1] if merged else None
        if before and before.value == mark.value and _bracketed(tokens, before.last, mark):
            merged[-1] = Mark(before.kind, before.value, before.first, mark.last + 1)
        else:
            merged.append(mark)
    return merged


def _bracketed(tokens: tuple[Token, ...], at: int, mark: Mark) -> bool:
    inside = mark.first == at + 1 and mark.last < len(tokens)
    return inside and tokens[at].text == "(" and tokens[mark.last].text == ")"


def _taken(tokens: tuple[Token, ...], marks: list[Mark]) -> list[bool]:
    taken = [False] * len(tokens)
    for mark in marks:
        taken[mark.first : mark.last] = [True] * (mark.last - mark.first)
    return taken


def _choose(tokens: tuple[Token, ...], found: FoundName, language: Language, after_place: bool) -> Mark:
    """A state's name is its place after "in", the state otherwise."""
    names = {name.kind: name for name in reversed(found.names)}
    if "party" in names and "place" in names:
        before = next((word for t in reversed(tokens[: found.first]) if (word := _word(t, language))), "")
        # "in Saraqib, the Syrian Arab Republic": after a place and a comma a country is where it lies.
        follows_place = before == "," and after_place
        chosen: Name = names["place"] if before in language.place_prepositions or follows_place else names["party"]
    else:
        chosen = found.names[0]
    return Mark(chosen.kind, chosen.value, found.first, found.last)


def _find_units(tokens: tuple[Token, ...], taken: list[bool], language: Language) -> Iterator[Mark]:
    at = 0
    while at < len(tokens):
        length = next((n for n in (3, 2, 1) if _forms(tokens, taken, at, n) in language.units), 0)
        if length:
            forms = _forms(tokens, taken, at, length)
            yield Mark("unit", f"{language.units[forms]}:{' '.join(forms)}", at, at + length)
        at += length or 1


def _forms(tokens: tuple[Token, ...], taken: list[bool], at: int, length: int) -> tuple[str, ...]:
    if at + length > len(tokens) or any(taken[at : at + length]):
        return ()
    return tuple(token.form for token in tokens[at : at + length])


def _word(token: Token, language: Language) -> str:
    """The word that stands in the code for a token; nothing for a dropped one."""
    same = language.written.get(token.text) or language.written.get(token.text.casefold())
    if same:
        return same
    return "" if token.form in language.drop else "be" if token.form in language.be else token.form


def _write(
    tokens: tuple[Token, ...], marks: list[Mark], language: Language
) -> tuple[str, list[tuple[int, int, int, int]]]:
    begins = {mark.first: (number, mark) for number, mark in enumerate(marks)}
    text, pieces, at = "", [], 0
    while at < len(tokens):
        last = at + 1
        if at in begins:
            number, mark = begins[at]
            unit = f":{mark.value.split(':')[0]}" if mark.kind == "unit" else ""
            piece, last = f"<{_LETTER[mark.kind]}{number}{unit}>", mark.last
        elif is_joiner(tokens[at]) and tokens[at].text not in "-–":
            at = last
            continue
        else:
            piece = _word(tokens[at], language)
            if not piece:
                at = last
                continue
        text += " " if text else ""
        pieces.append((len(text), len(text) + len(piece), at, last))
        text += piece
        at = last
    return text, pieces
