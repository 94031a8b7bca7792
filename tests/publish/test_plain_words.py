from __future__ import annotations

import pytest

from ascertain.publish.plain_words import date_words, language_tag, machine_date, slot_words


@pytest.mark.parametrize(
    ("edtf", "said"),
    [
        ("2018-09-03", "3 September 2018"),
        ("2018-09", "September 2018"),
        ("2018", "2018"),
        ("2016-08-30?", "30 August 2016 (uncertain)"),
        ("2018-09~", "about September 2018"),
        ("2015-03-16/2015-05-20", "16 March 2015 to 20 May 2015"),
        ("2015/..", "from 2015"),
        ("../2015", "until 2015"),
        ("", ""),
        ("2018-13-01", "2018-13-01"),
        ("last week", "last week"),
    ],
)
def test_dates_are_said_in_words(edtf: str, said: str) -> None:
    assert date_words(edtf) == said


def test_only_plain_dates_are_for_machines() -> None:
    assert [machine_date(date) for date in ("2018-09-03", "2018-09?", "2015/2016")] == ["2018-09-03", "", ""]


def test_slots_are_said_in_the_vocabularys_words_where_it_has_them() -> None:
    said = [slot_words(*slot) for slot in (("count", ">=43"), ("agent", "sarin"), ("measure", "population"))]
    assert said == ["at least 43", "sarin", "people living there"]
    assert [slot_words(name, "no such") for name in ("count", "agent", "measure", "place")] == ["no such"] * 4


def test_a_language_is_a_tag_or_nothing() -> None:
    assert [language_tag(tag) for tag in ("ar", "pt-BR", "", 'en" onload="x')] == ["ar", "pt-BR", "", ""]
