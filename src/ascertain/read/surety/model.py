"""A small learned judge of how surely: multinomial logistic regression over the features of one perpetrator in a text.

Trained from data at hand in seconds, reproducibly; kept as JSON, never as pickle, and read as untrusted input. Nothing
trained ships: the texts of MUC-4 may not.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ascertain.errors import UsageError
from ascertain.read.surety.attribution import Surety

FORMAT: Final = "ascertain surety model 1"
_LARGEST: Final = 50_000_000
_MOST_FEATURES: Final = 500_000

Features = Mapping[str, float]


@dataclass(frozen=True)
class SuretyModel:
    """Weights by value and feature. `weights` has a row a value and a column a feature."""

    values: tuple[Surety, ...]
    names: tuple[str, ...]
    weights: NDArray[np.float64]
    intercepts: NDArray[np.float64]

    def probabilities(self, given: Features) -> dict[Surety, float]:
        """The probability of each value that was learned."""
        logits = (self.weights @ matrix([given], self.names)[0]) + self.intercepts
        odds = np.exp(logits - logits.max())
        return dict(zip(self.values, (odds / odds.sum()).tolist(), strict=True))

    def judge(self, given: Features) -> tuple[Surety, float]:
        """The likeliest value and its probability."""
        return max(self.probabilities(given).items(), key=lambda item: (item[1], item[0]))

    def to_json(self) -> str:
        """The model as JSON."""
        return json.dumps(
            {
                "format": FORMAT,
                "values": [str(value) for value in self.values],
                "names": list(self.names),
                "weights": np.round(self.weights, 6).tolist(),
                "intercepts": np.round(self.intercepts, 6).tolist(),
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> SuretyModel:
        """A model from its JSON. Raises UsageError for anything else."""
        if len(text) > _LARGEST:
            raise UsageError("This is no model of surety: it is too large.", next_step="Train it again.")
        try:
            return cls._checked(json.loads(text))
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise UsageError(f"This is no model of surety: {error}.", next_step="Train it again.") from error

    @classmethod
    def _checked(cls, data: Any) -> SuretyModel:
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise ValueError("it does not say so")
        values, names = tuple(Surety(one) for one in data["values"]), tuple(data["names"])
        if not values or len(names) > _MOST_FEATURES or not all(isinstance(name, str) for name in names):
            raise ValueError("its values or names are none")
        weights = np.asarray(data["weights"], dtype=np.float64).reshape(len(values), -1)
        intercepts = np.asarray(data["intercepts"], dtype=np.float64)
        if weights.shape != (len(values), len(names)) or intercepts.shape != (len(values),):
            raise ValueError("its numbers do not fit")
        if not all(math.isfinite(one) for one in (float(weights.sum()), float(intercepts.sum()))):
            raise ValueError("its numbers are not finite")
        return cls(values, names, weights, intercepts)


def matrix(examples: Sequence[Features], names: Sequence[str]) -> NDArray[np.float64]:
    """A row an example, a column a name; a feature without a name is left out."""
    place = {name: at for at, name in enumerate(names)}
    values = np.zeros((len(examples), len(names)))
    for row, one in enumerate(examples):
        for name, number in one.items():
            if name in place:
                values[row, place[name]] = number
    return values
