from __future__ import annotations

from collections.abc import Callable, Sequence

import pypdfium2
import pytest

from ascertain.errors import UnreadableExhibit
from ascertain.read.text.pdf import read_pdf

MakePdf = Callable[[Sequence[Sequence[tuple[float, float, str]]]], bytes]


def _blocks(data: bytes) -> list[tuple[str, str, int | None]]:
    text = read_pdf(data)
    return [(block.kind, text.body[block.start : block.end], block.page) for block in text.blocks]


def test_blocks_know_their_page(make_pdf: MakePdf) -> None:
    data = make_pdf([[(700, 12, "The first page.")], [(700, 12, "The second page.")]])
    assert _blocks(data) == [("paragraph", "The first page.", 1), ("paragraph", "The second page.", 2)]


def test_wider_gaps_part_paragraphs(make_pdf: MakePdf) -> None:
    lines = [
        (700, 12, "The towns were hit by the"),
        (686, 12, "army in the night and"),
        (672, 12, "again at dawn today"),
        (644, 12, "Nobody claimed it"),
    ]
    assert [words for _, words, _ in _blocks(make_pdf([lines]))] == [
        "The towns were hit by the army in the night and again at dawn today",
        "Nobody claimed it",
    ]


def test_large_letters_make_a_heading_and_the_title(make_pdf: MakePdf) -> None:
    data = make_pdf([[(720, 20, "On the attack in Douma"), (690, 12, "The mission visited both places in April.")]])
    assert read_pdf(data).title == "On the attack in Douma"
    assert _blocks(data)[0][0] == "heading"


def test_a_word_parted_at_the_line_end_is_whole_again(make_pdf: MakePdf) -> None:
    data = make_pdf([[(700, 12, "The humani-"), (686, 12, "tarian offices said so.")]])
    assert read_pdf(data).body == "The humanitarian offices said so."


def test_a_hyphen_of_its_own_stays_when_the_page_shows_it(make_pdf: MakePdf) -> None:
    data = make_pdf([[(700, 12, "A large-scale attack. They fear a large-"), (686, 12, "scale offensive.")]])
    assert read_pdf(data).body == "A large-scale attack. They fear a large-scale offensive."


def test_running_headers_and_footers_are_dropped_with_a_note(make_pdf: MakePdf) -> None:
    pages = [
        [(760, 9, "Report A/HRC/39"), (700, 12, f"Words of page {'abcd'[n]}."), (40, 9, f"Page {n} of 4")]
        for n in range(4)
    ]
    text = read_pdf(make_pdf(pages))
    assert "Report" not in text.body
    assert "Page 1" not in text.body
    assert any("Report A/HRC/39" in note for note in text.notes)


def test_lines_that_two_pages_share_by_chance_stay(make_pdf: MakePdf) -> None:
    pages = [[(760, 12, "The same line."), (700, 12, f"Words {n}.")] for n in ("one", "two")]
    assert read_pdf(make_pdf(pages)).body.count("The same line.") == 2


def test_arabic_is_read_in_its_logical_order(arabic_pdf: bytes) -> None:
    assert read_pdf(arabic_pdf).body == "سلام عليكم"


ARABIC = ["قصفت الطائرات مدينة سراقب", "في الليل وقتل ثلاثة وأربعون", "مدنيا بينهم أطفال ونساء"]


def test_words_that_pdfium_turns_once_too_often_are_read_as_they_stand(
    letter_by_letter_pdf: Callable[[Sequence[tuple[float, str]]], bytes],
) -> None:
    data = letter_by_letter_pdf([(700 - 20 * at, line) for at, line in enumerate(ARABIC)])
    given = pypdfium2.PdfDocument(data)[0].get_textpage().get_text_range()
    assert "قصفت" not in given  # when PDFium learns it, this test says so
    assert read_pdf(data).body == " ".join(ARABIC)


def test_each_of_these_words_lies_in_its_box(
    letter_by_letter_pdf: Callable[[Sequence[tuple[float, str]]], bytes],
) -> None:
    text = read_pdf(letter_by_letter_pdf([(700, ARABIC[0])]))
    assert [text.body[place.start : place.end] for place in text.places] == ARABIC[0].split()
    first, last = text.places[0], text.places[-1]
    assert first.x == pytest.approx(72 + 6 * (len(ARABIC[0]) - 4), abs=0.2)
    assert last.x == pytest.approx(72, abs=0.2)
    assert first.width == pytest.approx(24, abs=0.2)


def test_words_that_are_not_seen_on_the_page_are_read_with_a_note(make_pdf: MakePdf) -> None:
    seen = make_pdf([[(700, 12, "The town was hit.")]])
    unseen = seen.replace(b"BT /F1", b"BT 3 Tr /F1").replace(b"/Length 50", b"/Length 55")
    assert not any("not seen" in note for note in read_pdf(seen).notes)
    text = read_pdf(unseen)
    assert text.body == "The town was hit."
    assert any("not seen on the page" in note and "(pages 1)" in note for note in text.notes)


def test_the_date_in_words_is_the_published_date(make_pdf: MakePdf) -> None:
    data = make_pdf([[(700, 12, "Published on 4 September 2018"), (660, 12, "The attack must stop now.")]])
    assert read_pdf(data).published == "2018-09-04"


def test_an_encrypted_file_is_named_as_such(encrypted_pdf: bytes) -> None:
    with pytest.raises(UnreadableExhibit, match="is encrypted"):
        read_pdf(encrypted_pdf)


def test_a_scan_without_text_needs_ocr(make_pdf: MakePdf) -> None:
    with pytest.raises(UnreadableExhibit, match="no text layer in the PDF's 3 pages; needs OCR"):
        read_pdf(make_pdf([[], [], []]))


def test_pages_without_text_among_others_are_noted(make_pdf: MakePdf) -> None:
    assert any("no text on 1 of 2 pages" in note for note in read_pdf(make_pdf([[(700, 12, "Words.")], []])).notes)


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\n1 0 obj << /Type /Catalog", b"not a pdf"])
def test_a_truncated_file_is_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableExhibit, match="truncated or damaged"):
        read_pdf(data)
