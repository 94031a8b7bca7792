"""A sentence as tolls are read from it: its tokens, the words of the language in them, and what they are."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ascertain.model.claim import Span
from ascertain.read.lexicon import load_language
from ascertain.read.names import FoundName
from ascertain.read.numbers import FoundCount, find_counts
from ascertain.read.proclitics import without_proclitics
from ascertain.read.tokens import Token, tokenize
from ascertain.read.tolls.lexicon import TollWords
from ascertain.read.tolls.toll import Kind
from ascertain.read.when import find_dates


@dataclass(frozen=True, slots=True)
class KindWord:
    """Words over tokens `first`..`last` (exclusive) that say what happened; `modes`: where the people stand to them."""

    first: int
    last: int
    kind: Kind
    modes: frozenset[str]


_OF_BEFORE: Final = frozenset({"verbs", "before", "nouns"})
_KILLED_OR_INJURED: Final = frozenset({Kind.KILLED, Kind.INJURED})


@dataclass(frozen=True)
class Line:
    """A sentence's tokens and what the lexicon finds in them."""

    body: str
    tokens: tuple[Token, ...]
    words: TollWords
    counts: tuple[FoundCount, ...]
    kinds: tuple[KindWord, ...]
    groups: tuple[FoundName, ...]
    phrases: Mapping[str, tuple[FoundName, ...]]
    cues: Mapping[str, tuple[FoundName, ...]]

    @property
    def cased(self) -> bool:
        """Whether capitals tell names: in a text of capitals alone they tell nothing."""
        return any(token.text.islower() for token in self.tokens)

    def form(self, i: int) -> str:
        """The folded word of a token; nothing outside the sentence."""
        return self.tokens[i].form if 0 <= i < len(self.tokens) else ""

    def is_in(self, i: int, name: str) -> bool:
        """Whether a token is one of a set of single words of the lexicon."""
        return self.form(i) in self.words.sets[name]

    def is_filler(self, i: int) -> bool:
        """Whether a word may stand between people and what happened to them: "also", "reportedly"."""
        form = self.form(i)
        return form in self.words.sets["fillers"] or (
            len(form) > 4 and form.endswith(self.words.filler_ends or ("\0",))
        )

    def phrase_at(self, name: str, first: int) -> FoundName | None:
        """The phrase of a kind that begins at a token."""
        return next((one for one in self.phrases[name] if one.first == first), None)

    def phrase_before(self, name: str, last: int) -> FoundName | None:
        """The phrase of a kind that ends directly before a token."""
        return next((one for one in self.phrases[name] if one.last == last), None)

    def span(self, first: int, last: int) -> Span:
        """The text of tokens `first`..`last` (exclusive)."""
        start, end = self.tokens[first].start, self.tokens[last - 1].end
        return Span(start=start, end=end, text=self.body[start:end])


def read_line(body: str, start: int, end: int, words: TollWords, written: datetime.date | None) -> Line | None:
    """The line of `body[start:end]`, or nothing where no word of it tells what happened to people.

    `written` is the text's date, from which dates without a year take theirs.
    """
    language = load_language(words.language)
    tokens = as_written = tokenize(body[start:end], start)
    if words.language == "ar":
        tokens = without_proclitics(tokens, words.known)
    kinds = tuple(_kind_words(tokens, words))
    if not kinds:
        return None
    taken = [False] * len(tokens)
    for date in find_dates(as_written, language.dates, written):
        taken[date.first : date.last] = [True] * (date.last - date.first)
    return Line(
        body,
        tuple(tokens),
        words,
        tuple(find_counts(tokens, taken, language.numbers)),
        kinds,
        tuple(words.groups.find(tokens)),
        {name: tuple(index.find(tokens)) for name, index in words.phrases.items()},
        {name: tuple(index.find(tokens)) for name, index in words.cues.items()},
    )


def _kind_words(tokens: Sequence[Token], words: TollWords) -> list[KindWord]:
    found: list[KindWord] = []
    for one in words.kinds.find(tokens):
        word = KindWord(one.first, one.last, Kind(one.names[0].kind), frozenset(name.value for name in one.names))
        if found and _one_of_two(tokens, found[-1], word, words):
            before = found.pop()
            modes = before.modes & word.modes or frozenset({"before"})
            word = KindWord(before.first, word.last, Kind.CASUALTIES, modes)
        found.append(word)
    return found


def _one_of_two(tokens: Sequence[Token], one: KindWord, other: KindWord, words: TollWords) -> bool:
    """ "Killed and wounded", "dead or injured": the number is of both together, and says of neither how many."""
    between = tokens[one.last : other.first]
    joined = all(token.form in words.sets["and"] or token.form == "/" for token in between)
    arabic = words.language == "ar"
    return (
        {one.kind, other.kind} == _KILLED_OR_INJURED
        and joined
        and (0 < len(between) <= 3 or (arabic and not between and tokens[other.first].text.startswith("و")))
        and bool(one.modes & other.modes or (one.modes & _OF_BEFORE and other.modes & _OF_BEFORE))
    )
