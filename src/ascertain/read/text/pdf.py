"""PDF files: their text layer, and by OCR the pages that have none."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pypdfium2

from ascertain.errors import UnreadableExhibit
from ascertain.read.text.dateline import read_dateline
from ascertain.read.text.dating import dated_text
from ascertain.read.text.ocr.page import Ocr, pieces_of
from ascertain.read.text.passage import HEADING, META, PARAGRAPH, Piece, Text, lay_out_printed, tidied, without_controls
from ascertain.read.text.pdf_frame import frame_of
from ascertain.read.text.pdf_lines import PdfLine, page_lines, paragraphs, without_running_lines
from ascertain.read.text.pdf_scans import Scanned, is_scan, is_unseen, read_scans
from ascertain.read.text.place import Sheet

_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD
_MOST_PAGES = 5_000
_TITLE_SCALE = 1.15  # letters this much larger than the running text make a heading
_LONGEST_HEADING = 250
_ONE_AT_A_TIME = threading.Lock()  # PDFium is not safe to call from two threads


@dataclass(frozen=True, slots=True)
class _Page:
    """A page: its lines and sheet, whether it shows more than its text layer, and whether that layer is unseen."""

    lines: list[PdfLine]
    sheet: Sheet
    is_scan: bool
    is_unseen: bool


def read_pdf(data: bytes, ocr: Ocr | None = None) -> Text:
    """The text layer of a PDF, by pages: headings and paragraphs, without running headers and footers.

    With `ocr`, pages without a usable text layer are drawn and read by tesseract. The file's own properties (title,
    creation date) are not used: they say how the file was made, not what it says. Raises UnreadableExhibit when the
    file is encrypted, truncated or damaged, has no text, or over 5,000 pages.
    """
    with _ONE_AT_A_TIME:
        pages = _read_pages(data)
    scans = [page.sheet for page in pages if page.is_scan]
    scanned = read_scans(data, scans, ocr) if ocr is not None and scans else Scanned({}, ())
    if not any(page.lines for page in pages) and not scanned.pages:
        raise _without_text(len(pages), scanned)
    kept, dropped = without_running_lines([[] if page.sheet.page in scanned.pages else page.lines for page in pages])
    body, blocks, places = lay_out_printed(_pieces(kept, scanned))
    notes = [f"left out as a running header or footer: {line}" for line in dropped]
    text = dated_text(body, blocks, [*notes, *_notes(body, pages, kept, scanned), *scanned.notes])
    return replace(text, places=places, sheets=tuple(page.sheet for page in pages))


def _notes(body: str, pages: Sequence[_Page], kept: Sequence[Sequence[PdfLine]], scanned: Scanned) -> Iterator[str]:
    """What a reader should know of the pages."""
    empty = [str(n) for n, lines in enumerate(kept, start=1) if not lines and n not in scanned.pages]
    if empty:
        yield f"no text on {len(empty)} of {len(pages)} pages (scans need OCR): {', '.join(empty[:20])}"
    if any("\ufb50" <= character <= "\ufdff" or "\ufe70" <= character <= "\ufefc" for character in body):
        yield "the PDF stores Arabic as presentation forms; they are kept as they are"
    unseen = [str(page.sheet.page) for page in pages if page.is_unseen and kept[page.sheet.page - 1]]
    if unseen:
        what = "words that are not seen on the page, as OCR programs lay them over a picture: hold them against it"
        yield f"{what} (pages {', '.join(unseen[:20])}{' …' * (len(unseen) > 20)})"


def _without_text(pages: int, scanned: Scanned) -> UnreadableExhibit:
    said = scanned.failure
    if said is not None:
        return UnreadableExhibit(f"no text layer in the PDF's {pages} pages; {said.message}", next_step=said.next_step)
    return UnreadableExhibit(
        f"no text layer in the PDF's {pages} pages; needs OCR", next_step="run OCR on it and add the result"
    )


def _read_pages(data: bytes) -> list[_Page]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == _PASSWORD_ERROR:
            message, step = "the PDF is encrypted and opens only with a password", "ask its sender for an open copy"
        else:
            message, step = "the PDF is truncated or damaged", "get the file again from its source"
        raise UnreadableExhibit(f"{message} ({error})", next_step=step) from error
    try:
        if len(document) > _MOST_PAGES:
            raise UnreadableExhibit(f"the PDF has {len(document):,} pages; the limit is {_MOST_PAGES:,}")
        return [_page(document, number) for number in range(1, len(document) + 1)]
    finally:
        document.close()


def _page(document: pypdfium2.PdfDocument, number: int) -> _Page:
    try:
        page = document[number - 1]
        text_page = page.get_textpage()
    except pypdfium2.PdfiumError as error:
        raise UnreadableExhibit(
            f"page {number} of the PDF is damaged ({error})", next_step="get the file again from its source"
        ) from error
    try:
        frame = frame_of(page, number)
        lines = page_lines(text_page, number, frame)
        return _Page(lines, frame.sheet, is_scan(page, lines, frame.sheet), is_unseen(text_page))
    finally:
        text_page.close()
        page.close()


def _pieces(pages: Sequence[Sequence[PdfLine]], scanned: Scanned) -> Iterator[Piece]:
    sizes = sorted(line.size for lines in pages for line in lines for _ in line.text)
    usual = sizes[len(sizes) // 2] if sizes else 0.0
    for number, lines in enumerate(pages, start=1):
        if number in scanned.pages:
            yield from pieces_of(scanned.pages[number])
        for paragraph in paragraphs(lines):
            clean = tidied(without_controls(paragraph.text)[0])
            words = tuple(word for line in paragraph.lines for word in line.words)
            yield Piece(clean, _kind(clean, paragraph.size, usual), number, words=words)


def _kind(text: str, size: float, usual: float) -> str:
    if read_dateline(text) is not None:
        return META
    return HEADING if size > _TITLE_SCALE * usual and len(text) <= _LONGEST_HEADING else PARAGRAPH
