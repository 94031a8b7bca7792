from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.record.custody.checkpoint import Checkpoint, origin_of, parse_checkpoint
from ascertain.record.custody.note import BadNote

ROOT = bytes(range(32))
ENCODED = base64.b64encode(ROOT).decode()
# The example of https://c2sp.org/tlog-checkpoint.
PUBLISHED = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

line = st.text(st.characters(blacklist_categories=("Cc", "Cs")), min_size=1, max_size=20)


def test_the_published_example() -> None:
    found = parse_checkpoint(PUBLISHED)
    assert (found.origin, found.size, found.extensions) == ("example.com/behind-the-sofa", 20852163, ())
    assert found.root.hex() == "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62"
    assert found.as_text() == PUBLISHED


@given(line, st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32), st.lists(line, max_size=4))
def test_what_is_written_is_read_again(origin: str, size: int, root: bytes, extensions: list[str]) -> None:
    checkpoint = Checkpoint(origin, size, root, tuple(extensions))
    assert parse_checkpoint(checkpoint.as_text()) == checkpoint


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = parse_checkpoint(text)
    except BadNote:
        return
    assert found.as_text() == text


@given(st.binary(max_size=100), st.data())
def test_any_damage_to_a_checkpoint_is_refused_or_says_something_else(damage: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(PUBLISHED)))
    text = (PUBLISHED[:at].encode() + damage + PUBLISHED[at + len(damage) :].encode()).decode("utf-8", "replace")
    try:
        found = parse_checkpoint(text)
    except BadNote:
        return
    assert found.as_text() == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "ends with a line end"),
        ("\n", "none is empty"),
        (f"o\n1\n{ENCODED}", "ends with a line end"),
        ("o\n1\n", "at least three lines"),
        (f"\n1\n{ENCODED}\n", "none is empty"),
        (f"o\n\n{ENCODED}\n", "none is empty"),
        (f"o\n1\n{ENCODED}\n\n", "none is empty"),
        (f"o\n01\n{ENCODED}\n", "decimal number"),
        (f"o\n+1\n{ENCODED}\n", "decimal number"),
        (f"o\n-1\n{ENCODED}\n", "decimal number"),
        (f"o\n1.0\n{ENCODED}\n", "decimal number"),
        (f"o\n 1\n{ENCODED}\n", "decimal number"),
        (f"o\n1_0\n{ENCODED}\n", "decimal number"),
        (f"o\n١\n{ENCODED}\n", "decimal number"),
        (f"o\n9223372036854775808\n{ENCODED}\n", "decimal number"),
        (f"o\n{'9' * 10_000}\n{ENCODED}\n", "decimal number"),
        ("o\n1\nAAAA\n", "32 bytes"),
        (f"o\n1\n{ENCODED[:-1]}\n", "base64"),
        (f"o\n1\n{ENCODED} \n", "base64"),
        (f"o\n1\n{ENCODED.replace('+', '-').replace('/', '_')[:-2]}9=\n", "base64"),
        (f"o\n1\n{base64.b64encode(ROOT + b'a').decode()}\n", "32 bytes"),
        ("o\n1\né\n", "base64"),
    ],
)
def test_what_the_specification_forbids_is_refused(text: str, reason: str) -> None:
    with pytest.raises(BadNote, match=re.escape(reason)):
        parse_checkpoint(text)


def test_a_root_has_one_spelling() -> None:
    twisted = ENCODED[:-2] + chr(ord(ENCODED[-2]) + 1) + "="
    assert base64.b64decode(twisted) == ROOT
    with pytest.raises(BadNote):
        parse_checkpoint(f"o\n1\n{twisted}\n")


def test_lines_after_the_root_are_kept_as_they_are() -> None:
    text = f"o\n1\n{ENCODED}\nother: thing\n"
    assert parse_checkpoint(text).extensions == ("other: thing",)
    assert parse_checkpoint(text).as_text() == text


def test_the_largest_size() -> None:
    assert parse_checkpoint(f"o\n{2**63 - 1}\n{ENCODED}\n").size == 2**63 - 1


def test_an_origin_is_of_one_log() -> None:
    assert origin_of(ROOT) == "ascertain/000102030405060708090a0b0c0d0e0f"
