"""What a language writes in dates: words and patterns from its YAML file, compiled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from ascertain.read.tokens import name_forms, tokenize
from ascertain.read.when.marks import Marker, Phrases

_FILES = files("ascertain.read.when").joinpath("words")
_MACRO = re.compile(r"\{(?:(after|not_after):)?(\w+)\}")
_MARK = re.compile(r"\{(\w):(\w+)\}")
_CLASS = {"N": r"<[nd](?P<{}>\d+)>", "u": r"<u:(?P<{}>\w+)>", "t": r"<t:(?P<{}>\w+)>", "s": r"<s:(?P<{}>\w+)>"}
_VALUED = r"<{}(?P<{}>\d+)>"


@dataclass(frozen=True, slots=True)
class DatePattern:
    """One way in which a language writes a date; `reads` names the rule that gives it its days."""

    reads: str
    regex: re.Pattern[str]


@dataclass(frozen=True)
class DateWords:
    """A language's words for dates, compiled. `order` is that of day and month in figures: dmy, mdy, or unknown."""

    language: str
    order: str
    months: Mapping[str, int]
    marker: Marker
    points: tuple[DatePattern, ...]
    ranges: tuple[DatePattern, ...]
    listing: frozenset[str]


def date_languages() -> tuple[str, ...]:
    """The languages whose dates are read."""
    return tuple(sorted(f.name.removesuffix(".yaml") for f in _FILES.iterdir() if f.name.endswith(".yaml")))


@cache
def load_date_words(language: str) -> DateWords:
    """A language's words for dates; of a language without a file, those in figures alone (ISO 8601 days, years)."""
    known = language in date_languages()
    data = yaml.safe_load(_FILES.joinpath(f"{language if known else 'en'}.yaml").read_text("utf-8"))
    if not known:
        data = {**data, **_NO_WORDS}
    marker = _marker(data)
    fragments = _Fragments(data, marker)
    return DateWords(
        language=language,
        order=data["order"],
        months={" ".join(name_forms(month)): number for month, number in data["months"].items()},
        marker=marker,
        points=fragments.patterns(data["points"]),
        ranges=fragments.patterns(data["ranges"]),
        listing=frozenset(marker.code(tokenize(word)) for word in data["words"]["listing"]),
    )


_NO_WORDS: Mapping[str, Any] = {
    "months": {}, "hijri": {}, "weekdays": {}, "units": {}, "duals": {}, "numbers": {}, "ordinals": {}, "seasons": {},
    "relative_days": {}, "points": [
        {"reads": "day", "pattern": "{y:year} - {d:month} - {d:day}"},
        {"reads": "dotted", "pattern": r"<q(?P<dotted>[\d-]+)>"},
    ], "ranges": [],
}  # fmt: skip


def _marker(data: Mapping[str, Any]) -> Marker:
    phrases = Phrases(data["prefixes"])
    weak = {name_forms(month) for month in data["weak_months"]}
    for month, number in data["months"].items():
        phrases.add(month, f"<m{number}>", weak=name_forms(month) in weak)
    for letter, kind in (
        ("k", "hijri"),
        ("w", "weekdays"),
        ("n", "numbers"),
        ("o", "ordinals"),
        ("r", "relative_days"),
    ):
        for form, value in data[kind].items():
            phrases.add(form, f"<{letter}{value}>")
    for unit, forms in data["units"].items():
        for form in forms:
            phrases.add(form, f"<u:{unit}>")
    for form, unit in data["duals"].items():
        phrases.add(form, f"<t:{unit}>")
    for form, season in data["seasons"].items():
        phrases.add(form, f"<s:{season}>")
    return Marker(phrases, frozenset(data["ordinal_endings"]))


class _Fragments:
    def __init__(self, data: Mapping[str, Any], marker: Marker) -> None:
        self._forms = {
            name: sorted((marker.code(tokenize(form)) for form in forms), key=len, reverse=True)
            for name, forms in data["words"].items()
        }
        self._fragments: Mapping[str, str] = data["fragments"]

    def patterns(self, entries: Iterable[Mapping[str, str]]) -> tuple[DatePattern, ...]:
        """The patterns compiled, in the order of the file."""
        return tuple(
            DatePattern(entry["reads"], re.compile(rf"(?<!\S)(?:{self._expand(entry['pattern'])})(?!\S)"))
            for entry in entries
        )

    def _expand(self, pattern: str) -> str:
        return _MARK.sub(_of_class, _MACRO.sub(self._macro, pattern))

    def _macro(self, found: re.Match[str]) -> str:
        look, name = found.groups()
        if name in self._fragments:
            return f"(?:{self._expand(self._fragments[name])})"
        if name not in self._forms:
            return found.group()  # a repetition such as {3}
        forms = [re.escape(form) for form in self._forms[name]]
        if look == "after":
            return "(?:" + "|".join(rf"(?<=(?<!\S){form} )" for form in forms) + ")"
        if look == "not_after":
            return "".join(rf"(?<!(?<!\S){form} )" for form in forms)
        return "(?:" + "|".join(form.replace(r"\ \-", r"(?:\ \-)?") for form in forms) + ")"


def _of_class(found: re.Match[str]) -> str:
    letter, group = found.groups()
    return _CLASS[letter].format(group) if letter in _CLASS else _VALUED.format(letter, group)
