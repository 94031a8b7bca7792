"""What a first reading of a page passed over: tesseract's layout drops lines, headings above all, and does not say."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ascertain.pixels.decode import Picture
from ascertain.read.text.ocr.words import OcrWord

_PADDING = 0.35  # of a word's height: what hangs out of its box
_WORTH_A_LOOK = 0.02  # of the page's ink
_LEAST_SURE = 60  # percent: of a photograph or a stamp, letters are seen that are none
_LEAST_LETTERS = 4  # of a line
_LATER_BLOCKS = 100_000


def leftover(picture: Picture, words: Sequence[OcrWord]) -> Picture | None:
    """The picture without the words that were read; None when hardly any ink is left."""
    grey: NDArray[np.uint8] = np.frombuffer(picture.pixels, np.uint8).reshape(picture.height, picture.width).copy()
    dark = (int(grey.min()) + int(grey.max())) // 2
    ink = int((grey < dark).sum())
    for word in words:
        more = int(word.height * _PADDING)
        rows = slice(max(0, word.y - more), word.y + word.height + more)
        grey[rows, max(0, word.x - more) : word.x + word.width + more] = 255
    if int((grey < dark).sum()) <= _WORTH_A_LOOK * ink:
        return None
    return Picture(picture.width, picture.height, "L", grey.tobytes(), picture.told)


def with_found(words: Sequence[OcrWord], found: Sequence[OcrWord]) -> tuple[OcrWord, ...]:
    """`words` with the lines among `found` that are surely words, each before the paragraph that begins below it."""
    sure = [
        replace(word, paragraph=(word.paragraph[0] + _LATER_BLOCKS, word.paragraph[1]))
        for word in found
        if word.confidence >= _LEAST_SURE and _letters([word])
    ]
    paragraphs = [list(group) for _, group in itertools.groupby(words, key=lambda word: word.paragraph)]
    for _, group in itertools.groupby(sure, key=lambda word: word.paragraph):
        line = list(group)
        if _letters(line) < _LEAST_LETTERS:
            continue  # the rest of a word
        top = min(word.y for word in line)
        at = next((n for n, one in enumerate(paragraphs) if min(word.y for word in one) > top), len(paragraphs))
        paragraphs.insert(at, line)
    return tuple(word for paragraph in paragraphs for word in paragraph)


def _letters(words: Sequence[OcrWord]) -> int:
    return sum(character.isalnum() for word in words for character in word.text)
