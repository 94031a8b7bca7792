from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.read.sentences import sentences

TEXTS = st.text(alphabet="aB .!?؟\n\"'”)5é;", max_size=80)


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said so. They left.", ["He said so.", "They left."]),
        ("Who? Me! Yes.", ["Who?", "Me!", "Yes."]),
        ('"Stop." He left.', ['"Stop."', "He left."]),
        ("Title\n\nBody text", ["Title", "Body text"]),
        ("one line\nthe next", ["one line\nthe next"]),
        ("قال. ثم؟ نعم", ["قال.", "ثم؟", "نعم"]),
        ("It was 3.5 km away. Next.", ["It was 3.5 km away.", "Next."]),
        ("", []),
        (" \n ", []),
        ("no end", ["no end"]),
    ],
)
def test_a_text_falls_into_its_sentences(text: str, expected: list[str]) -> None:
    assert split(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Smith came.",
        "Mr. A. B. Carr died.",
        "No. 5 is here.",
        "See para. 12 of it.",
        "The U.S. State Department said so.",
        "At 5 p.m. they came.",
        "Chemicals, e.g. chlorine, were found.",
    ],
)
def test_an_abbreviation_ends_no_sentence(text: str) -> None:
    assert split(text) == [text]


@given(TEXTS)
def test_sentences_stand_in_order_inside_the_text_without_space_around_them(text: str) -> None:
    spans = list(sentences(text))
    assert all(text[a:b] == text[a:b].strip() and a < b for a, b in spans)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))


@given(TEXTS)
def test_nothing_but_space_is_left_out(text: str) -> None:
    assert "".join("".join(split(text)).split()) == "".join(text.split())


@given(TEXTS, st.data())
def test_a_part_of_a_text_gives_spans_inside_that_part(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert all(start <= a < b <= end for a, b in sentences(text, start, end))


def test_a_sentence_may_end_with_no() -> None:
    assert split("The answer is no. The body found chlorine.") == ["The answer is no.", "The body found chlorine."]


def test_a_text_of_nothing_but_initials_takes_four_times_as_long_when_four_times_as_long() -> None:
    def seconds(number: int) -> float:
        begun = time.perf_counter()
        split("a. " * number)
        return time.perf_counter() - begun

    assert seconds(4800) < 8 * seconds(1200) + 0.05
