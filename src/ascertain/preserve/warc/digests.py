"""Digests as WARC and WACZ write them: an algorithm, a colon, and a value in one of three encodings."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

_NAMES = {"sha1": 20, "sha224": 28, "sha256": 32, "sha384": 48, "sha512": 64, "md5": 16}
WEAK = frozenset(("md5",))


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest as it was written, understood."""

    algorithm: str
    value: bytes

    def begin(self) -> hashlib._Hash:
        """A hash of its algorithm, with nothing in it yet."""
        return hashlib.new(self.algorithm, usedforsecurity=False)


def parse_digest(text: str) -> Digest | None:
    """`sha1:2LI…` in Base32, Base16 or Base64 (both alphabets); None when it is none of them."""
    name, colon, value = text.strip().partition(":")
    algorithm = name.lower().replace("-", "")
    size = _NAMES.get(algorithm)
    if not colon or size is None:
        return None
    raw = _decoded(value, size)
    return Digest(algorithm, raw) if raw is not None else None


def _decoded(value: str, size: int) -> bytes | None:
    """The bytes, when the text has the length that one of the encodings gives so many bytes."""
    bare = value.rstrip("=")
    padded = bare + "=" * (-len(bare) % 8)
    try:
        if len(value) == 2 * size and bare == value:
            return bytes.fromhex(value)
        if len(bare) == (8 * size + 4) // 5:
            return base64.b32decode(padded, casefold=True)
        if len(bare) == (4 * size + 2) // 3:
            plain = bare.replace("-", "+").replace("_", "/")
            return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (ValueError, binascii.Error):
        return None
    return None
