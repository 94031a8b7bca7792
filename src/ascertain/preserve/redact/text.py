"""Words and spans taken out of a text.

Each span becomes one fixed mark, so that its length is not told; spans that touch become one. The copy is the text
alone, in UTF-8: no markup, no properties, nothing that the file held besides.

Words are found by how they read, not by how they are written (`ascertain.preserve.folding`), across line breaks, and
inside longer words: then the whole word goes, so that neither an Arabic prefix nor the rest of a compound is left.
Words of scripts from right to left are found backwards too: the text layer of many PDFs has them so.
Words that a hyphen breaks at the end of a line are found as well.

Not found: nicknames, other spellings, other scripts, misreadings by OCR. Look at the copy.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ascertain.errors import UsageError
from ascertain.preserve.folding import UNSPACED, fold, fold_with_places

METHOD = "redact-text@1"
MARK = "[redacted]"
_SPACES = re.compile(r"\s+")
# A word broken at the end of a line; PDFium writes U+0002 for the hyphen.
_BROKEN = re.compile(r"(?<=[^\W\d_])(?:[-\u2010]\s*\n\s*|\x02\s*)(?=[^\W\d_])")
_UNSPACED = re.compile(f"[{UNSPACED}]")

Reading = tuple[str, list[int]]  # a folded text, and the place of each of its characters in the text


@dataclass(frozen=True, slots=True, order=True)
class Hidden:
    """Characters `start` to before `end` of a text, to be hidden."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RedactedText:
    """The text with marks, and where each mark begins in it."""

    text: str
    marks: tuple[int, ...]


def redact_text(text: str, hidden: Iterable[Hidden]) -> RedactedText:
    """The text with one mark in place of each span. Raises UsageError for a span that is empty or not in the text."""
    parts, marks, at, length = [], [], 0, 0
    for span in _merged(text, hidden):
        parts += [text[at : span.start], MARK]
        length += span.start - at
        marks.append(length)
        length += len(MARK)
        at = span.end
    return RedactedText("".join([*parts, text[at:]]), tuple(marks))


def find_words(text: str, wanted: Sequence[str]) -> list[Hidden]:
    """Every place where one of these words or phrases stands.

    Raises UsageError when one has no letter or digit, or is nowhere in the text: a typing error must not pass for a
    redaction.
    """
    found = places_of_words(text, wanted)
    refuse_missing([not here for here in found])
    return [place for here in found for place in here]


def places_of_words(text: str, wanted: Sequence[str]) -> list[list[Hidden]]:
    """For each of these words or phrases the places where it stands; the whole word where it is part of one.

    Raises UsageError for words without a letter or digit.
    """
    whole = fold_with_places(text)
    readings = [_without(whole, _SPACES, " "), _without(_without(whole, _BROKEN, ""), _SPACES, " ")]

    def places_of(form: str) -> Iterator[Hidden]:
        for folded, places in readings:
            for at in _all(folded, form):
                yield _whole_words(text, places[at], places[at + len(form) - 1] + 1)

    return [[place for form in _forms(_needle(words)) for place in places_of(form)] for words in wanted]


def refuse_missing(missing: Sequence[bool]) -> None:
    """Raise UsageError when any of the wanted words was not found; they are named by their number alone."""
    numbers = [str(number) for number, gone in enumerate(missing, start=1) if gone]
    if numbers:
        raise UsageError(
            f"not in the text: number {', '.join(numbers)} of the words to redact",
            next_step="check the spelling; nothing was written",
        )


def _needle(words: str) -> str:
    needle = " ".join(fold(words).split())
    if not any(character.isalnum() for character in needle):
        raise UsageError("words to redact need a letter or digit")
    return needle


def _forms(needle: str) -> set[str]:
    """The words as they are, and for scripts from right to left as PDFs also hold them: letters or words backwards."""
    if not any(unicodedata.bidirectional(character) in ("R", "AL") for character in needle):
        return {needle}
    words = needle.split(" ")
    letters = " ".join(word[::-1] for word in words)
    return {needle, needle[::-1], letters, " ".join(reversed(words))}


def _without(reading: Reading, run: re.Pattern[str], instead: str) -> Reading:
    """A reading with something else (one character or none) in place of each of these runs."""
    folded, places = reading
    parts: list[str] = []
    kept: list[int] = []
    at = 0
    for found in run.finditer(folded):
        parts += [folded[at : found.start()], instead]
        kept += [*places[at : found.start()], *places[found.start() : found.start() + len(instead)]]
        at = found.end()
    return "".join([*parts, folded[at:]]), [*kept, *places[at:]]


def _all(folded: str, needle: str) -> Iterator[int]:
    at = folded.find(needle)
    while at != -1:
        yield at
        at = folded.find(needle, at + 1)


def _whole_words(text: str, start: int, end: int) -> Hidden:
    """The span, widened over the letters and signs that hang on to it."""
    while start > 0 and _hangs_on(text[start - 1]):
        start -= 1
    while end < len(text) and _hangs_on(text[end]):
        end += 1
    return Hidden(start, end)


def _hangs_on(character: str) -> bool:
    """Whether a character belongs to the word beside it. Scripts without spaces would take their whole sentence."""
    if character.isalnum() or unicodedata.category(character)[0] == "M":
        return not _UNSPACED.match(character)
    return unicodedata.category(character) in ("Cf", "Cs", "Co") or character in "_'\u2019"


def _merged(text: str, hidden: Iterable[Hidden]) -> list[Hidden]:
    merged: list[Hidden] = []
    for span in sorted(hidden):
        if not 0 <= span.start < span.end <= len(text):
            raise UsageError(f"characters {span.start} to {span.end} are not a span of a text of {len(text):,}")
        if merged and span.start <= merged[-1].end:
            merged[-1] = Hidden(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged
