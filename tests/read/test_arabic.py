"""Arabic statements: finding, attribution, denial, guarantor, attack; read, and given no verdicts."""

from __future__ import annotations

import pytest

from ascertain.model.claim import Claim
from ascertain.read.lexicon import checked_languages, make_lexicon
from ascertain.read.statement import read_statement

NAMES = [
    ("party", "opcw_ffm", "بعثة تقصي الحقائق"),
    ("party", "jim", "آلية التحقيق المشتركة"),
    ("party", "syria_state", "الحكومة السورية"),
    ("party", "syria_state", "النظام السوري"),
    ("party", "russia", "روسيا"),
    ("party", "turkey", "تركيا"),
    ("party", "iran", "إيران"),
    ("place", "douma", "دوما"),
    ("place", "khan_shaykhun", "خان شيخون"),
    ("zone", "idlib", "إدلب"),
]


def claim_of(text: str) -> Claim:
    (claim,) = read_statement(text, [(0, len(text))], make_lexicon("ar", NAMES), None, "").claims
    return claim


@pytest.mark.parametrize(
    ("text", "frame", "slots"),
    [
        (
            "خلصت بعثة تقصي الحقائق إلى أن غاز الكلور استخدم في دوما في 7 أبريل 2018.",
            "finding",
            {"body": ("opcw_ffm",), "agent": ("chlorine",), "place": ("douma",), "when": ("2018-04-07",)},
        ),
        (
            "وخلصت آلية التحقيق المشتركة إلى أن الحكومة السورية مسؤولة عن إطلاق السارين في خان شيخون.",
            "attribution",
            {"body": ("jim",), "actor": ("syria_state",), "agent": ("sarin",), "place": ("khan_shaykhun",)},
        ),
        ("نفت روسيا استخدام الأسلحة الكيميائية في دوما.", "denial", {"party": ("russia",), "place": ("douma",)}),
        ("روسيا وتركيا وإيران دول ضامنة.", "commitment", {"party": ("russia", "turkey", "iran")}),
        ("استخدم النظام السوري غاز السارين في خان شيخون.", "attribution", {"actor": ("syria_state",)}),
    ],
)
def test_a_frame_is_read_with_its_slots(text: str, frame: str, slots: dict[str, tuple[str, ...]]) -> None:
    claim = claim_of(text)
    assert claim.frame == frame
    assert {name: claim.values(name) for name in slots} == slots


def test_a_claim_in_arabic_gets_no_verdict_yet() -> None:
    assert "ar" not in checked_languages()
