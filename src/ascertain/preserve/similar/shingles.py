"""A text as the set of its shingles: every run of three words, as a number of 64 bits.

Method: Broder, *On the resemblance and containment of documents* (1997). Two texts resemble one another as far as their
sets do: Jaccard's index, the shared part of all shingles of both.

Words are runs of letters and digits of the folded text. Scripts that write no spaces (Chinese, Japanese, Thai, Lao,
Khmer, Burmese) count each character as a word. A shingle's number comes from BLAKE2b of each word and arithmetic
modulo 2^64, so that it is the same on every machine and in every version of this method.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from ascertain.preserve.folding import UNSPACED, fold

WORDS = 3
Numbers = NDArray[np.uint64]

_WORD = re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+")
_BREAK = re.compile(r"\s")
_PIECE = 1_000_000  # characters at a time, so that a text of 100 MB needs little more memory than its bytes
_LONGEST_WORD = 1_000  # a longer run is cut: it is no word
_PLACES = tuple(np.uint64(odd) for odd in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))
_STIRRERS = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
)


def shingles(text: str) -> Numbers:
    """The text's shingles, each once, in rising order. A text of one or two words is one shingle, of none none."""
    found = [np.empty(0, np.uint64)]
    carried = np.empty(0, np.uint64)
    for piece in _pieces(text):
        words = np.concatenate([carried, _word_numbers(piece)])
        if len(words) >= WORDS:
            found.append(np.unique(_runs(words)))
        carried = words[-(WORDS - 1) :]
    if len(found) == 1 and len(carried):
        padded = np.concatenate([carried, np.zeros(WORDS - len(carried), np.uint64)])
        found.append(_runs(padded))
    return np.unique(np.concatenate(found))


def jaccard_distance(one: Numbers, other: Numbers) -> float:
    """1 minus the shared part of all shingles of both: 0 for the same set, 1 for nothing in common; four decimals."""
    shared = len(np.intersect1d(one, other, assume_unique=True))
    together = len(one) + len(other) - shared
    return round(1 - shared / together, 4) if together else 0.0


def _pieces(text: str) -> Iterator[str]:
    """The folded text in pieces that end between two words."""
    start = 0
    while start < len(text):
        after = _BREAK.search(text, start + _PIECE, start + 2 * _PIECE)
        end = after.start() if after else start + 2 * _PIECE
        yield fold(text[start:end])
        start = end


def _word_numbers(piece: str) -> Numbers:
    words = [found[0][:_LONGEST_WORD] for found in _WORD.finditer(piece)]
    numbers = {word: _number(word) for word in set(words)}
    return np.fromiter((numbers[word] for word in words), np.uint64, len(words))


@lru_cache(maxsize=65_536)
def _number(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _runs(words: Numbers) -> Numbers:
    """Each run of words as one number: a sum that knows the places, stirred."""
    number = len(words) - WORDS + 1
    mixed = np.zeros(number, np.uint64)
    for place, factor in enumerate(_PLACES):
        mixed += words[place : place + number] * factor
    for shift, stirrer in _STIRRERS:
        mixed = (mixed ^ (mixed >> shift)) * stirrer
    return mixed ^ (mixed >> np.uint64(31))
