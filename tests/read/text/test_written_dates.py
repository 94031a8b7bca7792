from __future__ import annotations

import pytest

from ascertain.read.text.written_dates import written_dates


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("September 4, 2018", "2018-09-04"),
        ("Sept. 4 2018", "2018-09-04"),
        ("4 September 2018", "2018-09-04"),
        ("the 4th of September, 2018", "2018-09-04"),
        ("3 septembre 2018", "2018-09-03"),
        ("1er août 2018", "2018-08-01"),
        ("1er aou\u0302t 2018", "2018-08-01"),
        ("12 FÉVRIER 2018", "2018-02-12"),
        ("2018-09-03T10:00", "2018-09-03"),
    ],
)
def test_days_are_read_in_english_french_and_iso(words: str, day: str) -> None:
    assert [date.day.isoformat() for date in written_dates(words)] == [day]


@pytest.mark.parametrize(
    "words", ["03/04/2018", "31 September 2018", "4 Brumaire 2018", "September 2018", "2018-13-01"]
)
def test_what_is_no_certain_day_is_not_guessed(words: str) -> None:
    assert written_dates(words) == []


def test_a_date_knows_its_words() -> None:
    line = "Published on September 4, 2018 in Paris"
    (date,) = written_dates(line)
    assert line[date.start : date.end] == "September 4, 2018"
