"""Scans made in code: known words, set in a font that has Arabic, drawn by Pillow."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from io import BytesIO

import pytest
from PIL import Image, ImageDraw, ImageFont, features

from ascertain.read.text.ocr.engine import find_engine

FONT = "DejaVuSans.ttf"
NEEDS = ("ara", "eng", "fas", "fra", "osd", "rus", "tur")


def _reason() -> str:
    if shutil.which("tesseract") is None:
        return "tesseract is not installed"
    missing = sorted(set(NEEDS) - find_engine().languages)
    if missing:
        return f"tesseract lacks {', '.join(missing)}"
    try:
        ImageFont.truetype(FONT, 20)
    except OSError:
        return f"{FONT} is not installed (fonts-dejavu-core)"
    return "" if features.check("raqm") else "Pillow has no raqm, which shapes Arabic"


@pytest.fixture
def needs_tesseract() -> None:
    """Skips, with the reason, where scans cannot be made or read."""
    if reason := _reason():
        pytest.skip(f"{reason}: sudo scripts/system-packages")


def draw(lines: Sequence[str], *, size: int = 40, right_to_left: bool = False, width: int = 1700) -> Image.Image:
    """A page at 200 dots to an inch or so, black on white."""
    font = ImageFont.truetype(FONT, size)
    image = Image.new("L", (width, 120 + 2 * size * len(lines)), 255)
    pen = ImageDraw.Draw(image)
    for at, line in enumerate(lines):
        y = 60 + 2 * size * at
        if right_to_left:
            pen.text((width - 80, y), line, font=font, fill=0, anchor="ra", direction="rtl")
        else:
            pen.text((80, y), line, font=font, fill=0)
    return image


@pytest.fixture
def scan(needs_tesseract: None) -> Callable[..., Image.Image]:
    """Draws lines of words."""
    return draw


@pytest.fixture
def png() -> Callable[[Image.Image], bytes]:
    """An image as the bytes of a PNG file."""

    def encode(image: Image.Image) -> bytes:
        out = BytesIO()
        image.save(out, "PNG")
        return out.getvalue()

    return encode


@pytest.fixture
def scanned_pdf() -> Callable[[Sequence[Image.Image]], bytes]:
    """A PDF whose pages are pictures, without a text layer."""

    def encode(pages: Sequence[Image.Image]) -> bytes:
        out = BytesIO()
        pages[0].save(out, "PDF", resolution=200, save_all=True, append_images=list(pages[1:]))
        return out.getvalue()

    return encode
