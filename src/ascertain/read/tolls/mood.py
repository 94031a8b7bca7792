"""Whether a sentence says that a toll happened, how surely, and of what: an event, a whole war, or another event."""

from __future__ import annotations

from typing import Final

from ascertain.model.claim import Modality
from ascertain.read.names import FoundName
from ascertain.read.tolls.line import Line
from ascertain.read.tolls.links import Link
from ascertain.read.tolls.toll import Scope

_REACH: Final = 9
_ENDS: Final = frozenset({";", "—", "–", "؛", "."})
_SHORT: Final = 4


def is_told(line: Line, link: Link, *, denied: bool) -> bool:
    """Whether the words say that it happened: no threat, forecast, condition, question, order or fiction.

    `denied` says that they stand in a denial, in which "any" is nobody.
    """
    if line.form(link.quantity.first) == "any" and not denied:
        return False
    if line.cues["fiction"] or any(token.form in ("?", "؟") for token in line.tokens[-2:]):
        return False
    first = min(link.kind.first, link.quantity.first)
    if _cue(line, "undone", link.kind.first, 1) or (
        _cue(line, "undone", first, 1) and link.quantity.count.comparator == "exactly"
    ):
        return False
    last = max(link.kind.last, link.quantity.last)
    if any(one.first in (last, link.kind.last) for one in line.cues["undone_after"]):
        return False
    if link.quantity.count.stated == 0 and _is_unknown(line, link):
        return False
    return not _is_out(line, link, first)


def _is_unknown(line: Line, link: Link) -> bool:
    """ "No casualties were reported" says what is not known, not that there were none."""
    last = max(link.kind.last, link.quantity.last)
    near = range(min(link.kind.first, link.quantity.first), min(last + 4, len(line.tokens)))
    return any(line.is_in(i, "reported_words") for i in near)


def _is_out(line: Line, link: Link, first: int) -> bool:
    clause, number = _clause(line, first), range(*link.quantity.number)
    for cue in line.cues["out"]:
        before = (cue.last <= at and cue.first >= max(clause, at - _REACH) for at in (first, link.kind.first))
        if cue.first in number or not any(before):
            continue
        return True
    if any(_governs(line, cue, link, clause) for cue in line.cues["modals"]):
        return True
    if any(cue.last == link.kind.first and cue.first not in number for cue in line.cues["out_directly"]):
        return True
    return any(
        max(clause, first - _REACH) <= cue.first < first and not _comma_between(line, cue.last, first)
        for cue in line.cues["out_near"]
    )


def _governs(line: Line, cue: FoundName, link: Link, clause: int) -> bool:
    """Whether a modal is over what happened: no "that" begins another clause between ("we can report that …").

    "May have been killed" is possible, not unreal.
    """
    at = link.kind.first
    if not (max(clause, at - _REACH) <= cue.first and cue.last <= at) or cue.first in range(*link.quantity.number):
        return False
    if any(line.is_in(i, "clause_words") for i in range(cue.last, at)):
        return False
    perfect = any(one.first == cue.last for one in line.cues["have"])
    return not (perfect and any(one.first == cue.first for one in line.cues["possible"]))


def _comma_between(line: Line, first: int, last: int) -> bool:
    return any(line.form(i) in (",", "،") for i in range(first, last))


def _clause(line: Line, at: int) -> int:
    return next((i + 1 for i in range(at - 1, -1, -1) if line.form(i) in _ENDS), 0)


def _cue(line: Line, name: str, at: int, reach: int) -> bool:
    return any(at - reach <= cue.first and cue.last <= at for cue in line.cues[name])


def modality_of(line: Line, link: Link, *, said: bool, denied: bool) -> Modality:
    """How surely it is said. `said` that somebody is named who says it, `denied` that this is a denial."""
    first, last = min(link.kind.first, link.quantity.first), max(link.kind.last, link.quantity.last)
    clause = _clause(line, first)
    if (denied and link.quantity.count.stated != 0) or (_cue(line, "denied", first, 6) and not said):
        return Modality.DENIED
    if any(cue.first >= last for cue in line.cues["false_after"]):
        return Modality.DENIED
    near = range(max(clause, first - _SHORT), min(last + 1, len(line.tokens)))
    if any(cue.first in near for cue in line.cues["suspected"]):
        return Modality.SUSPECTED
    if any(max(clause, first - _SHORT) <= cue.first < link.kind.first for cue in line.cues["possible"]):
        return Modality.POSSIBLE
    if said or any(max(clause, first - _REACH) <= cue.first < last for cue in line.cues["reported"]):
        return Modality.REPORTED
    return Modality.ASSERTED


def scope_of(line: Line, link: Link) -> Scope:
    """Of what the toll is."""
    if line.cues["elsewhere"] or _year_of_event(line, link):
        return Scope.ELSEWHERE
    clause, first = _clause(line, link.quantity.first), link.quantity.first
    end = next((i for i in range(first, len(line.tokens) - 1) if line.form(i) in _ENDS), len(line.tokens))
    since = any(clause <= cue.first < end for cue in line.cues["cumulative"])
    return Scope.CUMULATIVE if since else Scope.EVENT


def _year_of_event(line: Line, link: Link) -> bool:
    """A year that tells one event from another: "the 2013 attack", "that of 1982"."""
    del link
    return any(
        len(token.text) == 4
        and token.text.isdigit()
        and token.text[0] in "12"
        and line.form(i - 1) in ("the", "that", "of")
        for i, token in enumerate(line.tokens)
    )
