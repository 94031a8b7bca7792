from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.model.access import (
    WHOLE_RECORD,
    Access,
    AccessRule,
    Setting,
    Standing,
    Subject,
    most_closed,
    source_key,
)

PUBLIC, RESTRICTED, SEALED = Access.PUBLIC, Access.RESTRICTED, Access.SEALED
VIDEO, CUT, NOTE = (Subject("exhibit", name * 64) for name in "abc")
MONITOR = Subject("source", "monitor")
Links = Mapping[Subject, Iterable[tuple[Subject, int]]]


def rule(settings: Mapping[Subject, tuple[Access, int]], links: Links | None = None) -> AccessRule:
    below = links or {MONITOR: [(VIDEO, 1)], VIDEO: [(CUT, 2)]}
    made = {subject: Setting(access, entry, "safety", "the head") for subject, (access, entry) in settings.items()}
    return AccessRule(made, lambda subject: below.get(subject, ()))


def of(settings: Mapping[Subject, tuple[Access, int]], exhibit: Subject = VIDEO, links: Links | None = None) -> Access:
    return rule(settings, links).of_exhibit(exhibit.id).access


def test_what_nobody_closed_is_public() -> None:
    assert rule({}).of_exhibit(VIDEO.id) == Standing(PUBLIC)
    assert rule({}).of_source("monitor").access is PUBLIC
    assert rule({}).of_claim("claim", VIDEO.id).access is PUBLIC


def test_a_reader_sees_what_is_as_open_as_they_are_trusted() -> None:
    assert [[one.is_open_to(reader) for one in Access] for reader in Access] == [
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]


def test_a_class_passes_from_a_source_to_its_exhibits_to_what_is_derived_and_to_claims() -> None:
    closed = rule({MONITOR: (RESTRICTED, 5)})
    assert closed.of_source("monitor").access is RESTRICTED
    assert closed.of_exhibit(VIDEO.id).access is RESTRICTED
    assert closed.of_exhibit(CUT.id).access is RESTRICTED
    assert closed.of_claim("claim", CUT.id).access is RESTRICTED
    assert closed.of_exhibit(NOTE.id).access is PUBLIC


def test_a_class_says_where_it_was_set_and_why() -> None:
    standing = rule({MONITOR: (SEALED, 5)}).of_exhibit(CUT.id)
    assert standing.decided_by == MONITOR
    assert standing.words() == "sealed (entry 5, on source monitor: safety)"


def test_a_person_may_open_what_came_down_closed() -> None:
    settings = {VIDEO: (SEALED, 5), CUT: (PUBLIC, 6)}
    assert of(settings, VIDEO) is SEALED
    assert of(settings, CUT) is PUBLIC


def test_a_person_may_close_one_exhibit_of_an_open_source() -> None:
    assert of({CUT: (RESTRICTED, 3)}, VIDEO) is PUBLIC
    assert of({CUT: (RESTRICTED, 3)}, CUT) is RESTRICTED


def test_whoever_closes_a_source_closes_also_what_had_been_opened_before() -> None:
    assert of({CUT: (PUBLIC, 6), MONITOR: (RESTRICTED, 7)}, CUT) is RESTRICTED
    assert of({CUT: (PUBLIC, 8), MONITOR: (RESTRICTED, 7)}, CUT) is PUBLIC


def test_a_later_and_milder_class_from_above_is_not_hidden_by_an_earlier_and_stricter_one() -> None:
    # The source was sealed, the exhibit was opened in spite of it, then its origin was restricted.
    links = {MONITOR: [(CUT, 1)], VIDEO: [(CUT, 2)]}
    assert of({MONITOR: (SEALED, 3), CUT: (PUBLIC, 4), VIDEO: (RESTRICTED, 5)}, CUT, links) is RESTRICTED


def test_an_exhibit_that_comes_from_a_closed_source_after_it_was_opened_is_closed() -> None:
    assert of({VIDEO: (PUBLIC, 4), MONITOR: (RESTRICTED, 2)}, VIDEO, {MONITOR: [(VIDEO, 9)]}) is RESTRICTED


def test_of_two_sources_the_more_closed_counts() -> None:
    other = Subject("source", "other")
    links = {MONITOR: [(VIDEO, 1)], other: [(VIDEO, 1)]}
    assert of({MONITOR: (PUBLIC, 5), other: (SEALED, 4)}, VIDEO, links) is SEALED


def test_a_class_of_the_whole_record_is_one_of_each_exhibit() -> None:
    closed = rule({WHOLE_RECORD: (RESTRICTED, 2), CUT: (PUBLIC, 3)})
    assert closed.of_exhibit(VIDEO.id).access is RESTRICTED
    assert closed.of_claim("claim", VIDEO.id).access is RESTRICTED
    assert closed.of_exhibit(CUT.id).access is PUBLIC
    assert closed.of_source("monitor").access is PUBLIC


def test_a_claim_can_be_opened_and_closed_by_itself() -> None:
    claim = Subject("claim", "c")
    assert rule({VIDEO: (SEALED, 5), claim: (PUBLIC, 6)}).of_claim("c", VIDEO.id).access is PUBLIC
    assert rule({VIDEO: (SEALED, 7), claim: (PUBLIC, 6)}).of_claim("c", VIDEO.id).access is SEALED
    assert rule({claim: (RESTRICTED, 6)}).of_claim("c", VIDEO.id).access is RESTRICTED


def test_circles_are_no_special_case() -> None:
    links = {VIDEO: [(CUT, 1)], CUT: [(NOTE, 2)], NOTE: [(VIDEO, 3), (NOTE, 4)]}
    for one in (VIDEO, CUT, NOTE):
        assert of({CUT: (RESTRICTED, 5)}, one, links) is RESTRICTED
    assert of({CUT: (RESTRICTED, 5), NOTE: (PUBLIC, 6)}, VIDEO, links) is PUBLIC


def test_the_most_closed_of_none_is_public() -> None:
    assert most_closed([]).access is PUBLIC
    assert most_closed([Standing(PUBLIC), Standing(SEALED), Standing(RESTRICTED)]).access is SEALED


@pytest.mark.parametrize("name", ["The  Monitor ", "the monitor", "ＴＨＥ MONITOR"])
def test_writing_a_source_otherwise_makes_no_other_source(name: str) -> None:
    assert source_key(name) == "the monitor"


SUBJECTS = [Subject("exhibit", f"{number:064}") for number in range(6)]


@st.composite
def records(draw: st.DrawFn) -> tuple[dict[Subject, Setting], dict[Subject, list[tuple[Subject, int]]]]:
    """Any graph of exhibits, each entry's number used once."""
    numbers = iter(draw(st.permutations(range(40))))
    links: dict[Subject, list[tuple[Subject, int]]] = {}
    for upper, lower in draw(st.lists(st.tuples(st.sampled_from(SUBJECTS), st.sampled_from(SUBJECTS)), max_size=12)):
        links.setdefault(upper, []).append((lower, next(numbers)))
    chosen = draw(st.lists(st.tuples(st.sampled_from(SUBJECTS), st.sampled_from(list(Access))), max_size=8))
    return {subject: Setting(access, next(numbers)) for subject, access in chosen}, links


@given(records())
def test_nothing_is_more_open_than_what_it_comes_from_unless_a_later_entry_says_so(made) -> None:
    settings, links = made
    found = AccessRule(settings, lambda subject: links.get(subject, ()))
    for upper, below in links.items():
        for lower, _ in below:
            above, own = found.of_exhibit(upper.id), settings.get(lower)
            if own is None:
                assert found.of_exhibit(lower.id).access.rank >= above.access.rank


@given(records(), st.sampled_from(SUBJECTS))
def test_sealing_one_thing_opens_nothing(made, subject: Subject) -> None:
    settings, links = made
    before = AccessRule(settings, lambda one: links.get(one, ()))
    after = AccessRule({**settings, subject: Setting(SEALED, 99)}, lambda one: links.get(one, ()))
    assert after.of_exhibit(subject.id).access is SEALED
    for one in SUBJECTS:
        assert after.of_exhibit(one.id).access.rank >= before.of_exhibit(one.id).access.rank


@given(records())
def test_the_order_in_which_settings_are_given_does_not_matter(made) -> None:
    settings, links = made
    turned = dict(reversed(settings.items()))
    one, other = (AccessRule(each, lambda subject: links.get(subject, ())) for each in (settings, turned))
    assert [one.of_exhibit(s.id).access for s in SUBJECTS] == [other.of_exhibit(s.id).access for s in SUBJECTS]
