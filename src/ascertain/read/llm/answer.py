"""A model's answer as claims with quotes: only its form is checked here. An answer is a stranger's text."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Annotated, Any, NoReturn

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from ascertain.model.claim import Modality

LARGEST = 1_000_000
MOST_CLAIMS = 500
_FENCED = re.compile(r"^\s*```(?:json)?\s*\n(.*?)\n\s*```\s*$", re.DOTALL)
_Quote = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
_Short = Annotated[str, StringConstraints(max_length=200)]


class BadAnswer(ValueError):
    """An answer that is no object with claims; the message says why, and quotes nothing of it."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class QuotedSlot(_Strict):
    """A slot as the model gives it: the words that it quotes, and what it makes of them."""

    name: _Short
    quote: _Quote
    value: _Short = ""


class QuotedClaim(_Strict):
    """A claim as the model gives it."""

    frame: _Short
    quote: _Quote
    modality: Annotated[str, StringConstraints(max_length=20)] = Modality.ASSERTED.value
    negated: bool = False
    incident: int = 0
    via: tuple[_Quote, ...] = ()
    slots: tuple[QuotedSlot, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The claims whose form is right, and how many were of no such form."""

    claims: tuple[QuotedClaim, ...]
    malformed: int


def parse_answer(text: str) -> Answer:
    """The claims in an answer, which may stand in a fence of three backticks. Raises BadAnswer for no such object.

    A claim that is malformed is counted and left out; the others stand.
    """
    if len(text) > LARGEST:
        raise BadAnswer(f"the answer is longer than {LARGEST:,} characters")
    fenced = _FENCED.match(text)
    try:
        value = json.loads(fenced.group(1) if fenced else text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadAnswer("the answer is not JSON") from error
    if not isinstance(value, dict) or not isinstance(value.get("claims"), list):
        raise BadAnswer("the answer is no object with a list of claims")
    if len(value["claims"]) > MOST_CLAIMS:
        raise BadAnswer(f"the answer has more than {MOST_CLAIMS} claims")
    found = [_claim(claim) for claim in value["claims"]]
    whole = tuple(claim for claim in found if claim is not None)
    return Answer(whole, len(found) - len(whole))


def _claim(value: Any) -> QuotedClaim | None:
    try:
        return QuotedClaim.model_validate_json(json.dumps(value))
    except (ValidationError, ValueError, RecursionError):
        return None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
