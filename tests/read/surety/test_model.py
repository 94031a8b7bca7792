import json

import pytest

from ascertain.errors import UsageError
from ascertain.read.surety import Named, Surety, SuretyModel, attributions, surety_words
from ascertain.read.surety.train import train

EXAMPLES = [
    ({"rule:a": 1.0, "x": 0.3}, Surety.CLAIMED), ({"rule:b": 1.0}, Surety.REPORTED),
    ({"rule:a": 1.0}, Surety.CLAIMED), ({"rule:b": 1.0, "x": 0.3}, Surety.REPORTED),
]  # fmt: skip


def test_training_twice_gives_the_same_model():
    one, other = train(EXAMPLES, seen=1), train(EXAMPLES, seen=1)
    assert one.to_json() == other.to_json()
    assert one.judge({"rule:a": 1.0})[0] is Surety.CLAIMED
    assert sum(one.probabilities({}).values()) == pytest.approx(1)


def test_three_values_are_told_apart():
    model = train([*EXAMPLES, ({"rule:c": 1.0}, Surety.POSSIBLE), ({"rule:c": 1.0}, Surety.POSSIBLE)], seen=1)
    assert model.judge({"rule:c": 1.0})[0] is Surety.POSSIBLE


def test_a_model_comes_back_from_its_json():
    model = train(EXAMPLES, seen=1)
    back = SuretyModel.from_json(model.to_json())
    assert back.to_json() == model.to_json()


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{", "null", "{}", "[" * 5000,
        json.dumps({"format": "ascertain surety model 1", "values": ["X"], "names": [], "weights": [],
                    "intercepts": []}),
        json.dumps({"format": "ascertain surety model 1", "values": ["POSSIBLE"], "names": ["a"], "weights": [[1, 2]],
                    "intercepts": [0]}),
        '{"format": "ascertain surety model 1", "values": ["POSSIBLE"], "names": ["a"], "weights": [[NaN]], '
        '"intercepts": [0]}',
    ],
)  # fmt: skip
def test_anything_else_is_no_model(text):
    with pytest.raises(UsageError):
        SuretyModel.from_json(text)


def test_nothing_is_learned_from_one_value():
    with pytest.raises(UsageError):
        train(EXAMPLES[:1])


def test_a_model_judges_how_surely_but_never_a_denial():
    model = train(EXAMPLES, seen=1)
    text = "The army denied it. The army fired."
    mentions = [Named(0, 8, "army"), Named(20, 28, "army")]
    denial, told = attributions(text, mentions, surety_words("en"), model=model)
    assert (denial.surety, denial.confidence) == (Surety.NONE, None)
    assert told.surety in (Surety.CLAIMED, Surety.REPORTED) and 0.5 <= told.confidence <= 1
