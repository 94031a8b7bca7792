from __future__ import annotations

import pytest

from ascertain.read.text.dateline import BARE, ISSUED, PUBLISHED, find_datelines, read_dateline


@pytest.mark.parametrize(
    ("line", "role", "publisher"),
    [
        ("Statement issued by French Ministry of Europe (September 3, 2018)", ISSUED, "French Ministry of Europe"),
        ("Joint statement issued by the Council on 3 September 2018", ISSUED, "Council"),
        ("Statement by the Spokesperson, 3 September 2018", ISSUED, "Spokesperson"),
        (
            "Communiqué du ministère des Affaires étrangères (3 septembre 2018)",
            ISSUED,
            "ministère des Affaires étrangères",
        ),
        ("Published on September 3, 2018", PUBLISHED, None),
        ("Publié le 3 septembre 2018", PUBLISHED, None),
        ("Date: 3 September 2018", PUBLISHED, None),
        ("Monday, 3 September 2018", BARE, None),
        ("Paris, le 3 septembre 2018", BARE, None),
    ],
)
def test_lines_that_date_a_text(line: str, role: int, publisher: str | None) -> None:
    found = read_dateline(line)
    assert found is not None
    assert (found.role, found.publisher, found.date.day.isoformat()) == (role, publisher, "2018-09-03")


@pytest.mark.parametrize(
    "line",
    [
        "Statement on the chemical attack of 7 April 2018",
        "Statement by the minister on the attack of 7 April 2018",
        "Date of the attack: 7 April 2018",
        "Attack on Douma 7 April 2018",
        "The mission visited Douma on 21 April 2018.",
        "From 3 September 2018 to 5 September 2018",
        "Published on 03/04/2018",
    ],
)
def test_the_date_of_an_attack_does_not_date_the_text(line: str) -> None:
    assert read_dateline(line) is None


def test_the_statements_date_comes_before_the_pages() -> None:
    lines = ["Title", "Published on September 4, 2018", "Statement issued by X (September 3, 2018)"]
    assert [line.role for line in find_datelines(lines)] == [ISSUED, PUBLISHED]


def test_lines_in_the_middle_of_a_text_do_not_date_it() -> None:
    lines = ["word"] * 12 + ["3 September 2018"] + ["word"] * 12
    assert find_datelines(lines) == []
