"""Which number of people belongs to which words for what happened: rules of a clause, in the order of the sentence.

Words that people stand before (passive, intransitive) take the phrase that ends at them; an active verb takes the
phrase that begins after it; both take what is joined to that phrase. So "killed 12 and wounded 30" and "30 were wounded
and 12 killed" are not swapped.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from ascertain.read.tolls.line import KindWord, Line
from ascertain.read.tolls.quantities import Quantity
from ascertain.read.tolls.toll import Role

_SUBJECT_REACH: Final = 16
_PLACE_REACH: Final = 6
_NAME_REACH: Final = 9
_TOLL_REACH: Final = 8
_STOPS: Final = frozenset({";", ":", ".", "!", "?", "؛", "؟", "—", "–"})
_OPENING: Final = frozenset({"(", "["})
_CLOSING: Final = frozenset({")", "]"})
_COMMAS: Final = frozenset({",", "،", "(", ")", "[", "]"})


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
        right = self._right(kind) if kind.modes & {"verbs", "after"} else None
        if left is not None and right is not None:
            passive = self._has_be(kind) or self._taken_after(right)
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

    def _has_be(self, kind: KindWord) -> bool:
        i = kind.first - 1
        while self._line.is_filler(i) and not self._line.is_in(i, "be"):
            i -= 1
        return self._line.is_in(i, "be") and self._line.form(i) not in self._line.words.sets["have"]

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
            return self._before_noun(kind)
        if self._line.form(i - 1) in _COMMAS or seen_be or "before" in kind.modes:
            return self._far_subject(i, kind)
        return None

    def _may_stand(self, found: Quantity, kind: KindWord, seen_be: bool) -> bool:
        """Not "three dead" of "three dead trees", and not what other words took already."""
        if found.bare and not seen_be and kind.modes == {"before"} and not self._ends_phrase(kind.last):
            return False
        return "before" in kind.modes or not any(one.quantity == found for one in self.links)

    def _before_noun(self, kind: KindWord) -> Quantity | None:
        """ "12 civilian deaths": a number with up to two attributes."""
        for back in (1, 2):
            found = self._by_last.get(kind.first - back)
            between = range(kind.first - back, kind.first)
            if found is not None and all(self._is_attribute(i) for i in between):
                return found
        return None

    def _is_attribute(self, i: int) -> bool:
        token = self._line.tokens[i]
        return (
            token.kind == "word"
            and not self._line.is_in(i, "breaks")
            and not token.form.endswith(self._line.words.plural_ends or ("\0",))
        )

    def _far_subject(self, at: int, kind: KindWord) -> Quantity | None:
        """The subject before what stands between it and its verb: a place, or an apposition between commas."""
        i, inside, candidate = at - 1, self._line.form(at - 1) in _COMMAS, None
        comma = inside
        while i >= 0 and at - i <= _SUBJECT_REACH:
            form = self._line.form(i)
            if (
                form in _STOPS
                or (not inside and self._line.is_in(i, "clause_words"))
                or any(one.first <= i < one.last for one in self._line.kinds if one is not kind)
            ):
                break
            if form in _COMMAS and i != at - 1:
                if not comma:
                    break
                inside = False
            found = self._by_last.get(i + 1)
            if found is not None and not inside and not found.of_them and self._is_whole(found):
                candidate = found
                if not self._after_preposition(found):
                    return found
                i = found.first
            i -= 1
        return (
            candidate
            if candidate is not None and not candidate.bare and not self._after_preposition(candidate)
            else None
        )

    def _is_whole(self, found: Quantity) -> bool:
        """Not "400" of "400 sheep"."""
        return not found.bare or self._line.is_in(found.last, "prepositions") or self._line.form(found.last) in _COMMAS

    def _after_preposition(self, found: Quantity) -> bool:
        return self._line.is_in(found.first - 1, "object_of")

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
        while i >= 0 and self._joins(i):
            i = self._before_brackets(i) if self._line.form(i) in _CLOSING else i - 1
        found = self._by_last.get(i + 1) if i + 1 < first else None
        if self._line.words.language == "ar" and found is None:
            found = self._by_last.get(first)
        if found is None or found.bare or found.of_them or any(one.quantity == found for one in self.links):
            return None
        return found

    def _before_brackets(self, i: int) -> int:
        """The token before what stands in brackets; that is told by its role."""
        opening = next((k for k in range(i - 1, -1, -1) if self._line.form(k) in _OPENING), i)
        return opening - 1

    # People after the words.
    def _right(self, kind: KindWord) -> Quantity | None:
        i = kind.last
        for _ in range(3):
            found = self._by_first.get(i)
            if found is not None:
                return found if self._stands_alone(found) else None
            if not self._line.is_in(i, "after_fillers"):
                break
            i += 1
        if kind.modes == {"after"} and self._line.is_in(kind.last - 1, "object_of"):
            return self._after_name(kind)
        return self._after_subject(kind) if self._line.words.subject_after else None

    def _after_name(self, kind: KindWord) -> Quantity | None:
        """ "The murder of the judge, his wife, and two others": the numbers joined to somebody who is named."""
        for i in range(kind.last + 1, min(kind.last + _NAME_REACH, len(self._line.tokens))):
            if self._line.form(i) in _STOPS or self._line.is_in(i, "clause_words") or self._line.is_in(i, "be"):
                return None
            joined = self._line.form(i) in _COMMAS or self._line.is_in(i, "and")
            found = self._by_first.get(i + 1)
            if joined and found is not None:
                return None if found.bare or found.of_them or self._taken_after(found) else found
        return None

    def _after_subject(self, kind: KindWord) -> Quantity | None:
        """Where a verb stands before its subject, the people may follow that: "اعتقلت قوات الأمن 14 شابا"."""
        for i in range(kind.last, min(kind.last + self._line.words.subject_after + 1, len(self._line.tokens))):
            found = self._by_first.get(i)
            if found is not None:
                return found if not found.bare and found.count.stated != 1 else None
            if self._line.form(i) in _STOPS | _COMMAS or self._line.is_in(i, "breaks"):
                return None
        return None

    def _stands_alone(self, found: Quantity) -> bool:
        """Whether a number without a noun can be people: what follows it is no other noun."""
        return not found.bare or self._ends_phrase(found.last)

    def _ends_phrase(self, i: int) -> bool:
        """Whether a noun phrase ends before a token: a mark, a preposition, a joining word, what happened."""
        after = self._line.form(i)
        if after == "" or not (after[0].isalnum() or after in "-$€£%"):
            return True
        begins = {one.first for one in self._line.kinds}
        return self._line.is_in(i, "prepositions") or self._line.is_in(i, "and") or i in begins

    def _taken_after(self, found: Quantity) -> bool:
        """Whether words directly after a phrase take it: "12 killed and 30 wounded"."""
        i = found.last
        while self._line.is_in(i, "be") or self._line.is_filler(i):
            i += 1
        return any(one.first == i and one.modes & {"verbs", "before", "nouns"} for one in self._line.kinds)

    def _take_right(self, found: Quantity | None, kind: KindWord) -> None:
        while found is not None:
            self._add(found, kind)
            found = self._joined_after(found)

    def _joined_after(self, found: Quantity) -> Quantity | None:
        i, joined = found.last, False
        if self._line.is_in(i, "prepositions") and not self._line.phrase_at("including", i):
            i = self._past_place(i)
        while self._joins(i) and i not in self._by_first:
            joined, i = True, i + 1
        after = self._by_first.get(i)
        if self._line.words.language == "ar" and after is not None:
            joined = joined or self._line.tokens[i].text.startswith("و")
        if after is None or not joined or after.of_them or self._taken_after(after) or not self._stands_alone(after):
            return None
        if after.bare and not self._line.is_in(after.last, "prepositions"):
            return None
        new_clause = self._line.form(after.first - 1) in _COMMAS and not self._ends_phrase(after.last)
        said = self._line.phrase_at("saying", after.last) is not None
        return None if new_clause or said else after

    def _joins(self, i: int) -> bool:
        line = self._line
        # "and their two sons": a word for whose stands outside the number's phrase.
        return line.form(i) in _COMMAS or any(line.is_in(i, name) for name in ("and", "determiners", "one_of_his"))

    def _past_place(self, i: int) -> int:
        """The token after "in Saraqib": the next mark or joining word, if it is near."""
        for k in range(i + 1, min(i + _PLACE_REACH, len(self._line.tokens))):
            if self._line.form(k) in _COMMAS or self._line.is_in(k, "and"):
                return k
            if k in self._by_first or self._line.form(k) in _STOPS:
                break
        return i

    # Numbers after nouns: "the death toll rose to 40", "killed: 12".
    def _toll(self, kind: KindWord) -> bool:
        for i in range(kind.last, min(kind.last + _TOLL_REACH, len(self._line.tokens))):
            found = self._by_first.get(i)
            if found is not None and (self._stands_alone(found) or self._taken_after(found)):
                self._add(found, kind)
                return True
            if self._line.form(i) in _COMMAS | (_STOPS - {":"}) or found is not None:
                return False
        return False

    def _label(self, kind: KindWord) -> bool:
        found = self._by_first.get(kind.last + 1)
        if self._line.form(kind.last) != ":" or found is None or self._taken_after(found):
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
