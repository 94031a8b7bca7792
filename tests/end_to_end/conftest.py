"""The shipped record, made once."""

from __future__ import annotations

import pytest

import ascertain
from ascertain import Inquiry


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Inquiry:
    """A record with the shipped reference in it."""
    return ascertain.new(tmp_path_factory.mktemp("end-to-end") / "record", reference="syria-cw", author="test")
