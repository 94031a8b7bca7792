from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.record.custody import der


@given(st.sampled_from([der.OCTETS, der.IDENTIFIER, der.SEQUENCE, 0xA0]), st.binary(max_size=400))
def test_what_is_written_is_read_again(tag: int, content: bytes) -> None:
    assert der.read(der.write(tag, content)) == der.Element(tag, content)


@given(st.lists(st.binary(max_size=200), max_size=5))
def test_a_sequence_holds_its_parts_in_order(parts: list[bytes]) -> None:
    written = der.write(der.SEQUENCE, *(der.write(der.OCTETS, part) for part in parts))
    assert [child.content for child in der.read(written).children()] == parts


@given(st.integers(0, 2**80))
def test_a_number_is_written_in_its_shortest_form(number: int) -> None:
    content = der.read(der.write_integer(number)).content
    assert int.from_bytes(content, "big", signed=True) == number
    assert len(content) == 1 or content[0] or content[1] >= 0x80


@given(st.binary(max_size=100))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        found = der.read(data)
    except der.BadDer:
        return
    assert der.write(found.tag, found.content) == data


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("", "0 values"),
        ("0400 0400", "2 values"),
        ("04", "cut off"),
        ("0401", "cut off"),
        ("0484ffffffff", "cut off"),
        ("0480 0000", "shortest"),
        ("048100", "shortest"),
        ("04817f" + "00" * 127, "shortest"),
        ("04820080" + "00" * 128, "shortest"),
        ("0485" + "01" * 5, "shortest"),
        ("0482ff", "shortest"),
        ("1f0100", "tag of more than one byte"),
    ],
)
def test_what_is_no_der_is_refused(data: str, reason: str) -> None:
    with pytest.raises(der.BadDer, match=reason):
        der.read(bytes.fromhex(data))


def test_a_value_without_parts_has_none_to_give() -> None:
    with pytest.raises(der.BadDer, match="holds no others"):
        der.read(b"\x04\x00").children()
    with pytest.raises(der.BadDer, match="tag 0x4 where 0x30 was expected"):
        der.read(b"\x04\x00").is_a(der.SEQUENCE)
