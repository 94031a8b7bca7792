"""The value of a slot, read again from its quoted words by this package's own readers."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from ascertain.errors import BadCount
from ascertain.model.count import parse_count
from ascertain.model.vocabulary import attack_types
from ascertain.read.lexicon import LANGUAGES, Lexicon, load_language
from ascertain.read.numbers import find_counts
from ascertain.read.tokens import tokenize
from ascertain.read.when import find_moments

COUNTS = frozenset({"killed", "injured", "displaced", "missing", "detained"})
_KINDS = {"place": "place", "actor": "party", "body": "party", "agent": "agent"}


@dataclass(frozen=True, slots=True)
class Context:
    """What reading a value needs: the names of a record, the text's language and date."""

    lexicon: Lexicon
    language: str
    written: datetime.date | None


def value_of(name: str, words: str, given: str, context: Context) -> str:
    """The value of a slot from its words, or nothing when they do not say it or the model's value is another.

    Dates become EDTF, counts the record's notation, names the record's ids where it has exactly one; other words stand
    as they are. The model's own value counts only as a check, and for the type of an attack, which must be one of the
    vocabulary's.
    """
    if name == "type":
        return given if given in attack_types() else ""
    if name == "when":
        return _agreed(_date(words, context), given)
    if name in COUNTS:
        return _agreed(_count(words, context), _notation(given))
    if name in _KINDS:
        found = _name(_KINDS[name], words, context)
        return found if found or name == "agent" else " ".join(words.split())
    return " ".join(words.split())


def _agreed(read: str, given: str) -> str:
    return read if not given or read == given else ""


def _date(words: str, context: Context) -> str:
    found = {moment.edtf for moment in find_moments(words, context.language, context.written)}
    return found.pop() if len(found) == 1 else ""


def _count(words: str, context: Context) -> str:
    tokens = tokenize(words)
    numbers = load_language(context.language if context.language in LANGUAGES else "en").numbers
    found = {found.count.notation() for found in find_counts(tokens, [False] * len(tokens), numbers)}
    return found.pop() if len(found) == 1 else ""


def _notation(given: str) -> str:
    """The model's count as the record writes it; what is no count agrees with nothing."""
    if not given:
        return ""
    try:
        return parse_count(given).notation()
    except BadCount:
        return "no count"


def _name(kind: str, words: str, context: Context) -> str:
    names = [name for found in context.lexicon.names.find(tokenize(words)) for name in found.names]
    ids = {name.value for name in names if name.kind == kind}
    return ids.pop() if len(ids) == 1 else ""
