from __future__ import annotations

import zipfile
from io import BytesIO

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.preserve.detect import DOCX, HTML, PDF, PLAIN, UNKNOWN, XML, ZIP, detect_media_type


def _zip(*names: str, content: bytes = b"x") -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in names:
            package.writestr(name, content)
    return out.getvalue()


def _docx() -> bytes:
    document = docx.Document()
    document.add_paragraph("France calls on Russia.")
    out = BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "page",
    [
        b"<!DOCTYPE html><p>x",
        b"\xef\xbb\xbf \n<html><body>",
        b"<?xml version='1.0'?>\n<!-- saved -->\n<html xmlns='http://www.w3.org/1999/xhtml'>",
        b"<!-- <p> --><div class='x'>words</div>",
        b"Warning: include failed on line 3\n<html><body>",
        "<html><p>سلام</p></html>".encode("utf-16"),
        "<html><p>words</p></html>".encode("utf-16-le"),
    ],
)
def test_web_pages_are_known_by_their_tags(page: bytes) -> None:
    assert detect_media_type(page) == HTML


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1256"])
def test_text_is_known_in_any_encoding(encoding: str) -> None:
    words = "قالت البعثة إنها زارت دوما. " * 20
    assert detect_media_type(words.encode(encoding)) == PLAIN


def test_western_text_in_latin_1_is_text() -> None:
    assert detect_media_type("La région a été frappée.".encode("latin-1")) == PLAIN


def test_text_that_the_probe_cuts_inside_a_letter_is_text() -> None:
    assert detect_media_type("é".encode() * 40_000) == PLAIN
    assert detect_media_type(b"x" + "é".encode() * 40_000) == PLAIN


def test_text_that_speaks_of_tags_is_text() -> None:
    assert detect_media_type(b"The form asks: is 3 < 4? <yes>") == PLAIN


def test_xml_that_is_no_page_is_xml() -> None:
    assert detect_media_type(b"<?xml version='1.0'?><rss></rss>") == XML


def test_a_pdf_may_begin_behind_other_bytes() -> None:
    assert detect_media_type(b"\r\n\x00%PDF-1.7\n") == PDF


def test_a_word_document_is_known_by_its_main_part() -> None:
    assert detect_media_type(_docx()) == DOCX


@pytest.mark.parametrize("share", [0.02, 0.1, 0.5, 0.99])
def test_a_truncated_word_document_is_still_named_so(share: float) -> None:
    data = _docx()
    assert detect_media_type(data[: max(60, int(len(data) * share))]) == DOCX


def test_the_directory_at_the_end_names_a_document_behind_large_images() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        package.writestr("media/image1.bin", b"\x01" * 200_000)
        package.writestr("word/document.xml", b"<w:document/>")
    data = out.getvalue()
    assert detect_media_type(data[:65536], data[-65536:]) == DOCX


@pytest.mark.parametrize(
    "names", [("a.txt",), ("[Content_Types].xml", "xl/workbook.xml"), ("[Content_Types].xml", "ppt/presentation.xml")]
)
def test_other_zips_are_zips(names: tuple[str, ...]) -> None:
    assert detect_media_type(_zip(*names)) == ZIP


def test_a_truncated_spreadsheet_is_no_word_document() -> None:
    data = _zip("[Content_Types].xml", "xl/workbook.xml", content=b'<Override PartName="/xl/workbook.xml"/>' * 20)
    assert detect_media_type(data[:100]) == ZIP


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"II*\x00", "image/tiff"),
        (b"MM\x00*", "image/tiff"),
        (b"RIFF\x01\x02\x03\x04WEBP", "image/webp"),
    ],
)
def test_images_are_known_by_their_signature(head: bytes, media_type: str) -> None:
    assert detect_media_type(head) == media_type


@pytest.mark.parametrize("head", [b"", bytes(range(256)), b"\x7fELF\x02\x01\x01" + b"\x00" * 20])
def test_what_nothing_fits_is_unknown(head: bytes) -> None:
    assert detect_media_type(head) == UNKNOWN


@given(st.binary(max_size=400), st.binary(max_size=100))
def test_any_bytes_have_a_type(head: bytes, tail: bytes) -> None:
    assert "/" in detect_media_type(head, tail)
    assert "/" in detect_media_type(b"PK\x03\x04" + head, tail)
