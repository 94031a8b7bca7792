from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.read.anchor import (
    Anchored,
    How,
    NotAnchored,
    Selector,
    TextPosition,
    TextQuote,
    Why,
    anchor,
    anchor_all,
    index_text,
    select,
)  # fmt: skip
from ascertain.read.anchor.words import words_of
from ascertain.read.text.folding import fold

NEWS = (
    "At least 13 people were killed in Estor on Monday, the Commission said. Another 3 people were killed in Daran.\n\n"
    "The Norland-backed force said: “no chlorine was used”. Chlorine cylinders were found in the office of the mayor, "
    "who said that people were killed in their sleep. The US asked us for 1,200 tents."
)


def quoted(exact: str, prefix: str = "", suffix: str = "") -> Selector:
    return Selector(TextQuote(exact, prefix, suffix))


def words_at(selector: Selector, text: str) -> str:
    found = anchor(selector, text)
    assert isinstance(found, Anchored), found
    assert text[found.start : found.end] == found.text
    return found.text


def span(text: str, words: str, nth: int = 0) -> tuple[int, int]:
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return start, start + len(words)


def test_words_that_stand_once_are_found_as_they_are() -> None:
    found = anchor(quoted("no chlorine was used"), NEWS)
    assert found == Anchored(*span(NEWS, "no chlorine was used"), "no chlorine was used", How.EXACT)


def test_words_that_stand_twice_are_not_anchored_without_their_surroundings() -> None:
    assert anchor(quoted("people were killed in"), NEWS) == NotAnchored(Why.AMBIGUOUS)


@pytest.mark.parametrize("nth", range(3))
def test_surroundings_tell_which_of_several_mentions_is_meant(nth: int) -> None:
    start, end = span(NEWS, "people were killed", nth)
    selector = Selector(select(NEWS, start, end).quote)
    assert anchor(selector, "New first line.\n\n" + NEWS.replace(" ", "  ")) != anchor(selector, NEWS)
    found = anchor(selector, NEWS)
    assert isinstance(found, Anchored)
    assert (found.start, found.end) == (start, end)


def test_a_number_is_never_found_inside_another() -> None:
    for number in ("3", "200", "1", "200 tents"):
        assert not isinstance(anchor(quoted(number), NEWS.replace("Another 3", "Another 4")), Anchored)
    assert words_at(quoted("3 people"), NEWS) == "3 people"
    assert anchor(quoted("12"), "killed 12³ and 12½") == NotAnchored(Why.ABSENT)


def test_a_word_is_never_found_inside_another_unless_its_surroundings_cut_it() -> None:
    assert anchor(quoted("tent"), NEWS) == NotAnchored(Why.ABSENT)
    assert words_at(quoted("tent", "us for 1,200 ", "s."), NEWS) == "tent"
    assert words_at(quoted("Nor", "\n\nThe ", "land-backed force"), NEWS) == "Nor"


def test_when_the_mention_is_gone_another_with_the_same_words_is_not_taken() -> None:
    selector = Selector(select(NEWS, *span(NEWS, "people were killed", 1)).quote)
    without = NEWS.replace("Another 3 people were killed in Daran.", "").replace("people were killed in their", "x")
    assert without.count("people were killed") == 1
    assert anchor(selector, without) == NotAnchored(Why.ELSEWHERE)


def test_a_copied_passage_makes_its_words_ambiguous() -> None:
    selector = Selector(select(NEWS, *span(NEWS, "Estor")).quote)
    assert anchor(selector, NEWS + "\n\n" + NEWS) == NotAnchored(Why.AMBIGUOUS)


def test_a_position_counts_only_in_the_very_text_that_it_was_made_from() -> None:
    text = "Estor: 3 dead.\n" * 40
    start, end = span(text, "3 dead", 20)
    selector = select(text, start, end)
    found = anchor(selector, text)
    assert isinstance(found, Anchored)
    assert found.start == start
    assert anchor(selector, text[15:]) == NotAnchored(Why.AMBIGUOUS)
    assert anchor(Selector(selector.quote, TextPosition(start, end)), text) == NotAnchored(Why.AMBIGUOUS)


@pytest.mark.parametrize(
    ("quote", "text", "how"),
    [
        pytest.param("air strikes hit", "Then air\n  strikes\u00a0hit it", How.FOLDED, id="white_space"),
        pytest.param('"no sarin", he said', "“no sarin”, he said", How.FOLDED, id="quotation_marks"),
        pytest.param("north-west - again", "in the north–west — again.", How.FOLDED, id="dashes"),
        pytest.param("five officers", "with ﬁve oﬃcers", How.FOLDED, id="ligatures"),
        pytest.param("Kafr Zita", "at Kafr Zītā", How.FOLDED, id="diacritics"),
        pytest.param("chlorine", "the chlo\u00adrine", How.FOLDED, id="soft_hyphens"),
        pytest.param("responsible for", "was respon-\nsible for it", How.FOLDED, id="hyphen_at_a_line_end"),
        pytest.param("anti-government", "anti-\ngovernment", How.FOLDED, id="a_real_hyphen_at_a_line_end"),
        pytest.param("airstrike on", "an air-strike on it", How.FOLDED, id="hyphen_or_none"),
        pytest.param("The Commission", "THE COMMISSION", How.CASE, id="case"),
        pytest.param("محمد في حلب", "مُحَمَّد في حَلَب", How.FOLDED, id="vowel_signs"),
        pytest.param("إدلب في ٣ أيام", "ادلب في 3 ايام", How.LETTERS, id="arabic_letters_and_digits"),
    ],
)
def test_how_a_quote_is_found_in_another_writing(quote: str, text: str, how: How) -> None:
    found = anchor(quoted(quote), text)
    assert isinstance(found, Anchored)
    assert found.how is how
    assert fold(found.text).replace(" ", "").replace("-", "") == fold(quote).replace(" ", "").replace("-", "")


def test_words_do_not_run_over_the_end_of_a_sentence_unless_the_quote_does() -> None:
    text = "Nobody was killed. Three people were hurt."
    assert anchor(quoted("killed three people"), text) == NotAnchored(Why.ELSEWHERE)
    assert words_at(quoted("killed. Three people"), text) == "killed. Three people"


LONG = "The Commission found that the armed forces of Norland were responsible for the attack on the northern market"


def test_slips_inside_long_words_are_close() -> None:
    found = anchor(quoted(LONG), f"x {LONG.replace('responsible', 'responslble').replace('market', 'markct')}.")
    assert isinstance(found, Anchored)
    assert (found.how, found.edits) == (How.CLOSE, 2)


@pytest.mark.parametrize(
    "changed",
    [
        LONG.replace("were responsible", "were not responsible"),
        LONG.replace("found that", "found no proof that"),
        LONG.replace("Norland", "Sorland"),
        LONG.replace("Norland", "Norlands"),
        LONG.replace("armed", "unarmed"),
        LONG.replace("the attack on", "an attack on"),
    ],
)
def test_a_word_that_is_another_is_not_close(changed: str) -> None:
    assert anchor(quoted(LONG), f"x {changed}.") == NotAnchored(Why.ABSENT)


def test_a_digit_is_never_a_slip() -> None:
    text = "According to the ministry, 83 civilians were killed on Tuesday in the northern market of the town"
    for other in ("88", "8", "833", "eighty-three"):
        assert anchor(quoted(text), text.replace("83", other)) == NotAnchored(Why.ABSENT)
    assert not isinstance(anchor(quoted("eight civilians in the northern market of Estor were killed"),
                                 "eighty civilians in the northern market of Estor were killed"), Anchored)  # fmt: skip


@pytest.mark.parametrize(
    ("quote", "why"),
    [
        pytest.param("", Why.EMPTY, id="empty"),
        pytest.param(" \n\t\u00a0\u200b", Why.EMPTY, id="spaces"),
        pytest.param("“…” — ", Why.EMPTY, id="punctuation"),
        pytest.param(".*(?i)[a-z]+$", Why.ABSENT, id="regular_expression"),
        pytest.param("a" * 1_000_001, Why.TOO_LONG, id="one_long_word"),
        pytest.param("people " * 100_000, Why.ABSENT, id="longer_than_the_text"),
        pytest.param("\ud800\0\x07 people\ufffe", Why.ELSEWHERE, id="no_characters"),
    ],
)
def test_hostile_quotes_are_told_apart(quote: str, why: Why) -> None:
    assert anchor(quoted(quote, "At least ", "(("), NEWS) == NotAnchored(why)


@pytest.mark.parametrize("text", ["", " ", "\n", "\ud800", "…"])
def test_a_text_without_words_has_no_place(text: str) -> None:
    assert isinstance(anchor(quoted("people"), text), NotAnchored)


def test_a_text_that_says_one_word_for_ever_is_no_trap() -> None:
    text = index_text("ha " * 20_000)
    for selector in (quoted("ha ha", "ha ha ha ha", "ha ha ha"), quoted("ha " * 9_000), quoted("ha")):
        assert anchor(selector, text) == NotAnchored(Why.AMBIGUOUS)


WORDS = "the army said that no chlorine was used in Estor 3 13 killed Killed Idlib إدلب ادلب air-strike US us".split()
TEXTS = st.lists(st.sampled_from([*WORDS, ".", "\n\n", "“", "-\n"]), min_size=1, max_size=60).map(" ".join)


@given(TEXTS, st.data())
def test_a_span_is_found_again_in_its_own_text_or_is_ambiguous(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    selector = select(text, start, end)
    if next(words_of(text[start:end]), None) is None:
        return
    assert anchor(selector, text) == Anchored(start, end, text[start:end], How.EXACT)
    found = anchor(Selector(selector.quote, None, (), selector.before_tells, selector.after_tells), text)
    assert found == NotAnchored(Why.AMBIGUOUS) or (
        isinstance(found, Anchored) and _letters(found.text) == _letters(text[start:end])
    )


@given(TEXTS, TEXTS, st.text(max_size=12), st.text(max_size=12))
def test_what_is_anchored_has_the_words_of_the_quote(quote: str, text: str, prefix: str, suffix: str) -> None:
    for selector in (quoted(quote), quoted(quote, prefix, suffix), quoted(quote[:20])):
        found = anchor(selector, text)
        if isinstance(found, Anchored):
            assert text[found.start : found.end] == found.text
            assert found.how is How.CLOSE or _letters(found.text) == _letters(selector.quote.exact)


@given(st.text(max_size=60), st.text(max_size=120))
def test_any_text_and_quote_give_an_answer(quote: str, text: str) -> None:
    found = anchor(quoted(quote), text)
    assert isinstance(found, NotAnchored) or _letters(found.text) == _letters(quote)


@given(st.integers(0, 2**32))
def test_a_changed_text_never_gives_another_mention(seed: int) -> None:
    drawn = random.Random(seed)
    sentences = [" ".join(drawn.choice(WORDS) for _ in range(drawn.randint(3, 9))) + "." for _ in range(12)]
    text = " ".join(sentences)
    start = drawn.randrange(len(text) - 1)
    selector = select(text, start, min(len(text), start + drawn.randint(3, 30)))
    kept = [s for s in sentences if drawn.random() < 0.8]
    changed = "  ".join(kept)
    found = anchor(selector, changed)
    if isinstance(found, Anchored):
        assert _letters(found.text) == _letters(selector.quote.exact) or found.how is How.CLOSE


def test_many_quotes_of_one_text_come_in_their_order() -> None:
    found = list(anchor_all([quoted("Daran"), quoted("nowhere"), quoted("Estor")], NEWS))
    assert [one.text if isinstance(one, Anchored) else one.why for one in found] == ["Daran", Why.ABSENT, "Estor"]


def _letters(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())
