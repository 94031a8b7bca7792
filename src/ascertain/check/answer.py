"""Outcomes put together: a small vocabulary for the frames' modules."""

from __future__ import annotations

from collections.abc import Iterable

from ascertain.check.compared import is_nearly
from ascertain.model.count import Count
from ascertain.model.verdict import DecidingRow, Difference, Outcome, Query, Verdict


def not_in_record(
    reason: str, asked: Query, rows: Iterable[DecidingRow] = (), denied: Iterable[DecidingRow] = ()
) -> Outcome:
    """Nothing in the record decides it; `rows` are what comes nearest."""
    return Outcome(Verdict.NOT_IN_RECORD, reason, asked, tuple(rows), denied_by=tuple(denied))


def contradicted(reason: str, asked: Query, rows: Iterable[DecidingRow], denied: Iterable[DecidingRow] = ()) -> Outcome:
    """Rows say otherwise."""
    return Outcome(Verdict.CONTRADICTED, reason, asked, tuple(rows), denied_by=tuple(denied))


def disputed(reason: str, asked: Query, rows: Iterable[DecidingRow], denied: Iterable[DecidingRow] = ()) -> Outcome:
    """Findings of the same kind by independent bodies conflict."""
    return Outcome(Verdict.DISPUTED, reason, asked, tuple(rows), denied_by=tuple(denied))


def supported(
    reason: str,
    asked: Query,
    rows: Iterable[DecidingRow],
    differences: Iterable[Difference] = (),
    denied: Iterable[DecidingRow] = (),
) -> Outcome:
    """Rows say so; with differences, the verdict names them. Without a row this is a defect, and raises."""
    shown, named = tuple(rows), tuple(differences)
    if not shown:
        raise AssertionError("supported without rows")
    verdict = Verdict.DIFFERENCE if named else Verdict.SUPPORTED
    return Outcome(verdict, reason, asked, shown, named, tuple(denied))


def compare(claimed: Count, found: int) -> str:
    """How a claimed count stands to a number counted in rows: holds, fewer (the rows give fewer), more."""
    exact = Count.of("exactly", found)
    if claimed.comparator == "nearly":
        return "holds" if is_nearly(claimed, found) else ("fewer" if found < claimed.stated else "more")
    if claimed.comparator in ("at most", "fewer than"):
        near = claimed.high is not None and claimed.high * 0.8 <= found <= claimed.high
        return "holds" if near else ("fewer" if found < (claimed.high or 0) else "more")
    if claimed.holds_for(exact):
        return "holds"
    return "fewer" if claimed.low is not None and found < claimed.low else "more"
