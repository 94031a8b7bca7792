"""The numbers of a sentence that may be of people: typed first, by what they count, and everything else rejected.

A number counts people when a noun for people closes its noun phrase, or when it stands alone before a word that can
follow people ("12 were killed", "killed 12 in the market"). Years, ages, money, distances and vehicles do neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ascertain.model.count import Count
from ascertain.read.names import FoundName, Name
from ascertain.read.tolls.line import Line

# How many words may stand between a number and the noun that it counts.
_REACH: Final = 5
_YEARS: Final = range(1000, 2101)


@dataclass(frozen=True, slots=True)
class Quantity:
    """People over tokens `first`..`last` (exclusive): the number's tokens, how many, who, and the noun's tokens.

    `bare` says that no noun follows the number; `of_them` that they are of those before ("two of them"); `more` that
    they are beyond others ("another five").
    """

    first: int
    last: int
    number: tuple[int, int]
    count: Count
    group: str = ""
    head: tuple[int, int] | None = None
    of_them: bool = False
    more: bool = False

    @property
    def bare(self) -> bool:
        """Whether no noun follows the number."""
        return self.head is None and not self.of_them


def find_quantities(line: Line) -> list[Quantity]:
    """The numbers of people in a sentence, in order, without overlaps."""
    found: list[Quantity] = []
    for one in sorted(_candidates(line), key=lambda q: (q.first, -q.last)):
        if not found or one.first >= found[-1].last:
            found.append(one)
    return found


def _candidates(line: Line) -> Iterator[Quantity]:
    for found in line.counts:
        yield from _counted(line, found.first, found.last, found.count)
    counted = {i for found in line.counts for i in range(found.first, found.last)}
    for i in range(len(line.tokens)):
        if i not in counted:
            yield from _spoken(line, i)
    for zero in line.phrases["zero"]:
        yield from _none(line, zero)


def _counted(line: Line, first: int, last: int, count: Count) -> Iterator[Quantity]:
    """The phrase around a number in digits or words."""
    if _is_year(line, first, last) or line.is_in(last, "not_people") or _is_compound(line, first, last):
        return
    more = line.is_in(first - 1, "more") or line.is_in(last, "more")
    start = first - 1 if line.is_in(first - 1, "more") else first
    family = line.phrase_before("family_of", first)
    if family is not None:
        yield Quantity(
            family.first, _end_of_members(line, last), (first, last), count, "families", (family.first, family.last - 1)
        )
        return
    if of_them := line.phrase_at("of_them", last):
        yield Quantity(start, of_them.last, (first, last), count, of_them=True, more=more)
        return
    noun = _noun(line, last, "plural" if count.stated != 1 else "singular")
    if noun is None and _is_share(line, last):
        return
    if noun is None:
        yield Quantity(start, last + (line.is_in(last, "more")), (first, last), count, more=more)
    else:
        yield Quantity(start, noun.last, (first, last), count, noun.names[0].value, (noun.first, noun.last), more=more)


def _is_share(line: Line, last: int) -> bool:
    """ "One of the vehicles": of other things; not "thousands of wounded"."""
    of = line.phrase_at("all_of", last)
    return of is not None and not any(one.first == of.last for one in line.kinds)


def _is_year(line: Line, first: int, last: int) -> bool:
    token = line.tokens[first]
    alone = last == first + 1 and len(token.text) == 4 and token.text.isdigit() and int(token.text) in _YEARS
    return alone and (line.is_in(first - 1, "years") or not line.form(first - 1))


def _is_compound(line: Line, first: int, last: int) -> bool:
    """A number that is a part of a word: "120mm", "27-year-old", "COVID-19", "7/8"."""
    after, before = line.form(last), line.form(first - 1)
    touches = last < len(line.tokens) and line.tokens[last].start == line.tokens[last - 1].end
    if line.is_in(first - 1, "numbered"):
        return True
    return before in ("$", "€", "£", "#", "no") or (touches and (after in ("-", "/", "%", ":") or after.isalpha()))


def _end_of_members(line: Line, last: int) -> int:
    noun = _noun(line, last, "plural")
    return last if noun is None else noun.last


def _noun(line: Line, at: int, number: str) -> FoundName | None:
    """The noun for people that closes the noun phrase which goes on at a token."""
    of = line.phrase_at("all_of", at)
    i = of.last if of else at
    groups = {one.first: one for one in line.groups}
    kinds = {one.first for one in line.kinds if not one.modes & {"after"}}
    for k in range(i, min(i + _REACH, len(line.tokens))):
        one = groups.get(k)
        if one is not None and (number == "plural" or any(name.kind == "singular" for name in one.names)):
            last = _longest(groups, one)
            return None if line.form(last.last) == "'s" else last
        if _breaks(line, k) or (k in kinds and groups.get(k + 1) is None):
            return None
        if _is_plural(line, k):
            return _national(line, k)
    return None


def _longest(groups: dict[int, FoundName], one: FoundName) -> FoundName:
    """ "Women doctors", "family members": the last of several nouns is who they are."""
    while (after := groups.get(one.last)) is not None:
        one = FoundName(one.first, after.last, after.names)
    return one


def _breaks(line: Line, k: int) -> bool:
    token = line.tokens[k]
    if token.kind == "num" or line.is_in(k, "not_people"):
        return True
    if token.text == "." and len(line.form(k - 1)) == 1:
        return False  # "two U.S. citizens"
    return line.is_in(k, "breaks") or (token.kind == "mark" and token.text not in "-'’“”\"")


def _is_plural(line: Line, k: int) -> bool:
    """Whether a word is a noun of its own: what is counted is not people, unless it is a nation."""
    token, ends = line.tokens[k], line.words.plural_ends
    if token.kind != "word" or not token.form.endswith(ends) or not ends:
        return False
    if token.form.endswith(line.words.plural_ends_not) or line.is_in(k, "people_modifiers"):
        return False
    return token.text[0].islower() or not line.cased or _national(line, k) is not None


def _national(line: Line, k: int) -> FoundName | None:
    """A plural that no list has, and of people by its ending: "Syrians", "bakers"."""
    token = line.tokens[k]
    nation = token.text[:1].isupper() and token.form.endswith(line.words.nationals or ("\0",))
    nation = nation and (line.cased or token.form.endswith("ians"))
    persons = token.form.endswith(line.words.person_ends or ("\0",)) and not line.is_in(k, "not_persons")
    if (nation or persons) and line.form(k + 1) != "'s":
        return FoundName(k, k + 1, (Name("plural", "people", (token.form,), False),))
    return None


def _spoken(line: Line, i: int) -> Iterator[Quantity]:
    """People whose number is in a word: "both", "the couple", "a child", "his wife", the Arabic dual."""
    if line.form(i) in line.words.fixed:
        value, group = line.words.fixed[line.form(i)]
        head = (i, i + 1) if group else None
        yield Quantity(i, i + 1, (i, i + 1), Count.of("exactly", value), group, head)
        return
    one = line.is_in(i, "one")
    his = line.is_in(i, "one_of_his") and not one
    if one or his:
        noun = _noun(line, i + 1, "singular")
        if noun is not None and any(name.kind == "singular" for name in noun.names) and not _is_compared(line, i):
            group = next(name.value for name in noun.names if name.kind == "singular")
            more = line.is_in(i, "more")
            yield Quantity(i, noun.last, (i, i + 1), Count.of("exactly", 1), group, (noun.first, noun.last), more=more)
    if line.words.bare_singular:
        yield from _bare_singular(line, i)


def _bare_singular(line: Line, i: int) -> Iterator[Quantity]:
    """Arabic has no article for one: "امرأة" is a woman. With its article it is somebody spoken of."""
    for noun in line.groups:
        if noun.first == i and any(n.kind == "singular" for n in noun.names):
            group = next(n.value for n in noun.names if n.kind == "singular")
            yield Quantity(i, noun.last, (i, noun.last), Count.of("exactly", 1), group, (i, noun.last))


def _is_compared(line: Line, i: int) -> bool:
    return line.form(i - 1) in ("as", "like", "comme")


def _none(line: Line, zero: FoundName) -> Iterator[Quantity]:
    """Nobody, or none of some: "no civilians", "none of the 12 guards"."""
    count = Count.of("exactly", 0)
    at = zero.last
    inner = next((one for one in line.counts if zero.last <= one.first <= zero.last + 1), None)
    if inner is not None:
        at = inner.last
    noun = _noun(line, at, "plural")
    if noun is not None:
        yield Quantity(
            zero.first, noun.last, (zero.first, zero.last), count, noun.names[0].value, (noun.first, noun.last)
        )
    else:
        yield Quantity(zero.first, zero.last, (zero.first, zero.last), count)
