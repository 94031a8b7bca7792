"""Boosted trees: grown by scikit-learn, kept and read as plain arrays, so that a model file is numbers and not code."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier

from ascertain.read.incidents.logistic import Floats, sigmoid


@dataclass(frozen=True)
class Trees:
    """Trees × nodes: the feature and threshold that a node asks for, its two ways on, and a leaf's value.

    A leaf's ways lead to itself, so that going `depth` steps from the root ends in a leaf in every tree.
    """

    feature: npt.NDArray[np.int32]
    threshold: npt.NDArray[np.float64]
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    value: npt.NDArray[np.float64]
    start: float
    depth: int

    def odds(self, rows: Floats) -> Floats:
        """Log odds of rows of features."""
        node = np.zeros((len(rows), len(self.feature)), np.int32)
        tree, example = np.arange(len(self.feature))[None], np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            smaller = rows[example, self.feature[tree, node]] <= self.threshold[tree, node]
            node = np.where(smaller, self.left[tree, node], self.right[tree, node])
        answer: Floats = (self.value[tree, node].sum(1) + self.start).astype(np.float32)
        return answer

    def read(self, rows: Floats) -> Floats:
        """Probabilities of rows of features."""
        return sigmoid(self.odds(rows))


def grow(rows: Floats, answers: Floats, *, trees: int, leaves: int, least: int, rate: float, seed: int) -> Trees:
    """Trees for answers 0 and 1; the same rows and seed grow the same trees.

    Args:
        rows: examples × features.
        answers: one a row. When all are equal there is nothing to ask, and their share is the answer.
        trees: how many.
        leaves: at most so many a tree.
        least: examples in a leaf, at least.
        rate: the share of each tree's answer that counts.
        seed: chooses the features that each split may look at (a third).
    """
    if len(set(answers.tolist())) < 2:
        return _constant(float(answers[0]) if len(answers) else 0.0)
    grown = HistGradientBoostingClassifier(
        max_iter=trees,
        learning_rate=rate,
        max_leaf_nodes=leaves,
        min_samples_leaf=least,
        l2_regularization=5.0,
        max_features=0.3,
        early_stopping=False,
        random_state=seed,
    ).fit(rows, answers)
    # scikit-learn has no public way to a tree's nodes here; tests/read/incidents/test_trees.py compares the answers.
    nodes = [predictors[0].nodes for predictors in grown._predictors]
    return _arrays(nodes, float(grown._baseline_prediction.ravel()[0]))


def _constant(share: float) -> Trees:
    nothing = np.zeros((1, 1), np.int32)
    start = float(np.log((share + 1e-5) / (1 - share + 1e-5)))
    return Trees(nothing, np.zeros((1, 1)), nothing, nothing, np.zeros((1, 1)), start, 0)


def _arrays(nodes: list[npt.NDArray[np.void]], start: float) -> Trees:
    shape = (len(nodes), max(map(len, nodes)))
    feature, left, right = (np.zeros(shape, np.int32) for _ in range(3))
    threshold, value = np.zeros(shape), np.zeros(shape)
    for row, tree in enumerate(nodes):
        size, leaf = len(tree), tree["is_leaf"].astype(bool)
        itself = np.arange(size)
        feature[row, :size] = np.where(leaf, 0, tree["feature_idx"])
        threshold[row, :size] = np.where(leaf, 0, tree["num_threshold"])
        left[row, :size] = np.where(leaf, itself, tree["left"])
        right[row, :size] = np.where(leaf, itself, tree["right"])
        value[row, :size] = np.where(leaf, tree["value"], 0)
    return Trees(feature, threshold, left, right, value, start, max(int(tree["depth"].max()) for tree in nodes))
