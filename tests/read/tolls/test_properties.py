"""What holds for every text, however it was made."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ascertain.model.count import parse_count
from ascertain.read.tolls import find_tolls
from ascertain.read.tolls.lexicon import LANGUAGES

WORDS = (
    "12 killed wounded people and , of the 30 children were including said doctors more than no one dozens ( : ; - a "
    "family both would % 27-year-old tués blessés dont personne n' قتل مدنيين وجرح قتيلان ٢٧ بينهم died toll to . 𝟙 ²"
)
PIECES = st.sampled_from([*WORDS.split(), "\n", "\u0301"])
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map(" ".join))


@given(text=TEXTS, language=st.sampled_from(LANGUAGES))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_and_every_toll_has_its_words(text: str, language: str) -> None:
    tolls = find_tolls(text, 0, len(text), language)
    for toll in tolls:
        for span in (toll.number_words, toll.kind_words, toll.group_words, *toll.claimants):
            assert span is None or (span.text and text[span.start : span.end] == span.text)
        low, high = toll.count.low, toll.count.high
        assert low is None or high is None or low <= high
        assert parse_count(toll.count.notation()) == toll.count
    assert find_tolls(text, 0, len(text), language) == tolls


@given(before=st.text("abcdefg \n", max_size=20), number=st.integers(2, 900))
@settings(max_examples=50, deadline=None)
def test_what_stands_around_a_sentence_does_not_change_it(before: str, number: int) -> None:
    sentence = f"The strike killed {number} people."
    body = before + sentence + before
    (toll,) = find_tolls(body, len(before), len(before) + len(sentence), "en")
    assert (toll.count.stated, toll.number_words.text) == (number, str(number))


@given(number=st.integers(2, 900))
@settings(max_examples=30, deadline=None)
def test_capitals_do_not_change_a_count(number: int) -> None:
    text = f"The strike killed {number} people and wounded {number + 1}."
    read = [find_tolls(one, 0, len(one), "en") for one in (text, text.upper(), text.lower())]
    assert len({tuple((toll.kind, toll.count) for toll in tolls) for tolls in read}) == 1
