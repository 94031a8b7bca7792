"""Which language a text is in, of those that its script and its commonest words tell apart."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_WORD = re.compile(r"[^\W\d_]+")
_COMMON = {
    code: frozenset(words.split())
    for code, words in {
        "en": "the of and to in that for on with by as is was were has have not this which from it are at",
        "fr": "le la les des du de et que dans pour une un en est sur par avec qui ne pas au aux ce cette "
        "l d n qu à été ont sont selon leur nous",
        "es": "el la los las de y que en por para una un con del se es al su como no",
        "de": "der die das und in von zu den mit auf für ist des im dem nicht ein eine als auch",
        "it": "il di che per una con del della dei delle nel sono è non da al gli ha",
        "pt": "o os do da dos das que em para com não uma por no na ao",
        "tr": "ve bir bu için ile olarak da de olan çok daha gibi kadar",
    }.items()
}
_SCRIPTS = {"ARABIC": "ar", "CYRILLIC": "ru", "HEBREW": "he", "CJK": "zh", "GREEK": "el"}
_SAMPLE = 20_000
_MINIMUM = 0.06


def language_of(text: str) -> str:
    """A language code, or "und" when the text is too short or too foreign to say."""
    sample = text[:_SAMPLE]
    scripts = Counter(_script(c) for c in sample if c.isalpha())
    letters = sum(scripts.values())
    if not letters:
        return "und"
    script, number = scripts.most_common(1)[0]
    if script in _SCRIPTS and number > letters / 2:
        return _SCRIPTS[script]
    words = [w.casefold() for w in _WORD.findall(sample)]
    shares = {code: sum(w in common for w in words) / max(len(words), 1) for code, common in _COMMON.items()}
    best = max(shares, key=lambda code: shares[code])
    return best if shares[best] >= _MINIMUM else "und"


def _script(character: str) -> str:
    return unicodedata.name(character, "").split(" ")[0]
