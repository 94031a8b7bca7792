"""docs/check-json.md describes every field that a check emits, and its correction works as told."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

import ascertain
from ascertain.check.statement import _NOT_CHECKABLE
from ascertain.errors import BadReadings
from ascertain.model.claim import Frame, Modality
from ascertain.model.verdict import DecidingRow, Verdict, Weight
from ascertain.publish.check_json import _READ_BACK, FORMAT, to_json
from ascertain.read.lexicon import LANGUAGES, load_language

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "check-json.md").read_text("utf-8")
STATEMENT = DOCS / "examples" / "correcting" / "statement.txt"
DESCRIBED = set(re.findall(r"`([\w .-]+)`", PAGE))


@pytest.fixture(scope="module")
def inquiry(tmp_path_factory):
    folder = tmp_path_factory.mktemp("check-json") / "record"
    return ascertain.new(folder, reference=str(DOCS / "examples" / "minimal-reference"))


def test_every_field_is_described(inquiry):
    result = to_json(inquiry.check(STATEMENT))
    assert result["format"] == FORMAT
    assert f"`{FORMAT}`" in PAGE
    assert result["claims"][0]["rows"]
    for name in emitted(result, ""):
        assert name in DESCRIBED, name


def emitted(result, prefix):
    """The names of the fields, those of the statement with their prefix; verdicts and ids as keys are no fields."""
    for name, value in result.items():
        inner = value[0] if isinstance(value, list) and value else value
        if name == "statement":
            yield from emitted(value, "statement.")
            continue
        yield prefix + name
        if isinstance(inner, dict) and name not in ("verdicts", "names"):
            yield from emitted(inner, "")


@pytest.mark.parametrize("words", [Frame, Modality, Verdict, Weight], ids=lambda words: words.__name__)
def test_every_word_is_described(words):
    assert {word.value for word in words} <= DESCRIBED


def test_every_reason_is_described():
    assert set(_NOT_CHECKABLE) <= DESCRIBED


def test_every_field_of_a_row_is_described():
    assert {field.name for field in fields(DecidingRow)} <= DESCRIBED


def test_every_slot_is_described():
    for code in LANGUAGES:
        language = load_language(code)
        regexes = [*(pattern.regex for pattern in language.patterns), *language.adjuncts, *language.reporting]
        groups = {group.rsplit("_", 1)[0].rstrip("0123456789") for regex in regexes for group in regex.groupindex}
        assert groups <= DESCRIBED


def test_the_fields_that_are_read_back_are_marked():
    marked = set(re.findall(r"`(\w+)` ✎", PAGE))
    from_elsewhere = {"sentence", "sentence_span", "clause", "not_checkable_because"}
    assert marked == {*_READ_BACK, *from_elsewhere} - {"reason"}


def test_the_correction_of_the_page(inquiry, tmp_path, monkeypatch):
    first = to_json(inquiry.check(STATEMENT))
    assert (first["claims"][0]["frame"], first["claims"][0]["verdict"]) == ("other", "not in the record")
    (tmp_path / "result.json").write_text(json.dumps(first), "utf-8")
    code = re.search(r"<!-- correction -->\n```python\n(.*?)```", PAGE, re.DOTALL)[1]
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "check-json.md", "exec"), {})
    analyst = ascertain.open(inquiry.record.folder, author="A. Analyst")
    claim = to_json(analyst.check(STATEMENT, readings=tmp_path / "corrected.json"))["claims"][0]
    assert (claim["verdict"], claim["reader"]) == ("supported", "corrected by A. Analyst")
    assert [row["id"] for row in claim["rows"] if row["weight"] == "decides"] == ["ostby_who"]


def test_a_span_that_does_not_stand_there_is_refused(inquiry, tmp_path):
    result = to_json(inquiry.check(STATEMENT))
    result["claims"][0]["clause"]["text"] = "other words"
    (tmp_path / "wrong.json").write_text(json.dumps(result), "utf-8")
    before = inquiry.record.head()
    with pytest.raises(BadReadings):
        inquiry.check(STATEMENT, readings=tmp_path / "wrong.json")
    assert inquiry.record.head() == before
    assert (BadReadings.exit_code, BadReadings.__name__) == (2, "BadReadings")
