"""Values of the record in plain words: dates, slots, and characters that a page would hide."""

from __future__ import annotations

import re
from collections.abc import Callable

from ascertain.errors import BadCount
from ascertain.model.count import parse_count
from ascertain.model.vocabulary import agent_name, words

_MONTHS = "January February March April May June July August September October November December".split()
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?([?~%])?")
_DOUBT = {"?": "{} (uncertain)", "~": "about {}", "%": "about {} (uncertain)"}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
# Controls that show nothing, the two overrides that make text run backwards, and halves of characters.
_HIDDEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff]")


def date_words(edtf: str) -> str:
    """An EDTF date or interval in words: `2018-09-03` is “3 September 2018”. What is no such date stays as it is."""
    first, slash, last = edtf.partition("/")
    begin, end = _one_date(first), _one_date(last)
    if not slash:
        return begin or edtf
    if begin and end:
        return f"{begin} to {end}"
    if begin and last in ("", ".."):
        return f"from {begin}"
    return f"until {end}" if end and first in ("", "..") else edtf


def _one_date(text: str) -> str:
    found = _DATE.fullmatch(text)
    if found is None:
        return ""
    year, month, day, doubt = found.groups()
    if month is not None and not 1 <= int(month) <= 12:
        return ""
    said = " ".join([*([str(int(day))] if day else []), *([_MONTHS[int(month) - 1]] if month else []), year])
    return _DOUBT.get(doubt or "", "{}").format(said)


def machine_date(edtf: str) -> str:
    """The date for a `datetime` attribute, or nothing when HTML knows no such date."""
    found = _DATE.fullmatch(edtf)
    return edtf if found and not found.group(4) else ""


def language_tag(language: str) -> str:
    """The language for a `lang` attribute, or nothing when it is no language tag."""
    return language if _LANGUAGE.fullmatch(language) else ""


def slot_words(name: str, value: str) -> str:
    """A slot's value in words where the vocabulary has them; an id of the record stays as it is."""
    say = _SLOTS.get(name)
    try:
        return say(value) if say else value
    except (BadCount, KeyError):
        return value


def visible(value: object) -> object:
    """Text with the characters that a page would hide written out, such as [U+202E]; anything else as it is."""
    if type(value) is not str:
        return value
    return _HIDDEN.sub(lambda found: f"[U+{ord(found.group()):04X}]", value)


_SLOTS: dict[str, Callable[[str], str]] = {
    "agent": agent_name,
    "count": lambda value: str(parse_count(value)),
    "measure": lambda value: str(words("measures")[value] or value),
    "when": date_words,
}
