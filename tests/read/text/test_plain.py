from __future__ import annotations

import os
from pathlib import Path

import pytest

from ascertain.read.text.passage import Text
from ascertain.read.text.plain import read_plain

SEED = os.environ.get("ASCERTAIN_SEED_STATEMENT") or Path(__file__).parents[3] / "../shared/seed/idlib-statement.txt"

SAVED_PAGE = """Skip to main content
Douma: "The council calls for an inquiry."

Douma: "The council calls for an inquiry."

Published on April 10, 2018
Statement issued by the Council of Elders (April 9, 2018)

The council asks for an inquiry into the attack of 7 April 2018.

It will meet again on Monday.

\u00a0 \u00a0  top of the page
"""


def _kinds(text: Text) -> list[tuple[str, str]]:
    return [(block.kind, text.body[block.start : block.end]) for block in text.blocks]


def test_a_page_saved_as_text_loses_its_menu_and_its_repeated_title() -> None:
    text = read_plain(SAVED_PAGE.encode())
    assert [kind for kind, _ in _kinds(text)] == ["heading", "meta", "meta", "paragraph", "paragraph"]
    assert "Skip" not in text.body
    assert "top of the page" not in text.body
    assert text.body.count("Douma:") == 1
    assert sum("left out" in note for note in text.notes) == 3


def test_title_publisher_and_date_come_from_the_words() -> None:
    text = read_plain(SAVED_PAGE.encode())
    assert text.title == 'Douma: "The council calls for an inquiry."'
    assert text.publisher == "Council of Elders"
    assert text.published == "2018-04-09"
    assert text.published_span is not None
    assert text.body[slice(*text.published_span)] == "April 9, 2018"
    assert any("2018-04-10" in note for note in text.notes)


def test_the_seed_statement_is_read_whole() -> None:
    if not Path(SEED).exists():
        pytest.skip("the seed statement is not in the repository")
    text = read_plain(Path(SEED).read_bytes())
    assert (text.published, text.publisher) == ("2018-09-03", "French Ministry of Europe and Foreign Affairs")
    assert sum(kind == "paragraph" for kind, _ in _kinds(text)) == 4
    assert "Skip to main content" not in text.body
    assert "top of the page" not in text.body


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = read_plain(b"The army\nstruck at\tdawn  today.\n\nNobody\r\nclaimed it.")
    assert [words for _, words in _kinds(text)] == ["The army struck at dawn today.", "Nobody claimed it."]


def test_long_lines_without_blank_ones_are_paragraphs() -> None:
    line = "The army struck the town at dawn. " * 5
    assert len(read_plain(f"{line}\n{line}A last one.".encode()).blocks) == 2


def test_list_items_stand_alone() -> None:
    text = read_plain(b"We ask to\n- protect civilians\n- open the\nroads")
    assert _kinds(text)[1:] == [("list_item", "- protect civilians"), ("list_item", "- open the roads")]


def test_the_last_word_of_a_wrapped_sentence_is_no_menu() -> None:
    assert read_plain(b"All the displaced people want to go\nhome").body.endswith("go home")
    assert read_plain(b"All the displaced people want to go\nhome.").body.endswith("go home.")


def test_a_statement_of_one_line_is_no_title() -> None:
    text = read_plain(b"France calls on Russia")
    assert (text.title, _kinds(text)) == (None, [("paragraph", "France calls on Russia")])


def test_control_characters_are_dropped_with_a_note() -> None:
    text = read_plain(b"Forty\x00-three\x07 people.")
    assert text.body == "Forty-three people."
    assert "2 control characters left out" in text.notes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_mixed_arabic_and_english_in_every_unicode_encoding(encoding: str) -> None:
    words = "The OPCW mission visited Douma. قالت البعثة إنها زارت دوما في 7 نيسان."
    assert read_plain(words.encode(encoding)).body == words


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_western_letters_in_one_byte_each(encoding: str) -> None:
    words = "La région a été frappée à l'aube, précise le ministère, où vivent des déplacés."
    assert read_plain(words.encode(encoding)).body == words


def test_arabic_letters_in_one_byte_each() -> None:
    words = "تدعو فرنسا روسيا وتركيا إلى الحفاظ على خفض التصعيد في منطقة إدلب لحماية المدنيين"
    text = read_plain(words.encode("cp1256"))
    assert text.body == words
    assert any("cp1256" in note for note in text.notes)


def test_characters_are_not_normalised() -> None:
    assert read_plain("cafe\u0301 \u200fعربي\u200e".encode()).body == "cafe\u0301 \u200fعربي\u200e"


def test_a_single_line_of_five_megabytes_is_one_paragraph() -> None:
    text = read_plain(b"France said so. " * 330_000)
    assert len(text.blocks) == 1
    assert len(text.body) > 5_000_000
