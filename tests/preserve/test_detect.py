from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.preserve.detect import DOCX, HTML, PDF, PLAIN, UNKNOWN, WACZ, XML, ZIP, detect_media_type

SAMPLES = Path(__file__).parents[2] / "../shared/data/trust"


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
        (b"\0\0\0\x18ftypheic\0\0\0\0", "image/heic"),
        (b"\0\0\0\x18ftypavif\0\0\0\0", "image/avif"),
        (b"\0\0\0\x20ftypisom\0\0\2\0", "video/mp4"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0", "video/quicktime"),
        (b"\0\0\0\x14ftyp3gp5\0\0\0\0", "video/3gpp"),
        (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\1B\xf7\x81\1B\xf2\x81\4B\xf3\x81\x08B\x82\x84webmB\x87", "video/webm"),
        (b"\x1a\x45\xdf\xa3\x9fB\x82\x88matroska", "video/x-matroska"),
        (b"RIFF\x01\x02\x03\x04AVI ", "video/x-msvideo"),
        (b"OggS\0\2" + bytes(22) + b"\x80theora", "video/ogg"),
        (b"G" + bytes(187) + b"G" + bytes(187) + b"G", "video/mp2t"),
        (b"\0\0\0\x20ftypM4A \0\0\0\0", "audio/mp4"),
        (b"OggS\0\2" + bytes(22) + b"OpusHead", "audio/ogg"),
        (b"RIFF\x01\x02\x03\x04WAVE", "audio/wav"),
        (b"ID3\x04\0\0", "audio/mpeg"),
        (b"\xff\xfb\x90\0", "audio/mpeg"),
        (b"fLaC\0\0\0\x22", "audio/flac"),
        (b"#!AMR\n", "audio/amr"),
    ],
)
def test_images_films_and_sound_are_known_by_their_signature(head: bytes, media_type: str) -> None:
    assert detect_media_type(head) == media_type


def _tar() -> bytes:
    out = BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a"))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (_tar(), "application/x-tar"),
        (gzip.compress(_tar()), "application/gzip"),
        (bz2.compress(b"x"), "application/x-bzip2"),
        (bz2.compress(b""), "application/x-bzip2"),
        (lzma.compress(b"x"), "application/x-xz"),
        (b"7z\xbc\xaf\x27\x1c\0\4", "application/x-7z-compressed"),
        (b"Rar!\x1a\x07\x01\0", "application/vnd.rar"),
        (b"WARC/1.1\r\nWARC-Type: warcinfo\r\n", "application/warc"),
        (gzip.compress(b"WARC/1.0\r\nWARC-Type: warcinfo\r\n"), "application/warc+gzip"),
        (_zip("datapackage.json", "archive/data.warc.gz"), WACZ),
        (_zip("archive/data.txt"), ZIP),
    ],
)
def test_archives_are_known_by_their_content(data: bytes, media_type: str) -> None:
    assert detect_media_type(data) == media_type


def test_a_damaged_header_makes_no_tar() -> None:
    assert detect_media_type(_tar()[:100] + b"x" + _tar()[101:]) == UNKNOWN


MESSAGE = b"Received: from a by b\r\n\tfor c\r\nFrom: a@example.org\r\nSubject: x\r\n\r\nbody"


def test_a_message_is_known_by_headers_that_programs_write() -> None:
    assert detect_media_type(MESSAGE) == "message/rfc822"
    assert detect_media_type(b"Return-Path: <a@b>\nDate: then\n\n") == "message/rfc822"


@pytest.mark.parametrize(
    "memo",
    [
        b"From: the Minister\nTo: the press\nDate: 7 April 2018\nSubject: Estor\n\nThe Government denies it.\n",
        b"Note: received today\nFrom the desk of A. Analyst\n",
        b"Received with thanks.\nFrom: desk\n",
        b"From Estor we hear that 43 people were killed at 12:00 on 7 April 2018.\n",
    ],
)
def test_a_memo_is_text(memo: bytes) -> None:
    assert detect_media_type(memo) == PLAIN


def test_a_mailbox_is_known_by_the_line_in_front_of_its_first_message() -> None:
    assert detect_media_type(b"From a@example.org Sat Apr  7 12:00:00 2018\n" + MESSAGE) == "application/mbox"
    assert detect_media_type(b"From 123@xxx Sat Apr 07 12:00:00 +0000 2018\r\n" + MESSAGE) == "application/mbox"


@pytest.mark.skipif(not SAMPLES.exists(), reason="needs the samples of web archives")
def test_web_archives_of_others_are_known() -> None:
    kinds = {}
    for path in (*SAMPLES.glob("wacz/*.wa*"), *SAMPLES.glob("warc/*.warc*")):
        data = path.read_bytes()
        kinds[path.name] = detect_media_type(data[:65536], data[-65536:])
    assert {kind for name, kind in kinds.items() if name.startswith("valid") and name.endswith(".wacz")} == {WACZ}
    assert kinds["example.warc"] == "application/warc"
    assert kinds["example.warc.gz"] == "application/warc+gzip"


@pytest.mark.parametrize("head", [b"", bytes(range(256)), b"\x7fELF\x02\x01\x01" + b"\x00" * 20])
def test_what_nothing_fits_is_unknown(head: bytes) -> None:
    assert detect_media_type(head) == UNKNOWN


@given(st.binary(max_size=400), st.binary(max_size=100))
def test_any_bytes_have_a_type(head: bytes, tail: bytes) -> None:
    assert "/" in detect_media_type(head, tail)
    assert "/" in detect_media_type(b"PK\x03\x04" + head, tail)
