"""Regions of an image painted over.

The copy is encoded anew, as PNG, from the painted pixels of the decoded image: nothing of the file itself goes over, so
that no metadata, no thumbnail, no colour profile and no bytes behind the image can. What was transparent is over white.

Lossy formats store blocks: what a block shows leaves traces in the pixels beside it. Around a region of a JPEG or WebP
image 16 more pixels are painted on each side, the size of a block.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ascertain.errors import UsageError
from ascertain.pixels.decode import Picture, decode_image

METHOD = "redact-image@1"
_BLOCK = 16
_LOSSLESS = frozenset({"PNG", "GIF"})
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, order=True)
class Region:
    """A rectangle: its left and upper edge from the upper left corner, its width and height."""

    x: int
    y: int
    width: int
    height: int

    def widened(self, margin: int) -> Region:
        """The region with a margin on each side."""
        return Region(self.x - margin, self.y - margin, self.width + 2 * margin, self.height + 2 * margin)


@dataclass(frozen=True, slots=True)
class RedactedImage:
    """PNG bytes, and the regions that were painted, in pixels of the image as it is shown."""

    data: bytes
    width: int
    height: int
    painted: tuple[Region, ...]


def redact_image(data: bytes, regions: Sequence[Region]) -> RedactedImage:
    """A PNG of the image with black over these regions (in pixels of the image as it is shown, upright).

    Raises ImageRefused when the image is not decoded, has several frames, or its orientation cannot be read;
    UsageError when a region lies outside.
    """
    picture = decode_image(data, "RGB", still=True, upright=True)
    margin = 0 if picture.told["format"] in _LOSSLESS else _BLOCK
    pixels = as_array(picture)
    painted = tuple(paint(pixels, region, margin) for region in sorted(set(regions)))
    return RedactedImage(encode(pixels), picture.width, picture.height, painted)


def as_array(picture: Picture) -> Pixels:
    """A picture's pixels to paint on: rows, columns, channels."""
    return np.frombuffer(picture.pixels, np.uint8).reshape(picture.height, picture.width, -1).copy()


def paint(pixels: Pixels, region: Region, margin: int = 0) -> Region:
    """Paint black over a region and its margin; returns what was painted. Raises UsageError for a region outside."""
    height, width = pixels.shape[:2]
    if region.width < 1 or region.height < 1 or not _touches(region, width, height):
        raise UsageError(
            f"region {region.x},{region.y},{region.width},{region.height} is not in an image of {width} x {height}",
            next_step="give x,y,width,height from the upper left corner of the image as it is shown",
        )
    wide = region.widened(margin)
    left, upper = max(0, wide.x), max(0, wide.y)
    right, lower = min(width, wide.x + wide.width), min(height, wide.y + wide.height)
    pixels[upper:lower, left:right] = 0
    return Region(left, upper, right - left, lower - upper)


def _touches(region: Region, width: int, height: int) -> bool:
    return region.x < width and region.y < height and region.x + region.width > 0 and region.y + region.height > 0


def encode(pixels: Pixels) -> bytes:
    """The pixels as PNG, with nothing else in it."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()
