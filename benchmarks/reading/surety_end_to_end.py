"""MUC-4's perpetrator confidence end to end: organisations that the reader of incidents finds, and how surely.

One fold of the 1,300 development texts (document number divisible by five) is read by a reader trained on the others.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from ascertain.read.incidents import parse_examples, read_incidents, train
from reading.muc4 import as_template
from reading.surety_muc4 import fold_of, keys, score_confidence


def end_to_end(data: Path, fold: int = 0) -> dict[str, Any]:
    """Train on all folds but one, read that one, score it; beside it the same organisations, always as fact."""
    with (data / "muc4" / "gtt" / "train.json").open(encoding="utf-8") as lines:
        examples = list(parse_examples(lines))
    model = train([one for one in examples if fold_of(one.docid) != fold])
    said = {
        one.docid: [as_template(incident, one.text) for incident in read_incidents(one.text, model)]
        for one in examples
        if fold_of(one.docid) == fold
    }
    gold = {name: one for name, one in keys(data / "muc4" / "raw" / "dev").items() if name in said}
    always = copy.deepcopy(said)
    for template in (template for templates in always.values() for template in templates):
        template["confidence"]["PerpOrg"] = ["reported as fact"] * len(template["PerpOrg"])
    return {
        "documents": len(said),
        "rules": score_confidence(said, gold),
        "always reported as fact": score_confidence(always, gold),
    }
