"""What a text shows of how surely somebody is said to have done it: features of all mentions of one perpetrator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from ascertain.read.surety.attribution import Attribution, Named, Surety
from ascertain.read.surety.lexicon import SuretyWords
from ascertain.read.tokens import Token, tokenize

_MANY: Final = 3


def features(
    body: str, mentions: Sequence[Named], value: str, found: Sequence[Attribution], words: SuretyWords,
    about: Sequence[tuple[int, int]] = (),
) -> dict[str, float]:  # fmt: skip
    """Features of a perpetrator in a text, by name; each lies between 0 and 1.

    Args:
        body: the text.
        mentions: where perpetrators are named.
        value: the perpetrator.
        found: what the rules read of it in this text.
        words: the words of the text's language.
        about: where the text tells of the incident; mentions in or beside these characters count by themselves too.
    """
    tokens = tokenize(body)
    own = [one for one in mentions if one.value == value]
    counted: Counter[str] = Counter()
    for one in found:
        if one.actor.value == value:
            counted.update(_of_attribution(one, near=_near(one.sentence.start, one.sentence.end, about)))
    counted.update({f"name:{token.form}" for one in own[:1] for token in tokenize(value) if token.kind == "word"})
    counted[f"rules say:{by_rules([one for one in found if one.actor.value == value], about)}"] = _MANY
    counted.update(_of_text(tokens, words))
    counted["mentions"] = len(own)
    counted["early"] = _MANY * int(bool(own) and own[0].start < len(body) / 5)
    return {name: min(number, _MANY) / _MANY for name, number in sorted(counted.items()) if number}


def by_rules(found: Sequence[Attribution], about: Sequence[tuple[int, int]] = ()) -> Surety:
    """What the rules say of a perpetrator in a whole text, and REPORTED where they say nothing.

    The attribution in whose sentence most of `about` lies decides; among equals the first of the text.
    """
    told = [one for one in found if one.surety is not Surety.NONE]
    if not told:
        return Surety.REPORTED
    return max(told, key=lambda one: sum(one.sentence.start <= at < one.sentence.end for at, _ in about)).surety


def _near(start: int, end: int, about: Sequence[tuple[int, int]]) -> bool:
    return any(first < end and start < last for first, last in about)


def _of_attribution(one: Attribution, *, near: bool) -> list[str]:
    names = [f"rule:{one.surety or one.modality}", *(f"source:{source.kind}" for source in one.sources)]
    names.append(f"source and rule:{one.sources[-1].kind if one.sources else 'author'} {one.surety or one.modality}")
    return [*names, *(f"here {name}" for name in names)] if near else names


def _of_text(tokens: Sequence[Token], words: SuretyWords) -> Iterable[str]:
    for name, index in (("verb", words.verbs), ("word", words.words)):
        for one in index.find(tokens):
            yield f"text {name}:{one.names[0].value}"
