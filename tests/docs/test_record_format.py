"""docs/record-format.md: its worked example recomputed, its lists compared with the code."""

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import inspect

import ascertain
from ascertain.record import tables
from ascertain.record.database import append_only_triggers
from ascertain.record.entries import BODIES, Entry
from ascertain.record.merkle import EMPTY_ROOT, frontier_of, leaf_hash

PAGE = (Path(__file__).parents[2] / "docs" / "record-format.md").read_text("utf-8")
LINES = [found.encode() for found in re.findall(r"<!-- entry \d -->\n```\n(.*?)\n```", PAGE)]
HASHES = re.findall(r"`([0-9a-f]{64})` \|", PAGE)


def test_the_worked_example_by_the_words_of_the_page_alone():
    first, second = (sha256(b"\x00" + line).digest() for line in LINES)
    root = sha256(b"\x01" + first + second).digest()
    assert [first.hex(), second.hex(), root.hex(), sha256(b"").hexdigest()] == HASHES
    assert f"{len(LINES[0])} and {len(LINES[1])} bytes" in PAGE
    assert json.loads(LINES[1])["body"]["exhibit"] == sha256(b"abc").hexdigest()


def test_the_worked_example_by_the_code():
    leaves = [leaf_hash(line) for line in LINES]
    assert [leaf.hex() for leaf in leaves] == HASHES[:2]
    assert frontier_of(leaves).root().hex() == HASHES[2]
    assert EMPTY_ROOT.hex() == HASHES[3]
    for line in LINES:
        entry = Entry.model_validate_json(line)
        entry.said()
        assert entry.canonical() == line


@pytest.mark.parametrize("kind", BODIES)
def test_every_kind_is_described_with_all_its_fields(kind):
    line = next(line for line in PAGE.splitlines() if line.startswith(f"| `{kind}` | `"))
    fields = [re.match(r"`(\w+)`", part)[1] for part in line.split(" | ")[1].split(", ")]
    assert fields == list(BODIES[kind].model_fields)


def test_tables_columns_and_triggers_are_those_of_a_record(tmp_path):
    inquiry = ascertain.new(tmp_path / "record")
    with inquiry.record.reading() as connection:
        found = {name: [c["name"] for c in inspect(connection).get_columns(name)] for name in ("log", "heads")}
        names = inspect(connection).get_table_names()
    for column in (*found["log"], *found["heads"]):
        assert f"`{column}`" in PAGE
    assert set(names) == {"log", "heads", *(table.name for table in tables.DERIVED)}
    for name in append_only_triggers():
        assert f"`{name}`" in PAGE
