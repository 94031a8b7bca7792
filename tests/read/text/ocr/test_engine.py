"""A missing engine or language is named with the command that installs it; its table is never trusted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ascertain.errors import UnreadableExhibit
from ascertain.read.text import Ocr, read_text
from ascertain.read.text.ocr.choose import Reading as OcrReading
from ascertain.read.text.ocr.choose import choose, missing, script_told
from ascertain.read.text.ocr.engine import find_engine
from ascertain.read.text.ocr.words import OcrWord, lines_of, mean_confidence, read_table

HEAD = b"level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"


def test_a_missing_engine_is_named_with_the_command_that_installs_it() -> None:
    with pytest.raises(UnreadableExhibit, match="tesseract, which is not installed") as refused:
        find_engine("no-such-program")
    assert refused.value.next_step.startswith("sudo apt-get install -y tesseract-ocr tesseract-ocr-osd")


def test_an_image_without_an_engine_says_the_same() -> None:
    with pytest.raises(UnreadableExhibit, match="not installed"):
        read_text(b"\x89PNG\r\n\x1a\n", "image/png", ocr=Ocr(program="no-such-program"))


def test_a_missing_language_is_named_with_its_package(
    scan: Callable[..., Image.Image], png: Callable[[Image.Image], bytes]
) -> None:
    lines = ["عادت الطائرات عند الظهر وقصفت السوق", "ولم يغادر أحد المبنى حتى المساء", "وقتل عدد من المدنيين"]
    data = png(scan(lines * 3, right_to_left=True))
    with pytest.raises(UnreadableExhibit, match="ara, fas is not installed") as refused:
        read_text(data, "image/png", ocr=Ocr(languages=("eng", "rus")))
    assert "tesseract-ocr-ara" in refused.value.next_step


def test_words_come_with_their_lines_boxes_and_confidence() -> None:
    table = HEAD + (
        b"4\t1\t1\t1\t1\t0\t1\t2\t3\t4\t-1\t\n"
        b"5\t1\t1\t1\t1\t1\t10\t20\t30\t12\t96.4\tThe\n"
        b"5\t1\t1\t1\t2\t1\t10\t40\t30\t12\t50.5\ttown\n"
        b"5\t1\t1\t1\t2\t2\t10\t40\t30\t12\t0\t|\n"
        b"5\t1\t1\t1\t2\t3\t10\t40\tx\t12\t90\tbad\n"
        b"5\t1\t1\t1\t2\t3\t10\t40\t9\t12\tnan\tbad\n"
        b"5\t1\t1\t1\t2\n"
    )
    words = read_table(table)
    assert words[0] == OcrWord("The", (1, 1), 1, 10, 20, 30, 12, 96)
    assert [[word.text for word in line] for line in lines_of(words)] == [["The"], ["town"]]
    assert mean_confidence(words) == pytest.approx((3 * 96 + 4 * 50) / 7)


@given(st.binary(max_size=300))
def test_any_table_gives_words_or_none(table: bytes) -> None:
    assert all(word.text and word.width > 0 and 0 < word.confidence <= 100 for word in read_table(HEAD + table))


@given(st.lists(st.text(max_size=6), min_size=12, max_size=12))
def test_any_row_gives_a_word_or_none(cells: list[str]) -> None:
    assert len(read_table("\t".join(["5", *cells[1:]]).encode("utf-8", "replace"))) <= 1


def _reading(language: str, text: str, confidence: int) -> OcrReading:
    return OcrReading(language, tuple(OcrWord(w, (1, 1), 1, 0, 0, 9, 9, confidence) for w in text.split()))


ARABIC = "عادت الطائرات عند الظهر وقصفت السوق مرة ثانية"
FRENCH = "Les avions sont revenus à midi et ont frappé le marché"


def test_without_a_script_the_surest_reading_wins() -> None:
    readings = {
        "eng": _reading("eng", "lS pall", 30),
        "ara": _reading("ara", ARABIC, 90),
        "rus": _reading("rus", "Щ", 20),
    }
    best = choose(lambda language: readings[language], None, frozenset(readings))
    assert best is not None and best.language == "ara"


def test_few_letters_that_happen_to_be_sure_do_not_win() -> None:
    readings = {"eng": _reading("eng", "i", 99), "ara": _reading("ara", ARABIC, 85)}
    best = choose(lambda language: readings[language], None, frozenset(readings))
    assert best is not None and best.language == "ara"


def test_within_a_script_the_words_say_the_language() -> None:
    readings = {"eng": _reading("eng", FRENCH, 88), "fra": _reading("fra", FRENCH, 93)}
    best = choose(lambda language: readings[language], "Latin", frozenset(readings))
    assert best is not None and best.language == "fra"


PERSIAN = "هواپیماها ظهر بازگشتند و دوباره به بازار حمله کردند"


def test_in_arabic_script_the_reading_that_is_in_its_own_language_wins() -> None:
    readings = {"ara": _reading("ara", PERSIAN, 95), "fas": _reading("fas", PERSIAN, 90)}
    best = choose(lambda language: readings[language], "Arabic", frozenset(readings))
    assert best is not None and best.language == "fas"
    readings = {"ara": _reading("ara", ARABIC, 90), "fas": _reading("fas", ARABIC, 95)}
    best = choose(lambda language: readings[language], "Arabic", frozenset(readings))
    assert best is not None and best.language == "ara"


def test_a_reading_that_is_much_less_sure_does_not_replace_the_first() -> None:
    readings = {"eng": _reading("eng", FRENCH, 88), "fra": _reading("fra", FRENCH, 60)}
    best = choose(lambda language: readings[language], "Latin", frozenset(readings))
    assert best is not None and best.language == "eng"


def test_a_language_that_is_not_installed_is_not_tried() -> None:
    best = choose(lambda language: _reading(language, FRENCH, 88), "Latin", frozenset({"eng"}))
    assert best is not None and best.language == "eng"
    assert choose(lambda language: _reading(language, FRENCH, 88), "Arabic", frozenset({"eng"})) is None
    assert missing("Arabic", frozenset({"eng"})) == ("ara", "fas")


@pytest.mark.parametrize(
    ("answer", "script"),
    [
        (b"Script: Arabic\nScript confidence: 12.5\n", "Arabic"),
        (b"Script: Arabic\nScript confidence: 0.2\n", None),
        (b"Script: Klingon\nScript confidence: 12.5\n", None),
        (b"Too few characters", None),
    ],
)
def test_the_detector_is_believed_when_it_is_sure(answer: bytes, script: str | None) -> None:
    assert script_told(answer) == script


def test_the_engine_is_found_once(needs_tesseract: None) -> None:
    engine = find_engine()
    assert engine is find_engine()
    assert engine.version[0].isdigit()
    assert replace(engine, version="5.0").name == "tesseract 5.0"
