"""Bad and hostile statements: a clear error or a clear answer, and a record that still verifies."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest

import ascertain
from ascertain import Given, Inquiry
from ascertain.errors import AscertainError, UnreadableExhibit, UsageError

SENTENCE = "The JIM found ISIL responsible for using sulfur mustard in Marea on 21 August 2015."


def written(folder: Path, name: str, data: bytes) -> Path:
    """A file with these bytes."""
    (folder / name).write_bytes(data)
    return folder / name


def test_an_empty_file(shipped: Inquiry, tmp_path: Path) -> None:
    with pytest.raises(UnreadableExhibit, match="empty"):
        shipped.check(written(tmp_path, "empty.txt", b""))


def test_a_file_of_200_megabytes(shipped: Inquiry, tmp_path: Path) -> None:
    huge = tmp_path / "huge.txt"
    with huge.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    with pytest.raises(UnreadableExhibit, match="too large"):
        shipped.check(huge)


def test_a_truncated_docx(shipped: Inquiry, tmp_path: Path) -> None:
    whole = io.BytesIO()
    document = docx.Document()
    document.add_paragraph(SENTENCE * 50)
    document.save(whole)
    with pytest.raises(UnreadableExhibit):
        shipped.check(written(tmp_path, "truncated.docx", whole.getvalue()[:-400]))


def test_a_zip_that_is_no_document(shipped: Inquiry, tmp_path: Path) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("../../escape.txt", SENTENCE)
    with pytest.raises(UnreadableExhibit):
        shipped.check(written(tmp_path, "archive.zip", archive.getvalue()))


def test_a_statement_without_a_date_says_what_to_do(shipped: Inquiry, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no date") as told:
        shipped.check(written(tmp_path, "undated.txt", f"Statement\n\n{SENTENCE}\n".encode()))
    assert "--as-of" in told.value.next_step


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_a_statement_in_any_encoding(shipped: Inquiry, tmp_path: Path, encoding: str) -> None:
    text = f"Déclaration\n\nIssued by the Ministry (September 3, 2018)\n\n{SENTENCE} It was a tragédie.\n"
    done = shipped.check(written(tmp_path, f"{encoding}.txt", text.encode(encoding)))
    assert done.verdicts() == {"supported": 1} | {k: v for k, v in done.verdicts().items() if k != "supported"}


def test_arabic_and_english_in_one_statement(shipped: Inquiry, tmp_path: Path) -> None:
    text = f"Statement on Syria (September 3, 2018)\n\n{SENTENCE}\n\nتدين الوزارة الهجوم على خان شيخون.\n"
    done = shipped.check(written(tmp_path, "mixed.txt", text.encode()), given=Given(published="2018-09-03"))
    assert "supported" in done.verdicts()


def test_a_statement_in_a_language_that_is_not_read(shipped: Inquiry, tmp_path: Path) -> None:
    text = "بيان\n\nتدين الوزارة الهجوم على خان شيخون وتطالب بمحاسبة المسؤولين عنه أمام القضاء الدولي.\n"
    done = shipped.check(written(tmp_path, "arabic.txt", text.encode()), given=Given(published="2018-09-03"))
    assert done.claims == ()
    assert any("another language" in note for note in done.notes)


def test_a_statement_from_before_the_record_begins(shipped: Inquiry, tmp_path: Path) -> None:
    text = f"Statement (January 5, 2010)\n\n{SENTENCE}\n"
    done = shipped.check(written(tmp_path, "early.txt", text.encode()), given=Given(published="2010-01-05"))
    assert done.verdicts() == {"not in the record": 1}
    assert any("no document published by 2010-01-05" in note for note in done.notes)


def test_html_with_scripts_and_ten_thousand_nested_tags(shipped: Inquiry, tmp_path: Path) -> None:
    page = (
        "<html><head><meta property='article:published_time' content='2018-09-03'><title>Statement</title></head><body>"
        + "<div>" * 10_000
        + f"<p>{SENTENCE}</p><script>document.write('The JIM found Iran responsible.')</script>"
        + "</div>" * 10_000
        + "</body></html>"
    )
    done = shipped.check(written(tmp_path, "page.html", page.encode()))
    assert "supported" in done.verdicts()
    assert "Iran" not in done.body


def test_nothing_is_written_when_a_check_fails(tmp_path: Path) -> None:
    inquiry = ascertain.new(tmp_path / "record", author="test")
    before = inquiry.record.head()
    with pytest.raises(AscertainError):
        inquiry.check(written(tmp_path, "undated.txt", f"Statement\n\n{SENTENCE}\n".encode()))
    assert inquiry.record.head() == before
    assert inquiry.verify().problems == ()


def test_a_record_without_a_reference_supports_nothing(tmp_path: Path) -> None:
    inquiry = ascertain.new(tmp_path / "record", author="test")
    text = f"Statement (September 3, 2018)\n\n{SENTENCE}\n"
    done = inquiry.check(written(tmp_path, "s.txt", text.encode()), given=Given(published="2018-09-03"))
    assert "supported" not in done.verdicts()
