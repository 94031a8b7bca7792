"""Checkpoints (https://c2sp.org/tlog-checkpoint): a log's identity, its size and its root, as the text of a note."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from ascertain.record.custody.note import BadNote

ROOT_BYTES = 32
LARGEST_SIZE = 2**63 - 1

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log's keeper signs: that the first `size` entries of the log `origin` have this root."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def as_text(self) -> str:
        """The text of the note."""
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def parse_checkpoint(text: str) -> Checkpoint:
    """A checkpoint from a note's text. Raises BadNote for everything that the specification does not allow."""
    if not text.endswith("\n"):
        raise BadNote("a checkpoint ends with a line end")
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        raise BadNote("a checkpoint has at least three lines, and none is empty")
    origin, size, root, *extensions = lines
    if _SIZE.fullmatch(size) is None or int(size) > LARGEST_SIZE:
        raise BadNote("a checkpoint's size is a decimal number without leading zeros")
    return Checkpoint(origin, int(size), _root(root), tuple(extensions))


def origin_of(first_leaf: bytes) -> str:
    """The name of a log and of its keys: from the leaf hash of entry 0, so that two records never share one."""
    return f"ascertain/{first_leaf.hex()[:32]}"


def _root(encoded: str) -> bytes:
    try:
        root = base64.b64decode(encoded.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise BadNote("a checkpoint's root is base64") from error
    if len(root) != ROOT_BYTES or base64.b64encode(root).decode() != encoded:
        raise BadNote("a checkpoint's root is the base64 of 32 bytes")
    return root
