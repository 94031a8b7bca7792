"""Which language a page is read in: first its script, then, from the words of a first reading, the language.

tesseract's own detector of scripts (osd) says which way up a page stands and in which script; it needs some fifty
letters. Below that, each script is tried and the reading that the engine is surest of, over its letters, is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from ascertain.read.text.languages import identify
from ascertain.read.text.ocr.words import OcrWord, mean_confidence

# The first of a script's languages reads the page first; codes as tesseract has them, and as the rest of the world has.
SCRIPTS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "Latin": {"eng": "en", "fra": "fr", "tur": "tr"},
        "Arabic": {"ara": "ar", "fas": "fa"},
        "Cyrillic": {"rus": "ru"},
    }
)
CODES: Mapping[str, str] = MappingProxyType({t: code for group in SCRIPTS.values() for t, code in group.items()})
_SCRIPT = re.compile(rb"Script: (\w+)\s+Script confidence: ([\d.]+)")
_SURE_OF_SCRIPT = 1.0  # tesseract's own scale, on which 15 is very sure
_MUCH_LESS_SURE = 5.0  # percent
_FEW_LETTERS = 12


@dataclass(frozen=True, slots=True)
class Reading:
    """A page as read in one language (tesseract's code)."""

    language: str
    words: tuple[OcrWord, ...]

    @property
    def weight(self) -> float:
        """How much was read, and how surely."""
        letters = sum(character.isalnum() for word in self.words for character in word.text)
        return mean_confidence(self.words) * min(letters, _FEW_LETTERS) / _FEW_LETTERS


def script_told(answer: bytes) -> str | None:
    """The script that tesseract's detector names, when it is sure and the script is one of `SCRIPTS`."""
    found = _SCRIPT.search(answer)
    if found is None or float(found[2]) < _SURE_OF_SCRIPT:
        return None
    script = found[1].decode("ascii")
    return script if script in SCRIPTS else None


def choose(read: Callable[[str], Reading], script: str | None, installed: frozenset[str]) -> Reading | None:
    """The best reading of a page; `read` reads it in one language. None when no language is installed.

    Without a `script` one language of each is tried. The language within the script is the one that the words of the
    first reading are in; its reading is kept unless the engine is much less sure of it. In Arabic script each is tried.
    """
    scripts = [script] if script else list(SCRIPTS)
    firsts = [first for name in scripts if (first := next((t for t in SCRIPTS[name] if t in installed), None))]
    if not firsts:
        return None
    best = max(map(read, firsts), key=lambda reading: reading.weight)
    group = next(group for group in SCRIPTS.values() if best.language in group)
    others = [t for t in group if t != best.language and t in installed]
    if not others or not best.words:
        return best
    if group is SCRIPTS["Arabic"]:  # the Arabic model reads Persian without its own letters: it must be tried
        return _agreeing([best, *map(read, others)])
    told, _ = _told(best)
    again = read(told) if told in others else best
    return again if again.weight >= best.weight - _MUCH_LESS_SURE else best


def _agreeing(readings: Sequence[Reading]) -> Reading:
    """The reading that is surest both of its letters and of being in the language in which it was read."""

    def worth(reading: Reading) -> float:
        language, probability = _told(reading)
        return reading.weight * (probability if language == reading.language else 1 - probability)

    return max(readings, key=worth)


def _told(reading: Reading) -> tuple[str, float]:
    """The language (tesseract's code) that the words of a reading are in, of those of its script."""
    group = next(group for group in SCRIPTS.values() if reading.language in group)
    by_code = {code: t for t, code in group.items()}
    code, probability = identify(" ".join(word.text for word in reading.words), tuple(by_code))
    return by_code[code], probability


def missing(script: str | None, installed: frozenset[str]) -> tuple[str, ...]:
    """The languages that a page in `script` may need and that are not installed."""
    groups = [SCRIPTS[script]] if script else SCRIPTS.values()
    return tuple(t for group in groups for t in group if t not in installed)
