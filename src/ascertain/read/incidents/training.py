"""Training: the first stage by cross-fitting, the second on what the first said of texts that it had not seen.

Stacked generalisation (Wolpert 1992). Documents are dealt to five folds by a fixed seed; no other random numbers but
those that choose features in the trees, with a fixed seed too. The same examples in the same order give the same model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from ascertain.errors import BadTraining
from ascertain.read.incidents.candidates import Document, prepare
from ascertain.read.incidents.evidence import Integers, Rows, evidence, template_features
from ascertain.read.incidents.examples import Example
from ascertain.read.incidents.features import candidate_features
from ascertain.read.incidents.history import History
from ascertain.read.incidents.incident import ROLES
from ascertain.read.incidents.logistic import Floats, Linear, Vocabulary, fit, logit, predict, sigmoid
from ascertain.read.incidents.model import Model, chances
from ascertain.read.incidents.passages import document_features, sentence_features
from ascertain.read.incidents.signals import FirstStage, Signals
from ascertain.read.incidents.trees import Trees, grow
from ascertain.read.incidents.tuning import Held, f1, tune
from ascertain.read.incidents.words import normalise

FOLDS = 5
HEAD_SEEN = 3
"""A last word of so many fillers is looked for everywhere."""
KEPT_NEGATIVES = 0.4
"""The share of candidates that fill nothing which the first stage is fitted on; each stands for 1 / 0.4 of them."""


@dataclass(frozen=True)
class Answers:
    """What is right of a document: candidates × roles × types, sentences × (types, roles, 1), document (types, 1)."""

    candidates: Floats
    sentences: Floats
    document: Floats


@dataclass(frozen=True)
class Prepared:
    """Examples as documents and answers, the types in order of frequency, and the heads of fillers."""

    examples: tuple[Example, ...]
    types: tuple[str, ...]
    heads: frozenset[str]
    documents: tuple[Document, ...]
    answers: tuple[Answers, ...]


def prepare_examples(examples: Sequence[Example]) -> Prepared:
    """Documents and answers of examples.

    Raises:
        BadTraining: no example tells of an incident.
    """
    kinds = Counter(template.type for example in examples for template in example.templates)
    if not kinds:
        raise BadTraining("No training example tells of an incident.", next_step="Give examples with templates.")
    types = tuple(sorted(kinds, key=lambda kind: (-kinds[kind], kind)))
    heads = _heads(examples)
    documents = tuple(prepare(example.text, heads) for example in examples)
    answers = tuple(_answers(e, d, types) for e, d in zip(examples, documents, strict=True))
    return Prepared(tuple(examples), types, heads, documents, answers)


def _heads(examples: Sequence[Example]) -> frozenset[str]:
    lasts: Counter[str] = Counter()
    for example in examples:
        mentions = (m for template in example.templates for role in template.roles for e in role for m in e)
        lasts.update(words.split()[-1] for words in map(str.lower, mentions) if words.split())
    return frozenset(word for word, count in lasts.items() if count >= HEAD_SEEN and len(word) > 2)


def _answers(example: Example, document: Document, types: tuple[str, ...]) -> Answers:
    number = {key: row for row, key in enumerate(document.keys)}
    words = document.words
    candidates = np.zeros((len(document.keys), len(ROLES), len(types)), np.float32)
    sentences = np.zeros((words.sentences, len(types) + len(ROLES) + 1), np.float32)
    whole = np.zeros(len(types) + 1, np.float32)
    for template in example.templates:
        kind = types.index(template.type)
        whole[[kind, -1]] = 1
        for role, entities in enumerate(template.roles):
            for row in {number.get(normalise(mention), -1) for entity in entities for mention in entity} - {-1}:
                candidates[row, role, kind] = 1
                places = [words.sentence[first] for first, _ in document.places[row]]
                sentences[places, len(types) + role] = 1
                # A perpetrator is named in many sentences that tell of no incident.
                if ROLES[role] not in ("PerpInd", "PerpOrg") or len(places) == 1:
                    sentences[places, kind] = 1
    sentences[:, -1] = sentences[:, : len(types)].max(1)
    return Answers(candidates, sentences, whole)


@dataclass(frozen=True)
class _Table:
    """One kind of rows of all documents: which document each is of, vocabulary, matrix, answers."""

    document: Integers
    vocabulary: Vocabulary
    matrix: csr_matrix
    answers: Floats

    def fit(self, documents: set[int], penalty: float, steps: int, weights: Floats | None = None) -> Linear:
        here = np.isin(self.document, sorted(documents))
        if weights is not None:
            here &= weights > 0
        some = None if weights is None else weights[here]
        return Linear(self.vocabulary, fit(self.matrix[here], self.answers[here], penalty, steps=steps, weights=some))

    def odds(self, linear: Linear, document: int) -> Floats:
        return logit(predict(self.matrix[self.document == document], linear.weights))


def _table(rows: list[list[str]] | list[frozenset[str]], sizes: list[int], answers: Floats, least: int) -> _Table:
    vocabulary = Vocabulary.of(rows, least)
    return _Table(np.repeat(np.arange(len(sizes)), sizes), vocabulary, vocabulary.matrix(rows), answers)


class _Tables:
    """The three tables of the first stage, and the models fitted on some of the documents."""

    def __init__(self, prepared: Prepared) -> None:
        documents, answers = prepared.documents, prepared.answers
        self.prepared = prepared
        self.roles = [answer.candidates.max(2, initial=0) for answer in answers]
        rows = [row for document in documents for row in candidate_features(document)]
        self.candidates = _table(rows, [len(d.keys) for d in documents], np.concatenate(self.roles), 4)
        sentences = [row for document in documents for row in sentence_features(document.words)]
        right = np.concatenate([answer.sentences for answer in answers])
        self.sentences = _table(sentences, [d.words.sentences for d in documents], right, 3)
        whole = [document_features(document.words) for document in documents]
        vocabulary = Vocabulary.of(whole, 3, inverse_frequency=True)
        told = np.array([answer.document for answer in answers])
        self.document = _Table(np.arange(len(documents)), vocabulary, vocabulary.matrix(whole), told)
        self.weights = self._weights()

    def _weights(self) -> Floats:
        fills = self.candidates.answers.max(1) > 0
        kept = np.random.default_rng(1).random(len(fills)) < KEPT_NEGATIVES
        weights: Floats = np.where(fills, 1, np.where(kept, 1 / KEPT_NEGATIVES, 0)).astype(np.float32)
        return weights

    def first_stage(self, documents: set[int], least: int = 1) -> FirstStage:
        """The first stage of some of the documents, by number."""
        chosen = sorted(documents)
        history = History.of([self.prepared.documents[i] for i in chosen], [self.roles[i] for i in chosen], least=least)
        return FirstStage(
            self.candidates.fit(documents, 2.0, 45, self.weights),
            self.sentences.fit(documents, 3.0, 40),
            self.document.fit(documents, 0.02, 40),
            history,
        )

    def signals(self, stage: FirstStage, document: int) -> Signals:
        """What a first stage says of a document."""
        return Signals(
            self.candidates.odds(stage.candidates, document),
            self.sentences.odds(stage.sentences, document),
            self.document.odds(stage.document, document)[0],
            stage.history.read(self.prepared.documents[document]),
        )


def train(examples: Sequence[Example]) -> Model:
    """A reader of incidents.

    Args:
        examples: at least ten texts, some of them with incidents.

    Raises:
        BadTraining: too few examples, or none with an incident.
    """
    if len(examples) < 2 * FOLDS:
        raise BadTraining(f"{len(examples)} training examples are too few.", next_step=f"Give at least {2 * FOLDS}.")
    prepared = prepare_examples(examples)
    tables, everything = _Tables(prepared), set(range(len(examples)))
    folds = deal(len(examples))
    signals: dict[int, Signals] = {}
    for fold in range(FOLDS):
        stage = tables.first_stage(everything - set(np.flatnonzero(folds == fold).tolist()))
        signals |= {int(i): tables.signals(stage, int(i)) for i in np.flatnonzero(folds == fold)}
    first = tables.first_stage(everything)
    return _second_stage(prepared, [signals[i] for i in sorted(everything)], folds, first)


def deal(number: int) -> Integers:
    """The fold of each of so many documents."""
    folds = np.arange(number) % FOLDS
    np.random.default_rng(0).shuffle(folds)
    return folds


def _second_stage(prepared: Prepared, signals: list[Signals], folds: Integers, first: FirstStage) -> Model:
    rows = [evidence(document, one) for document, one in zip(prepared.documents, signals, strict=True)]
    right = [a.candidates[r.candidate, r.role, r.type] for a, r in zip(prepared.answers, rows, strict=True)]
    features = [row.features for row in rows]
    odds = _held_out(features, right, folds, _grow_fillers)
    of_templates = [template_features(*three) for three in zip(rows, odds, signals, strict=True)]
    told = [answer.document[:-1] for answer in prepared.answers]
    templates = _held_out(of_templates, told, folds, _grow_templates)
    held = _held(prepared, rows, odds, templates)
    thresholds = tune(held, prepared.types)
    return Model(
        prepared.types,
        prepared.heads,
        first,
        _grow_fillers(np.concatenate(features), np.concatenate(right)),
        _grow_templates(np.concatenate(of_templates), np.concatenate(told)),
        thresholds,
        f1(held, prepared.types, thresholds),
    )


def _held(prepared: Prepared, rows: list[Rows], odds: list[Floats], templates: list[Floats]) -> list[Held]:
    held = []
    for document, example, row, one, whole in zip(
        prepared.documents, prepared.examples, rows, odds, templates, strict=True
    ):
        held.append(Held(document, chances(document, row, one), sigmoid(whole), example.templates))
    return held


def _grow_fillers(rows: Floats, answers: Floats) -> Trees:
    return grow(rows, answers, trees=160, leaves=16, least=30, rate=0.06, seed=0)


def _grow_templates(rows: Floats, answers: Floats) -> Trees:
    return grow(rows, answers, trees=120, leaves=10, least=20, rate=0.05, seed=0)


def _held_out(
    features: list[Floats], answers: list[Floats], folds: Integers, growing: Callable[[Floats, Floats], Trees]
) -> list[Floats]:
    """For each document the log odds of trees grown on the other folds."""
    found: list[Floats] = [np.zeros(0, np.float32)] * len(features)
    for fold in range(FOLDS):
        others = np.flatnonzero(folds != fold)
        trees = growing(np.concatenate([features[i] for i in others]), np.concatenate([answers[i] for i in others]))
        for i in np.flatnonzero(folds == fold):
            found[i] = trees.odds(features[i])
    return found
