"""A gazetteer ready for finding: an automaton over the words of its names, and their rows in Arrow.

The automaton (Aho and Corasick 1975, by pyahocorasick) runs over numbers of words, not letters: a name is some four to
twelve steps, so a million names take some hundred megabytes and a text is passed once.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import ahocorasick
import numpy as np
import pyarrow as pa

from ascertain.read.places.rows import PlaceName, to_table
from ascertain.read.places.spelling import WORD, common_words, exact_key, name_key, plain, spoken, without_prefixes

_UNKNOWN = 0
_LONGEST_NAME = 12  # words
_SHORTEST_NAME = 3  # letters of a name's form in Latin script: shorter ones are found everywhere


@dataclass(frozen=True, slots=True)
class NameHit:
    """A name at `start`..`end` of a text, with the rows of the gazetteer that have it."""

    start: int
    end: int
    rows: Sequence[int]


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    number: int


class Gazetteer:
    """Names of places, indexed. Build once, use for many texts; it is not changed by finding."""

    def __init__(self, table: pa.Table) -> None:
        """Of a table with the columns of `rows.SCHEMA`."""
        self._table = table
        self._numbers: dict[str, int] = {}
        self._automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS, ahocorasick.KEY_SEQUENCE)
        self._lengths = array("B")
        groups = np.full(table.num_rows, -1, dtype=np.int64)
        count = 0
        for row, name in enumerate(_strings(table.column("name"))):
            key = self._key(name)
            if not key:
                continue
            group = self._automaton.get(key, -1)
            if group < 0:
                group, count = count, count + 1
                self._automaton.add_word(key, group)
                self._lengths.append(len(key) // _DIGITS)
            groups[row] = group
        if count:
            self._automaton.make_automaton()
        self._names = count
        self._order = np.argsort(groups, kind="stable")
        self._starts = np.searchsorted(groups[self._order], np.arange(count + 1))

    @classmethod
    def of(cls, rows: Sequence[PlaceName]) -> Gazetteer:
        """A gazetteer of rows."""
        return cls(to_table(rows))

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def row(self, number: int) -> PlaceName:
        """A row by its number."""
        return PlaceName(**{name: self._table.column(name)[number].as_py() for name in self._table.column_names})

    def find(self, text: str) -> list[NameHit]:
        """The longest names at each place of a text, left to right, without overlaps.

        A name in Latin letters must begin with a capital; words of `common` alone are no name.
        """
        words = self._words(text)
        if not self._names or not words:
            return []
        found = []
        symbols: list[int] = []
        ends: list[int] = []
        for number, word in enumerate(words):
            written = _symbols(word.number)
            symbols += written
            ends += [number] * len(written)
        for last, group in self._automaton.iter_long(tuple(symbols)):
            hit = self._hit(text, words, ends[last], group)
            if hit is not None:
                found.append(hit)
        return found

    def _hit(self, text: str, words: Sequence[_Word], last: int, group: int) -> NameHit | None:
        rows = self._order[self._starts[group] : self._starts[group + 1]]
        length = self._lengths[group]
        first = last - length + 1
        start, end = words[first].start, words[last].end
        written = text[start:end]
        initial = written[0]
        common = length == 1 and plain(written) in common_words()
        if initial.islower() or (common and not _WITH_ARTICLE.search(text, max(0, start - 4), start)):
            return None
        return NameHit(start, end, [int(row) for row in rows])

    def _key(self, name: str) -> tuple[int, ...]:
        """The numbers of a name's words; nothing for a name too short to look for."""
        forms = name_key(name)
        if not forms or (len(forms) == 1 and forms[0].isascii() and len(forms[0]) < _SHORTEST_NAME):
            return ()
        numbers = [self._numbers.setdefault(form, len(self._numbers) + 1) for form in forms[:_LONGEST_NAME]]
        return tuple(symbol for number in numbers for symbol in _symbols(number))

    def _words(self, text: str) -> list[_Word]:
        words: list[_Word] = []
        known: dict[str, int] = {}
        for found in WORD.finditer(text):
            written = found.group()
            number = known.get(written, -1)
            if number < 0:
                number = known[written] = self._number(written)
            if number != _ARTICLE:
                start, end = found.span()
                if words and _apart(text[words[-1].end : start]):
                    words.append(_Word(start, start, _UNKNOWN))
                elided = len(written) > 4 and written[1] in "'’" and written[0] in "dl"
                words.append(_Word(start + 2 * elided, _end(written, end), number))
        return words

    def _number(self, written: str) -> int:
        form = spoken(written)
        if not form:
            return _ARTICLE
        number = self._numbers.get(form, _UNKNOWN)
        if number or form.isascii():
            return number
        return next((self._numbers[bare] for bare in without_prefixes(written) if bare in self._numbers), _UNKNOWN)


_ARTICLE = -2
_DIGITS, _BITS = 4, 6  # four digits of base 64: sixteen million words


@lru_cache(maxsize=262_144)
def _symbols(number: int) -> tuple[int, ...]:
    """A word's number as symbols of the automaton: digits, each place with symbols of its own.

    A node of the automaton looks through its children one by one, so there must be few; and since the symbols of the
    first digit stand nowhere else, a name begins where a word begins. An unknown word is one symbol of no name.
    """
    if number == _UNKNOWN:
        return (_DIGITS << _BITS,)
    base = 1 << _BITS
    return tuple((place << _BITS) + (number >> (_BITS * place)) % base for place in range(_DIGITS))


_WITH_ARTICLE = re.compile(r"(?<!\w)[AE]l[- ]\Z")


def _end(written: str, end: int) -> int:
    """Where a word ends without the possessive or a closing quotation mark."""
    if written.endswith(("'s", "’s")) and len(written) > 3:
        return end - 2
    return end - 1 if written.endswith(("'", "’")) else end


def _apart(between: str) -> bool:
    """Whether what stands between two words parts them: anything but space, hyphen, apostrophe or an article."""
    return between != " " and any(mark in between for mark in ',;:.!?()\n"“”«»/|،؛')


def _strings(column: pa.ChunkedArray) -> Iterable[str]:
    for chunk in column.chunks:
        yield from chunk.to_pylist()


def written_as(name: str, text: str) -> bool:
    """Whether a text writes a name as the gazetteer does, apart from case, accents and articles."""
    return exact_key(name) == exact_key(text)
