"""Learning how surely from labelled perpetrators: logistic regression, a few seconds for some hundred texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from ascertain.errors import UsageError
from ascertain.read.surety.attribution import Surety
from ascertain.read.surety.model import Features, SuretyModel, matrix


def train(
    examples: Sequence[tuple[Features, Surety]], *, strength: float = 0.3, seen: int = 3, balance: float = 0.3
) -> SuretyModel:
    """A model from features and their value. The same examples in the same order give the same model.

    Args:
        examples: of at least two different values.
        strength: the inverse of the L2 penalty.
        seen: a feature of fewer examples is left out.
        balance: a value weighs by its rarity to this power: 0 all alike, 1 balanced.

    Raises UsageError when there is nothing to tell apart.
    """
    values = [value for _, value in examples]
    number = Counter(name for one, _ in examples for name in one)
    names = tuple(sorted(name for name, times in number.items() if times >= seen))
    if len(set(values)) < 2 or not names:
        raise UsageError("There is nothing to learn from: too few examples.", next_step="Give labelled texts.")
    rarity = {str(value): (len(values) / times) ** balance for value, times in Counter(values).items()}
    learned = LogisticRegression(C=strength, max_iter=2000, class_weight=rarity)
    learned.fit(matrix([one for one, _ in examples], names), [str(value) for value in values])
    weights, intercepts = learned.coef_, learned.intercept_
    if len(weights) == 1:
        weights, intercepts = np.vstack([-weights, weights]) / 2, np.concatenate([-intercepts, intercepts]) / 2
    return SuretyModel(tuple(Surety(one) for one in learned.classes_), names, weights, intercepts)
