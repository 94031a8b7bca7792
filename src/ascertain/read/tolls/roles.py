"""Parts of a whole, figures that another replaced, and numbers that lean on words said before."""

from __future__ import annotations

from typing import Final

from ascertain.read.tolls.line import KindWord, Line
from ascertain.read.tolls.links import Link, with_role
from ascertain.read.tolls.quantities import Quantity
from ascertain.read.tolls.toll import Role

_COMMAS: Final = frozenset({",", "،", "(", ")"})
_REACH: Final = 3


def tell_roles(line: Line, quantities: list[Quantity], links: list[Link]) -> list[Link]:
    """The links with their roles, and those of numbers that have no words of their own."""
    told = {one.quantity: one for one in links}
    for found in quantities:
        before = [told[q] for q in quantities if q in told and q.first < found.first]
        if found in told:
            _tell(line, found, told, before)
        else:
            link = _leaning(line, found, told, before, quantities)
            if link is not None:
                told[found] = link
                _tell(line, found, told, before)
    return [told[q] for q in quantities if q in told]


def _tell(line: Line, found: Quantity, told: dict[Quantity, Link], before: list[Link]) -> None:
    link = told[found]
    if link.role is Role.PART:
        return
    if _phrase_before(line, "earlier", found):
        told[found] = with_role(link, Role.EARLIER)
    elif before and _phrase_before(line, "revised", found) and before[-1].kind.kind is link.kind.kind:
        told[before[-1].quantity] = with_role(before[-1], Role.EARLIER)
    elif _included(line, found, told) or (before and (found.of_them or _apposition(line, found, before[-1]))):
        told[found] = with_role(link, Role.PART)


def _leaning(
    line: Line, found: Quantity, told: dict[Quantity, Link], before: list[Link], quantities: list[Quantity]
) -> Link | None:
    nearest = before[-1] if before else None
    among = line.phrase_at("were_among", found.last)
    if among is None and (after := _joined(line, found, quantities)) is not None:
        among = line.phrase_at("were_among", after.last)
    if among is not None:
        whole = next((one for q, one in told.items() if among.last <= q.first <= among.last + 1), None)
        kind = next((one for one in line.kinds if among.last <= one.first <= among.last + 1), None)
        kind = whole.kind if whole else kind  # "two were among the wounded"
        return Link(found, kind, Role.PART) if kind else None
    if line.phrase_before("together", found.first) and not found.bare and (kind := _last_kind(line, found)):
        return Link(found, kind, Role.TOTAL)
    if nearest is None:
        return None
    if found.of_them or _included(line, found, told):
        return Link(found, _kind_of(line, found, nearest), Role.PART)
    if _phrase_before(line, "earlier", found) or _phrase_before(line, "revised", found):
        return Link(found, nearest.kind, Role.TOTAL)
    if found.bare and "toll" in nearest.kind.modes and line.is_in(found.first - 1, "be"):
        return Link(found, nearest.kind, Role.TOTAL)  # "activists said it was at least 20"
    if _apposition(line, found, nearest):
        return Link(found, nearest.kind, Role.PART)
    if found.bare and _were_who(line, found):
        return Link(found, nearest.kind, Role.PART)
    if (
        found.bare
        and line.is_in(found.first - 1, "and")
        and line.is_in(found.last, "prepositions")
        and _same_clause(line, found, nearest)
    ):
        return Link(found, nearest.kind, Role.TOTAL)
    return None


def _last_kind(line: Line, found: Quantity) -> KindWord | None:
    return next((one for one in reversed(line.kinds) if one.last <= found.first and "verbs" in one.modes), None)


def _joined(line: Line, found: Quantity, quantities: list[Quantity]) -> Quantity | None:
    return next((q for q in quantities if q.first == found.last + 1 and line.is_in(found.last, "and")), None)


def _kind_of(line: Line, found: Quantity, nearest: Link) -> KindWord:
    """What happened to a part: its own noun where it has one ("including 9 deaths"), else that of the whole."""
    return next((one for one in line.kinds if one.first == found.last and "nouns" in one.modes), nearest.kind)


def _phrase_before(line: Line, name: str, found: Quantity) -> bool:
    i = found.first
    while line.is_in(i - 1, "first_words"):
        i -= 1
    return line.phrase_before(name, i) is not None


def _included(line: Line, found: Quantity, told: dict[Quantity, Link]) -> bool:
    """Whether "including" stands before it, or before parts to which it is joined."""
    i = found.first
    while line.form(i - 1) in _COMMAS or line.is_in(i - 1, "and") or line.is_in(i - 1, "determiners"):
        i -= 1
    if line.phrase_before("including", i) is not None:
        return True
    part = next((one for q, one in told.items() if q.last == i and i < found.first), None)
    arabic = line.words.language == "ar"
    part = part or next((one for q, one in told.items() if arabic and q.last == found.first), None)
    joined = any(line.is_in(k, "and") for k in range(i, found.first)) or arabic
    return part is not None and part.role is Role.PART and joined


def _apposition(line: Line, found: Quantity, before: Link) -> bool:
    """ "Three people, a father and his two daughters, were killed": the second phrase tells who the first are."""
    whole, near = before.quantity, found.first - before.quantity.last <= _REACH
    if before.role is Role.PART and not found.bare and near and _is_joined(line, found):
        return before.kind.first >= found.last or before.quantity.group != ""
    commas = line.form(whole.last) == "," and whole.last + 1 == found.first
    few = whole.count.stated > found.count.stated and not whole.bare and not found.bare
    return commas and few and whole.group == "people" and before.kind.first > found.last


def _is_joined(line: Line, found: Quantity) -> bool:
    i = found.first - 1
    return line.is_in(i - line.is_in(i, "one_of_his"), "and")


def _were_who(line: Line, found: Quantity) -> bool:
    """ "Five were children": who they were, not what happened."""
    if not line.is_in(found.last, "be"):
        return False
    return any(one.first in (found.last + 1, found.last + 2) for one in line.groups)


def _same_clause(line: Line, found: Quantity, before: Link) -> bool:
    between = range(min(before.kind.last, found.first), found.first)
    return not any(one.first in between for one in line.kinds)


def group_of(line: Line, found: Quantity) -> tuple[str, tuple[int, int]] | None:
    """Who a number without a noun of its own is of: "five were children", "two of them children"."""
    if found.group or found.head:
        return None
    for one in line.groups:
        gap = one.first - found.last
        if 0 <= gap <= 2 and all(line.is_in(i, "be") for i in range(found.last, one.first)) and (gap or found.of_them):
            return one.names[0].value, (one.first, one.last)
        if found.of_them and line.is_in(found.last, "prepositions") and one.first == found.last:
            return one.names[0].value, (one.first, one.last)
    return None
