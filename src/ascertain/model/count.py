"""Counts as ranges, with the comparator that the source used."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ascertain.errors import BadCount

# "about" in a source covers this share on either side when two counts are compared.
ABOUT = 0.10

# Digits, or digits in groups of three: "1,2" is somebody's decimal comma and no count of persons.
_NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+"
_MOST = 10**15
_FORMS = (
    (re.compile(rf"^({_NUMBER})$"), "exactly"),
    (re.compile(rf"^>= *({_NUMBER})$"), "at least"),
    (re.compile(rf"^> *({_NUMBER})$"), "more than"),
    (re.compile(rf"^<= *({_NUMBER})$"), "at most"),
    (re.compile(rf"^< *({_NUMBER})$"), "fewer than"),
    (re.compile(rf"^~ *({_NUMBER})$"), "about"),
    (re.compile(rf"^~< *({_NUMBER})$"), "nearly"),
)
_RANGE = re.compile(rf"^({_NUMBER}) *\.\. *({_NUMBER})$")


@dataclass(frozen=True, slots=True)
class Count:
    """A number of persons, cases or reports as somebody put it.

    `low` and `high` bound it (inclusive; None where the source sets no bound), `stated` is the number in the text,
    `comparator` the source's own: exactly, at least, more than, at most, fewer than, about, nearly, between.
    """

    low: int | None
    high: int | None
    stated: int
    comparator: str

    @classmethod
    def of(cls, comparator: str, stated: int, upper: int | None = None) -> Count:
        """The count that `comparator` and the number (two for "between") mean."""
        match comparator:
            case "at least":
                return cls(stated, None, stated, comparator)
            case "more than":
                return cls(stated + 1, None, stated, comparator)
            case "at most":
                return cls(None, stated, stated, comparator)
            case "fewer than":
                return cls(None, stated - 1, stated, comparator)
            case "about":
                return cls(round(stated * (1 - ABOUT)), round(stated * (1 + ABOUT)), stated, comparator)
            case "nearly":
                return cls(round(stated * (1 - ABOUT)), stated, stated, comparator)
            case "between" if upper is not None:
                return cls(min(stated, upper), max(stated, upper), stated, comparator)
            case "exactly":
                return cls(stated, stated, stated, comparator)
        raise BadCount(f"no comparator {comparator!r}")

    def __str__(self) -> str:
        if self.comparator == "between":
            return f"{self.low:,} to {self.high:,}"
        return f"{self.stated:,}" if self.comparator == "exactly" else f"{self.comparator} {self.stated:,}"

    def notation(self) -> str:
        """The count in the notation of the record's files; the inverse of `parse_count`."""
        signs = {"at least": ">=", "more than": ">", "at most": "<=", "fewer than": "<", "about": "~", "nearly": "~<"}
        if self.comparator == "between":
            return f"{self.low}..{self.high}"
        return signs.get(self.comparator, "") + str(self.stated)

    def holds_for(self, other: Count) -> bool:
        """Whether everything that `other` allows lies within this count: `other` being true makes this one true."""
        low_holds = self.low is None or (other.low is not None and other.low >= self.low)
        high_holds = self.high is None or (other.high is not None and other.high <= self.high)
        return low_holds and high_holds

    def overlaps(self, other: Count) -> bool:
        """Whether one number can satisfy both counts."""
        below = self.high is not None and other.low is not None and self.high < other.low
        above = self.low is not None and other.high is not None and self.low > other.high
        return not (below or above)


def parse_count(text: str) -> Count:
    """A count from the record's notation: `83`, `>=43`, `>80`, `<=5`, `<300`, `~500`, `40..70`. Raises BadCount."""
    written = text.strip()
    if found := _RANGE.match(written):
        first, second = (_number(group) for group in found.groups())
        if first > second:
            raise BadCount(f"the range {text!r} runs backwards")
        return Count.of("between", first, second)
    for pattern, comparator in _FORMS:
        if found := pattern.match(written):
            count = Count.of(comparator, _number(found.group(1)))
            if count.high is not None and count.high < 0:
                raise BadCount(f"no number is {comparator} {found.group(1)}")
            return count
    raise BadCount(f"{text!r} is not a count", next_step="write 83, >=43, >80, <=5, <300, ~500 or 40..70")


def _number(digits: str) -> int:
    plain = digits.replace(",", "")
    if len(plain) > len(str(_MOST)) or int(plain) > _MOST:
        raise BadCount(f"{digits[:20]} is larger than any count of persons, cases or reports")
    return int(plain)
