"""What can be said of bytes without reading their meaning: their hash, size and type."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from ascertain.preserve.detect import PROBE_BYTES, detect_media_type
from ascertain.preserve.limits import Readable


@dataclass(frozen=True, slots=True)
class Examined:
    """An exhibit's facts: `exhibit` is the SHA-256 of its bytes in hexadecimal, `size` is in bytes."""

    exhibit: str
    size: int
    media_type: str


def examine(data: bytes) -> Examined:
    """The facts of these bytes."""
    media_type = detect_media_type(data[:PROBE_BYTES], data[-PROBE_BYTES:])
    return Examined(hashlib.sha256(data).hexdigest(), len(data), media_type)


class Probe:
    """A stream that is passed on as it is, and keeps its first and last bytes, which say its type.

    `seen` is told how many bytes each read gave.
    """

    def __init__(self, source: Readable, seen: Callable[[int], None]) -> None:
        self._source = source
        self._seen = seen
        self._head = self._tail = b""

    def read(self, size: int, /) -> bytes:
        """The next bytes."""
        chunk = self._source.read(size)
        self._seen(len(chunk))
        if len(self._head) < PROBE_BYTES:
            self._head += chunk[: PROBE_BYTES - len(self._head)]
        self._tail = chunk[-PROBE_BYTES:] if len(chunk) >= PROBE_BYTES else (self._tail + chunk)[-PROBE_BYTES:]
        return chunk

    @property
    def media_type(self) -> str:
        """The type, once everything was read."""
        return detect_media_type(self._head, self._tail)
