"""What unpacking may cost: declared limits, and what is left of them for one file with everything inside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from ascertain.errors import ItemFailed

MEGABYTE = 1024 * 1024
CHUNK_BYTES = MEGABYTE
_FREE_BYTES = 64 * MEGABYTE  # up to here no ratio is too high: a small file of zeros is no bomb


class Readable(Protocol):
    """Whatever gives bytes by `read`: at most so many, and none only at the end."""

    def read(self, size: int, /) -> bytes:
        """The next bytes."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one archive, message or mailbox may unfold to, with all that is nested in it.

    `ratio` is unpacked bytes to one byte of the outermost file; `depth` counts what lies inside what.
    """

    members: int = 1_000_000
    total_bytes: int = 50_000 * MEGABYTE
    ratio: int = 200
    depth: int = 5
    message_bytes: int = 64 * MEGABYTE


class Allowance:
    """What is left of the limits for one outermost file of `size` bytes; what is nested in it draws on the same."""

    def __init__(self, limits: Limits, size: int) -> None:
        self.limits = limits
        self._by_ratio = max(_FREE_BYTES, limits.ratio * size)
        self._bytes = min(limits.total_bytes, self._by_ratio)
        self._members = limits.members

    def take_member(self) -> None:
        """One more member. Raises ItemFailed (`limit`) when that is one too many."""
        self._members -= 1
        if self._members < 0:
            message = f"it holds more than {self.limits.members:,} members"
            raise ItemFailed("limit", message, next_step="raise the setting `unpack_members_limit`")

    def take_bytes(self, number: int) -> None:
        """So many bytes more. Raises ItemFailed (`limit`) when that is too many."""
        self._bytes -= number
        if self._bytes >= 0:
            return
        if self._by_ratio < self.limits.total_bytes:
            message, setting = f"it unfolds to more than {self.limits.ratio} times its size", "unpack_ratio_limit"
        else:
            message = f"it unfolds to more than {self.limits.total_bytes // MEGABYTE:,} MB"
            setting = "unpack_total_mb"
        raise ItemFailed("limit", message, next_step=f"raise the setting `{setting}`")

    def refusal(self, unpacked: int, packed: int) -> tuple[str, str] | None:
        """Why a member of declared sizes is not even begun: so that one bomb does not use up what others may have."""
        if unpacked > _FREE_BYTES and unpacked > self.limits.ratio * packed:
            return "limit", f"it unfolds to more than {self.limits.ratio} times its size (`unpack_ratio_limit`)"
        if unpacked > self._bytes:
            return "limit", f"it unfolds to {unpacked:,} bytes, more than is left of what is allowed"
        return None

    def metered(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """The same chunks, each counted before it is handed on."""
        for chunk in chunks:
            self.take_bytes(len(chunk))
            yield chunk
