"""Run as a script in a process of its own: decodes one untrusted image, or draws one page of an untrusted PDF.

    python -I worker.py REQUEST < bytes > answer

The decoders are C and C++ code that reads what a stranger sent, so they get nothing but the bytes: no environment, no
file to write, little memory, little time. The answer is one line of JSON and then raw pixels, row by row; nothing in it
is ever executed or unpickled. This file imports nothing of the package, so that a process starts in 50 ms.
"""

from __future__ import annotations

import ctypes
import io
import json
import math
import resource
import struct
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import Image

_MEGABYTE = 1024 * 1024
_DEEP = frozenset({"I;16", "I;16L", "I;16B", "I;16N"})  # 16 bits of grey
_PLAIN = frozenset({"1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr", "LAB", "HSV"})
_BROKEN_EXIF = (ValueError, TypeError, KeyError, IndexError, SyntaxError, OSError, struct.error, OverflowError)


class Refused(Exception):
    """The bytes are not decoded; `why` is a name for programs."""

    def __init__(self, why: str, reason: str) -> None:
        super().__init__(reason)
        self.why = why


def confine(memory_mb: int, seconds: int) -> None:
    """Little memory, little time, no file, no further process. What the system does not know is left out."""
    wanted = (
        ("RLIMIT_AS", memory_mb * _MEGABYTE),
        ("RLIMIT_CPU", seconds),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_NPROC", 0),
    )
    for name, limit in wanted:
        if hasattr(resource, name):
            kind = getattr(resource, name)
            hard = resource.getrlimit(kind)[1]
            most = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
            resource.setrlimit(kind, (most, most))


def decode(data: bytes, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """One frame of a file's bytes, upright, without transparency. Raises Refused."""
    from PIL import Image, UnidentifiedImageError  # here and not above: a page should not pay for Pillow

    Image.MAX_IMAGE_PIXELS = request["pixels"]
    try:
        with Image.open(io.BytesIO(data), formats=request["formats"]) as image:
            _measured(image.size, request)
            # The second image of an MPO (stereo, or a map of light) is never shown in place of the first.
            several = image.format != "MPO" and bool(getattr(image, "is_animated", False))
            if several and request["still"]:
                raise Refused("several_frames", "it has several frames; only a still image can be painted over")
            frames = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1  # a scan of several pages
            _turned_to(image, request, frames)
            image.load()
            upright = _upright(image, request)
            flat = _flat(upright).convert(request["mode"])
    except UnidentifiedImageError as error:
        raise Refused("not_decoded", f"it is not one of {', '.join(request['formats'])}") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("too_many_pixels", "it has too many pixels") from error
    told = {"width": flat.width, "height": flat.height, "format": image.format, "several": several, "frames": frames}
    return told, flat.tobytes()


def _turned_to(image: Image.Image, request: dict[str, Any], frames: int) -> None:
    """Go to the frame that is wanted, which may be of another size than the first."""
    if request["frame"] >= frames:
        raise Refused("no_such_page", f"it has {frames} pages")
    if request["frame"]:
        image.seek(request["frame"])
        _measured(image.size, request)


def _measured(size: tuple[int, int], request: dict[str, Any]) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise Refused("no_pixels", "it has no pixels")
    if max(width, height) > request["side"] or width * height > request["pixels"]:
        raise Refused("too_many_pixels", f"it has too many pixels ({width:,} x {height:,})")


def _upright(image: Image.Image, request: dict[str, Any]) -> Image.Image:
    """The image turned as its EXIF says; as it lies where that cannot be read, unless it must be."""
    from PIL import ImageOps

    try:
        return ImageOps.exif_transpose(image)
    except _BROKEN_EXIF as error:
        if request["upright"]:
            raise Refused("orientation", "which way up it is shown cannot be read") from error
        return image


def _flat(image: Image.Image) -> Image.Image:
    """The image over white: what is transparent is not seen, and what is not seen must not come through."""
    from PIL import Image

    if image.mode in _DEEP:
        return image.point(lambda level: level * (1 / 256)).convert("L")
    if image.mode not in _PLAIN:
        raise Refused("not_decoded", f"its pixels are of a kind that is not decoded ({image.mode})")
    if not image.has_transparency_data:
        return image.convert("RGB")
    clear = image.convert("RGBA")
    white = Image.new("RGBA", clear.size, (255, 255, 255, 255))
    white.alpha_composite(clear)
    return white.convert("RGB")


def draw(data: bytes, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """One page of a PDF as a reader sees it, with its characters and their boxes in pixels. Raises Refused."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        document.init_forms()  # what a form holds is drawn too
        pages = len(document)
        if request["page"] >= pages:
            raise Refused("no_such_page", f"it has {pages} pages")
        page = document[request["page"]]
        points = page.get_size()
        scale = request["dots"] / 72
        _measured((math.ceil(points[0] * scale), math.ceil(points[1] * scale)), request)
        bitmap = page.render(scale=scale, rev_byteorder=True, force_bitmap_format=pypdfium2.raw.FPDFBitmap_BGR)
        characters = _characters(page, (bitmap.width, bitmap.height), request["characters"])
    except pypdfium2.PdfiumError as error:
        raise Refused("not_decoded", f"PDFium does not open it ({error})") from error
    rows, width = memoryview(bitmap.buffer), bitmap.width * 3
    pixels = b"".join(rows[at : at + width] for at in range(0, bitmap.height * bitmap.stride, bitmap.stride))
    told = {"width": bitmap.width, "height": bitmap.height, "points": points, "pages": pages, "characters": characters}
    return told, pixels


def _characters(page: Any, size: tuple[int, int], most: int) -> list[tuple[str, int, int, int, int]]:
    """Each character of the page's text layer with its box in pixels: left, upper, right, lower."""
    from pypdfium2 import raw

    text = page.get_textpage()
    number = text.count_chars()
    if number > most:
        raise Refused("too_long", f"a page has {number:,} characters")
    found = []
    x, y = ctypes.c_int(), ctypes.c_int()
    for index in range(number):
        left, bottom, right, top = text.get_charbox(index, loose=True)
        corners = []
        for corner in ((left, bottom), (left, top), (right, bottom), (right, top)):
            raw.FPDF_PageToDevice(page, 0, 0, *size, 0, *corner, x, y)
            corners.append((x.value, y.value))
        across, down = zip(*corners, strict=True)
        letter = chr(raw.FPDFText_GetUnicode(text, index) or 0xFFFD)
        found.append((letter, min(across), min(down), max(across), max(down)))
    return found


def main() -> int:
    """Read the request and the bytes, answer, end."""
    request = json.loads(sys.argv[1])
    confine(request["memory_mb"], request["seconds"])
    data = sys.stdin.buffer.read()
    pixels = b""
    try:
        told, pixels = (draw if request["want"] == "page" else decode)(data, request)
    except Refused as refused:
        told = {"refused": refused.why, "reason": str(refused)}
    except MemoryError:
        told = {"refused": "memory", "reason": f"decoding it takes more than {request['memory_mb']} MB"}
    except OSError as error:
        why = "truncated" if "truncated" in str(error).lower() else "damaged"
        told = {"refused": why, "reason": f"it is {why} ({error})"[:300]}
    except Exception as error:  # decoders raise anything on damaged files; this process says so and ends
        told = {"refused": "damaged", "reason": f"it is damaged ({type(error).__name__}: {error})"[:300]}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n")
    sys.stdout.buffer.write(pixels)
    return 0


if __name__ == "__main__":
    sys.exit(main())
