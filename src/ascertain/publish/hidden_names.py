"""Words that name something closed, and where in a text they stand: whole words, whatever their case and spacing."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ascertain.model.access import Standing

_WORD = re.compile(r"\w+")
_SHORTEST = 4  # letters: a shorter name counts only where it is all that stands there


@dataclass(frozen=True, slots=True)
class HiddenName:
    """Words that name a closed thing, what it is, and its class."""

    text: str
    of: str
    standing: Standing


class HiddenNames:
    """Finds hidden names in texts, in time that does not grow with their number."""

    def __init__(self, names: Iterable[HiddenName] = ()) -> None:
        self._by_first: defaultdict[str, list[tuple[tuple[str, ...], HiddenName]]] = defaultdict(list)
        for name in names:
            words = _words(name.text)
            if words:
                self._by_first[words[0]].append((words, name))

    def found_in(self, text: str) -> Iterator[HiddenName]:
        """The hidden names in a text, each once."""
        if not self._by_first:
            return
        words, found = _words(text), set()
        for start, word in enumerate(words):
            for wanted, name in self._by_first.get(word, ()):
                if words[start : start + len(wanted)] == wanted and _counts(wanted, words) and name not in found:
                    found.add(name)
                    yield name


def _counts(wanted: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return wanted == words or sum(map(len, wanted)) >= _SHORTEST


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))
