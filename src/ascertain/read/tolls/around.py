"""Where people stand around words for what happened to them: before them, after them, and joined to others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ascertain.read.tolls.line import KindWord, Line
from ascertain.read.tolls.quantities import Quantity

_SUBJECT_REACH: Final = 16
_PLACE_REACH: Final = 6
_NAME_REACH: Final = 9
STOPS: Final = frozenset({";", ":", ".", "!", "?", "؛", "؟", "—", "–"})
OPENING: Final = frozenset({"(", "["})
CLOSING: Final = frozenset({")", "]"})
COMMAS: Final = frozenset({",", "،", "(", ")", "[", "]"})


@dataclass(frozen=True)
class Around:
    """A sentence with its numbers of people by their first token, and by the token after their last."""

    line: Line
    by_first: Mapping[int, Quantity]
    by_last: Mapping[int, Quantity]

    def has_be(self, kind: KindWord) -> bool:
        """Whether a form of "be" stands before the words: passive."""
        i = kind.first - 1
        while self.line.is_filler(i) and not self.line.is_in(i, "be"):
            i -= 1
        return self.line.is_in(i, "be") and self.line.form(i) not in self.line.words.sets["have"]

    def before_noun(self, kind: KindWord) -> Quantity | None:
        """ "12 civilian deaths": a number with up to two attributes."""
        for back in (1, 2):
            found = self.by_last.get(kind.first - back)
            between = range(kind.first - back, kind.first)
            if found is not None and all(self._is_attribute(i) for i in between):
                return found
        return None

    def _is_attribute(self, i: int) -> bool:
        token = self.line.tokens[i]
        return (
            token.kind == "word"
            and not self.line.is_in(i, "breaks")
            and not token.form.endswith(self.line.words.plural_ends or ("\0",))
        )

    def far_subject(self, at: int, kind: KindWord) -> Quantity | None:
        """The subject before what stands between it and its verb: a place, or an apposition between commas."""
        i, inside, candidate = at - 1, self.line.form(at - 1) in COMMAS, None
        comma = inside
        while i >= 0 and at - i <= _SUBJECT_REACH:
            form = self.line.form(i)
            if (
                form in STOPS
                or (not inside and self.line.is_in(i, "clause_words"))
                or any(one.first <= i < one.last for one in self.line.kinds if one is not kind)
            ):
                break
            if form in COMMAS and i != at - 1:
                if not comma:
                    break
                inside = False
            found = self.by_last.get(i + 1)
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
        return not found.bare or self.line.is_in(found.last, "prepositions") or self.line.form(found.last) in COMMAS

    def _after_preposition(self, found: Quantity) -> bool:
        return self.line.is_in(found.first - 1, "object_of")

    def before_brackets(self, i: int) -> int:
        """The token before what stands in brackets; that is told by its role."""
        opening = next((k for k in range(i - 1, -1, -1) if self.line.form(k) in OPENING), i)
        return opening - 1

    def after(self, kind: KindWord) -> Quantity | None:
        """The people that follow the words; a subject or a name between where the language or "of" allows it."""
        i = kind.last
        for _ in range(3):
            found = self.by_first.get(i)
            if found is not None:
                return found if self.stands_alone(found) else None
            if not self.line.is_in(i, "after_fillers"):
                break
            i += 1
        if kind.modes == {"after"} and self.line.is_in(kind.last - 1, "object_of"):
            return self._after_name(kind)
        return self._after_subject(kind) if self.line.words.subject_after else None

    def _after_name(self, kind: KindWord) -> Quantity | None:
        """ "The murder of the judge, his wife, and two others": the numbers joined to somebody who is named."""
        for i in range(kind.last + 1, min(kind.last + _NAME_REACH, len(self.line.tokens))):
            if self.line.form(i) in STOPS or self.line.is_in(i, "clause_words") or self.line.is_in(i, "be"):
                return None
            joined = self.line.form(i) in COMMAS or self.line.is_in(i, "and")
            found = self.by_first.get(i + 1)
            if joined and found is not None:
                return None if found.bare or found.of_them or self.taken_after(found) else found
        return None

    def _after_subject(self, kind: KindWord) -> Quantity | None:
        """Where a verb stands before its subject, the people may follow that: "اعتقلت قوات الأمن 14 شابا"."""
        for i in range(kind.last, min(kind.last + self.line.words.subject_after + 1, len(self.line.tokens))):
            found = self.by_first.get(i)
            if found is not None:
                return found if not found.bare and found.count.stated != 1 else None
            if self.line.form(i) in STOPS | COMMAS or self.line.is_in(i, "breaks"):
                return None
        return None

    def stands_alone(self, found: Quantity) -> bool:
        """Whether a number without a noun can be people: what follows it is no other noun."""
        return not found.bare or self.ends_phrase(found.last)

    def ends_phrase(self, i: int) -> bool:
        """Whether a noun phrase ends before a token: a mark, a preposition, a joining word, what happened."""
        after = self.line.form(i)
        if after == "" or not (after[0].isalnum() or after in "-$€£%"):
            return True
        begins = {one.first for one in self.line.kinds}
        return self.line.is_in(i, "prepositions") or self.line.is_in(i, "and") or i in begins

    def taken_after(self, found: Quantity) -> bool:
        """Whether words directly after a phrase take it: "12 killed and 30 wounded"."""
        i = found.last
        while self.line.is_in(i, "be") or self.line.is_filler(i):
            i += 1
        return any(one.first == i and one.modes & {"verbs", "before", "nouns"} for one in self.line.kinds)

    def joined_after(self, found: Quantity) -> Quantity | None:
        """The phrase joined to one, past a place: "five people in Saraqib and three in Idlib"."""
        i, joined = found.last, False
        if self.line.is_in(i, "prepositions") and not self.line.phrase_at("including", i):
            i = self._past_place(i)
        while self.joins(i) and i not in self.by_first:
            joined, i = True, i + 1
        after = self.by_first.get(i)
        if self.line.words.language == "ar" and after is not None:
            joined = joined or self.line.tokens[i].text.startswith("و")
        if after is None or not joined or after.of_them or self.taken_after(after) or not self.stands_alone(after):
            return None
        if after.bare and not self.line.is_in(after.last, "prepositions"):
            return None
        new_clause = self.line.form(after.first - 1) in COMMAS and not self.ends_phrase(after.last)
        said = self.line.phrase_at("saying", after.last) is not None
        return None if new_clause or said else after

    def joins(self, i: int) -> bool:
        """Whether a token joins two phrases."""
        line = self.line
        # "and their two sons": a word for whose stands outside the number's phrase.
        return line.form(i) in COMMAS or any(line.is_in(i, name) for name in ("and", "determiners", "one_of_his"))

    def _past_place(self, i: int) -> int:
        """The token after "in Saraqib": the next mark or joining word, if it is near."""
        for k in range(i + 1, min(i + _PLACE_REACH, len(self.line.tokens))):
            if self.line.form(k) in COMMAS or self.line.is_in(k, "and"):
                return k
            if k in self.by_first or self.line.form(k) in STOPS:
                break
        return i
