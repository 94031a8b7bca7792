"""What can be said of bytes without reading their meaning: their hash, size and type."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from ascertain.preserve.detect import PROBE_BYTES, detect_media_type


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
