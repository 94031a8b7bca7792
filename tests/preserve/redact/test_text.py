from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ascertain.errors import UsageError
from ascertain.preserve.folding import fold
from ascertain.preserve.redact.text import MARK, Hidden, find_words, redact_text


def without(text: str, *words: str) -> str:
    return redact_text(text, find_words(text, words)).text


def test_a_span_becomes_one_mark_whatever_its_length() -> None:
    short, long = "I am Li.", "I am Wolfeschlegelsteinhausen."
    assert redact_text(short, [Hidden(5, 7)]).text == redact_text(long, [Hidden(5, 29)]).text == f"I am {MARK}."


def test_spans_that_touch_or_overlap_are_one_mark() -> None:
    assert redact_text("abcdef", [Hidden(3, 5), Hidden(1, 3), Hidden(2, 4)]).text == f"a{MARK}f"


def test_the_places_of_the_marks_are_told_in_the_copy() -> None:
    done = redact_text("one two three two", find_words("one two three two", ["two"]))
    assert [done.text[at : at + len(MARK)] for at in done.marks] == [MARK, MARK]
    assert done.marks == (4, 21)


@pytest.mark.parametrize("span", [Hidden(-1, 2), Hidden(2, 2), Hidden(3, 2), Hidden(0, 7)])
def test_a_span_that_is_none_is_refused(span: Hidden) -> None:
    with pytest.raises(UsageError):
        redact_text("sample", [span])


@pytest.mark.parametrize(
    ("text", "words", "wanted"),
    [
        ("said AHMAD.", "Ahmad", f"said {MARK}."),
        ("Jose\u0301 said", "José", f"{MARK} said"),
        ("J\u00ado\u200bsé said", "jose", f"{MARK} said"),
        ("Abu\n   Ahmad went", "abu ahmad", f"{MARK} went"),
        ("Ahmad's house", "Ahmad", f"{MARK} house"),
        ("in Ahmadabad", "Ahmad", f"in {MARK}"),
        ("قال وأحمد للجنة", "أحمد", f"قال {MARK} للجنة"),
        ("قال أَحْمَد للجنة", "أحمد", f"قال {MARK} للجنة"),
        ("قال أحـــمد للجنة", "أحمد", f"قال {MARK} للجنة"),
        ("تلاق ةريمس هناك", "سميرة", f"تلاق {MARK} هناك"),
        ("لاثملا ةريمس تلاق", "سميرة المثال", f"{MARK} تلاق"),
        ("تلاق ةريمس لاثملا", "سميرة المثال", f"تلاق {MARK}"),
        ("证人李明说", "李明", f"证人{MARK}说"),
        ("her brother Exam-\n   ple stayed", "example", f"her brother {MARK} stayed"),
        ("her brother Exam\x02\r\nple stayed", "example", f"her brother {MARK} stayed"),
        ("the Al-\nHamid family", "al- hamid", f"the {MARK} family"),
        ("the Al-\nHamid family", "alhamid", f"the {MARK} family"),
        ("call 0999-123", "0999-123", f"call {MARK}"),
        ("ﬁdel came", "fidel", f"{MARK} came"),
        ("ba ba ba", "ba ba", MARK),
    ],
)
def test_words_are_found_as_they_read(text: str, words: str, wanted: str) -> None:
    assert without(text, words) == wanted


def test_words_from_left_to_right_are_not_looked_for_backwards() -> None:
    with pytest.raises(UsageError):
        find_words("a level of tac", ["cat"])


def test_words_that_are_nowhere_are_refused_by_their_number_and_never_repeated() -> None:
    with pytest.raises(UsageError) as caught:
        find_words("the witness spoke", ["witness", "Ahmad", "Samir"])
    assert "number 2, 3" in caught.value.message
    assert "Ahmad" not in caught.value.message


@pytest.mark.parametrize("words", ["", " ", "\u200b", "...", "\u064b"])
def test_words_without_a_letter_are_refused(words: str) -> None:
    with pytest.raises(UsageError):
        find_words("any text", [words])


def test_a_mark_that_the_text_had_before_stays_and_is_not_told_as_ours() -> None:
    done = redact_text(f"{MARK} said Ahmad", find_words(f"{MARK} said Ahmad", ["ahmad"]))
    assert done.text == f"{MARK} said {MARK}"
    assert done.marks == (len(MARK) + 6,)


@given(st.text(max_size=60), st.text(min_size=1, max_size=10), st.text(max_size=60))
def test_hidden_words_are_nowhere_in_the_copy(before: str, words: str, after: str) -> None:
    needle = " ".join(fold(words).split())
    assume(any(c.isalnum() for c in needle))
    text = before + words + after
    assume(needle in " ".join(fold(text).split()))
    done = redact_text(text, find_words(text, [words]))
    pieces, at = [], 0
    for mark in done.marks:
        pieces.append(done.text[at:mark])
        at = mark + len(MARK)
    for piece in (*pieces, done.text[at:]):
        assert needle not in " ".join(fold(piece).split())


@given(st.text(max_size=80), st.data())
def test_what_is_not_hidden_is_all_there_in_its_order(text: str, data: st.DataObject) -> None:
    ends = data.draw(st.lists(st.integers(0, len(text)), max_size=6).map(sorted))
    spans = [Hidden(a, b) for a, b in zip(ends[::2], ends[1::2], strict=False) if a < b]
    done = redact_text(text, spans)
    hidden = {i for span in spans for i in range(span.start, span.end)}
    kept, at = "", 0
    for mark in done.marks:
        kept += done.text[at:mark]
        at = mark + len(MARK)
    assert kept + done.text[at:] == "".join(c for i, c in enumerate(text) if i not in hidden)
