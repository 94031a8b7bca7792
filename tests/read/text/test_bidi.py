"""A line is read in the order in which it was written, whichever way its letters run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.read.text.bidi import logical_order

# As it stands on the page from left to right, and as it is read.
LINES = {
    "Arabic alone": ("بقارس ةنيدم", "مدينة سراقب"),
    "numbers": ("2018 ناسين 4", "4 نيسان 2018"),
    "a date with slashes": ("4/2018 يف", "في 4/2018"),
    "two numbers": ("12 11 نيب", "بين 11 12"),
    "a Latin name of two words": ("نأ United Nations تلاق", "قالت United Nations أن"),
    "an acronym in brackets": ("نأ (OPCW) ةمظنم", "منظمة (OPCW) أن"),
    "Arabic in brackets that the page shows turned": ("(ةنيدم) بقارس", "سراقب (مدينة)"),
    "a bracket that the next line closes": ("ةنيدم( بقارس", "سراقب (مدينة"),
    "a bracket that the line before opened": ("بقارس )ةنيدم", "مدينة) سراقب"),
    "quotation marks": ("«ةنيدم»", "«مدينة»"),
    "an Arabic name in a Latin line": ("The town of بقارس was hit", "The town of سراقب was hit"),
    "Latin alone": ("The town (of 12) was hit", "The town (of 12) was hit"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize("name", LINES)
def test_a_line_is_read_in_its_order(name: str) -> None:
    visual, read = LINES[name]
    assert "".join(logical_order(list(visual), page_runs_left=not visual.startswith("T"))[1]) == read


def test_a_line_is_of_the_direction_of_most_of_its_letters_where_the_page_does_not_tell() -> None:
    assert "".join(logical_order(list("in بقارس"))[1]) == "سراقب in"
    assert "".join(logical_order(list("in the town بقارس"))[1]) == "in the town سراقب"


@given(st.text(alphabet="سراقبةabc 0123٤()[]«».,:/-", max_size=30))
def test_no_character_is_lost_or_comes_twice(visual: str) -> None:
    order, characters = logical_order(list(visual))
    assert sorted(order) == list(range(len(visual)))
    assert [c for c in characters if c.isalnum()] == [visual[at] for at in order if visual[at].isalnum()]


@given(st.text(alphabet="سراقبة ", min_size=1, max_size=30))
def test_a_line_of_arabic_alone_is_turned_as_a_whole(read: str) -> None:
    if read.strip():
        assert "".join(logical_order(list(reversed(read)))[1]) == read
