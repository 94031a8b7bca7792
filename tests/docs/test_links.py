"""The pages' links lead somewhere, and the tests that they cite exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [
    *sorted((ROOT / "docs").rglob("*.md")),
    ROOT / "benchmarks" / "README.md",
    ROOT / "src" / "ascertain" / "records" / "syria-cw" / "README.md",
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_to_files(page):
    for target in re.findall(r"\]\(([^)#:\s]+)(?:#[\w-]*)?\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_tests_that_the_threat_model_cites_exist():
    page = (ROOT / "docs" / "threat-model.md").read_text("utf-8")
    for line in page.splitlines():
        for file, name in re.findall(r"`([\w/]+\.py)?(?:::(\w+))?`", line):
            _exists(file, name, page)


def _exists(file, name, page):
    """A test named without its file is in one of the files that the page names."""
    if not file and not name:
        return
    files = [file] if file else re.findall(r"`([\w/]+\.py)", page)
    texts = [(ROOT / "tests" / one).read_text("utf-8") for one in files]
    assert not name or any(f"def {name}(" in text for text in texts), f"{file}::{name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_anchors_of_a_page_are_its_headings(page):
    text = page.read_text("utf-8")
    headings = {
        re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }
    for anchor in re.findall(r"\]\(#([\w-]+)\)", text):
        assert anchor in headings, anchor
