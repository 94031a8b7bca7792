"""The one door: what it refuses, and what holds for every text that comes out of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ascertain.errors import AscertainError, UnreadableExhibit
from ascertain.read.text import read_text
from ascertain.read.text.passage import Text

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPES = [
    "text/html",
    "application/xhtml+xml",
    "application/pdf",
    DOCX,
    "text/plain",
    "image/png",
    "application/zip",
    "x",
    "",
]
PIECES = [
    b"<p>",
    b"</p>",
    b"<div hidden>",
    b"<br>",
    b"<li>",
    b"<pre>",
    b"\n\n",
    b"\r",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xd8\x00",
]
WORDS = [
    "Published on September 4, 2018",
    "Statement issued by X (3 September 2018)",
    "menu",
    "- item",
    "سلام",
    "é",
    "\u2028",
    " ",
]


def _assert_sound(text: Text) -> None:
    at = 0
    for block in text.blocks:
        assert at <= block.start < block.end <= len(text.body)
        assert text.body[block.start : block.end].strip() == text.body[block.start : block.end]
        at = block.end
    if text.published_span is not None:
        assert text.published is not None
        assert 0 <= text.published_span[0] < text.published_span[1] <= len(text.body)


def _read_or_refuse(data: bytes, media_type: str) -> None:
    try:
        text = read_text(data, media_type)
    except AscertainError:
        return
    assert text.blocks
    _assert_sound(text)


def _small_docx() -> bytes:
    document = docx.Document()
    document.add_paragraph("France calls on Russia.")
    out = BytesIO()
    document.save(out)
    return out.getvalue()


SMALL_DOCX = _small_docx()


@given(st.binary(max_size=600), st.sampled_from(TYPES))
@settings(deadline=None, max_examples=300)
def test_any_bytes_are_read_or_refused(data: bytes, media_type: str) -> None:
    _read_or_refuse(data, media_type)


@given(
    st.lists(st.sampled_from(PIECES) | st.sampled_from(WORDS).map(str.encode)),
    st.sampled_from(["text/html", "text/plain"]),
)
@settings(deadline=None, max_examples=300)
def test_any_page_is_read_or_refused(pieces: list[bytes], media_type: str) -> None:
    _read_or_refuse(b"".join(pieces), media_type)


@given(st.integers(0, len(SMALL_DOCX) - 1), st.integers(0, 255), st.booleans())
@settings(deadline=None, max_examples=150)
def test_any_damage_to_a_word_document_is_read_or_refused(at: int, byte: int, cut: bool) -> None:
    _read_or_refuse(SMALL_DOCX[:at] if cut else SMALL_DOCX[:at] + bytes([byte]) + SMALL_DOCX[at + 1 :], DOCX)


@given(st.integers(0, 2_000), st.integers(0, 255), st.booleans())
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_damage_to_a_pdf_is_read_or_refused(
    make_pdf: Callable[[Sequence[Sequence[tuple[float, float, str]]]], bytes], at: int, byte: int, cut: bool
) -> None:
    data = make_pdf([[(700, 12, "Published on 4 September 2018"), (660, 12, "The attack must stop.")]])
    _read_or_refuse(data[:at] if cut else data[:at] + bytes([byte]) + data[at + 1 :], "application/pdf")


def test_an_empty_file_is_named_as_such() -> None:
    for media_type in TYPES:
        with pytest.raises(UnreadableExhibit, match="empty file"):
            read_text(b"", media_type)


def test_a_file_over_the_limit_names_both_sizes() -> None:
    with pytest.raises(UnreadableExhibit, match=r"too large to read \(2\.0 MB; limit 1\.0 MB\)"):
        read_text(b"x" * 2**21, "text/plain", limit_bytes=2**20)


@pytest.mark.parametrize(
    ("media_type", "step"), [("image/png", "OCR"), ("application/zip", "unpack"), ("video/mp4", "save it as")]
)
def test_types_without_a_reader_say_what_to_do(media_type: str, step: str) -> None:
    with pytest.raises(UnreadableExhibit) as refused:
        read_text(b"x", media_type)
    assert step in refused.value.next_step


def test_white_space_is_no_text() -> None:
    with pytest.raises(UnreadableExhibit, match="no text"):
        read_text(b" \n\n\t", "text/plain")


def test_parameters_of_a_media_type_do_not_matter() -> None:
    assert read_text(b"Words.", "Text/Plain; charset=utf-8").body == "Words."
