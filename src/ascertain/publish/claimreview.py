"""A check's result as schema.org ClaimReview."""

from __future__ import annotations

from typing import Any

from ascertain.publish.check_json import CheckedStatement


def to_claimreview(statement: CheckedStatement) -> list[dict[str, Any]]:
    """One ClaimReview a claim."""
    raise NotImplementedError
