"""Which number of people belongs to which words for what happened: rules of a clause, in the order of the sentence.

Words that people stand before (passive, intransitive) take the phrase that ends at them; an active verb takes the
phrase that begins after it; both take what is joined to that phrase. So "killed 12 and wounded 30" and "30 were wounded
and 12 killed" are not swapped.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from ascertain.read.tolls.around import CLOSING, COMMAS, STOPS, Around
from ascertain.read.tolls.line import KindWord, Line
from ascertain.read.tolls.quantities import Quantity
from ascertain.read.tolls.toll import Role

_TOLL_REACH: Final = 8


@dataclass(frozen=True, slots=True)
class Link:
    """A number of people and what happened to them."""

    quantity: Quantity
    kind: KindWord
    role: Role


class Linker:
    """Links of one sentence; `links` is filled by `link_all`."""

    def __init__(self, line: Line, quantities: list[Quantity]) -> None:
        self._line, self._all = line, quantities
        self._by_last = {one.last: one for one in quantities}
        self._by_first = {one.first: one for one in quantities}
        self._around = Around(line, self._by_first, self._by_last)
        self.links: list[Link] = []

    def link_all(self) -> list[Link]:
        """The links, in the order of their numbers."""
        for kind in self._line.kinds:
            if not self._negated(kind):
                self._link(kind)
        return sorted(self.links, key=lambda one: one.quantity.first)

    def _link(self, kind: KindWord) -> None:
        if "itself" in kind.modes and (found := self._by_first.get(kind.first)) is not None:
            self._add(found, kind)
            return
        if ("toll" in kind.modes and self._toll(kind)) or self._label(kind):
            return
        left = self._left(kind) if kind.modes & {"verbs", "before", "nouns"} else None
        right = self._around.after(kind) if kind.modes & {"verbs", "after"} else None
        if left is not None and right is not None:
            passive = self._around.has_be(kind) or self._around.taken_after(right)
            left, right = (left, None) if passive else (None, right)
        if left is not None:
            self._take_left(left, kind)
        elif right is not None:
            self._take_right(right, kind)

    def _negated(self, kind: KindWord) -> bool:
        i = kind.first - 1
        while self._line.is_in(i, "be") or self._line.is_filler(i):
            i -= 1
        return self._line.is_in(i, "negations")

    # People before the words.
    def _left(self, kind: KindWord) -> Quantity | None:
        if self._line.is_in(kind.first - 1, "determiners"):
            return None  # "300 people gathered to remember the dead"
        i, seen_be = kind.first, False
        while i > 0:
            if (found := self._by_last.get(i)) is not None:
                return found if self._may_stand(found, kind, seen_be) else None
            if self._line.is_in(i - 1, "be"):
                seen_be = True
            elif not self._line.is_filler(i - 1):
                break
            i -= 1
        if "nouns" in kind.modes and "verbs" not in kind.modes:
            return self._around.before_noun(kind)
        if self._line.form(i - 1) in COMMAS or seen_be or "before" in kind.modes:
            return self._around.far_subject(i, kind)
        return None

    def _may_stand(self, found: Quantity, kind: KindWord, seen_be: bool) -> bool:
        """Not "three dead" of "three dead trees", and not what other words took already."""
        if found.bare and not seen_be and kind.modes == {"before"} and not self._around.ends_phrase(kind.last):
            return False
        return "before" in kind.modes or not any(one.quantity == found for one in self.links)

    def _take_left(self, found: Quantity, kind: KindWord) -> None:
        chain = [found]
        while (before := self._joined_before(chain[-1].first)) is not None:
            chain.append(before)
        if any(self._is_none(one) for one in chain):
            chain = [one for one in chain if one.count.stated == 0]  # "none of the 4 priests and 100 refugees"
        for one in chain:
            self._add(one, kind)

    def _is_none(self, found: Quantity) -> bool:
        return found.count.stated == 0 and self._line.is_in(found.first, "nothing")

    def _joined_before(self, first: int) -> Quantity | None:
        """The phrase to which another is joined: "two doctors, a nurse and three patients"."""
        i = first - 1
        while i >= 0 and self._around.joins(i):
            i = self._around.before_brackets(i) if self._line.form(i) in CLOSING else i - 1
        found = self._by_last.get(i + 1) if i + 1 < first else None
        if self._line.words.language == "ar" and found is None:
            found = self._by_last.get(first)
        if found is None or found.bare or found.of_them or any(one.quantity == found for one in self.links):
            return None
        return found

    def _take_right(self, found: Quantity | None, kind: KindWord) -> None:
        while found is not None:
            self._add(found, kind)
            found = self._around.joined_after(found)

    # Numbers after nouns: "the death toll rose to 40", "killed: 12".
    def _toll(self, kind: KindWord) -> bool:
        for i in range(kind.last, min(kind.last + _TOLL_REACH, len(self._line.tokens))):
            found = self._by_first.get(i)
            if found is not None and (self._around.stands_alone(found) or self._around.taken_after(found)):
                self._add(found, kind)
                return True
            if self._line.form(i) in COMMAS | (STOPS - {":"}) or found is not None:
                return False
        return False

    def _label(self, kind: KindWord) -> bool:
        found = self._by_first.get(kind.last + 1)
        if self._line.form(kind.last) != ":" or found is None or self._around.taken_after(found):
            return False
        self._take_right(found, kind)
        return True

    def _add(self, found: Quantity, kind: KindWord) -> None:
        self.links = [one for one in self.links if one.quantity != found]
        self.links.append(Link(found, kind, Role.MORE if found.more else Role.TOTAL))


def link_quantities(line: Line, quantities: list[Quantity]) -> list[Link]:
    """The numbers that are linked to what happened, before parts, earlier and later figures are told apart."""
    return Linker(line, quantities).link_all()


def with_role(link: Link, role: Role) -> Link:
    """The same link in another role."""
    return replace(link, role=role)
