import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.model.claim import Frame, Modality
from ascertain.read.surety import (
    LANGUAGES,
    Named,
    SourceKind,
    Surety,
    attribution_claims,
    attributions,
    surety_words,
)  # fmt: skip


def read(text, who, language="en"):
    mentions = [Named(m.start(), m.end(), who) for m in re.finditer(re.escape(who), text, re.IGNORECASE)]
    return attributions(text, mentions, surety_words(language))


def sources(attribution):
    return [(source.span.text, source.kind) for source in attribution.sources]


def test_what_the_author_says_is_asserted_as_fact():
    (one,) = read("The army shelled the market.", "The army")
    assert (one.modality, one.surety, one.sources) == (Modality.ASSERTED, Surety.REPORTED, ())


def test_sources_are_nested_outermost_first():
    (one,) = read("The newspaper reported that the Commission had found that the army used chlorine.", "the army")
    assert sources(one) == [("The newspaper", SourceKind.MEDIA), ("the Commission", SourceKind.BODY)]
    assert one.surety is Surety.REPORTED


def test_who_closes_a_sentence_stands_outside_of_who_opens_it():
    (one,) = read("Residents accuse the army of looting, the radio said.", "the army")
    assert [words for words, _ in sources(one)] == ["the radio", "Residents"]


def test_an_accusation_of_the_police_is_one_by_authorities():
    assert read("Police accused the Brigade of the murder.", "the Brigade")[0].surety is Surety.ACCUSED_BY_AUTHORITIES
    assert read("Villagers accused the Brigade of the murder.", "the Brigade")[0].surety is Surety.ACCUSED


def test_who_claims_responsibility_is_its_own_source():
    (one,) = read("The Brigade claimed responsibility for the bomb.", "The Brigade")
    assert one.surety is Surety.CLAIMED
    assert sources(one) == [("The Brigade", SourceKind.PERPETRATOR)]


def test_a_denial_does_not_cancel_an_accusation():
    told, denial = read("The Brigade, accused by the president of the massacre, denied any role.", "The Brigade")
    assert told.surety is Surety.ACCUSED_BY_AUTHORITIES
    assert (denial.modality, denial.surety) == (Modality.DENIED, Surety.NONE)


def test_a_denial_alone_says_nothing_that_somebody_did_it():
    (one,) = read("The army denied that it had bombed the hospital.", "The army")
    assert (one.modality, one.surety) == (Modality.DENIED, Surety.NONE)


@pytest.mark.parametrize("text", ["If the army attacks, the truce ends.", "He asked whether the army had attacked."])
def test_what_is_only_imagined_is_hypothetical(text):
    assert read(text, "the army")[0].modality is Modality.HYPOTHETICAL


def test_every_cue_and_source_has_its_own_words():
    text = "Police suspect that the Brigade may have planted it."
    for one in read(text, "the Brigade"):
        for span in (*one.cues, *(source.span for source in one.sources), one.sentence):
            assert text[span.start : span.end] == span.text


def test_a_mention_outside_the_sentences_is_passed_over():
    assert attributions("The army attacked.", [Named(50, 60, "x")], surety_words("en")) == ()
    assert attributions("", [], surety_words("en")) == ()


@pytest.mark.parametrize(
    ("language", "text", "who", "surety"),
    [
        ("fr", "La police accuse la Brigade de cet attentat.", "la Brigade", Surety.ACCUSED_BY_AUTHORITIES),
        ("fr", "La Brigade a revendiqué l'attentat.", "La Brigade", Surety.CLAIMED),
        ("fr", "L'armée a nié avoir bombardé l'hôpital.", "L'armée", Surety.NONE),
        ("ar", "اتهم سكان القرية الجيش بقصف السوق", "الجيش", Surety.ACCUSED),
    ],
)
def test_french_and_arabic_have_their_own_words(language, text, who, surety):
    assert read(text, who, language)[0].surety is surety


def test_a_denial_is_a_claim_of_its_own_frame_and_a_slot_without_words_is_not_stored():
    text = "The Brigade, accused by the president of the massacre, denied any role."
    told, denial = attribution_claims(read(text, "The Brigade"), speaker="author", language="en", incident=2)
    assert (told.frame, told.value("surety"), told.incident) == (Frame.ATTRIBUTION, Surety.ACCUSED_BY_AUTHORITIES, 2)
    assert [slot.value for slot in told.via] == ["the president"]
    assert (denial.frame, denial.negated, denial.values("surety")) == (Frame.DENIAL, True, ())
    (plain,) = attribution_claims(read("The army shelled the market.", "The army"))
    assert plain.value("actor") == "The army" and plain.values("surety") == ()


@given(st.text(max_size=200), st.integers(0, 200), st.integers(1, 40), st.sampled_from(LANGUAGES))
def test_any_text_is_read_and_spans_fit(text, start, length, language):
    for one in attributions(text, [Named(start, start + length, "x")], surety_words(language)):
        for span in (*one.cues, *(source.span for source in one.sources)):
            assert text[span.start : span.end] == span.text


@given(st.lists(st.sampled_from("said that by army police denied , . ; accused was the told and who but not".split())))
def test_any_order_of_cues_is_read(words):
    text = " ".join(words)
    read(text, "army")
