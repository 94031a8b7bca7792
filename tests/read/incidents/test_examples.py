"""The format of training examples."""

from __future__ import annotations

import json

import pytest

from ascertain.errors import BadTraining
from ascertain.read.incidents import parse_examples


def test_a_line_is_a_document_with_templates() -> None:
    template = {"incident_type": "attack / bombing", "PerpOrg": [[["front", 4], ["the front", 0]]]}
    (example,) = parse_examples([json.dumps({"docid": "1", "doctext": "the front", "templates": [template]}), ""])
    assert example.templates[0].type == "attack"
    assert example.templates[0].roles == ((), (("front", "the front"),), (), (), ())


@pytest.mark.parametrize(
    "line", ["{", "[]", "1", '{"docid": 1}', '{"docid": "1", "doctext": "x", "templates": [{"incident_type": 3}]}',
             '{"docid": "1", "doctext": "x", "templates": [{"incident_type": "a", "Victim": 5}]}', "[" * 100_000],
)  # fmt: skip
def test_another_line_is_refused_with_its_number(line: str) -> None:
    with pytest.raises(BadTraining, match="Line 2"):
        list(parse_examples(["", line]))
