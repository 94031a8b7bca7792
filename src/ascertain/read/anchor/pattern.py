"""A quote as words to be found: those of the quote, and those that stand before and after it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from ascertain.read.anchor.selectors import Selector
from ascertain.read.anchor.words import LETTERS, Word, word_form, words_of


@dataclass(frozen=True, slots=True)
class Pattern:
    """The words of a quote and of its surroundings, `before` and `after` from the quote outwards.

    A quote may begin or end inside a word, whose rest stands in its prefix or suffix: `cut_start` and `cut_end` are
    the forms of what the first and the last word have before the quote's edge (None: the edge is the word's own).
    `lead` and `trail` are what the quote has before its first and after its last word.
    `before_tells` and `after_tells` are the selector's.
    """

    exact: str
    words: tuple[Word, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    gaps: tuple[str, ...]
    cut_start: str | None
    cut_end: str | None
    lead: str
    trail: str
    before_tells: bool = False
    after_tells: bool = False

    @property
    def forms(self) -> list[str]:
        """The forms of the quote's words."""
        return [word.form for word in self.words]

    @property
    def letters(self) -> int:
        """How many letters and digits the quote has."""
        return sum(len(word.form) for word in self.words)

    @property
    def has_surroundings(self) -> bool:
        """Whether anything is known of what stands beside the quote."""
        return bool(self.before or self.after)

    @property
    def cuts_a_word(self) -> bool:
        """Whether the quote begins or ends inside a word."""
        return self.cut_start is not None or self.cut_end is not None


def make_pattern(selector: Selector, *, joined: bool, apart_from_sides: bool = False) -> Pattern:
    """A quote's words, found together with its sides, so that a word which goes on outside the quote is whole.

    `apart_from_sides`: the sides end with a word, though no space says so (some tools cut spaces off).
    """
    quote = selector.quote
    gap = " " if apart_from_sides else ""
    text = f"{quote.prefix}{gap}{quote.exact}{gap}{quote.suffix}"
    start = len(quote.prefix) + len(gap)
    end = start + len(quote.exact)
    found = list(words_of(text, joined=joined))
    words = tuple(word for word in found if word.end > start and word.start < end)
    before = tuple(word.form for word in reversed(found) if word.end <= start)
    after = tuple(word.form for word in found if word.start >= end)
    if not words:
        return Pattern(quote.exact, (), before, after, (), None, None, "", "")
    first, last = words[0], words[-1]
    return Pattern(
        exact=quote.exact,
        words=words,
        before=before,
        after=after,
        gaps=tuple(gap_form(text[a.end : b.start]) for a, b in pairwise(words)),
        cut_start=word_form(first.written[: start - first.start], LETTERS) or None if first.start < start else None,
        cut_end=word_form(last.written[: end - last.start], LETTERS) or None if last.end > end else None,
        lead=text[start : first.start] if first.start > start else "",
        trail=text[last.end : end] if last.end < end else "",
        before_tells=selector.before_tells,
        after_tells=selector.after_tells,
    )


_QUOTES = "\"'`´«»‘’‚‛“”„‟‹›″′＂＇"
_DASHES = "-‐‑‒–—―−﹘﹣－"
_SAME = {**dict.fromkeys(map(ord, _QUOTES), "'"), **dict.fromkeys(map(ord, _DASHES), "-"), ord("…"): "..."}


def gap_form(gap: str) -> str:
    """What stands between two words, as it is compared: no space, one quotation mark, one dash, no hyphen of a word."""
    told = "".join(gap.split()).translate(_SAME)
    return "" if told == "-" and not any(c.isspace() for c in gap) else told
