"""The chain's probabilities, against all labellings counted one by one."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from ascertain.read.entities.chain import Chain, may_follow
from ascertain.read.entities.fitting import GRAIN, fit

LABELS = ("B-Location", "B-Person", "I-Person", "O")


def _chain(seed: int) -> Chain:
    drawn = np.random.RandomState(seed)
    return Chain(LABELS, drawn.normal(size=(5, 4)).astype(np.float32), drawn.normal(size=(4, 4)), drawn.normal(size=4))


def _counted(chain: Chain, sentence: list[list[int]]) -> dict[tuple[int, int, str], float]:
    """The probability of each span, by going through every labelling."""
    allowed, found, total = may_follow(LABELS), {}, 0.0
    for path in product(range(4), repeat=len(sentence)):
        names = [LABELS[label] for label in path]
        if names[0][0] == "I" or not all(allowed[a, b] for a, b in pairwise(path)):
            continue
        score = chain.start[path[0]] + sum(
            chain.weights[n, label] for label, word in zip(path, sentence, strict=True) for n in word
        )
        weight = float(np.exp(score + sum(chain.transition[a, b] for a, b in pairwise(path))))
        total += weight
        for start, name in enumerate(names):
            if name[0] == "B":
                end = start + 1
                while end < len(names) and names[end][0] == "I":
                    end += 1
                found[start, end, name[2:]] = found.get((start, end, name[2:]), 0.0) + weight
    return {span: weight / total for span, weight in found.items()}


@pytest.mark.parametrize("seed", range(4))
def test_the_probability_of_a_span_is_the_share_of_the_labellings_with_it(seed: int) -> None:
    chain, sentences = _chain(seed), [[[0], [1, 2], [3]], [[4, 1], [], [2], [0, 3], [1]], []]
    for sentence, spans in zip(sentences[:2], chain.spans(sentences)[:2], strict=True):
        counted = _counted(chain, sentence)
        told = {span[:3]: span[3] for span in spans}
        assert all(counted[span] == pytest.approx(probability, abs=1e-4) for span, probability in told.items())
        assert all(span in told for span, probability in counted.items() if probability > 0.1)


def test_sentences_do_not_change_one_another() -> None:
    chain, first, second = _chain(9), [[0], [1]], [[2], [3], [4]]
    assert chain.spans([first, second]) == [chain.spans([first])[0], chain.spans([second])[0]]


def test_training_finds_what_tells_the_labels_apart() -> None:
    sentences = [[[0], [1, 2], [2]], [[3], [0]]] * 10
    tags = [["O", "B-Person", "I-Person"], ["B-Location", "O"]] * 10
    chain = fit(sentences, tags, 5)
    best = {(span[:3]) for span in chain.spans([sentences[0]])[0] if span[3] > 0.5}
    assert best == {(1, 3, "Person")}
    assert not (chain.weights[4]).any()


def test_weights_are_whole_grains() -> None:
    chain = fit([[[0], [1]]] * 5, [["O", "B-Person"]] * 5, 2)
    assert not np.mod(chain.weights / GRAIN, 1).any()
