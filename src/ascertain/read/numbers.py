"""Numbers in running text to counts: digits, number words, magnitudes, and the comparator before or after them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from text_to_num import text2num

from ascertain.model.count import Count
from ascertain.read.tokens import Token


@dataclass(frozen=True, slots=True)
class FoundCount:
    """A count over tokens `first`..`last` (exclusive), its comparator included."""

    first: int
    last: int
    count: Count


@dataclass(frozen=True, slots=True)
class NumberWords:
    """What a language writes in counts: number words, magnitudes, vague numbers, comparators (longest first)."""

    language: str
    numerals: frozenset[str]
    magnitudes: Mapping[str, int]
    vague: Mapping[str, int]
    before: Sequence[tuple[tuple[str, ...], str]]
    after: Sequence[tuple[tuple[str, ...], str]]
    range_words: frozenset[str]
    between_words: frozenset[str]
    and_words: frozenset[str]
    not_alone: frozenset[str]  # "un" counts in "vingt et un"; alone it is an article
    round_words: Mapping[str, int]  # "trentaine": about thirty
    decimal: str
    grouping: str  # a space groups digits too where the decimal mark is a comma
    of_words: frozenset[str] = frozenset()  # between two vague numbers: "hundreds of thousands"
    tens: Mapping[str, int] = field(default_factory=dict)  # vague only before another: "tens of thousands"
    values: Mapping[str, int] = field(default_factory=dict)  # number words of a language that text2num does not know


def find_counts(tokens: Sequence[Token], taken: Sequence[bool], words: NumberWords) -> list[FoundCount]:
    """The counts in a sentence's tokens, outside the tokens that a name or a date has taken."""
    reader = _CountReader(tokens, taken, words)
    found, at = [], 0
    while at < len(tokens):
        count = reader.at(at)
        if count is None:
            at += 1
        else:
            found.append(count)
            at = count.last
    return found


_APOSTROPHES = ("'", "’")
# After digits: a share, a part of a symbol, an ordinal.
_NOT_A_COUNT = ("/", "%", "th", "st", "nd", "rd", "er", "ere", "re", "e", "eme")


# Beyond this no count of people, cases or reports is meant.
_LARGEST = 10**12
_NAMES_A_NUMBER = frozenset(
    {
        "-",
        "/",
        ".",
        "no",
        "$",
        "€",
        "resolution",
        "article",
        "paragraph",
        "para",
        "annex",
        "chapter",
        "rule",
        "section",
        "page",
    }
)
_PARTS = frozenset({"half", "quarter", "third", "demi", "quart", "tiers"})
_HALF = frozenset({"half"})
_FEW = frozenset({"few", "many"})  # "a few dozen" is not about twelve


class _CountReader:
    def __init__(self, tokens: Sequence[Token], taken: Sequence[bool], words: NumberWords) -> None:
        self._tokens, self._taken, self._words = tokens, taken, words

    def at(self, i: int) -> FoundCount | None:
        if self._form(i) in self._words.between_words:
            return self._between(i)
        for forms, comparator in self._words.before:
            last = self._follows(i, forms)
            if last is not None:
                number = self._round(last) or self._number(last)
                if number is not None:
                    return self._finish(i, number[1], comparator, number[0])
        rounded = self._round(i)
        if rounded is not None:
            return self._finish(i, rounded[1], "about", rounded[0])
        number = self._number(i)
        return None if number is None else self._finish(i, number[1], "exactly", number[0])

    def _form(self, i: int) -> str:
        return self._tokens[i].form if 0 <= i < len(self._tokens) and not self._taken[i] else ""

    def _forms(self, i: int, length: int) -> tuple[str, ...]:
        return tuple(self._form(i + k) for k in range(length))

    def _follows(self, i: int, forms: tuple[str, ...]) -> int | None:
        """The token after these forms, past the apostrophe of an elided one ("plus d'un million")."""
        for form in forms:
            if self._form(i) != form:
                return None
            i += 2 if len(form) == 1 and self._form(i + 1) in _APOSTROPHES else 1
        return i

    def _round(self, i: int) -> tuple[int, int] | None:
        """A round number: "une trentaine", "a dozen", "two dozen", "half a dozen", "half a million"."""
        if self._form(i) in _PARTS and self._form(i + 1) in self._words.not_alone:
            return self._half(i + 2)
        if self._form(i - 1) in _FEW or self._form(i - 1) in self._words.vague:
            return None
        times, at = self._few(i)
        value = self._words.round_words.get(self._form(at))
        return None if value is None else (value * times, at + 1)

    def _few(self, i: int) -> tuple[int, int]:
        """How many round numbers: a word that counts, if it stands directly before one."""
        if self._form(i) in self._words.not_alone:
            return 1, i + 1
        if self._form(i + 1) not in self._words.round_words or self._form(i) not in self._words.numerals:
            return 1, i
        return int(text2num(self._form(i), self._words.language)), i + 1

    def _half(self, i: int) -> tuple[int, int] | None:
        form = self._form(i)
        whole = self._words.round_words.get(form, self._words.magnitudes.get(form, 0))
        return (whole // 2, i + 1) if whole and self._form(i - 2) in _HALF else None

    def _finish(self, first: int, last: int, comparator: str, value: int) -> FoundCount:
        if comparator == "exactly":
            for forms, after in self._words.after:
                if self._forms(last, len(forms)) == forms:
                    return FoundCount(first, last + len(forms), Count.of(after, value))
                if self._forms(last + 1, len(forms)) == forms:  # "83 people or more"
                    return FoundCount(first, last, Count.of(after, value))
            upper = self._number(last + 1) if self._form(last) in self._words.range_words else None
            if upper is not None and upper[0] > value:
                return FoundCount(first, upper[1], Count.of("between", value, upper[0]))
            if self._form(last - 1) in self._words.vague:
                return FoundCount(first, last, Count.of("at least", value))
        return FoundCount(first, last, Count.of(comparator, value))

    def _between(self, i: int) -> FoundCount | None:
        first = self._number(i + 1)
        if first is None or self._form(first[1]) not in (*self._words.and_words, *self._words.range_words):
            return None
        second = self._number(first[1] + 1)
        return None if second is None else FoundCount(i, second[1], Count.of("between", first[0], second[0]))

    def _number(self, i: int) -> tuple[int, int] | None:
        """The number that begins at a token, and the token after it."""
        form = self._form(i)
        vague = self._vague(i)
        if vague is not None:
            return vague
        value, at = self._digits(i) if form[:1].isdigit() else self._spelt(i)
        if value is None:
            return None
        while self._form(at) in self._words.magnitudes and value < _LARGEST:
            value, at = value * self._words.magnitudes[self._form(at)], at + 1
        if value != int(value) or value > _LARGEST:
            return None
        return int(value), at

    def _vague(self, i: int) -> tuple[int, int] | None:
        """ "Hundreds", "hundreds of thousands": the least that the words allow."""
        times = self._words.tens.get(self._form(i), self._words.vague.get(self._form(i)))
        if self._form(i + 1) in self._words.of_words and self._form(i + 2) in self._words.vague and times:
            whole = 10 ** (len(str(self._words.vague[self._form(i + 2)])) - 1)
            return times * whole, i + 3
        value = self._words.vague.get(self._form(i))
        return None if value is None else (value, i + 1)

    def _digits(self, i: int) -> tuple[float | None, int]:
        form = self._form(i)
        before = self._form(i - 1)
        follows_a_number = before == "-" and self._form(i - 2)[:1].isdigit() and self._form(i - 3) != "-"
        if (before in _NAMES_A_NUMBER and not follows_a_number) or self._form(i + 1) in _NOT_A_COUNT:
            return None, i
        grouped = form.replace(self._words.grouping, "")
        if all(len(part) == 3 for part in form.split(self._words.grouping)[1:]) and grouped.isdigit():
            return self._spaced(i, grouped)
        if form.count(self._words.decimal) == 1 and self._form(i + 1) in self._words.magnitudes:
            return float(form.replace(self._words.decimal, ".")), i + 1
        return None, i

    def _spaced(self, i: int, digits: str) -> tuple[float | None, int]:
        """Digits with those that follow in groups of three after one space: "948 000"."""
        if self._words.decimal == "," and len(digits) <= 3:
            while self._is_group(i + 1):
                digits, i = digits + self._form(i + 1), i + 1
        return float(digits), i + 1

    def _is_group(self, i: int) -> bool:
        form = self._form(i)
        return len(form) == 3 and form.isdigit() and self._tokens[i].start == self._tokens[i - 1].end + 1

    def _part_of_a_number(self, i: int) -> bool:
        """ "2,9 million", "half a million": the magnitude belongs to words that were not read as a number."""
        before = [self._form(i - k) for k in (1, 2) if self._form(i - k) not in ("a", "an", "un", "une")]
        return bool(before) and (before[0][:1].isdigit() or before[0] in _PARTS)

    def _summed(self, i: int) -> tuple[float | None, int]:
        """Number words that add up: "خمسة وعشرون", five and twenty; each next one must fit beside those before."""
        total, at = 0, i
        while (value := self._words.values.get(self._form(at))) is not None and _adds(total, value):
            total, at = total + value, at + 1
        return (float(total), at) if at > i else (None, i)

    def _spelt(self, i: int) -> tuple[float | None, int]:
        if self._words.values:
            return self._summed(i)
        j = i
        while self._form(j) in self._words.numerals or (
            j > i and self._form(j) in ("-", *self._words.and_words) and self._form(j + 1) in self._words.numerals
        ):
            j += 1
        if self._form(i - 1) in self._words.numerals:
            return None, i  # the rest of words that are not one number
        if self._form(i) in self._words.magnitudes and self._part_of_a_number(i):
            return None, i
        if j == i or (j == i + 1 and self._form(i) in self._words.not_alone):
            return None, i
        phrase = " ".join(f for f in self._forms(i, j - i) if f != "-")
        try:
            return float(text2num(phrase, self._words.language)), j
        except ValueError:  # "three four" is not one number
            return None, i


def _adds(total: int, value: int) -> bool:
    """Whether a number word continues a number: a ten after a unit, less than a hundred after hundreds."""
    if total == 0:
        return True
    if total % 100 == 0:
        return value < 100
    return 0 < total % 100 < 10 <= value < 100
