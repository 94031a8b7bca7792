"""Who speaks in a sentence, in which words, and over which part of it: the voices, before anybody asks about whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from ascertain.read.surety.scan import Cue, Scanned, Stretch

_BY_REACH: Final = 10
_TAIL: Final = 6
_PARENTHESIS: Final = 16
_SAYING: Final = frozenset({"say", "find", "admit", "deny", "quote", "warn", "suspect"})


class Form(StrEnum):
    """Where a voice stands to what it says: before it, between it, after it, or behind a passive."""

    BEFORE = "before"
    INSERTED = "inserted"
    AFTER = "after"
    PASSIVE = "passive"


@dataclass(frozen=True, slots=True)
class Voice:
    """A cue of saying with the words that name its source (`name`; None where nobody is named).

    `relative` says that the cue stands in a relative clause about what is named before it, `outside` that the source
    was told by the one whose words these are, and so stands outside of it.
    """

    cue: Cue
    name: Stretch | None
    form: Form
    relative: bool = False
    outside: bool = False

    @property
    def kind(self) -> str:
        """The kind of the cue."""
        return self.cue.kind

    @property
    def first(self) -> int:
        """The first token of the voice."""
        return min(self.cue.first, self.name[0]) if self.name else self.cue.first

    @property
    def last(self) -> int:
        """The token after the voice."""
        return max(self.cue.last, self.name[1]) if self.name else self.cue.last


def find_voices(sentence: Scanned, named: Sequence[Stretch] = ()) -> tuple[Voice, ...]:
    """The voices of a sentence in the order of its words. `named` is where perpetrators are named.

    In Arabic the verb's object follows its subject without a mark: a source's name ends where a perpetrator's begins.
    """
    voices = [*_according(sentence), *_of_nouns(sentence), *_hearsay(sentence)]
    for cue in sentence.verbs:
        voices += _of_verb(sentence, cue)
    voices.sort(key=lambda one: (one.cue.first if one.outside else one.first, not one.outside, one.cue.first))
    if sentence.words_of.language == "ar":
        voices = [_before_object(sentence, voice, named) for voice in voices]
    return tuple(_resolved(sentence, voices))


def _before_object(sentence: Scanned, voice: Voice, named: Sequence[Stretch]) -> Voice:
    for first, _ in sorted(named):
        if (
            voice.name
            and voice.name[0] < first < voice.name[1]
            and sentence.form(first - 1) not in (sentence.words_of.inside)
        ):
            return replace(voice, name=(voice.name[0], first))
    return voice


def _resolved(sentence: Scanned, voices: list[Voice]) -> Iterator[Voice]:
    """A pronoun is who was named last."""
    last: Stretch | None = None
    for voice in voices:
        alone = voice.name is not None and voice.name[1] - voice.name[0] == 1
        if voice.name and alone and sentence.form(voice.name[0]) in sentence.words_of.pronouns:
            yield replace(voice, name=last)
        else:
            last = voice.name or last
            yield voice


def _according(sentence: Scanned) -> Iterator[Voice]:
    for found in sentence.words_of.according.find(sentence.tokens):
        name = sentence.right_name(found.last)
        if name is not None:
            yield Voice(Cue("say", found.first, found.last), name, _placed(sentence, found.first, name[1]))


def _of_nouns(sentence: Scanned) -> Iterator[Voice]:
    """ "Allegations by X", "the accusation of X"."""
    for cue in sentence.words:
        links = sentence.words_of.by | (sentence.words_of.inside - sentence.words_of.determiners)
        if cue.kind == "accused" and cue.last - cue.first == 1 and sentence.form(cue.last) in links:
            name = sentence.right_name(cue.last + 1)
            if name is not None and sentence.form(cue.last) not in {"for", "without", "'s"}:
                yield Voice(Cue("accuse", cue.first, cue.last), name, Form.BEFORE)


def _hearsay(sentence: Scanned) -> Iterator[Voice]:
    """ "Reports that …": somebody says it, and nobody is named."""
    subjects = {voice.name for cue in sentence.verbs for voice in _of_verb(sentence, cue)}
    for found in sentence.words_of.hearsay.find(sentence.tokens):
        verb = any(cue.first <= found.first < cue.last for cue in sentence.verbs)
        inside = any(name and name[0] <= found.first < name[1] for name in subjects)
        if not verb and not inside and sentence.form(found.last) in sentence.words_of.relative | {"of", "that", "que"}:
            yield Voice(Cue("say", found.first, found.last), (found.first, found.last), Form.BEFORE)
    for cue in sentence.words:
        if cue.kind == "heard":
            yield Voice(Cue("say", cue.first, cue.last), (cue.first, cue.last), Form.BEFORE)


def _of_verb(sentence: Scanned, cue: Cue) -> Iterator[Voice]:
    agent = _agent(sentence, cue)
    if agent is not None:
        yield Voice(_claimed(sentence, cue), _without_charge(sentence, cue, agent), Form.PASSIVE)
        return
    onto = cue.kind == "accuse" and sentence.form(cue.last) in sentence.words_of.onto
    if sentence.form(cue.first - 1) in sentence.words_of.passive or onto:
        yield Voice(cue, None, Form.PASSIVE)
        return
    if cue.kind == "quote":
        yield from _quoting(sentence, cue)
        return
    subject, relative = _subject(sentence, cue)
    hearer = _hearer(sentence, cue)
    if subject is None and (inverted := _inverted(sentence, cue)) is not None:
        yield Voice(cue, inverted, _placed(sentence, cue.first, inverted[1]))
        return
    end = max(cue.last, hearer[1]) if hearer else cue.last
    form = Form.BEFORE
    if cue.kind in _SAYING and (sentence.is_mark(end) or sentence.form(end) in sentence.words_of.stop):
        form = _placed(sentence, subject[0] if subject else cue.first, end)
    if hearer is not None and subject is not None and _is_media(sentence, hearer):
        yield Voice(Cue(cue.kind, subject[0], cue.last), hearer, form, outside=True)
    relative = relative or (subject is not None and sentence.form(subject[0] - 1) in sentence.words_of.relative)
    yield Voice(cue, subject, form, relative)


def _without_charge(sentence: Scanned, cue: Cue, agent: Stretch) -> Stretch:
    """ "Accused by the president of the massacre": the last "of" is the verb's, not the name's."""
    if sentence.form(cue.last - 1) not in sentence.words_of.takes_of:
        return agent
    links = [at for at in range(agent[0] + 1, agent[1]) if sentence.form(at) in sentence.words_of.inside_charge]
    return (agent[0], links[-1]) if links else agent


def _claimed(sentence: Scanned, cue: Cue) -> Cue:
    """ "Responsibility for … was claimed by": no saying but an admission."""
    before = {sentence.form(i) for i in range(max(cue.first - _BY_REACH, 0), cue.first)}
    return replace(cue, kind="admit") if cue.kind == "say" and before & sentence.words_of.responsibility else cue


def _quoting(sentence: Scanned, cue: Cue) -> Iterator[Voice]:
    """ "X quoted Y as saying": two voices; "citing Y" belongs to whoever speaks already."""
    participle = sentence.form(cue.first) in sentence.words_of.participles
    subject, relative = (None, False) if participle else _subject(sentence, cue)
    quoted = sentence.right_name(cue.last)
    form = _placed(sentence, (subject or (cue.first, 0))[0], (quoted or (0, cue.last))[1])
    if subject is not None:
        yield Voice(Cue("say", cue.first, cue.last), subject, form, relative)
    if quoted is not None:
        yield Voice(cue, quoted, form)


def _agent(sentence: Scanned, cue: Cue) -> Stretch | None:
    """Who is named by "by" behind a participle, in the same clause."""
    words = sentence.words_of
    passive = sentence.form(cue.first - 1) in words.passive
    for at in range(cue.last, min(cue.last + (_BY_REACH if passive else 1), len(sentence.tokens))):
        if sentence.is_mark(at):
            return None
        if sentence.form(at) in words.by:
            return sentence.right_name(at + 1)
    return None


def _subject(sentence: Scanned, cue: Cue) -> tuple[Stretch | None, bool]:
    """The words before a verb that name who does it, and whether a relative pronoun stands between."""
    words, at = sentence.words_of, cue.first
    while at > 0 and sentence.form(at - 1) in words.auxiliary - {"'s"}:
        at -= 1
    if sentence.form(at - 1) in words.relative:
        before = at - 1 - (sentence.form(at - 2) == ",")
        return sentence.left_name(before), True
    if at > 0 and sentence.tokens[at - 1].text == ",":
        return _before_parenthesis(sentence, at - 1), False
    return sentence.left_name(at), False


def _before_parenthesis(sentence: Scanned, comma: int) -> Stretch | None:
    """ "The network, citing doctors, said": the name before the first of two commas."""
    for at in range(comma - 1, max(comma - _PARENTHESIS, 0), -1):
        if sentence.is_quote(at):
            return None
        if sentence.tokens[at].text == ",":
            name = sentence.left_name(at)
            return name if name and (name[0] == 0 or sentence.form(name[0] - 1) in sentence.words_of.stop) else None
    return None


def _inverted(sentence: Scanned, cue: Cue) -> Stretch | None:
    """ "…, said X"; in Arabic the subject follows its verb."""
    if cue.kind == "say" and (sentence.is_mark(cue.first - 1) or sentence.is_quote(cue.first - 1)) and cue.first:
        return sentence.right_name(cue.last)
    return sentence.right_name(cue.last) if sentence.words_of.language == "ar" else None


def _hearer(sentence: Scanned, cue: Cue) -> Stretch | None:
    return sentence.right_name(cue.last) if sentence.form(cue.first) in {"told", "tell", "tells", "informed"} else None


def _is_media(sentence: Scanned, name: Stretch) -> bool:
    found = sentence.words_of.kinds.find(sentence.tokens[name[0] : name[1]])
    return any(one.names[0].value == "media" for one in found)


def _placed(sentence: Scanned, first: int, end: int) -> Form:
    """A voice behind a comma or a quotation, with little behind it, says what stands before it."""
    if first == 0 or not sentence.is_mark(first - 1):
        return Form.BEFORE
    at = end
    while at < len(sentence.tokens) and at - end < _TAIL and not sentence.is_mark(at):
        if sentence.form(at) in {"that", "que", "it"}:
            return Form.BEFORE
        at += 1
    if not sentence.is_mark(at):
        return Form.BEFORE
    last = at >= len(sentence.tokens) - 1 or sentence.tokens[at].text in ";."
    return Form.AFTER if last or sentence.form(at + 1) in {"quoting", "citing"} else Form.INSERTED
