"""Exhibits made in code: PDFs written by hand, so that every byte of a bad one is meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO

import docx
import pytest
from docx.document import Document

Line = tuple[float, float, str]  # baseline (points), letter size (points), words

_HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def build_pdf(
    streams: Sequence[bytes], font: bytes = _HELVETICA, more: Sequence[bytes] = (), trailer: bytes = b""
) -> bytes:
    """A PDF with one page a content stream. `more` are further objects, the first of them number 4."""
    first_page = 4 + len(more)
    kids = b" ".join(b"%d 0 R" % (first_page + 2 * n) for n in range(len(streams)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % len(streams),
        font,
        *more,
    ]
    for number, stream in enumerate(streams):
        contents = first_page + 2 * number + 1
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % contents
        )
        objects.append(b"<< /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream")
    return _with_xref(objects, trailer)


def _with_xref(objects: Sequence[bytes], trailer: bytes) -> bytes:
    out, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n" % size
        + table
        + b"trailer\n<< /Size %d /Root 1 0 R " % size
        + trailer
        + b">>\nstartxref\n%d\n%%%%EOF\n" % len(out)
    )


def page_of_lines(lines: Sequence[Line]) -> bytes:
    """The content stream that sets each line at its height."""
    return b"\n".join(
        b"BT /F1 %g Tf 72 %g Td (" % (size, baseline)
        + words.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        + b") Tj ET"
        for baseline, size, words in lines
    )


@pytest.fixture
def make_pdf() -> Callable[[Sequence[Sequence[Line]]], bytes]:
    """Builds a PDF from the lines of each page."""
    return lambda pages: build_pdf([page_of_lines(lines) for lines in pages])


@pytest.fixture
def encrypted_pdf() -> bytes:
    """A PDF whose encryption dictionary no password in hand opens (the empty one is tried by every reader)."""
    encryption = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> /ID [<00> <00>] " % (
        b"41" * 32,
        b"42" * 32,
    )
    return build_pdf([page_of_lines([(700, 12, "A secret.")])], trailer=encryption)


def _to_unicode(letters: str, digits: int) -> bytes:
    """The object that says what the glyphs 1, 2 … mean, their numbers written with so many digits."""
    number, least, most = b"%%0%dx" % digits, b"0" * digits, b"f" * digits
    mapping = b"".join(b"<" + number % (at + 1) + b"> <%04x>\n" % ord(letter) for at, letter in enumerate(letters))
    stream = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def /CMapType 2 def\n"
        b"1 begincodespacerange <%s> <%s> endcodespacerange\n%d beginbfchar\n"
        % (least, most, len(letters))
        + mapping
        + b"endbfchar endcmap end end"
    )
    return b"<< /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream"


@pytest.fixture
def arabic_pdf() -> bytes:
    """A PDF that sets `سلام عليكم` as typesetters do: glyph by glyph, the last letter of the line at the left."""
    letters = "سلام عليكم"
    glyphs = b"".join(b"%04x" % (at + 1) for at in reversed(range(len(letters))))
    descendant = (
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Arabic /DW 500 /FontDescriptor 6 0 R "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
    )
    descriptor = (
        b"<< /Type /FontDescriptor /FontName /Arabic /Flags 4 /FontBBox [0 0 500 700] /ItalicAngle 0 /Ascent 700 "
        b"/Descent 0 /CapHeight 700 /StemV 80 >>"
    )
    font = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Arabic /Encoding /Identity-H "
        b"/DescendantFonts [4 0 R] /ToUnicode 5 0 R >>"
    )
    more = [descendant, _to_unicode(letters, 4), descriptor]
    return build_pdf([b"BT /F1 12 Tf 72 700 Td <" + glyphs + b"> Tj ET"], font, more)


@pytest.fixture
def letter_by_letter_pdf() -> Callable[[Sequence[tuple[float, str]]], bytes]:
    """Builds a PDF as browsers print Arabic: from the left, each letter alone, most with their meaning beside them.

    Each line is its baseline's height and its characters as they are read, all of them from right to left. Letters are
    boxes, six points wide and apart.
    """

    def build(lines: Sequence[tuple[float, str]]) -> bytes:
        letters = "".join(sorted({letter for _, line in lines for letter in line} - {" "}))
        parts = []
        for height, line in lines:
            for at, letter in enumerate(reversed(line)):
                if letter == " ":
                    continue
                glyph = b"1 0 0 1 %g %g Tm <%02x> Tj" % (72 + 6 * at, height, letters.index(letter) + 1)
                means = b"/Span << /ActualText <FEFF%04X> >> BDC\n%s\nEMC" % (ord(letter), glyph)
                parts.append(means if letter not in "اودرز" else glyph)
        names = b" ".join(b"/g%d" % (at + 1) for at in range(len(letters)))
        drawn = b"500 0 0 0 500 700 d1 0 0 500 700 re f"
        font = (
            b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 500 700] /FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 1 "
            b"/LastChar %d /Widths [%s] /Encoding << /Type /Encoding /Differences [1 %s] >> /CharProcs << %s >> "
            b"/Resources << >> /ToUnicode 4 0 R >>"
            % (
                len(letters),
                b" ".join([b"500"] * len(letters)),
                names,
                b" ".join(b"%s 5 0 R" % name for name in names.split()),
            )
        )
        shape = b"<< /Length %d >>\nstream\n" % len(drawn) + drawn + b"\nendstream"
        return build_pdf([b"BT /F1 12 Tf\n" + b"\n".join(parts) + b"\nET"], font, [_to_unicode(letters, 2), shape])

    return build


@pytest.fixture
def make_docx() -> Callable[[Callable[[Document], None]], bytes]:
    """Builds a Word document with what `fill` writes into it."""

    def make(fill: Callable[[Document], None]) -> bytes:
        document = docx.Document()
        fill(document)
        out = BytesIO()
        document.save(out)
        return out.getvalue()

    return make
