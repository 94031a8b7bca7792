"""Trees as arrays answer as the trees that scikit-learn grew."""

from __future__ import annotations

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from ascertain.read.incidents.trees import grow


def test_arrays_answer_as_the_grown_trees() -> None:
    rows = np.random.default_rng(0).normal(size=(400, 6)).astype(np.float32)
    answers = (rows[:, 0] * rows[:, 1] > 0.2).astype(np.float32)
    grown = HistGradientBoostingClassifier(
        max_iter=20, learning_rate=0.1, max_leaf_nodes=8, min_samples_leaf=10, l2_regularization=5.0,
        max_features=0.3, early_stopping=False, random_state=3,
    ).fit(rows, answers)  # fmt: skip
    trees = grow(rows, answers, trees=20, leaves=8, least=10, rate=0.1, seed=3)
    assert np.allclose(trees.read(rows), grown.predict_proba(rows)[:, 1], atol=1e-5)


def test_where_all_answers_agree_there_is_nothing_to_ask() -> None:
    rows = np.zeros((5, 2), np.float32)
    assert (grow(rows, np.zeros(5, np.float32), trees=3, leaves=4, least=1, rate=0.1, seed=0).read(rows) < 0.01).all()
