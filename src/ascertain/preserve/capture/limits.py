"""The limits of one capture, and the account of what it has used. Whatever goes over ends it, by name."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ascertain.preserve.capture.problem import Code, Refused

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one capture. `unpacked_bytes` counts bodies after gzip or deflate, `idle_seconds` one silence."""

    bytes: int = 200 * MEGABYTE
    unpacked_bytes: int = 400 * MEGABYTE
    seconds: float = 120.0
    idle_seconds: float = 20.0
    connect_seconds: float = 10.0
    exchanges: int = 2000
    connections: int = 48
    redirects: int = 20
    head_bytes: int = 64 * 1024
    request_bytes: int = 4 * MEGABYTE
    height_pixels: int = 16_000
    text_characters: int = 2_000_000
    links: int = 5000


@dataclass
class Budget:
    """What a capture has used, shared by its threads. Any call may raise Refused, and then does so ever after."""

    limits: Limits
    clock: Callable[[], float] = time.monotonic
    received: int = 0
    unpacked: int = 0
    exchanges: int = 0
    _began: float = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._began = self.clock()

    def receive(self, number: int) -> None:
        """So many bytes came from the network."""
        with self._lock:
            self.received += number
        if self.received > self.limits.bytes:
            raise Refused(Code.LIMIT_BYTES, f"more than {self.limits.bytes:,} bytes")

    def unpack(self, number: int) -> None:
        """So many bytes came out of a compressed body."""
        with self._lock:
            self.unpacked += number
        if self.unpacked > self.limits.unpacked_bytes:
            raise Refused(Code.LIMIT_UNPACKED, f"more than {self.limits.unpacked_bytes:,} bytes after unpacking")

    def begin_exchange(self) -> int:
        """One more request goes out; returns its number, from 1."""
        with self._lock:
            self.exchanges += 1
            number = self.exchanges
        if number > self.limits.exchanges:
            raise Refused(Code.LIMIT_EXCHANGES, f"more than {self.limits.exchanges:,} requests")
        return number

    def seconds_left(self) -> float:
        """The seconds left, more than none. Raises Refused when the time is over."""
        left = self.limits.seconds - (self.clock() - self._began)
        if left <= 0:
            raise Refused(Code.LIMIT_SECONDS, f"more than {self.limits.seconds:g} seconds")
        return left

    def patience(self, at_most: float) -> float:
        """How long to wait for one thing: so long at most, never past the end. Raises Refused when that is over."""
        return min(at_most, self.seconds_left())
