from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ascertain.record.entries import BODIES, Entry, RowStated, RowWithdrawn, canonical
from ascertain.record.store import parse_entry

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=4), inner)
    ),
    max_leaves=8,
)
BODY = st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=6), JSON, max_size=4)


def entry_of(body: dict, author: str = "A. Analyst") -> Entry:
    return Entry(seq=7, time="2026-11-24T10:00:00.000000Z", author=author, kind="row.stated", body=body)


def test_an_entry_is_canonical_json_with_its_keys_in_order_and_no_space() -> None:
    entry = entry_of({"b": 1, "a": ["é", 2.0]})
    assert (
        entry.canonical()
        == (
            '{"author":"A. Analyst","body":{"a":["é",2],"b":1},"format":1,"kind":"row.stated","seq":7,'
            '"time":"2026-11-24T10:00:00.000000Z"}'
        ).encode()
    )


def test_the_order_in_which_a_body_was_made_does_not_change_its_bytes() -> None:
    assert entry_of({"a": 1, "b": 2}).canonical() == entry_of({"b": 2, "a": 1}).canonical()


def test_keys_are_ordered_by_utf16_code_units_as_rfc_8785_says() -> None:
    # The example of RFC 8785, section 3.2.3: U+1F600 (a surrogate pair) stands before U+FB33.
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    ordered = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(canonical(dict.fromkeys(keys, 0)))) == ordered


@given(BODY, st.text(st.characters(codec="utf-8"), max_size=10))
def test_an_entry_is_read_back_from_its_bytes_as_the_same_entry(body: dict, author: str) -> None:
    entry = entry_of(body, author)
    again = parse_entry(7, entry.canonical())
    assert again == entry
    assert again.canonical() == entry.canonical()


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"a": float("nan")}, id="not_a_number"),
        pytest.param({"a": 2**53}, id="an_integer_that_json_numbers_lose"),
        pytest.param({"a": "\ud800"}, id="half_a_surrogate_pair"),
    ],
)
def test_what_canonical_json_cannot_hold_is_refused(value: dict) -> None:
    with pytest.raises(ValueError):
        canonical(value)


def test_every_kind_of_entry_has_a_body_and_a_body_refuses_what_it_does_not_know() -> None:
    assert len(BODIES) == 27
    with pytest.raises(ValidationError):
        RowWithdrawn.model_validate({"table": "places", "id": "x", "reason": "", "by": "me"})


def test_an_entry_says_its_body_as_its_kind() -> None:
    said = entry_of({"reference": "r", "table": "places", "row": {"id": "x"}}).said()
    assert said == RowStated(reference="r", table="places", row={"id": "x"})


def test_a_body_that_does_not_fit_its_kind_is_refused() -> None:
    with pytest.raises(ValidationError):
        entry_of({"reference": "r"}).said()
