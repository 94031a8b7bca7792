"""PDQ, a perceptual hash of 256 bits: what an image shows, in coarse frequencies.

Method: Facebook, *The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm* (2019, `hashing.pdf` of
github.com/facebook/ThreatExchange), written here from its description over numpy. The luminance is blurred by two
passes of a box along each axis and sampled to 64 x 64; of its cosine transform 16 x 16 low frequencies are kept; a bit
says whether a frequency is above their median. `quality` (0 to 100) says how much there is to see.

It differs from the reference for images of exact symmetry or of tiles alone, whose frequencies are zero in theory and
noise of rounding there: here they are zero, on every machine, and where more than half are, the quality is 0.

Thresholds, as published there: distance 31 or less is a match; a quality of 49 or less tells nothing.
Where it fails: crops, borders, rotation, mirroring, heavy overlays; plain surfaces, letters on white and maps of one
style look alike to it. It is a likeness of pixels, never of what is shown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BITS = 256
PUBLISHED_THRESHOLD = 31
LEAST_QUALITY = 50
_SIDE = 64
_KEPT = 16
_LEAST_PIXELS = 5  # on a side: the smallest that the method was tried on
_STRIP = 512  # rows at a time, so that a large image needs little memory
_DECIMALS = 6  # frequencies closer than this are equal: noise of rounding must not become bits

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ImagePrint:
    """An image's fingerprint: 32 bytes as PDQ is written in hexadecimal, and its quality."""

    bits: bytes
    quality: int


def print_image(luminance: NDArray[np.uint8]) -> ImagePrint:
    """The fingerprint of an image's luminance (rows by columns). An image too small to tell has quality 0."""
    if min(luminance.shape) < _LEAST_PIXELS:
        return ImagePrint(bytes(BITS // 8), 0)
    small = _sampled(luminance)
    frequencies = np.round(_COSINES @ small @ _COSINES.T, _DECIMALS)
    median = np.sort(frequencies, axis=None)[BITS // 2 - 1]
    regular = np.count_nonzero(frequencies == median) > BITS // 2
    bits = np.packbits((frequencies > median).ravel()[::-1]).tobytes()
    return ImagePrint(bits, 0 if regular else _quality(small))


def _sampled(luminance: NDArray[np.uint8]) -> Floats:
    """The image as 64 x 64 blurred samples."""
    down, across = _tents(luminance.shape[0]), _tents(luminance.shape[1])
    small = np.zeros((_SIDE, _SIDE))
    for start in range(0, luminance.shape[0], _STRIP):
        strip = luminance[start : start + _STRIP].astype(np.float64)
        small += down[:, start : start + _STRIP] @ (strip @ across.T)
    return small


def _tents(length: int) -> Floats:
    """For each of 64 samples along an axis the weight of each of its pixels: a box over a box, cut at the edges."""
    if length == _SIDE:
        return np.eye(_SIDE)
    weights = np.zeros((_SIDE, length))
    for sample in range(_SIDE):
        inner = _box(int((sample + 0.5) * length / _SIDE), length)
        for pixel in inner:
            outer = _box(pixel, length)
            weights[sample, outer.start : outer.stop] += 1 / len(inner) / len(outer)
    return weights


def _box(centre: int, length: int) -> range:
    """The pixels of a box around one: as wide as half a sample."""
    width = -(-length // (2 * _SIDE))
    right = (width + 2) // 2 - 1
    return range(max(0, centre - (width - 1 - right)), min(length, centre + right + 1))


def _quality(small: Floats) -> int:
    """How much changes from sample to sample, in steps large enough to be seen."""
    steps = sum(int(np.abs(np.trunc(np.diff(small, axis=axis) * 100 / 255)).sum()) for axis in (0, 1))
    return min(100, steps // 90)


def _cosines() -> Floats:
    """The cosine transform's rows 1 to 16 over 64 samples."""
    frequency, sample = np.arange(1, _KEPT + 1)[:, None], np.arange(_SIDE)[None, :]
    waves: Floats = np.sqrt(2 / _SIDE) * np.cos(np.pi / 2 / _SIDE * frequency * (2 * sample + 1))
    return waves


_COSINES = _cosines()
