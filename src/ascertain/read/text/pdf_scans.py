"""Pages of a PDF that show what their text layer does not say, drawn and read by OCR."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from ascertain.errors import ImageRefused, UnreadableExhibit
from ascertain.pixels.decode import Limits, Picture, draw_page
from ascertain.read.text.ocr.page import DOTS, Ocr, ReadPage, notes_of, read_page
from ascertain.read.text.pdf_lines import PdfLine
from ascertain.read.text.place import Sheet

_FEW_CHARACTERS = 80  # a stamp or a page number over a picture of the page
_SHARE_OF_PICTURE = 0.5
_SAMPLED = 60  # characters of a page
_SHARE_OF_NOTHING = 0.3
_MEANINGLESS = frozenset({"Co", "Cn", "Cc", "Cs"})  # private, unassigned, controls
_FEWEST_DOTS = 100
_INCH = 72  # points


@dataclass(frozen=True, slots=True)
class Scanned:
    """The pages that were read by OCR, by number; `failure` is why the first of the others was not."""

    pages: Mapping[int, ReadPage]
    notes: tuple[str, ...]
    failure: UnreadableExhibit | None = None


def is_scan(page: pypdfium2.PdfPage, lines: Sequence[PdfLine], sheet: Sheet) -> bool:
    """Whether a page has no usable text layer: none, one of meaningless characters, or a stamp over a picture."""
    characters = [character for line in lines for character in line.text if not character.isspace()]
    if not characters:
        return True
    nothing = sum(character == "\ufffd" or unicodedata.category(character) in _MEANINGLESS for character in characters)
    if nothing > _SHARE_OF_NOTHING * len(characters):
        return True
    return len(characters) < _FEW_CHARACTERS and _pictured(page, sheet) > _SHARE_OF_PICTURE


def is_unseen(text_page: pypdfium2.PdfTextPage) -> bool:
    """Whether most of a page's words are drawn invisibly, as programs lay the words of their OCR over a picture."""
    number = text_page.count_chars()
    modes = []
    for index in range(0, number, max(1, number // _SAMPLED)):
        words = pdfium.FPDFText_GetTextObject(text_page, index)
        if words and not pdfium.FPDFText_IsGenerated(text_page, index):
            modes.append(pdfium.FPDFTextObj_GetTextRenderMode(words))
    return modes.count(pdfium.FPDF_TEXTRENDERMODE_INVISIBLE) * 2 > len(modes)


def _pictured(page: pypdfium2.PdfPage, sheet: Sheet) -> float:
    """The share of the page that its largest picture covers."""
    area = sheet.width * sheet.height
    largest = 0.0
    for picture in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,)):
        left, bottom, right, top = picture.get_bounds()
        largest = max(largest, (right - left) * (top - bottom))
    return largest / area if area > 0 else 0.0


def read_scans(data: bytes, sheets: Sequence[Sheet], ocr: Ocr) -> Scanned:
    """Read the pages of `sheets` by OCR. A page that cannot be read is named in the notes; the others are read."""
    pages: dict[int, ReadPage] = {}
    notes: list[str] = []
    failure = None
    for sheet in sheets[: ocr.limits.pages]:
        try:
            read = _read(data, sheet, ocr)
        except UnreadableExhibit as error:
            failure = failure or error
            notes.append(f"page {sheet.page} was not read by OCR: {error.message}")
            continue
        if read.reading.words:
            pages[sheet.page] = read
    if len(sheets) > ocr.limits.pages:
        notes.append(f"OCR stopped after {ocr.limits.pages} of {len(sheets)} pages without text")
    return Scanned(pages, (*(notes_of(list(pages.values()), ocr) if pages else ()), *notes), failure)


def _read(data: bytes, sheet: Sheet, ocr: Ocr) -> ReadPage:
    ocr.engine  # noqa: B018 - without it nothing is drawn
    dots = _dots(sheet, ocr.limits.pixels)
    try:
        drawn = draw_page(data, sheet.page - 1, dots, Limits(pixels=ocr.limits.pixels, memory_mb=ocr.limits.memory_mb))
    except ImageRefused as error:
        raise UnreadableExhibit(f"it cannot be drawn ({error.message})", next_step=error.next_step) from error
    grey = Image.frombytes("RGB", (drawn.width, drawn.height), drawn.pixels).convert("L")
    picture = Picture(drawn.width, drawn.height, "L", grey.tobytes(), drawn.told)
    return read_page(picture, sheet.page, ocr, dots=dots, scale=dots / _INCH)


def _dots(sheet: Sheet, pixels: int) -> int:
    """As many dots to an inch as OCR wants, or as the largest picture that is drawn allows."""
    square_inches = max(sheet.width * sheet.height, 1.0) / _INCH**2
    return max(_FEWEST_DOTS, min(DOTS, math.floor(math.sqrt(pixels / square_inches)) - 1))
