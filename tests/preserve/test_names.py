from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.preserve.names import remarks_on, written_name, written_path

BLNS = Path(__file__).parents[2] / "../shared/data/trust/blns/blns.json"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        pytest.param(b"report.pdf", "report.pdf", id="plain"),
        pytest.param("تقرير دوما.pdf".encode(), "تقرير دوما.pdf", id="arabic"),
        pytest.param(b"caf\xe9.txt", r"caf\xe9.txt", id="a_byte_that_is_no_utf8"),
        pytest.param(os.fsdecode(b"caf\xe9.txt"), r"caf\xe9.txt", id="the_same_as_a_text"),
        pytest.param("a\u202efdp.exe", r"a\u202efdp.exe", id="text_that_turns"),
        pytest.param("a\u200cb", "a\u200cb", id="a_joiner_of_persian_words"),
        pytest.param(b"a\nb\0c\x1b[2J", r"a\u000ab\u0000c\u001b[2J", id="control"),
        pytest.param(rb"C:\x", r"C:\\x", id="a_backslash"),
        pytest.param("\U000e0041", r"\U000e0041", id="a_hidden_tag"),
        pytest.param("\ud800", r"\xed\xa0\x80", id="half_a_character"),
    ],
)
def test_a_name_is_kept_as_it_is_and_what_hides_turns_or_breaks_is_written_out(name: bytes | str, written: str) -> None:
    assert written_name(name) == written


def test_a_very_long_name_is_cut_and_says_so() -> None:
    written = written_name(b"x" * 5000)
    assert written.startswith("x" * 4096 + "…[5000 bytes, SHA-256 ")
    assert written != written_name(b"x" * 4999 + b"y")


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_two_names_are_written_alike_only_when_they_are_the_same(one: bytes, other: bytes) -> None:
    assert (written_name(one) == written_name(other)) == (one == other)


@given(st.binary(max_size=200))
def test_any_bytes_have_a_written_form_that_json_and_a_line_can_hold(name: bytes) -> None:
    written = written_name(name)
    assert json.loads(json.dumps(written).encode()) == written
    assert len(written.encode().splitlines()) <= 1
    assert "\0" not in written


@pytest.mark.skipif(not BLNS.exists(), reason="needs the list of naughty strings")
def test_naughty_names_are_written_without_loss() -> None:
    names = json.loads(BLNS.read_text("utf-8"))
    assert len({written_name(name) for name in names}) == len(set(names))


def test_a_path_is_its_parts() -> None:
    assert written_path("a", os.fsdecode(b"\xff"), "c\\d") == r"a/\xff/c\\d"


@pytest.mark.parametrize(
    ("name", "remarks"),
    [
        (b"a/b.txt", ()),
        (b"/etc/passwd", ("absolute",)),
        (b"../../x", ("parent",)),
        (b"..\\x", ("parent", "backslash")),
        (b"C:\\x", ("drive", "backslash")),
        (b"a\0.txt", ("nul",)),
        (b"a\n", ("control",)),
        ("a\u202e".encode(), ("hidden",)),
        (b"\xff", ("not utf-8",)),
        (b"", ("empty",)),
        (b"./", ("empty",)),
        (b"..", ("parent", "empty")),
        (b"x" * 5000, ("long",)),
    ],
)
def test_what_makes_a_name_unfit_as_a_path_is_remarked(name: bytes, remarks: tuple[str, ...]) -> None:
    assert remarks_on(name) == remarks
