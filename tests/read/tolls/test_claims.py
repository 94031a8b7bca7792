"""Tolls as claims."""

from ascertain.model.claim import Frame, Modality, Span
from ascertain.read.tolls import find_tolls, toll_claims

TEXT = "Doctors said at least 12 civilians were killed."


def test_a_claim_has_a_slot_for_each_part_that_has_words() -> None:
    sentence = Span(start=0, end=len(TEXT), text=TEXT)
    (claim,) = toll_claims(sentence, find_tolls(TEXT, 0, len(TEXT), "en"), "", "en", incident=2)
    assert (claim.frame, claim.modality, claim.incident) == (Frame.ESTIMATE, Modality.REPORTED, 2)
    assert [(slot.name, slot.value, slot.span.text) for slot in (*claim.via, *claim.slots)] == [
        ("via", "Doctors", "Doctors"),
        ("killed", ">=12", "at least 12"),
        ("measure", "killed", "killed"),
        ("group", "civilians", "civilians"),
    ]


def test_a_denied_toll_is_negated() -> None:
    text = "The army denied killing 14 civilians."
    (claim,) = toll_claims(Span(start=0, end=len(text), text=text), find_tolls(text, 0, len(text), "en"), "", "en")
    assert (claim.modality, claim.negated) == (Modality.DENIED, True)


def test_a_part_and_another_time_are_told_so_that_nobody_adds_them_up() -> None:
    text = "It recalled 1982, years ago, when 20 people, including three children, were killed."
    claims = list(toll_claims(Span(start=0, end=len(text), text=text), find_tolls(text, 0, len(text), "en"), "", "en"))
    assert [(claim.value("role"), claim.value("scope")) for claim in claims] == [
        ("", "elsewhere"),
        ("part", "elsewhere"),
    ]
