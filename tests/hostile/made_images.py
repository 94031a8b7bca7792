"""Made images, for whoever decodes some: a plug-in of pytest."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image


def surface(seed: int, rows: int, columns: int) -> NDArray[np.uint8]:
    """Grey levels that look like nothing else, the same on every machine."""
    blocks = np.random.RandomState(seed).randint(0, 256, (-(-rows // 7), -(-columns // 7)))
    tiles = np.kron(blocks, np.ones((7, 7), int))[:rows, :columns]
    down, across = np.mgrid[0:rows, 0:columns]
    return ((tiles * 3 + down + across * 2) // 4 % 256).astype(np.uint8)


def photograph(seed: int, width: int = 400, height: int = 300) -> Image.Image:
    """A colour image whose surfaces change slowly, as a photograph's do."""
    coarse = np.random.RandomState(seed).randint(0, 256, (9, 12, 3)).astype(np.uint8)
    return Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)


def file_of(image: Image.Image, kind: str, **options: Any) -> bytes:
    """An image as the bytes of a file."""
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


class Images:
    """What tests of images make."""

    surface = staticmethod(surface)
    photograph = staticmethod(photograph)
    file_of: Callable[..., bytes] = staticmethod(file_of)


@pytest.fixture
def images() -> Images:
    return Images()
