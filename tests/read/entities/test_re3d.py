"""Annotated texts from files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ascertain.errors import ImportRefused
from ascertain.read.entities import Mention, read_annotated

DOCUMENT = {"_id": "D1", "text": "Kerry left.", "title": "x"}
ENTITY = {"_id": "E1", "documentId": "D1", "begin": 0, "end": 5, "type": "Person", "value": "Kerry", "confidence": 0.9}


def _folder(at: Path, documents: list[object], entities: list[object]) -> Path:
    at.joinpath("documents.json").write_text("\n".join(json.dumps(d) for d in documents), "utf-8")
    at.joinpath("entities.json").write_text("\n".join(json.dumps(e) for e in entities), "utf-8")
    return at


def test_texts_come_with_their_mentions(tmp_path: Path) -> None:
    (text,) = read_annotated(_folder(tmp_path, [DOCUMENT], [ENTITY, ENTITY]))
    assert (text.id, text.text, text.mentions) == ("D1", "Kerry left.", (Mention(0, 5, "Person", 0.9),))


def test_line_separators_inside_a_text_end_no_line(tmp_path: Path) -> None:
    tmp_path.joinpath("documents.json").write_text('{"_id": "D", "text": "a\u2028b"}\n', "utf-8")
    tmp_path.joinpath("entities.json").write_text("", "utf-8")
    assert read_annotated(tmp_path)[0].text == "a\u2028b"


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "Wizard"},
        {"end": 99},
        {"begin": 5},
        {"begin": -1},
        {"begin": True},
        {"begin": "0"},
        {"documentId": "D2"},
        {"documentId": None},
    ],
    ids=str,
)
def test_an_entity_that_fits_nothing_is_named(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(ImportRefused) as caught:
        read_annotated(_folder(tmp_path, [DOCUMENT], [ENTITY | wrong]))
    assert "E1" in caught.value.problems[0]


@pytest.mark.parametrize("line", ["[", "[]", "3", "[" * 100_000], ids=["broken", "list", "number", "deep"])
def test_a_line_that_is_no_object_is_named(tmp_path: Path, line: str) -> None:
    _folder(tmp_path, [DOCUMENT], [])
    tmp_path.joinpath("entities.json").write_text(line, "utf-8")
    with pytest.raises(ImportRefused) as caught:
        read_annotated(tmp_path)
    assert "line 1" in caught.value.problems[0]


def test_a_folder_without_texts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused):
        read_annotated(tmp_path)
    with pytest.raises(ImportRefused):
        read_annotated(tmp_path / "missing")
