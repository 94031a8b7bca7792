"""Images: photographs of pages, screenshots, scans of one or more pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ascertain.errors import ImageRefused, UnreadableExhibit
from ascertain.pixels.decode import Limits, Picture, decode_image
from ascertain.read.text.dating import dated_text
from ascertain.read.text.ocr.page import Ocr, ReadPage, notes_of, pieces_of, read_page
from ascertain.read.text.passage import Text, lay_out_printed
from ascertain.read.text.place import Sheet

IMAGE_TYPES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/tiff", "image/bmp"})
_FORMATS: Final = ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP")


def read_image(data: bytes, ocr: Ocr) -> Text:
    """The words of an image, of each page of a TIFF, upright and with their boxes in pixels.

    Raises UnreadableExhibit for a bomb, a damaged or truncated image, one without words, one that takes too long, and
    when tesseract or the language is not installed.
    """
    ocr.engine  # noqa: B018 - without it nothing is decoded
    first = _decoded(data, 0, ocr)
    frames = min(int(first.told.get("frames", 1)), ocr.limits.pages)
    sheets, pages = [], []
    for number in range(1, frames + 1):
        picture = first if number == 1 else _decoded(data, number - 1, ocr)
        sheets.append(Sheet(number, picture.width, picture.height, "px"))
        pages.append(read_page(picture, number, ocr))
    return _laid_out(pages, sheets, int(first.told.get("frames", 1)), ocr)


def _laid_out(pages: list[ReadPage], sheets: list[Sheet], frames: int, ocr: Ocr) -> Text:
    body, blocks, places = lay_out_printed(piece for page in pages for piece in pieces_of(page))
    if not blocks:
        raise UnreadableExhibit("OCR found no words in the image", next_step="look at it: is it too small?")
    notes = notes_of(pages, ocr)
    if frames > len(pages):
        notes.append(f"only the first {len(pages)} of {frames} pages were read")
    return replace(dated_text(body, blocks, notes), places=places, sheets=tuple(sheets))


def _decoded(data: bytes, frame: int, ocr: Ocr) -> Picture:
    limits = Limits(pixels=ocr.limits.pixels, memory_mb=ocr.limits.memory_mb)
    try:
        return decode_image(data, "L", formats=_FORMATS, frame=frame, limits=limits)
    except ImageRefused as error:
        raise UnreadableExhibit(f"the image is not read: {error.message}", next_step=error.next_step) from error
