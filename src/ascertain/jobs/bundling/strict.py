"""Bytes of a stranger's bundle as lines and JSON: bounded, with one way to write each thing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rfc8785 import CanonicalizationError

from ascertain.jobs.bundling.layout import LARGEST_FILE, LONGEST_LINE
from ascertain.preserve.bag.files import open_file
from ascertain.record.entries import canonical


class Unfit(ValueError):
    """What stands there is not what the format wants; the text says why."""


class Lines:
    """The lines of a file, each with its number and without its end. `digest` is the SHA-256 of what was read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._hash = hashlib.sha256()

    @property
    def digest(self) -> str:
        """The hash, once all lines were read."""
        return self._hash.hexdigest()

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        """The lines. Raises Unfit for one that is too long or has no end."""
        number = 0
        with open_file(self._path) as file:
            while line := file.readline(LONGEST_LINE + 1):
                self._hash.update(line)
                number += 1
                if not line.endswith(b"\n"):
                    raise Unfit(
                        f"line {number} is too long" if len(line) > LONGEST_LINE else "the last line has no end"
                    )
                yield number, line[:-1]


def read_whole(path: Path) -> bytes:
    """A small file. Raises Unfit when it is not small."""
    with open_file(path) as file:
        data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise Unfit(f"it has more than {LARGEST_FILE:,} bytes")
    return data


def parse(data: bytes) -> dict[str, Any]:
    """A JSON object from its canonical bytes (RFC 8785). Raises Unfit for any other spelling, and for other values."""
    try:
        value = json.loads(data.decode("utf-8"))
        same = isinstance(value, dict) and canonical(value) == data
    except (ValueError, RecursionError, CanonicalizationError) as error:
        raise Unfit("it is not JSON in UTF-8, or not such as the format allows") from error
    if not same:  # also when a name stands twice: the second one would be gone
        raise Unfit("it is not a JSON object in canonical form")
    found: dict[str, Any] = value
    return found


def hashes(value: Any) -> tuple[bytes, ...]:
    """A list of hashes. Raises Unfit."""
    if not isinstance(value, list) or not all(isinstance(one, str) and _is_hash(one) for one in value):
        raise Unfit("its proof is not a list of hashes")
    return tuple(bytes.fromhex(one) for one in value)


def _is_hash(text: str) -> bool:
    return len(text) == 64 and set(text) <= set("0123456789abcdef")
