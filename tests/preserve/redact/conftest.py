"""What can be read in bytes by whoever looks hard: as they are, as UTF-16, and in every zlib stream."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

import pytest


def readings(data: bytes) -> Iterator[bytes]:
    """The bytes, and what each place in them inflates to."""
    yield data
    for at in range(len(data) - 1):
        if data[at] & 0x0F == 8 and (data[at] * 256 + data[at + 1]) % 31 == 0:
            try:
                yield zlib.decompressobj().decompress(data[at:], 50_000_000)
            except zlib.error:
                continue


def holds(data: bytes, words: str) -> bool:
    """Whether words can be found, in any case, in UTF-8 or UTF-16."""
    needles = [
        form.encode(code)
        for form in (words, words.lower(), words.upper())
        for code in ("utf-8", "utf-16-le", "utf-16-be")
    ]
    return any(needle in seen for seen in readings(data) for needle in needles)


@pytest.fixture
def traces() -> Callable[[bytes, str], bool]:
    """Whether words can be found in bytes."""
    return holds
