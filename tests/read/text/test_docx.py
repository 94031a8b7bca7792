from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from docx.document import Document
from docx.oxml.ns import qn
from lxml import etree

from ascertain.errors import UnreadableExhibit
from ascertain.read.text.docx import read_docx

MakeDocx = Callable[[Callable[[Document], None]], bytes]


def _statement(document: Document) -> None:
    document.core_properties.title = "On Idlib"
    document.add_heading("A heading", level=1)
    document.add_paragraph("France calls on Russia. فرنسا تدعو روسيا")
    document.add_paragraph("Protect civilians", style="List Bullet")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "Killed"
    table.cell(0, 1).text = "43"
    document.add_paragraph("The end.")


def _with_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = old.read(entry)
            new.writestr(entry.filename, change(part) if entry.filename == name else part)
    return out.getvalue()


def test_headings_paragraphs_lists_and_cells_come_in_order(make_docx: MakeDocx) -> None:
    text = read_docx(make_docx(_statement))
    assert [(block.kind, text.body[block.start : block.end]) for block in text.blocks] == [
        ("heading", "A heading"),
        ("paragraph", "France calls on Russia. فرنسا تدعو روسيا"),
        ("list_item", "Protect civilians"),
        ("cell", "Killed"),
        ("cell", "43"),
        ("paragraph", "The end."),
    ]
    assert text.title == "On Idlib"


def test_hidden_text_is_never_part_of_the_text(make_docx: MakeDocx) -> None:
    def fill(document: Document) -> None:
        paragraph = document.add_paragraph("Seen.")
        paragraph.add_run(" Unseen.").font.hidden = True

    assert read_docx(make_docx(fill)).body == "Seen."


def test_deleted_text_is_never_part_of_the_text(make_docx: MakeDocx) -> None:
    def fill(document: Document) -> None:
        paragraph = document.add_paragraph("Kept.")
        deleted: Any = etree.SubElement(paragraph._p, qn("w:del"))
        deleted.append(paragraph.add_run(" Deleted.")._r)

    assert read_docx(make_docx(fill)).body == "Kept."


def test_a_line_that_dates_the_text_is_meta(make_docx: MakeDocx) -> None:
    def fill(document: Document) -> None:
        document.add_paragraph("Publié le 3 septembre 2018")
        document.add_paragraph("La France appelle la Russie.")

    text = read_docx(make_docx(fill))
    assert text.published == "2018-09-03"
    assert text.blocks[0].kind == "meta"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_a_truncated_file_is_unreadable(make_docx: MakeDocx, share: float) -> None:
    data = make_docx(_statement)
    with pytest.raises(UnreadableExhibit, match="truncated or damaged"):
        read_docx(data[: int(len(data) * share)])


def test_a_missing_part_is_unreadable(make_docx: MakeDocx) -> None:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(make_docx(_statement))) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            if entry.filename != "word/document.xml":
                new.writestr(entry.filename, old.read(entry))
    with pytest.raises(UnreadableExhibit):
        read_docx(out.getvalue())


def test_external_entities_are_refused(make_docx: MakeDocx) -> None:
    entity = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    data = _with_part(
        make_docx(_statement),
        "word/document.xml",
        lambda part: part.replace(b"<w:document", entity + b"<w:document", 1),
    )
    with pytest.raises(UnreadableExhibit, match="entities"):
        read_docx(data)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(make_docx: MakeDocx) -> None:
    data = _with_part(make_docx(_statement), "word/styles.xml", lambda part: part + b" " * 30_000_000)
    with pytest.raises(UnreadableExhibit, match="zip bomb"):
        read_docx(data)


def test_an_encrypted_or_old_word_file_is_named_as_such() -> None:
    with pytest.raises(UnreadableExhibit, match="encrypted or in the old"):
        read_docx(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512)


def test_a_document_without_text_is_unreadable(make_docx: MakeDocx) -> None:
    with pytest.raises(UnreadableExhibit, match="no text"):
        read_docx(make_docx(lambda _: None))
