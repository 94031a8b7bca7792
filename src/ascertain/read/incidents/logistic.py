"""Logistic regressions over named binary features, several questions at once, fitted by L-BFGS with an L2 penalty.

All questions share one matrix, so that a pass over the data answers all of them. No random numbers are used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, diags

Floats = npt.NDArray[np.float32]


def sigmoid(values: Floats) -> Floats:
    """The logistic function, without overflow."""
    answer: Floats = (1 / (1 + np.exp(-np.clip(values, -30, 30)))).astype(np.float32)
    return answer


def logit(probabilities: Floats) -> Floats:
    """The inverse, kept within about ±11.5."""
    answer: Floats = np.log((probabilities + 1e-5) / (1 - probabilities + 1e-5)).astype(np.float32)
    return answer


@dataclass(frozen=True)
class Vocabulary:
    """The features that a model knows, with a weight each (their value where they are present)."""

    columns: dict[str, int]
    values: Floats
    unit_length: bool = False
    """Whether a row is scaled to length one, as for documents."""

    @classmethod
    def of(cls, rows: Iterable[Iterable[str]], least: int, *, inverse_frequency: bool = False) -> Vocabulary:
        """Features that occur in at least `least` rows, sorted; weighted by how rare they are if so asked."""
        counts: Counter[str] = Counter()
        number = 0
        for row in rows:
            counts.update(set(row))
            number += 1
        known = sorted(name for name, count in counts.items() if count >= least)
        values = np.ones(len(known), np.float32)
        if inverse_frequency:
            values = np.log(number / np.array([counts[name] for name in known] or [1], np.float32)).astype(np.float32)
            values = values[: len(known)]
        return cls({name: column for column, name in enumerate(known)}, values, inverse_frequency)

    def matrix(self, rows: Sequence[Iterable[str]]) -> csr_matrix:
        """One row a set of features; unknown ones are left out."""
        starts, found = [0], []
        for row in rows:
            found.extend(sorted({self.columns[name] for name in row if name in self.columns}))
            starts.append(len(found))
        columns = np.array(found, np.int32)
        matrix = csr_matrix((self.values[columns], columns, np.array(starts)), shape=(len(rows), len(self.columns)))
        if self.unit_length:
            length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(1)).ravel()) + 1e-6
            matrix = csr_matrix(diags((1 / length).astype(np.float32)) @ matrix)
        return matrix


def fit(rows: csr_matrix, answers: Floats, penalty: float, *, steps: int, weights: Floats | None = None) -> Floats:
    """Weights of all questions, one column each; the last row is the intercept.

    Args:
        rows: examples × features.
        answers: examples × questions, 0 or 1.
        penalty: the L2 penalty on all but the intercepts.
        steps: at most so many of L-BFGS; stopping early regularises too.
        weights: of the examples, 1 if not given.
    """
    features, questions = rows.shape[1], answers.shape[1]
    turned = csr_matrix(rows.T)
    scale = np.ones((len(answers), 1), np.float32) if weights is None else weights[:, None]

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        now = flat.reshape(features + 1, questions).astype(np.float32)
        values = rows @ now[:-1] + now[-1]
        wrong = (sigmoid(values) - answers) * scale
        total = float(((np.logaddexp(0, values) - answers * values) * scale).sum(dtype=np.float64))
        slope = np.vstack([turned @ wrong + penalty * now[:-1], wrong.sum(0)[None]])
        return total + 0.5 * penalty * float((now[:-1].astype(np.float64) ** 2).sum()), slope.astype(np.float64).ravel()

    usual = answers.mean(0) if len(answers) else np.zeros(questions)
    start = np.vstack([np.zeros((features, questions)), np.log((usual + 1e-4) / (1 - usual + 1e-4))[None]])
    found = minimize(loss, start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": steps, "maxcor": 8})
    answer: Floats = found.x.reshape(features + 1, questions).astype(np.float32)
    return answer


def predict(rows: csr_matrix, weights: Floats) -> Floats:
    """Probabilities, examples × questions."""
    return sigmoid(np.asarray(rows @ weights[:-1] + weights[-1], np.float32))


@dataclass(frozen=True)
class Linear:
    """A fitted model with its vocabulary."""

    vocabulary: Vocabulary
    weights: Floats

    def read(self, rows: Sequence[Iterable[str]]) -> Floats:
        """Probabilities of rows of features."""
        return predict(self.vocabulary.matrix(rows), self.weights)
