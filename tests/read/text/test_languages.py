"""Each passage has its language; a name or a number has that of the passage around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.read.text.languages import language_of_passage, with_languages
from ascertain.read.text.passage import Piece, Text, lay_out

PASSAGES = {
    "en": "The aircraft returned at noon and hit the market a second time.",
    "fr": "Les avions sont revenus à midi et ont frappé le marché une deuxième fois.",
    "ar": "عادت الطائرات عند الظهر وقصفت السوق مرة ثانية.",
    "fa": "هواپیماها ظهر بازگشتند و برای بار دوم به بازار حمله کردند.",
    "ru": "Самолёты вернулись в полдень и нанесли второй удар по рынку.",
    "tr": "Uçaklar öğle saatlerinde geri döndü ve pazar yerini ikinci kez vurdu.",
    "he": "המטוסים חזרו בצהריים ותקפו את השוק בפעם השנייה.",
    "uk": "Літаки повернулися опівдні та вдруге завдали удару по ринку.",
    "es": "Los aviones regresaron al mediodía y golpearon el mercado por segunda vez.",
    "de": "Die Flugzeuge kehrten am Mittag zurück und trafen den Markt ein zweites Mal.",
}


def _text(*passages: str) -> Text:
    return Text(*lay_out(map(Piece, passages)))


@pytest.mark.parametrize("language", PASSAGES)
def test_a_sentence_has_its_language(language: str) -> None:
    assert language_of_passage(PASSAGES[language]) == language


@pytest.mark.parametrize("words", ["", "43", "Idlib", "دوما", "OPCW / UN JIM", "…", "1 2 3 4 5 6 7 8 9"])
def test_a_name_or_a_number_is_of_no_language_of_its_own(words: str) -> None:
    assert language_of_passage(words) is None


def test_short_blocks_inherit_from_those_before_and_the_first_from_those_behind() -> None:
    text = with_languages(_text("Idlib", PASSAGES["ar"], "43", PASSAGES["fr"], "Killed"))
    assert [block.language for block in text.blocks] == ["ar", "ar", "ar", "fr", "fr"]


def test_the_language_with_the_most_characters_is_the_first() -> None:
    assert with_languages(_text(PASSAGES["ar"], PASSAGES["fr"], PASSAGES["fr"])).languages == ("fr", "ar")


def test_an_arabic_passage_with_latin_acronyms_is_arabic() -> None:
    assert language_of_passage("قالت منظمة حظر الأسلحة الكيميائية OPCW إن غاز الكلور استُخدم في سراقب") == "ar"


@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_text_keeps_its_blocks(passages: list[str]) -> None:
    text = _text(*passages)
    told = with_languages(text)
    assert [(block.start, block.end) for block in told.blocks] == [(block.start, block.end) for block in text.blocks]
