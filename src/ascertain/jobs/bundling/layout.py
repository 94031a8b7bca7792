"""Where what lies in a bundle (docs/bundles.md), and the bounds of a reader who trusts nobody."""

from __future__ import annotations

import re
from typing import Final

FORMAT: Final = 1
ENTRIES: Final = "data/entries.jsonl"
PROOFS: Final = "data/proofs.jsonl"
GROWTH: Final = "data/consistency.jsonl"
TIMESTAMPS: Final = "data/timestamps.jsonl"
SUMMARY: Final = "data/bundle.json"
CHECKPOINT: Final = "data/checkpoint.txt"
KEYS: Final = "data/keys.txt"
AUTHORITIES: Final = "data/authorities/"
OBJECTS: Final = "data/objects/"
VERIFIER: Final = "verify_bundle.py"
PAGE: Final = "index.html"
README: Final = "README.txt"

LONGEST_LINE: Final = 16 * 1024 * 1024  # of entries and proofs, in bytes
LARGEST_FILE: Final = 1_000_000  # of a file that is read whole, in bytes
MOST_TIMESTAMPS: Final = 100_000

_OBJECT = re.compile(rf"{OBJECTS}([0-9a-f]{{2}})/([0-9a-f]{{62}})")
_AUTHORITY = re.compile(rf"{AUTHORITIES}[^/]+\.pem")
_FILES = frozenset({ENTRIES, PROOFS, GROWTH, TIMESTAMPS, SUMMARY, CHECKPOINT, KEYS})


def object_path(name: str) -> str:
    """Where the object of this name lies."""
    return f"{OBJECTS}{name[:2]}/{name[2:]}"


def object_name(path: str) -> str | None:
    """The object that lies there; None when it is no object's place."""
    found = _OBJECT.fullmatch(path)
    return found[1] + found[2] if found else None


def is_proof(path: str) -> bool:
    """Whether this file proves where a bundle comes from, and is kept with what is taken in."""
    return path in _FILES or _AUTHORITY.fullmatch(path) is not None


def has_place(path: str) -> bool:
    """Whether the format knows this payload file."""
    return is_proof(path) or object_name(path) is not None
