"""A check's result as one self-contained HTML file."""

from __future__ import annotations

from ascertain.publish.check_json import CheckedStatement


def to_html(statement: CheckedStatement) -> str:
    """The report."""
    raise NotImplementedError
