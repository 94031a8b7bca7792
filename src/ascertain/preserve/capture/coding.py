"""Content codings, unpacked in small steps so that a bomb is met before it goes off.

Only gzip and deflate: what the standard library cannot unpack could not be measured, so we do not ask for it, and a
server that sends it unasked is not passed on to the browser.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

from ascertain.preserve.capture.problem import Code, Refused

ACCEPTED = "gzip, deflate"
_STEP = 256 * 1024
_MOST_LAYERS = 3


class Unpacker:
    """One body's content codings undone. `count` is told of every step's bytes and may raise."""

    def __init__(self, coding: str, count: Callable[[int], None]) -> None:
        names = [name for name in (part.strip().lower() for part in coding.split(",")) if name and name != "identity"]
        if len(names) > _MOST_LAYERS or any(name not in ("gzip", "x-gzip", "deflate") for name in names):
            raise Refused(Code.REFUSED_CODING, f"the content coding {coding[:60]!r} was not asked for")
        self._layers = [_Layer(name, count) for name in reversed(names)]

    @property
    def packed(self) -> bool:
        """Whether there is a coding at all."""
        return bool(self._layers)

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """What comes out when this goes in. Raises Refused: broken, or over a limit."""
        yield from _through(self._layers, piece)

    @property
    def whole(self) -> bool:
        """Whether every layer came to its end."""
        return all(layer.ended for layer in self._layers)


def _through(layers: list[_Layer], piece: bytes) -> Iterator[bytes]:
    if not layers:
        yield piece
        return
    for step in layers[0].feed(piece):
        yield from _through(layers[1:], step)


class _Layer:
    def __init__(self, name: str, count: Callable[[int], None]) -> None:
        self._gzip = name != "deflate"
        self._count = count
        self._unpack = zlib.decompressobj(zlib.MAX_WBITS | 16) if self._gzip else None
        self.ended = False

    def feed(self, piece: bytes) -> Iterator[bytes]:
        while piece:
            if self.ended and not self._gzip:
                return  # what follows the end of a deflate stream is not content
            if self._unpack is None:
                self._unpack = _deflate(piece)
            elif self.ended:  # gzip members may follow one another
                if not piece.startswith(b"\x1f"):
                    return
                self._unpack, self.ended = zlib.decompressobj(zlib.MAX_WBITS | 16), False
            try:
                out = self._unpack.decompress(piece, _STEP)
            except zlib.error as error:
                raise Refused(Code.BAD_RESPONSE, f"a compressed body that is broken ({error})") from error
            self._count(len(out))
            if out:
                yield out
            self.ended = self._unpack.eof
            piece = self._unpack.unused_data if self.ended else self._unpack.unconsumed_tail


def _deflate(piece: bytes) -> zlib._Decompress:
    """`deflate` means zlib's wrapper, but servers send raw deflate too: the first byte tells (RFC 1950, CM = 8)."""
    wrapped = piece[0] & 0x0F == 8 and piece[0] >> 4 <= 7
    return zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)
