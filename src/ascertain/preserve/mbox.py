"""The messages of a mailbox (mbox), one after another, each as the bytes that lie there.

A message begins behind a line `From SENDER DATE` that stands at the beginning or behind an empty line. Programs put `>`
in front of such a line inside a message, some in a way that can be undone and some not, and do not say which: so
nothing is undone, and a signature over a message may fail for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from ascertain.preserve.limits import CHUNK_BYTES, Allowance
from ascertain.preserve.member import Member
from ascertain.preserve.names import written_name

METHOD: Final = "mbox"
_SEPARATOR: Final = re.compile(rb"From \S{1,320} .{0,60}\d\d:\d\d.{0,40}\d{4}")
_LINE_BYTES: Final = 64 * 1024
_EMPTY: Final = (b"\n", b"\r\n")


def mbox_members(file: BinaryIO, allowance: Allowance) -> Iterator[Member]:
    """The messages, in order, by their number from 1. Raises ItemFailed (`limit`) for more than is allowed."""
    mailbox, number = _Mailbox(file), 0
    while (envelope := mailbox.next_envelope()) is not None:
        number += 1
        allowance.take_member()
        facts = {"envelope": written_name(envelope.rstrip(b"\r\n"))}
        yield Member(str(number), allowance.metered(mailbox.message()), METHOD, facts)


class _Mailbox:
    """A mailbox that is read forward, line by line; a line without an end comes in pieces."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._envelope: bytes | None = None
        self._ended = False
        self._begins = self._behind_empty = True  # what is true of the next piece
        for _ in self.message():  # nothing, in a mailbox that begins as it should
            pass

    def next_envelope(self) -> bytes | None:
        """The line in front of the next message; None at the end."""
        for _ in self.message():
            pass
        envelope, self._envelope = self._envelope, None
        self._begins, self._behind_empty = True, False
        return envelope

    def message(self) -> Iterator[bytes]:
        """What is left of this message, in chunks; the empty line in front of the next one is no part of it."""
        gathered, size, held = [], 0, b""
        for line in self._lines():
            gathered.append(held)
            size += len(held)
            held = line
            if size >= CHUNK_BYTES:
                yield b"".join(gathered)
                gathered, size = [], 0
        gathered.append(b"" if held in _EMPTY and self._envelope is not None else held)
        if rest := b"".join(gathered):
            yield rest

    def _lines(self) -> Iterator[bytes]:
        """The lines up to the next envelope, which is kept back."""
        while self._envelope is None and not self._ended:
            line = self._file.readline(_LINE_BYTES)
            if not line:
                self._ended = True
            elif self._begins and self._behind_empty and line.endswith(b"\n") and _SEPARATOR.match(line):
                self._envelope = line
            else:
                self._behind_empty, self._begins = self._begins and line in _EMPTY, line.endswith(b"\n")
                yield line
