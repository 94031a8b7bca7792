"""Ask a process of its own for an image's or a page's pixels.

Why a process: the decoders are C and C++ code, and the bytes come from strangers. What goes wrong there (a crash, a
bomb, an endless loop) ends that process and is one named refusal here. The process gets the bytes alone: no
environment, no file that it may write, limits on memory and time. It is not a sandbox: a decoder that is taken over
still has the user's rights to read files and reach the network.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from ascertain.errors import ImageRefused

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
MEDIA_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_WORKER = Path(__file__).with_name("worker.py")
_MEGABYTE = 1024 * 1024
_HEADER_BYTES = 64 * _MEGABYTE  # a page's characters, at the most


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: bytes, pixels in all and on a side, the process's memory (MB) and time (seconds)."""

    size_mb: int = 200
    pixels: int = 64_000_000
    side: int = 60_000
    memory_mb: int = 2_048
    seconds: int = 30
    characters: int = 200_000


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels, row by row, one byte a channel: `L` (grey) or `RGB`. `told` is what else the process said."""

    width: int
    height: int
    mode: Literal["L", "RGB"]
    pixels: bytes
    told: dict[str, Any]


_USUAL = Limits()


def decode_image(
    data: bytes,
    mode: Literal["L", "RGB"],
    *,
    still: bool = False,
    upright: bool = False,
    formats: Sequence[str] = FORMATS,
    frame: int = 0,
    limits: Limits = _USUAL,
) -> Picture:
    """One frame (from 0) of an image in one of Pillow's `formats`, turned upright, over white; `told` has `frames`.

    With `still`, a file of several frames is refused; with `upright`, one whose orientation cannot be read. Raises
    ImageRefused, whose `why` is one of: empty, too_large, not_decoded, no_pixels, too_many_pixels, several_frames,
    no_such_page, orientation, truncated, damaged, memory, time, crashed.
    """
    request = {
        "want": "image",
        "formats": list(formats),
        "frame": frame,
        "mode": mode,
        "still": still,
        "upright": upright,
    }
    return _asked(data, request, mode, limits)


def draw_page(data: bytes, page: int, dots: int, limits: Limits = _USUAL) -> Picture:
    """One page of a PDF (from 0), `dots` to an inch. `told` has `pages`, `points` and `characters` with their rows.

    Raises ImageRefused; besides the words of `decode_image`: no_such_page, too_long.
    """
    return _asked(data, {"want": "page", "page": page, "dots": dots, "characters": limits.characters}, "RGB", limits)


def _asked(data: bytes, request: dict[str, Any], mode: Literal["L", "RGB"], limits: Limits) -> Picture:
    if not data:
        raise ImageRefused("empty", "it is empty")
    if len(data) > limits.size_mb * _MEGABYTE:
        raise ImageRefused("too_large", f"it has more than {limits.size_mb} MB")
    bounds = {
        "pixels": limits.pixels,
        "side": limits.side,
        "memory_mb": limits.memory_mb,
        "seconds": limits.seconds + 1,
    }
    answer = _exchange(json.dumps({**request, **bounds}), data, limits)
    header, _, pixels = answer.partition(b"\n")
    told = _header(header)
    if "refused" in told:
        raise ImageRefused(str(told["refused"]), str(told["reason"]))
    width, height = int(told["width"]), int(told["height"])
    if len(pixels) != width * height * len(mode):
        raise ImageRefused("crashed", "its decoder gave another number of pixels than it said")
    return Picture(width, height, mode, pixels, told)


def _header(line: bytes) -> dict[str, Any]:
    try:
        told = json.loads(line)
        if isinstance(told, dict) and ("refused" in told or {"width", "height"} <= told.keys()):
            return told
    except ValueError as error:
        raise ImageRefused("crashed", "its decoder crashed") from error
    raise ImageRefused("crashed", "its decoder crashed")


def _exchange(request: str, data: bytes, limits: Limits) -> bytes:
    """What the process answers; it is ended after its time, however it behaves, and its answer is bounded."""
    command = [sys.executable, "-I", str(_WORKER), request]
    most = limits.pixels * 3 + _HEADER_BYTES
    late = threading.Event()
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        timer = threading.Timer(limits.seconds, _end, (process, late))
        feeder = threading.Thread(target=_feed, args=(process.stdin, data), daemon=True)
        timer.start()
        feeder.start()
        try:
            answer = process.stdout.read(most)
        finally:
            timer.cancel()
            process.kill()
            feeder.join()
    if late.is_set():
        raise ImageRefused("time", f"decoding it takes more than {limits.seconds} seconds")
    return answer


def _end(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _feed(pipe: IO[bytes], data: bytes) -> None:
    try:
        with pipe:
            pipe.write(data)
    except BrokenPipeError:  # the process ended before it read all: its answer says why
        return
