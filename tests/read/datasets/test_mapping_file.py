"""Mappings, and what is wrong with them, by line and column."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.errors import BadMapping
from ascertain.read.datasets.binding import bind
from ascertain.read.datasets.mapping_file import parse_mapping

HEAD = "mapping: 1\nname: ours\nspeaker: Us\nkey: id\n"


def _problems(text: str) -> str:
    with pytest.raises(BadMapping) as caught:
        parse_mapping(text.encode(), "ours.yaml")
    return "\n".join((caught.value.message, *caught.value.problems))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD + "slots:\n  wen: date\n", "line 6, column 3: slots.wen: there is no such slot"),
        (HEAD + "slots: {killed: {column: a, number: 2}}\n", "line 5, column 9: slots.killed: say one of"),
        (HEAD + "slots: {when: {column: a, formats: '%q'}}\n", "'%q' is no date format"),
        (HEAD + "slots: {when: {column: a, formats: ['%d %m']}}\n", "has no year"),
        (HEAD + "slots: {when: {column: a, formats: ['%d/%m/%Y', '%m/%d/%Y']}}\n", "read the same words as different"),
        (HEAD + "slots: {killed: {column: a, formats: ['%Y']}}\n", "`formats` are of dates"),
        (HEAD + "slots: {killed: {constant: '3'}}\n", "a constant is for slots of text"),
        (HEAD + "slots: {type: {column: a, codes: kinds}}\n", "there is no table of codes 'kinds'"),
        (HEAD + "slots: {lat: a}\n", "`lon` and `lat` come together"),
        (HEAD + "slots: {lat: a, lon: b, point: c}\n", "say `point`, or `lon` and `lat`"),
        (HEAD + "slots: {}\n", "slots"),
        (HEAD + "slots: {when: a}\ncodes: {x: {source: s, types: {a: raid}}}\n", "no type of attack raid"),
        (
            HEAD + "slots: {when: a}\ncodes: {x: {source: s, km: {a: -1}}}\n",
            "codes.x.km.a: Input should be greater",
        ),
        (HEAD + "slots: {when: a}\ncodes: {x: {km: {a: 1}}}\n", "codes.x.source: Field required"),
        (HEAD + "slots: {when: a}\nslots: {when: b}\n", "line 6, column 1: slots is said twice"),
        (HEAD + "slots: {when: a}\nspeeker: b\n", "line 6, column 1: speeker: Extra inputs"),
        ("mapping: 2\nname: ours\nspeaker: Us\nslots: {when: a}\n", "line 1, column 1: mapping: Input should be '1'"),
        (HEAD + "slots: {when: a\n", "line 6, column 1"),
        ("- a\n", "is no mapping"),
        ("a: &x [1]\nb: *x\n", "line 1, column 4: referred to elsewhere"),
        ("[" * 5000, "is not YAML"),
        ("a: " + "{a: " * 30 + "1" + "}" * 30, "nested too deeply"),
    ],
)
def test_each_problem_is_named_where_it_stands(text: str, says: str) -> None:
    assert says in _problems(text)


def test_references_within_references_are_refused_at_once() -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 30))
    assert "referred to elsewhere" in _problems("l0: &l0 [x]\n" + levels)


def test_plain_words_are_text() -> None:
    mapping = parse_mapping(
        (HEAD + "slots: {type: {column: no, codes: k}, when: {number: 2}}\n"
         "codes: {k: {source: s, types: {1: shelling, yes: air_strike}}}\n").encode(), "ours.yaml",
    )  # fmt: skip
    assert mapping.slots["type"].column == ("no",)
    assert mapping.codes["k"].type_words() == {"1": "shelling", "yes": "air_strike"}


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_no_bytes_do_more_than_be_refused(data: bytes) -> None:
    with pytest.raises(BadMapping):
        parse_mapping(data, "ours.yaml")


# Headers


def _bound(header: list[str], slots: str, key: str = "id", **more: Any) -> Any:
    text = f"mapping: 1\nname: ours\nspeaker: Us\nkey: {key}\nslots: {slots}\n"
    return bind(parse_mapping(text.encode(), "ours.yaml"), header, **more)


def test_headers_fit_whatever_their_case_and_spaces() -> None:
    assert _bound(["ID", "Event  Date"], "{when: event_date}").slots == {"when": 1}


def test_the_first_of_several_headers_that_is_there_is_read() -> None:
    assert _bound(["id", "tag", "day"], "{when: [date, day, tag]}").slots == {"when": 2}


def test_a_header_that_is_there_twice_is_refused_only_where_it_is_needed() -> None:
    assert _bound(["id", "date", "x", "x"], "{when: date}").slots == {"when": 1}
    assert _bound(["id", "date", "x", "x"], "{when: {number: 4}}").slots == {"when": 3}
    with pytest.raises(BadMapping) as caught:
        _bound(["id", "x", "x"], "{when: x}")
    assert "columns 2, 3 are all called 'x'" in caught.value.problems[0]


def test_what_is_missing_is_said_with_the_columns_that_there_are() -> None:
    with pytest.raises(BadMapping) as caught:
        _bound(["a", "b"], "{when: {column: date, required: yes}}")
    assert caught.value.problems == (
        "slots.when: the table has no column 'date'",
        "key: the table has no column 'id'",
        "the table's columns: 'a', 'b'",
    )
    assert _bound(["id", "date"], "{when: date, place: town}").missing == ("place",)
