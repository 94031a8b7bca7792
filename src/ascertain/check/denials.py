"""Who denies, on which stated basis: shown beside every finding, never cancelling it."""

from __future__ import annotations

from collections.abc import Iterable

from ascertain.check.facts import Facts
from ascertain.check.rows import positions, show_position
from ascertain.model.verdict import DecidingRow

DENYING = ("denies_use", "denies_responsibility", "rejects_finding", "attributes_to_others")


def denials_of(
    facts: Facts, incidents: Iterable[str], documents: Iterable[str], named: Iterable[str] | None
) -> tuple[DecidingRow, ...]:
    """The denials of these incidents and reports; of the claim's own incidents when no finding names one."""
    wanted = set(incidents) or set(named or ())
    found = positions(facts, wanted, documents, DENYING)
    return tuple(show_position(facts, row) for row in found.rows)
