"""Which language each block of a text is in.

py3langid (Lui and Baldwin 2012: n-grams of bytes, naive Bayes), kept to the languages that reports on the conflicts of
this record are written in, and to those of the block's script; a block of a few words is not judged by itself, since a
name or a number is of every language: it takes that of the blocks around it.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from ascertain.read.text.passage import Block, Text

BY_SCRIPT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ARABIC": ("ar", "fa", "ku", "ps", "ur"),
        "LATIN": ("en", "fr", "tr", "de", "es", "it", "nl", "pt", "ku", "az", "pl"),
        "CYRILLIC": ("ru", "uk"),
        "HEBREW": ("he",),
        "GREEK": ("el",),
        "ARMENIAN": ("hy",),
        "GEORGIAN": ("ka",),
        "CJK": ("zh",),
        "HIRAGANA": ("ja",),
        "KATAKANA": ("ja",),
        "HANGUL": ("ko",),
        "ETHIOPIC": ("am",),
    }
)
_SAMPLE = 2_000  # characters of a block
_LETTERS, _WORDS = 25, 4  # fewer are no sample
_SURE = 0.85  # a shorter block than this many letters ...
_LONG = 120  # ... must be told with that probability


def with_languages(text: Text) -> Text:
    """`text` with the language of each block; blocks without letters have that of those around them too."""
    own = [language_of_passage(text.body[block.start : block.end]) for block in text.blocks]
    return replace(text, blocks=tuple(_inherited(text.blocks, own)))


def _inherited(blocks: Sequence[Block], own: Sequence[str | None]) -> list[Block]:
    """Each block with its own language, else that of the last block before it that has one, else of the next."""
    language = next((one for one in own if one is not None), None)
    given = []
    for block, told in zip(blocks, own, strict=True):
        language = told or language
        given.append(replace(block, language=language))
    return given


def language_of_passage(passage: str) -> str | None:
    """A language code, or None when the passage is too short or too foreign to say."""
    sample = passage[:_SAMPLE]
    letters = [character for character in sample if character.isalpha()]
    if not letters:
        return None
    script, number = Counter(map(_script, letters)).most_common(1)[0]
    possible = BY_SCRIPT.get(script, ())
    if number * 2 < len(letters) or not possible:
        return None
    if len(possible) == 1:
        return possible[0]
    if len(letters) < _LETTERS or len(sample.split()) < _WORDS:
        return None
    language, probability = identify(sample, possible)
    return language if len(letters) >= _LONG or probability >= _SURE else None


def identify(passage: str, possible: Sequence[str]) -> tuple[str, float]:
    """The likeliest of the `possible` languages, and its probability among them."""
    language, probability = _identifier(tuple(possible)).classify(passage)
    return str(language), float(probability)


@lru_cache(maxsize=16)
def _identifier(languages: tuple[str, ...]) -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(languages))
    return identifier


@lru_cache(maxsize=16_384)
def _script(character: str) -> str:
    return unicodedata.name(character, "").partition(" ")[0].partition("-")[0]
