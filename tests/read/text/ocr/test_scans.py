"""A PDF is read page by page: text layers as they are, pictures of pages by OCR."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO

import pypdfium2
import pytest
from PIL import Image

from ascertain.errors import UnreadableExhibit
from ascertain.read.text import Ocr, read_text
from ascertain.read.text.ocr.engine import OcrLimits

Scan = Callable[..., Image.Image]
Encode = Callable[[Sequence[Image.Image]], bytes]
MakePdf = Callable[[Sequence[Sequence[tuple[float, float, str]]]], bytes]

PDF = "application/pdf"
ENGLISH = ["The aircraft returned at noon", "and hit the market again.", "Nobody had left the hall."]


def _together(*files: bytes) -> bytes:
    whole = pypdfium2.PdfDocument.new()
    for data in files:
        whole.import_pages(pypdfium2.PdfDocument(data))
    out = BytesIO()
    whole.save(out)
    return out.getvalue()


def test_a_scanned_page_among_others_is_read_in_its_place(scan: Scan, scanned_pdf: Encode, make_pdf: MakePdf) -> None:
    first, last = make_pdf([[(700, 12, "The first page.")]]), make_pdf([[(700, 12, "The last page.")]])
    text = read_text(_together(first, scanned_pdf([scan(ENGLISH)]), last), PDF, ocr=Ocr())
    assert [block.page for block in text.blocks] == sorted(block.page or 0 for block in text.blocks)
    assert text.body.index("first") < text.body.index("market") < text.body.index("last")
    assert any(note.startswith("read by OCR (tesseract") and "page 2;" in note for note in text.notes)


def test_which_words_came_from_ocr_is_known_and_their_boxes_are_in_points(
    scan: Scan, scanned_pdf: Encode, make_pdf: MakePdf
) -> None:
    data = _together(make_pdf([[(700, 12, "The first page.")]]), scanned_pdf([scan(ENGLISH)]))
    text = read_text(data, PDF, ocr=Ocr())
    assert {place.page for place in text.places if place.confidence is None} == {1}
    assert {place.page for place in text.places if place.confidence is not None} == {2}
    start = text.body.index("market")
    (place,) = text.places_of(start, start + 6)
    assert {sheet.unit for sheet in text.sheets} == {"pt"}
    assert (60 + 80) * 72 / 200 < place.y + place.height / 2 < (60 + 80 + 60) * 72 / 200
    assert text.fragments_of(start, start + 6)[0].startswith("page=2&viewrect=")


def test_a_stamp_over_a_picture_of_a_page_is_no_text_layer(scan: Scan, scanned_pdf: Encode) -> None:
    document = pypdfium2.PdfDocument(scanned_pdf([scan(ENGLISH)]))
    page = document[0]
    font = pypdfium2.raw.FPDFText_LoadStandardFont(document, b"Helvetica")
    stamp = pypdfium2.raw.FPDFPageObj_CreateTextObj(document, font, 8)
    letters = "Scanned 12".encode("utf-16-le") + b"\0\0"
    buffer = (pypdfium2.raw.FPDF_WCHAR * (len(letters) // 2)).from_buffer_copy(letters)
    pypdfium2.raw.FPDFText_SetText(stamp, buffer)
    pypdfium2.raw.FPDFPage_InsertObject(page, stamp)
    page.gen_content()
    out = BytesIO()
    document.save(out)
    assert read_text(out.getvalue(), PDF).body == "Scanned 12"
    assert "market" in read_text(out.getvalue(), PDF, ocr=Ocr()).body


def test_without_an_engine_the_pages_with_text_are_read_and_the_others_named(make_pdf: MakePdf) -> None:
    text = read_text(make_pdf([[(700, 12, "Words.")], []]), PDF, ocr=Ocr(program="no-such-program"))
    assert text.body == "Words."
    assert any("page 2 was not read by OCR" in note and "not installed" in note for note in text.notes)


def test_a_scan_without_an_engine_says_what_to_install(make_pdf: MakePdf) -> None:
    with pytest.raises(UnreadableExhibit, match="not installed") as refused:
        read_text(make_pdf([[]]), PDF, ocr=Ocr(program="no-such-program"))
    assert "apt-get install" in refused.value.next_step


def test_more_scans_than_allowed_are_named(scan: Scan, scanned_pdf: Encode) -> None:
    data = scanned_pdf([scan(ENGLISH), scan(ENGLISH)])
    text = read_text(data, PDF, ocr=Ocr(OcrLimits(pages=1)))
    assert {block.page for block in text.blocks} == {1}
    assert "OCR stopped after 1 of 2 pages without text" in text.notes


def test_a_page_of_a_size_that_nobody_prints_is_drawn_with_fewer_dots(scan: Scan, scanned_pdf: Encode) -> None:
    image = scan(ENGLISH)
    out = BytesIO()
    image.save(out, "PDF", resolution=40)
    assert "market" in read_text(out.getvalue(), PDF, ocr=Ocr(OcrLimits(pixels=9_000_000))).body
