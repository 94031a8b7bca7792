"""`ascertain read train`: a folder of examples to a model file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ascertain.read.entities import load_model
from ascertain.read.incidents import load, read_incidents

Run = Callable[..., Any]


def _line(number: int) -> str:
    group = ("red valley front", "northern brigade")[number % 2]
    text = f"a bomb exploded at the town hall last night.  the {group} placed the bomb, police said."
    calm = f"the minister met the mayor on day {number}.  they talked about the harvest and the roads."
    template = {"incident_type": "bombing", "PerpOrg": [[[group, text.index(group)]]], "Weapon": [[["bomb", 2]]]}
    row = {"docid": str(number), "doctext": text, "templates": [template]}
    return json.dumps(row if number % 3 else {"docid": str(number), "doctext": calm, "templates": []})


def test_a_model_is_trained_and_reads(ascertain_command: Run, tmp_path: Path) -> None:
    folder = tmp_path / "examples"
    folder.mkdir()
    (folder / "all.jsonl").write_text("\n".join(map(_line, range(60))))
    done = ascertain_command("read", "train", "examples", "--out", "incidents.model", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["documents"] == 60
    model = load((tmp_path / "incidents.model").read_bytes())
    assert read_incidents("A bomb exploded at the town hall.  The Northern Brigade placed the bomb.", model)


def test_what_cannot_be_trained_on_is_refused(ascertain_command: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert ascertain_command("read", "train", "empty", "--out", "m").exit_code == 2
    assert ascertain_command("read", "train", "nowhere", "--out", "m").exit_code == 2
    (tmp_path / "empty" / "one.json").write_text("{")
    done = ascertain_command("read", "train", "empty", "--out", "m")
    assert done.exit_code == 2
    assert not (tmp_path / "m").exists()


def test_a_model_is_not_overwritten(ascertain_command: Run, tmp_path: Path) -> None:
    (tmp_path / "m").write_text("kept")
    assert ascertain_command("read", "train", ".", "--out", "m").exit_code == 2
    assert (tmp_path / "m").read_text() == "kept"


def test_entities_are_trained_from_texts_with_mentions(ascertain_command: Run, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "documents.json").write_text('{"_id": "a", "text": "Kerry met Lavrov in Geneva."}\n')
    mentions = [(0, 5, "Person"), (10, 16, "Person"), (20, 26, "Location")]
    rows = [{"documentId": "a", "begin": begin, "end": end, "type": type_} for begin, end, type_ in mentions]
    (folder / "entities.json").write_text("\n".join(map(json.dumps, rows)))
    done = ascertain_command("read", "train", "texts", "--what", "entities", "--out", "names.npz", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["types"] == ["Location", "Person"]
    assert load_model((tmp_path / "names.npz").read_bytes()).name == "names"
    (folder / "entities.json").write_text("[")
    assert ascertain_command("read", "train", "texts", "--what", "entities", "--out", "m").exit_code == 1
