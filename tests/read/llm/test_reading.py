"""From answers to claims: quotes that stand in the text once, values that their words say."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascertain.model.claim import Claim, Frame, Modality
from ascertain.read.lexicon import make_lexicon
from ascertain.read.llm import (
    Answer,
    BadAnswer,
    Chunk,
    Context,
    Dropped,
    LlmReading,
    load_prompt,
    parse_answer,
    read_answers,
)

TEXT = (
    "The Commission said that on 7 April 2018 aircraft bombed the market in Estor. At least 43 people were killed "
    "there, and 43 others were wounded. The army denied it. Residents of Estor fled."
)
NAMES = [("party", "body", "Commission"), ("place", "town", "Estor"), ("agent", "chlorine", "chlorine")]
CONTEXT = Context(make_lexicon("en", NAMES), "en", datetime.date(2018, 5, 1))


def claim(frame: str, quote: str, *slots: tuple[str, str, str], **more: Any) -> dict[str, Any]:
    given = [{"name": name, "quote": words, "value": value} for name, words, value in slots]
    return {"frame": frame, "quote": quote, "slots": given, **more}


def read(*claims: Any, text: str = TEXT) -> LlmReading:
    answer = parse_answer(json.dumps({"claims": list(claims)}))
    return read_answers(text, [(Chunk(0, len(text)), answer)], load_prompt(), CONTEXT)


def one(*claims: Any, text: str = TEXT) -> Claim:
    (found,) = read(*claims, text=text).claims
    return found


BOMBED = ("type", "bombed", "air_strike")
ATTACK = claim("attack", "aircraft bombed the market in Estor", BOMBED)


def test_every_slot_has_its_own_words() -> None:
    found = one(claim("attack", "aircraft bombed the market in Estor", BOMBED, ("target", "the market", "")))
    assert [(slot.name, slot.value, slot.span.text) for slot in found.slots] == [
        ("type", "air_strike", "bombed"),
        ("target", "the market", "the market"),
    ]
    assert all(TEXT[slot.span.start : slot.span.end] == slot.span.text for slot in found.slots)
    assert found.sentence.text.startswith("The Commission said")


def test_a_quote_that_does_not_stand_in_the_text_is_dropped_and_counted() -> None:
    reading = read(claim("attack", "aircraft bombed the school in Estor", BOMBED))
    assert (reading.claims, reading.dropped) == ((), {Dropped.QUOTE: 1})


def test_a_quote_that_stands_twice_is_dropped() -> None:
    assert read(claim("estimate", "Estor", ("killed", "43", "43"))).dropped == {Dropped.QUOTE: 1}


def test_words_that_stand_twice_are_those_of_the_claims_own_clause() -> None:
    found = one(claim("estimate", "43 others were wounded", ("injured", "43", "43")))
    assert found.slots[0].span.start == TEXT.index("43 others")


def test_a_name_of_the_record_becomes_its_id_and_another_stays_as_written() -> None:
    found = one(claim("finding", "The Commission said", ("body", "The Commission", "invented:id")))
    assert found.value("body") == "body"
    found = one(claim("denial", "The army denied it", ("actor", "The army", "syria_state")))
    assert found.value("actor") == "The army"


def test_a_date_is_read_again_from_its_words() -> None:
    found = one(claim("attack", ATTACK["quote"], BOMBED, ("when", "7 April 2018", "")))
    assert found.value("when") == "2018-04-07"


@pytest.mark.parametrize(
    ("name", "words", "value"),
    [
        ("when", "7 April 2018", "2018-04-08"),
        ("when", "the market", "2018-04-07"),
        ("type", "bombed", "picnic"),
        ("agent", "the market", "sarin"),
    ],
)
def test_a_value_that_the_words_do_not_say_is_dropped(name: str, words: str, value: str) -> None:
    reading = read(claim("attack", ATTACK["quote"], ("target", "the market", ""), (name, words, value)))
    assert reading.dropped == {Dropped.VALUE: 1}
    assert [slot.name for slot in reading.claims[0].slots] == ["target"]


@pytest.mark.parametrize(
    ("words", "value", "told"),
    [("At least 43", ">=43", ">=43"), ("At least 43", "", ">=43"), ("At least 43", "43", None), ("43", "lots", None)],
)
def test_a_count_is_read_again_from_its_words(words: str, value: str, told: str | None) -> None:
    reading = read(claim("estimate", "At least 43 people were killed", ("killed", words, value)))
    assert [found.value("killed") for found in reading.claims] == ([told] if told else [])


def test_a_claim_without_what_its_frame_needs_is_dropped() -> None:
    reading = read(claim("attack", ATTACK["quote"], ("place", "Estor", "")))
    assert reading.dropped == {Dropped.NOTHING_LEFT: 1}


@pytest.mark.parametrize("change", [{"frame": "verdict"}, {"modality": "certain"}])
def test_what_the_vocabulary_does_not_have_is_dropped(change: dict[str, str]) -> None:
    assert read(ATTACK | change).dropped == {Dropped.UNKNOWN: 1}


def test_a_slot_of_another_frame_is_dropped() -> None:
    reading = read(claim("attack", ATTACK["quote"], BOMBED, ("killed", "At least 43", ">=43")))
    assert reading.dropped == {Dropped.UNKNOWN: 1}


def test_words_before_the_clause_are_marked_as_inherited() -> None:
    found = one(claim("estimate", "43 others were wounded", ("injured", "43", "43"), ("when", "7 April 2018", "")))
    assert [slot.inherited for slot in found.slots] == [False, True]


def test_who_is_quoted_and_how_surely_is_kept() -> None:
    found = one(ATTACK | {"modality": "reported", "negated": False, "via": ["The Commission", "Nobody at all"]})
    assert found.modality is Modality.REPORTED
    assert [slot.value for slot in found.via] == ["body"]


def test_a_claim_of_two_pieces_is_one_and_their_incidents_stay_apart() -> None:
    other = claim("denial", "The army denied it", ("actor", "The army", ""), incident=1)
    answers = [
        (Chunk(0, 140), parse_answer(json.dumps({"claims": [ATTACK | {"incident": 1}]}))),
        (Chunk(0, len(TEXT)), parse_answer(json.dumps({"claims": [ATTACK | {"incident": 2}, other]}))),
    ]
    reading = read_answers(TEXT, answers, load_prompt(), CONTEXT)
    assert [found.frame for found in reading.claims] == [Frame.ATTACK, Frame.DENIAL]
    assert [found.incident for found in reading.claims] == [1, 2]
    assert reading.dropped == {Dropped.TWICE: 1}


def test_another_language_is_quoted_in_its_own() -> None:
    text = "استهدفت غارة جوية مستشفى في البلدة يوم الثلاثاء."
    found = one(claim("attack", "استهدفت غارة جوية مستشفى", ("type", "غارة جوية", "air_strike")), text=text)
    assert found.slots[0].span.text == "غارة جوية"
    translated = claim("attack", "An air strike hit a hospital", ("type", "air strike", "air_strike"))
    assert read(translated, text=text).claims == ()


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200) | _JSON.map(lambda value: json.dumps({"claims": [value]})) | _JSON.map(json.dumps))
def test_any_words_are_an_answer_or_are_refused(text: str) -> None:
    try:
        answer = parse_answer(text)
    except BadAnswer as error:
        assert len(str(error)) < 100
    else:
        assert isinstance(answer, Answer)


_WORDS = st.sampled_from(
    ["Estor", "43", "The army denied it", "At least 43 people", "bombed", "nothing", TEXT, "\ud800", ""]
)
_SLOTS = st.tuples(st.sampled_from(["type", "when", "killed", "actor", "place", "x"]), _WORDS, _WORDS)


@settings(max_examples=100, deadline=None)
@given(frame=st.sampled_from([*Frame]), quote=_WORDS, slots=st.lists(_SLOTS, max_size=4), incident=st.integers())
def test_whatever_is_answered_every_word_of_a_claim_stands_in_the_text(
    frame: str, quote: str, slots: list[tuple[str, str, str]], incident: int
) -> None:
    for found in read(claim(frame, quote, *slots, incident=incident)).claims:
        for span in (found.sentence, found.clause, *(slot.span for slot in found.slots)):
            assert TEXT[span.start : span.end] == span.text
