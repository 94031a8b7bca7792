"""Word documents (OOXML). They come from strangers: the zip is weighed before anything in it is opened."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO

import docx
from docx.document import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree

from ascertain.errors import UnreadableExhibit
from ascertain.read.text.dateline import read_dateline
from ascertain.read.text.dating import dated_text
from ascertain.read.text.docx_tables import cells_of
from ascertain.read.text.passage import (
    CELL,
    HEADING,
    LIST_ITEM,
    META,
    PARAGRAPH,
    Piece,
    Text,
    lay_out,
    tidied,
    without_controls,
)

_MOST_UNPACKED_MB = 200
_MOST_XML_MB = 50  # a parsed part takes about ten times its size
_MOST_RATIO = 200
_RATIO_FROM_BYTES = 1_000_000  # below this a high ratio does no harm: a short text in a long template
_MOST_ENTRIES = 10_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AGAIN = "open it in a word processor and save it again as .docx"
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, OSError),
    *(OpcError, etree.LxmlError, KeyError, ValueError, AttributeError, TypeError, IndexError, AssertionError),
)


def read_docx(data: bytes) -> Text:
    """Paragraphs, headings, list items and table cells of a Word document in their order.

    Hidden and deleted text, page headers and footers are left out; foot- and endnotes are not read. Raises
    UnreadableExhibit for a file that is truncated, encrypted or damaged, unpacks to more than 200 MB or 200 times its
    size, or declares XML entities.
    """
    if data.startswith(_OLE):
        raise UnreadableExhibit("the Word document is encrypted or in the old .doc format", next_step=_SAVE_AGAIN)
    try:
        _weigh(data)
        document = docx.Document(BytesIO(data))
        body, blocks = lay_out(_pieces(document))
        title = tidied(without_controls(document.core_properties.title or "")[0])
        language = document.core_properties.language or None
    except _BROKEN as error:
        message = f"the Word document is truncated or damaged ({error or type(error).__name__})"
        raise UnreadableExhibit(message, next_step="get the file again from its source") from error
    if not blocks:
        raise UnreadableExhibit("the Word document holds no text", next_step="if it holds scanned pages, run OCR first")
    return dated_text(body, blocks, _notes(data), title=title or None, language=language)


def _weigh(data: bytes) -> None:
    """Refuse a zip that would unpack to more than its worth, and XML that could reach outside the file."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        entries = package.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        ratio = unpacked / max(1, len(data))
        if unpacked > _MOST_UNPACKED_MB * 1_000_000 or (ratio > _MOST_RATIO and unpacked > _RATIO_FROM_BYTES):
            message = f"the Word document unpacks to {unpacked / 1e6:,.0f} MB, {ratio:,.0f} times its size"
            raise UnreadableExhibit(f"{message}: refused as a zip bomb", next_step="ask its sender for a PDF")
        if len(entries) > _MOST_ENTRIES:
            raise UnreadableExhibit(f"the Word document has {len(entries):,} parts: refused")
        for entry in entries:
            if entry.filename.lower().endswith((".xml", ".rels")):
                _check_xml(package, entry)


def _check_xml(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    if entry.file_size > _MOST_XML_MB * 1_000_000:
        raise UnreadableExhibit(f"{entry.filename} has {entry.file_size / 1e6:,.0f} MB: too large to read")
    part = package.read(entry).replace(b"\0", b"")  # UTF-16 parts too
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise UnreadableExhibit(f"{entry.filename} declares XML entities, which no Word document does: refused")


def _pieces(document: Document) -> Iterator[Piece]:
    cells = cells_of(document.element.body)
    styles = {style.style_id: (style.name or "").casefold() for style in document.styles}
    for paragraph in document.element.body.iter(qn("w:p")):
        if next(paragraph.iterancestors(_FALLBACK), None) is not None:
            continue  # a text box is stored twice: once for old programs
        text = without_controls("".join(_characters(paragraph)))[0]
        around = next(paragraph.iterancestors(qn("w:tc")), None)
        yield Piece(text, _kind(paragraph, styles, tidied(text)), cell=None if around is None else cells.get(around))


_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_WHITE_SPACE = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "\u2011"}


def _characters(paragraph: etree._Element) -> Iterator[str]:
    """The visible characters of a paragraph's own runs, not of a text box anchored in it."""
    for run in paragraph.iter(qn("w:r")):
        if next(run.iterancestors(qn("w:p"))) is not paragraph or _is_hidden(run):
            continue
        for part in run:
            if part.tag == qn("w:t"):
                yield part.text or ""
            elif isinstance(part.tag, str):
                yield _WHITE_SPACE.get(part.tag, "")


def _is_hidden(run: etree._Element) -> bool:
    vanish = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    if vanish is not None and vanish.get(qn("w:val")) not in {"0", "false", "off"}:
        return True
    return next(run.iterancestors(qn("w:del"), qn("w:moveFrom")), None) is not None


def _kind(paragraph: etree._Element, styles: Mapping[str, str], text: str) -> str:
    properties = paragraph.find(qn("w:pPr"))
    style = properties.find(qn("w:pStyle")) if properties is not None else None
    name = styles.get(style.get(qn("w:val"), ""), "") if style is not None else ""
    if next(paragraph.iterancestors(qn("w:tc")), None) is not None:
        return CELL
    if read_dateline(text) is not None:
        return META
    if name.startswith(("heading", "title", "titre")):
        return HEADING
    numbered = properties is not None and properties.find(qn("w:numPr")) is not None
    return LIST_ITEM if numbered or name.startswith("list") else PARAGRAPH


def _notes(data: bytes) -> list[str]:
    with zipfile.ZipFile(BytesIO(data)) as package:
        names = set(package.namelist())
    unread = [what for what in ("footnotes", "endnotes", "comments") if f"word/{what}.xml" in names]
    return [f"the document's {what} are not read" for what in unread]
