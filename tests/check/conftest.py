"""The shipped record as published by a day, ready to be asked."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from functools import cache

import pytest

import ascertain
from ascertain import Inquiry
from ascertain.check.facts import Facts
from ascertain.check.statement import Views, check_claims
from ascertain.jobs.reading.statement import names_of
from ascertain.model.verdict import Checked
from ascertain.read.lexicon import make_lexicon
from ascertain.read.statement import read_statement

Check = Callable[[str, str], tuple[Checked, ...]]


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inquiry]:
    """A record with the shipped reference in it."""
    yield ascertain.new(tmp_path_factory.mktemp("shipped") / "record", reference="syria-cw", author="test")


@pytest.fixture(scope="session")
def check(shipped: Inquiry) -> Check:
    """Check running text as of a day: every claim with its verdict."""
    now = Facts(shipped.view().tables, None)
    lexicon = make_lexicon("en", list(names_of(now)))

    @cache
    def then(day: datetime.date) -> Facts:
        return Facts(shipped.view(as_of=day).tables, day)

    def run(text: str, day: str) -> tuple[Checked, ...]:
        date = datetime.date.fromisoformat(day)
        reading = read_statement(text, [(0, len(text))], lexicon, date, "")
        return check_claims(reading.claims, Views(then(date), now))

    return run
