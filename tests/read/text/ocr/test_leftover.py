"""A line that the engine's layout drops is looked for again; what is no word stays out."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from ascertain.pixels.decode import Picture
from ascertain.read.text import Ocr, read_text
from ascertain.read.text.ocr.leftover import leftover, with_found
from ascertain.read.text.ocr.words import OcrWord

Scan = Callable[..., Image.Image]


def _word(text: str, y: int, paragraph: int = 1, confidence: int = 90) -> OcrWord:
    return OcrWord(text, (paragraph, 1), 1, 10, y, 30, 10, confidence)


def _picture(*boxes: tuple[int, int, int, int]) -> Picture:
    image = Image.new("L", (100, 100), 250)
    for box in boxes:
        image.paste(20, box)
    return Picture(100, 100, "L", image.tobytes(), {})


def test_what_was_read_is_taken_out_of_the_picture() -> None:
    rest = leftover(_picture((10, 10, 40, 20), (10, 60, 40, 70)), [_word("read", 10)])
    assert rest is not None
    assert sum(byte < 128 for byte in rest.pixels) == 30 * 10


def test_where_all_ink_was_read_nothing_is_looked_for() -> None:
    assert leftover(_picture((10, 10, 40, 20)), [_word("read", 10)]) is None


def test_a_line_that_is_found_stands_before_what_is_below_it() -> None:
    words = (_word("first", 10), _word("third", 50, 2))
    found = [_word("second", 30), _word("doubtful", 30, 2, 40), _word("|", 80, 3)]
    assert [word.text for word in with_found(words, found)] == ["first", "second", "third"]


def test_found_lines_are_paragraphs_of_their_own() -> None:
    joined = with_found((_word("first", 10),), [_word("second", 30)])
    assert len({word.paragraph for word in joined}) == 2


def test_a_large_heading_over_arabic_is_not_lost(scan: Scan, png: Callable[[Image.Image], bytes]) -> None:
    lines = ["عادت الطائرات عند الظهر وقصفت السوق مرة ثانية ولم يغادر أحد المبنى"] * 5
    page = scan(lines, size=31, right_to_left=True)
    heading = scan(["حول الأحداث في المدينة"], size=50, right_to_left=True)
    whole = Image.new("L", (1700, page.height + heading.height), 255)
    whole.paste(heading, (0, 0))
    whole.paste(page, (0, heading.height - 60))
    assert "الأحداث" in read_text(png(whole), "image/png", ocr=Ocr()).body
