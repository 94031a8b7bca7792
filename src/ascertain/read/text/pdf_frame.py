"""From a PDF page's own coordinates to those of the page as it is shown: cropped, turned, from the upper left."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterable
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from ascertain.read.text.place import Sheet

_SCALE = 100  # PDFium gives whole device units: a hundredth of a point
_FAR = 1_000  # points between the probes
_LARGEST = 200_000  # points: 14,400 is the format's own limit for a page


Box = tuple[float, float, float, float]  # x, y, width, height


@dataclass(frozen=True, slots=True)
class PageFrame:
    """A page's sheet and the affine map on to it: x = a·u + c·v + e, y = b·u + d·v + f."""

    sheet: Sheet
    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def box(self, text_page: pypdfium2.PdfTextPage, indices: Iterable[int]) -> Box | None:
        """The box of some of the page's characters; None when they have none."""
        rectangle = pdfium.FS_RECTF()
        corners = []
        for index in indices:
            if pdfium.FPDFText_GetLooseCharBox(text_page, index, rectangle):
                corners.append(self._shown(rectangle.left, rectangle.top))
                corners.append(self._shown(rectangle.right, rectangle.bottom))
        corners = [corner for corner in corners if all(map(math.isfinite, corner))]
        if not corners:
            return None
        across, down = zip(*corners, strict=True)
        left, right = _within(min(across), self.sheet.width), _within(max(across), self.sheet.width)
        top, low = _within(min(down), self.sheet.height), _within(max(down), self.sheet.height)
        return round(left, 1), round(top, 1), round(right - left, 1), round(low - top, 1)

    def origin(self, text_page: pypdfium2.PdfTextPage, index: int) -> tuple[float, float]:
        """Where a character's baseline begins, as the page is shown."""
        across, up = ctypes.c_double(), ctypes.c_double()
        pdfium.FPDFText_GetCharOrigin(text_page, index, across, up)
        return self._shown(across.value, up.value)

    def _shown(self, u: float, v: float) -> tuple[float, float]:
        return self.a * u + self.c * v + self.e, self.b * u + self.d * v + self.f


def frame_of(page: pypdfium2.PdfPage, number: int) -> PageFrame:
    """The frame of page `number` (from 1)."""
    width, height = (min(max(size, 0.0), _LARGEST) for size in page.get_size())
    sheet = Sheet(number, round(width, 1), round(height, 1), "pt")
    size = (round(width * _SCALE), round(height * _SCALE))
    (e, f), (ae, bf), (ce, df) = (_device(page, size, *probe) for probe in ((0, 0), (_FAR, 0), (0, _FAR)))
    return PageFrame(sheet, (ae - e) / _FAR, (bf - f) / _FAR, (ce - e) / _FAR, (df - f) / _FAR, e, f)


def _device(page: pypdfium2.PdfPage, size: tuple[int, int], u: float, v: float) -> tuple[float, float]:
    x, y = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, *size, 0, u, v, x, y)
    return x.value / _SCALE, y.value / _SCALE


def _within(value: float, most: float) -> float:
    return min(max(value, 0.0), most)
