"""docs/import-format.md is current, its example imports, and its broken example fails as shown."""

import json
import re
import runpy
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

import ascertain
from ascertain.cli.app import app

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLE = DOCS / "examples" / "minimal-reference"
GENERATE = runpy.run_path(str(DOCS / "generate.py"))


@pytest.mark.parametrize("page", GENERATE["pages"](), ids=lambda page: page.name)
def test_generated_parts_are_current(page):
    assert page.read_text("utf-8") == GENERATE["renewed"](page), "run `python docs/generate.py`"


def test_the_page_describes_every_table():
    text = (DOCS / "import-format.md").read_text("utf-8")
    for table in GENERATE["ROW_OF_TABLE"]:
        assert f"### {table}.csv" in text


def test_the_minimal_example_imports_without_problems(tmp_path):
    inquiry = ascertain.new(tmp_path / "record", reference=str(EXAMPLE))
    view = inquiry.view()
    assert view.tables["findings"].num_rows == 2
    assert not inquiry.verify().problems


def test_the_broken_example_fails_as_shown(tmp_path):
    folder = tmp_path / "broken"
    shutil.copytree(EXAMPLE, folder)
    for file, right, wrong in (
        ("documents.csv", "2031-06-02", "2 June 2031"),
        ("findings.csv", "norland_forces", "norland_army"),
        ("findings.csv", ">=12", "at least 12"),
        ("positions.csv", "incident,about_document", "event,about_document"),
    ):
        text = (folder / file).read_text("utf-8")
        assert right in text
        (folder / file).write_text(text.replace(right, wrong), "utf-8")
    command = CliRunner(env={"COLUMNS": "200"})
    done = command.invoke(app, ["import", str(folder), "--dry-run"])
    assert done.exit_code == 1
    assert done.stdout.split() == shown("broken").split()
    told = json.loads(command.invoke(app, ["import", str(folder), "--dry-run", "--json"]).stdout)
    assert len(told["problems"]) == 4


def shown(name):
    text = (DOCS / "import-format.md").read_text("utf-8")
    return re.search(rf"<!-- {name} -->\n```\n(.*?)```", text, re.DOTALL)[1]
