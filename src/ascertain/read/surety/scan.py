"""A sentence with its cues: which words say that something is said, and which stretch of words may name a source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ascertain.read.names import NameIndex
from ascertain.read.proclitics import without_proclitics
from ascertain.read.surety.lexicon import SuretyWords
from ascertain.read.tokens import Token, is_joiner, tokenize

Stretch = tuple[int, int]
"""Tokens `first`..`last`, the last not included."""
LONGEST_NAME = 14
"""A source's name has no more tokens than this."""
_QUOTES = frozenset('"“”«»„')
_BRACKETS = frozenset("[]()")


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue of a kind over tokens `first`..`last`."""

    kind: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Scanned:
    """A sentence's tokens and cues. `verbs` and `words` are in the order of the text and do not overlap."""

    words_of: SuretyWords
    tokens: Sequence[Token]
    verbs: tuple[Cue, ...]
    words: tuple[Cue, ...]
    bridges: tuple[Cue, ...]

    def form(self, at: int) -> str:
        """The form of the token at a place; nothing outside the sentence."""
        return self.tokens[at].form if 0 <= at < len(self.tokens) else ""

    def is_mark(self, at: int) -> bool:
        """Whether a mark that ends a phrase stands there, or the sentence ends."""
        if not 0 <= at < len(self.tokens):
            return True
        token = self.tokens[at]
        if token.kind != "mark" or token.text in _BRACKETS:
            return False
        return not (is_joiner(token) and self._touches(at - 1) and self._touches(at))

    def _touches(self, at: int) -> bool:
        """Whether the token at a place and the next stand together without a space."""
        return 0 <= at < len(self.tokens) - 1 and self.tokens[at].end == self.tokens[at + 1].start

    def is_quote(self, at: int) -> bool:
        """Whether a quotation mark stands there."""
        return 0 <= at < len(self.tokens) and self.tokens[at].text in _QUOTES

    def left_name(self, end: int) -> Stretch | None:
        """The words before `end` that may name a source."""
        first = end
        while first > 0 and end - first < LONGEST_NAME:
            bridge = next((one for one in self.bridges if one.last == first), None)
            if bridge is None and self._ends_name(first - 1):
                break
            first = bridge.first if bridge else first - 1
        while first < end and self.form(first) in self.words_of.inside - self.words_of.determiners:
            first += 1
        return (first, end) if any(self.tokens[i].kind == "word" for i in range(first, end)) else None

    def right_name(self, first: int) -> Stretch | None:
        """The words from `first` on that may name a source."""
        last = first
        while last < len(self.tokens) and last - first < LONGEST_NAME:
            bridge = next((one for one in self.bridges if one.first == last), None)
            if bridge is None and (self._ends_name(last) or self.form(last) in self.words_of.ends_right):
                break
            last = bridge.last if bridge else last + 1
        return (first, last) if any(self.tokens[i].kind == "word" for i in range(first, last)) else None

    def _ends_name(self, at: int) -> bool:
        if self.is_mark(at) or self.form(at) in self.words_of.stop:
            return True
        return any(cue.first <= at < cue.last for cue in self.verbs)

    def closed(self, start: int, end: int) -> bool:
        """Whether something between two tokens ends what a source says."""
        return any(self.tokens[i].text in ";؛" or self.form(i) in self.words_of.close for i in range(start, end))


def scan(body: str, start: int, end: int, words: SuretyWords) -> Scanned:
    """The cues of `body[start:end]`."""
    tokens: Sequence[Token] = tokenize(body[start:end], start)
    if words.language == "ar":
        tokens = without_proclitics(list(tokens), words.known)
    plain = _find(tokens, words.words)
    bridges = _find(tokens, words.bridges)
    longer = [*bridges, *(cue for cue in plain if cue.last - cue.first > 1 and cue.kind not in ("accused", "possible"))]
    found = _find(tokens, words.verbs)
    shouted = body[start:end].isupper()
    verbs = [
        cue
        for cue in found
        if not any(one.first < cue.last and cue.first < one.last for one in longer)
        and not (cue.last - cue.first == 1 and _is_noun(tokens, cue, words, found))
        and not (cue.first and tokens[cue.first].text[:1].isupper() and not shouted)
    ]
    return Scanned(words, tokens, tuple(verbs), tuple(plain), tuple(bridges))


def _find(tokens: Sequence[Token], index: NameIndex) -> list[Cue]:
    return [Cue(one.names[0].value, one.first, one.last) for one in index.find(tokens)]


def _is_noun(tokens: Sequence[Token], cue: Cue, words: SuretyWords, found: Sequence[Cue]) -> bool:
    """Whether "report", "claims" or "fear" names a thing here: by the words around it."""
    before = tokens[cue.first - 1].form if cue.first else ""
    if before in words.determiners:
        return True
    if tokens[cue.first].form not in words.nouns_too:
        return False
    beside = any(other.first == cue.last or other.last == cue.first for other in found)
    return not cue.first or before in words.before_nouns or (beside and before not in words.auxiliary)
