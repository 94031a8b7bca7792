"""Candidates: the phrases of a text that may fill a role, with all places where each stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from ascertain.read.incidents.words import Words, normalise, split_words

Span = tuple[int, int]
"""First word, and the word after the last."""

LONGEST_PHRASE = 9
LONGEST_WITH_OF = 12
_INSIDE = ("NN", "JJ", "CD")


@dataclass(frozen=True)
class Document:
    """A text ready to be read: its words, and its candidates by normalised words (sorted), with their places."""

    words: Words
    keys: tuple[str, ...]
    places: tuple[tuple[Span, ...], ...]

    def span(self, candidate: int) -> tuple[int, int]:
        """Characters of the first place of a candidate."""
        first, after = self.places[candidate][0]
        return self.words.places[first][0], self.words.places[after - 1][1]


def prepare(text: str, heads: frozenset[str]) -> Document:
    """Words and candidates of a text; `heads` are last words of known fillers, candidates wherever they stand."""
    words = split_words(text)
    found: dict[str, list[Span]] = defaultdict(list)
    for first, after in sorted(_phrases(words) | set(_by_head(words, heads))):
        key = normalise(text[words.places[first][0] : words.places[after - 1][1]])
        if len(key) > 1 and words.sentence[first] == words.sentence[after - 1]:
            found[key].append((first, after))
    keys = tuple(sorted(found))
    return Document(words, keys, tuple(tuple(found[key]) for key in keys))


def _begins(tag: str) -> bool:
    return tag[:2] in (*_INSIDE, "DT") or tag in ("VBN", "VBG", "PRP$", '"')


def _goes_on(tag: str) -> bool:
    return tag[:2] in (*_INSIDE, "VB") or tag in ('"', "POS", "'s")


def _chunks(words: Words) -> Iterator[Span]:
    """Longest runs of words that a noun phrase may be made of."""
    i, tags = 0, words.tags
    while i < len(tags):
        if not _begins(tags[i]):
            i += 1
            continue
        j = i + 1 if tags[i] in ("DT", "PRP$") or _goes_on(tags[i]) or words.words[i] == "'s" else i
        while j < len(tags) and j > i and (_goes_on(tags[j]) or words.words[j] == "'s"):
            j += 1
        if j > i:
            yield i, j
        i = max(j, i + 1)


def _ends(words: Words, after: int, end: int) -> bool:
    """Whether a phrase may end before `after` in a chunk that ends at `end`."""
    tag = words.tags[after - 1]
    if tag[:2] not in _INSIDE and tag not in ("VBG", "VBN", '"'):
        return False
    return after == end or words.tags[after].startswith("VB") or words.words[after] in ('"', "'s")


def _phrases(words: Words) -> set[Span]:
    found: set[Span] = set()
    for start, end in _chunks(words):
        for after in range(start + 1, end + 1):
            if _ends(words, after, end):
                firsts = range(max(start, after - LONGEST_PHRASE), after)
                found.update((i, after) for i in firsts if words.tags[i] != "DT" and words.words[i] != "'s")
    return found | set(_with_of(words, found))


def _with_of(words: Words, phrases: set[Span]) -> Iterator[Span]:
    by_first = defaultdict(list)
    for first, after in phrases:
        by_first[first].append(after)
    for first, of in phrases:
        if of + 1 < len(words.words) and words.words[of] == "of":
            second = of + 2 if words.tags[of + 1] in ("DT", "PRP$") else of + 1
            yield from ((first, after) for after in by_first.get(second, ()) if after - first <= LONGEST_WITH_OF)


def _by_head(words: Words, heads: frozenset[str]) -> Iterator[Span]:
    for i, word in enumerate(words.words):
        if word in heads:
            yield i, i + 1
            for first in range(i - 1, max(-1, i - 4), -1):
                if words.tags[first][:2] not in (*_INSIDE, "VB") and words.words[first] != '"':
                    break
                yield first, i + 1
