"""A labeller from annotated texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from ascertain.errors import UsageError
from ascertain.read.entities.chain import OUTSIDE, Chain
from ascertain.read.entities.entity import Annotated, Mention
from ascertain.read.entities.features import features
from ascertain.read.entities.fitting import GRAIN, fit
from ascertain.read.entities.model import Model
from ascertain.read.entities.words import Word, split_sentences

# What people agreed on. Below, a crowd said no to what a machine or one annotator had marked.
AGREED = 0.5


def train_entities(texts: Iterable[Annotated], name: str = "") -> Model:
    """A model of annotated texts, in seconds for ten thousand words. The order of the texts changes nothing.

    Agreed mentions that lie in no longer one train the chain for whole mentions; all others that for inner names.
    Raises UsageError when there is no mention at all.
    """
    sentences: list[list[list[str]]] = []
    whole: list[list[str]] = []
    inner: list[list[str]] = []
    for text in sorted(texts, key=lambda text: text.id):
        outer = longest(mention for mention in text.mentions if mention.confidence >= AGREED)
        rest = longest(mention for mention in text.mentions if mention not in outer)
        for sentence in split_sentences(text.text):
            sentences.append(features(sentence))
            whole.append(tags(sentence, outer))
            inner.append(tags(sentence, rest))
    if all(tag == OUTSIDE for sentence in whole for tag in sentence):
        raise UsageError("there is no entity to learn from", next_step="give documents with entities")
    number = {
        name: i for i, name in enumerate(sorted({f for sentence in sentences for word in sentence for f in word}))
    }
    numbers = [[sorted({number[name] for name in word}) for word in sentence] for sentence in sentences]
    return _pruned(Model(number, fit(numbers, whole, len(number)), fit(numbers, inner, len(number)), name))


def longest(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Mentions that do not overlap, the longest first, in the order of the text."""
    kept: list[Mention] = []
    for mention in sorted(set(mentions), key=lambda m: (m.start - m.end, m.start, m.type, -m.confidence)):
        if all(mention.end <= other.start or mention.start >= other.end for other in kept):
            kept.append(mention)
    return tuple(sorted(kept))


def tags(sentence: Sequence[Word], mentions: Iterable[Mention]) -> list[str]:
    """The label of each word: B- and a type where a mention begins, I- where it goes on, O elsewhere."""
    labels = [OUTSIDE] * len(sentence)
    for mention in mentions:
        inside = [i for i, word in enumerate(sentence) if word.start < mention.end and word.end > mention.start]
        if all(labels[i] == OUTSIDE for i in inside):
            for place, i in enumerate(inside):
                labels[i] = ("I-" if place else "B-") + mention.type
    return labels


def _pruned(model: Model) -> Model:
    """The model without features whose every weight is nothing."""
    both = np.concatenate([model.whole.weights, model.inner.weights], axis=1)
    heavy = np.abs(both).max(axis=1) >= GRAIN
    kept = [name for name, number in model.features.items() if heavy[number]]
    whole, inner = (
        Chain(chain.labels, chain.weights[heavy], chain.transition, chain.start) for chain in (model.whole, model.inner)
    )
    return Model({name: i for i, name in enumerate(kept)}, whole, inner, model.name)
