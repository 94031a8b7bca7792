"""Attributions of a text: for every mention of a perpetrator, who says that it did it, and how surely."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ascertain.model.claim import Span
from ascertain.read.sentences import sentences as find_sentences
from ascertain.read.surety.attribution import Attribution, Named, Source, Surety
from ascertain.read.surety.decide import Decision, decide
from ascertain.read.surety.features import features
from ascertain.read.surety.lexicon import SuretyWords
from ascertain.read.surety.model import SuretyModel
from ascertain.read.surety.scan import Cue, Scanned, Stretch, scan
from ascertain.read.surety.voices import find_voices

LONGEST_SENTENCE: Final = 4_000
"""A sentence of more characters is read up to here: no cue reaches that far."""


def attributions(
    body: str,
    mentions: Sequence[Named],
    words: SuretyWords,
    sentences: Sequence[tuple[int, int]] | None = None,
    model: SuretyModel | None = None,
) -> tuple[Attribution, ...]:
    """What a text says of who did it, in the order of the mentions.

    Args:
        body: the text.
        mentions: where perpetrators are named, each within one sentence; those that are not are passed over.
        words: the words of the text's language.
        sentences: start and end of each sentence; found here when not given.
        model: decides how surely in place of the rules, for each perpetrator from all its mentions in the text.

    A mention may give two attributions, that somebody says it and that somebody denies it.
    """
    given = list(find_sentences(body)) if sentences is None else list(sentences)
    found = [one for start, end in given for one in _of_sentence(body, start, end, mentions, words)]
    if model is None:
        return tuple(found)
    predicted = {
        value: model.judge(features(body, mentions, value, found, words))
        for value in {one.actor.value for one in found}
    }
    return tuple(_with(one, *predicted[one.actor.value]) for one in found)


def _with(one: Attribution, surety: Surety, probability: float) -> Attribution:
    if one.surety is Surety.NONE:
        return one
    return Attribution(one.actor, one.sentence, one.sources, one.cues, one.modality, surety, round(probability, 4))


def _of_sentence(
    body: str, start: int, end: int, mentions: Sequence[Named], words: SuretyWords
) -> Iterator[Attribution]:
    end = min(end, start + LONGEST_SENTENCE)
    inside = sorted((one for one in mentions if start <= one.start < one.end <= end), key=lambda m: (m.start, m.end))
    if not inside:
        return
    sentence = scan(body, start, end, words)
    span = Span(start=start, end=end, text=body[start:end])
    places = [(one, _tokens(sentence, one)) for one in inside]
    voices = find_voices(sentence, [where for _, where in places if where])
    for mention, place in places:
        same = [where for other, where in places if other.value == mention.value and other is not mention and where]
        for decision in decide(sentence, voices, place, [one for one in same if one]) if place else ():
            yield _attribution(body, sentence, span, mention, decision)


def _tokens(sentence: Scanned, mention: Named) -> Stretch | None:
    at = [i for i, token in enumerate(sentence.tokens) if token.start < mention.end and mention.start < token.end]
    return (at[0], at[-1] + 1) if at else None


def _attribution(body: str, sentence: Scanned, span: Span, mention: Named, decision: Decision) -> Attribution:
    sources = tuple(Source(kind, _span(body, sentence, *name)) for kind, name in decision.sources)
    cues = tuple(dict.fromkeys(_cue_span(body, sentence, cue) for cue in decision.cues))
    return Attribution(mention, span, sources, cues, decision.modality, decision.surety)


def _cue_span(body: str, sentence: Scanned, cue: Cue) -> Span:
    return _span(body, sentence, cue.first, cue.last)


def _span(body: str, sentence: Scanned, first: int, last: int) -> Span:
    start, end = sentence.tokens[first].start, sentence.tokens[last - 1].end
    return Span(start=start, end=end, text=body[start:end])
