"""A connection read with limits: every wait ends, every byte from the network counts."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field

from ascertain.preserve.capture import http1
from ascertain.preserve.capture.http1 import Framing
from ascertain.preserve.capture.limits import Budget
from ascertain.preserve.capture.problem import Code, Refused

_PIECE = 64 * 1024
_LONGEST_LINE = 8 * 1024
_MOST_TRAILER_BYTES = 16 * 1024


class Stopped(Exception):
    """The other side closed, or went silent, before the message was whole."""


class Left(Stopped):
    """Whoever asked wants no more of the answer."""


@dataclass(eq=False)
class Wire:
    """One side of a connection. `counts` says that what comes in is counted against the capture's bytes."""

    socket: socket.socket
    budget: Budget
    counts: bool = True
    _buffer: bytearray = field(default_factory=bytearray)

    def head(self) -> bytes:
        """The bytes of a head, with the empty line that ends it. Raises Stopped, Refused (too long, time, bytes)."""
        while True:
            end = _end_of_head(self._buffer)
            if end:
                return self._take(end)
            if len(self._buffer) > self.budget.limits.head_bytes:
                raise Refused(Code.BAD_RESPONSE, f"headers of more than {self.budget.limits.head_bytes:,} bytes")
            self._more()

    def body(self, framing: Framing, length: int) -> Iterator[tuple[bytes, bytes]]:
        """A body in pieces: as sent, and without its chunks' frames. Raises Stopped when it ends too early, Refused."""
        if framing is Framing.LENGTH:
            yield from self._exactly(length)
        elif framing is Framing.CHUNKED:
            yield from self._chunks()
        elif framing is Framing.CLOSE:
            yield from self._to_the_end()

    def send(self, data: bytes) -> None:
        """Send all of this. Raises Stopped."""
        try:
            self.socket.settimeout(self.budget.patience(self.budget.limits.idle_seconds))
            self.socket.sendall(data)
        except (OSError, ValueError) as error:  # ValueError: TLS, stopped by another thread
            raise Stopped(f"the other side takes nothing more ({error})") from error

    def stop(self) -> None:
        """End the connection from another thread: whoever reads or sends gets Stopped, and closes."""
        with contextlib.suppress(OSError):  # it may be closed already
            self.socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close, whatever state the connection is in."""
        self.stop()
        self.socket.close()

    def _exactly(self, length: int) -> Iterator[tuple[bytes, bytes]]:
        left = length
        while left:
            if not self._buffer:
                self._more()
            piece = self._take(min(left, len(self._buffer)))
            left -= len(piece)
            yield piece, piece

    def _chunks(self) -> Iterator[tuple[bytes, bytes]]:
        while True:
            line = self._line()
            length = http1.chunk_length(line)
            yield line, b""
            if not length:
                break
            yield from self._exactly(length)
            end = self._line()
            if end.strip():
                raise Refused(Code.BAD_RESPONSE, "a chunk that is longer than it says")
            yield end, b""
        trailer = 0
        while True:
            line = self._line()
            trailer += len(line)
            yield line, b""
            if not line.strip():
                return
            if trailer > _MOST_TRAILER_BYTES:
                raise Refused(Code.BAD_RESPONSE, f"trailers of more than {_MOST_TRAILER_BYTES:,} bytes")

    def _to_the_end(self) -> Iterator[tuple[bytes, bytes]]:
        while True:
            if not self._buffer:
                try:
                    self._more()
                except _Closed:
                    return
            piece = self._take(len(self._buffer))
            yield piece, piece

    def _line(self) -> bytes:
        while (at := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > _LONGEST_LINE:
                raise Refused(Code.BAD_RESPONSE, f"a line of more than {_LONGEST_LINE:,} bytes among the chunks")
            self._more()
        return self._take(at + 1)

    def _take(self, number: int) -> bytes:
        piece = bytes(self._buffer[:number])
        del self._buffer[:number]
        return piece

    def _more(self) -> None:
        try:
            self.socket.settimeout(self.budget.patience(self.budget.limits.idle_seconds))
            piece = self.socket.recv(_PIECE)
        except TimeoutError as error:
            self.budget.seconds_left()  # names the capture's own end, when it is that
            raise Stopped("nothing came any more") from error
        except ssl.SSLEOFError as error:  # a close without TLS's own goodbye: what came may have been cut
            raise Stopped("the connection was cut without a TLS close") from error
        except (OSError, ValueError) as error:  # ValueError: TLS, stopped by another thread
            raise Stopped(f"the connection broke ({error})") from error
        if not piece:
            raise _Closed("the connection was closed too early")
        if self.counts:
            self.budget.receive(len(piece))
        self._buffer += piece


class _Closed(Stopped):
    """An orderly close."""


def _end_of_head(buffer: bytearray) -> int:
    """Where the body begins; 0 while the head is not whole. Lines may end in LF alone, as browsers allow."""
    ends = [at + len(mark) for mark in (b"\r\n\r\n", b"\n\n", b"\n\r\n") if (at := buffer.find(mark)) >= 0]
    return min(ends, default=0)
