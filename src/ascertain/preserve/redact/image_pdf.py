"""A PDF that holds images alone: one a page, as large as the page was. No text, no properties, no date, no id."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from ascertain.preserve.redact.image import Pixels

_HEAD = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
_CATALOG, _TREE, _FIRST_PAGE = 1, 2, 3  # numbers of objects
_OBJECTS_OF_A_PAGE = 3  # the page, what it draws, its image


class ImagePdf:
    """Builds the file page by page; only compressed pages are held."""

    def __init__(self) -> None:
        self._objects: list[bytes] = []

    def add(self, pixels: Pixels, points: Sequence[float]) -> None:
        """A page of this size in points, filled by the image (RGB)."""
        height, width = pixels.shape[:2]
        across, down = (f"{length:.2f}" for length in points)
        page = _FIRST_PAGE + len(self._objects)
        self._objects += [
            (
                f"<</Type/Page/Parent {_TREE} 0 R/MediaBox[0 0 {across} {down}]"
                f"/Resources<</XObject<</I {page + 2} 0 R>>>>/Contents {page + 1} 0 R>>"
            ).encode(),
            _stream("", f"{across} 0 0 {down} 0 0 cm /I Do".encode()),
            _stream(
                f"/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceRGB/BitsPerComponent 8"
                "/Filter/FlateDecode",
                zlib.compress(pixels.tobytes(), 6),
            ),
        ]

    def finished(self) -> bytes:
        """The file's bytes."""
        numbers = range(_FIRST_PAGE, _FIRST_PAGE + len(self._objects), _OBJECTS_OF_A_PAGE)
        pages = [f"{number} 0 R" for number in numbers]
        catalog = f"<</Type/Catalog/Pages {_TREE} 0 R>>".encode()
        tree = f"<</Type/Pages/Count {len(pages)}/Kids[{' '.join(pages)}]>>".encode()
        out, places = bytearray(_HEAD), []
        for number, body in enumerate((catalog, tree, *self._objects), start=1):
            places.append(len(out))
            out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
        at = len(out)
        out += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n".encode()
        out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
        out += f"trailer\n<</Size {len(places) + 1}/Root {_CATALOG} 0 R>>\nstartxref\n{at}\n%%EOF\n".encode()
        return bytes(out)


def _stream(entries: str, data: bytes) -> bytes:
    return f"<<{entries}/Length {len(data)}>>\nstream\n".encode() + data + b"\nendstream"
