"""Finding names in tokens: the longest known name at each place, joiners and accents ignored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ascertain.read.tokens import Token, is_joiner, name_forms


@dataclass(frozen=True, slots=True)
class Name:
    """A known name: what kind of thing it names, and the thing's id."""

    kind: str
    value: str
    forms: tuple[str, ...]
    capitals: bool


@dataclass(frozen=True, slots=True)
class FoundName:
    """A name over tokens `first`..`last` (exclusive), with every thing that it may name."""

    first: int
    last: int
    names: tuple[Name, ...]


class NameIndex:
    """Names by their first word, longest first."""

    def __init__(self, names: Iterable[tuple[str, str, str]]) -> None:
        """Names as (kind, value, written form); a form of no words is passed over."""
        index: dict[str, dict[tuple[str, ...], list[Name]]] = {}
        for kind, value, written in names:
            forms = name_forms(written)
            if forms:
                same = index.setdefault(forms[0], {}).setdefault(forms, [])
                if not any(n.kind == kind and n.value == value for n in same):
                    same.append(Name(kind, value, forms, written.isupper() and len(written) <= 5))
        self._index: Mapping[str, Sequence[tuple[tuple[str, ...], tuple[Name, ...]]]] = {
            first: sorted(((forms, tuple(n)) for forms, n in by_forms.items()), key=lambda item: -len(item[0]))
            for first, by_forms in index.items()
        }

    def find(self, tokens: Sequence[Token]) -> list[FoundName]:
        """The names in these tokens, left to right, without overlaps."""
        found, at = [], 0
        while at < len(tokens):
            name = self._at(tokens, at)
            if name is None:
                at += 1
            else:
                found.append(name)
                at = name.last
        return found

    def _at(self, tokens: Sequence[Token], at: int) -> FoundName | None:
        for forms, names in self._index.get(tokens[at].form, ()):
            last = _follows(tokens, at, forms)
            if last is not None and not _wrong_case(tokens[at:last], names):
                return FoundName(at, last, names)
        return None


def _follows(tokens: Sequence[Token], at: int, forms: tuple[str, ...]) -> int | None:
    i = at
    for k, form in enumerate(forms):
        while k and i < len(tokens) and is_joiner(tokens[i]):
            i += 1
        if i >= len(tokens) or tokens[i].form != form:
            return None
        i += 1
    return i


def _wrong_case(tokens: Sequence[Token], names: tuple[Name, ...]) -> bool:
    """Acronyms such as US, WHO, IS and UN are names only in capitals: "who is with us" names nobody."""
    return any(n.capitals for n in names) and not all(t.text.isupper() for t in tokens if t.kind == "word")
