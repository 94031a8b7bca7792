"""The commands around bundles: what they say, and how they end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from ascertain.cli.app import app


def run(*arguments: object) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, [str(a) for a in arguments])


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("RECORD", "AUTHOR", "READER", "PASSPHRASE"):
        monkeypatch.delenv(f"ASCERTAIN_{name}", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def exhibit() -> str:
    """An exhibit in the record `one`; beside it the record `two`."""
    for name in ("one", "two"):
        assert run("new", name).exit_code == 0
    Path("report.txt").write_text("a report")
    kept = run("preserve", "report.txt", "--record", "one", "--json")
    return str(json.loads(kept.stdout.splitlines()[0])["exhibit"])


def test_a_bundle_goes_from_one_record_to_another(exhibit: str) -> None:
    made = run("publish", "bundle", "out", "--exhibit", exhibit[:16], "--record", "one")
    assert made.exit_code == 0
    assert "made out: 1 exhibits, 4 of 4 entries" in made.stdout
    first = run("preserve", "bundle", "out", "--record", "two")
    assert (first.exit_code, "1 exhibits, 1 of them new" in first.stdout) == (0, True)
    assert "whose key that is, nobody can see here" in first.stderr
    again = run("preserve", "bundle", "out", "--record", "two", "--json")
    assert json.loads(again.stdout)["known"] is True
    assert run("verify", "--record", "two").exit_code == 0


def test_files_need_no_word_before_them_and_a_file_called_bundle_is_reached(exhibit: str) -> None:
    Path("bundle").write_text("a file")
    assert run("preserve", "./bundle", "--record", "one").exit_code == 0
    assert "ascertain preserve bundle" in run("preserve", "--help").stdout
    assert run("preserve").exit_code == 2
    assert "--key" in run("preserve", "bundle", "--help").stdout


def test_a_refused_bundle_ends_with_1_and_every_reason(exhibit: str) -> None:
    run("publish", "bundle", "out", "--all", "--record", "one")
    Path("out/data/bundle.json").write_text("{}")
    refused = run("preserve", "bundle", "out", "--record", "two")
    assert refused.exit_code == 1
    assert "data/bundle.json: has been altered" in refused.stderr
    told = json.loads(run("preserve", "bundle", "out", "--record", "two", "--json").stderr)
    assert (told["error"], len(told["problems"]) > 0) == ("BundleRefused", True)


def test_a_closed_exhibit_is_named_and_nothing_is_written(exhibit: str) -> None:
    why = ("--reason", "x", "--authority", "y", "--record", "one")
    assert run("protect", "class", "exhibit", exhibit, "restricted", *why).exit_code == 0
    refused = run("publish", "bundle", "out", "--exhibit", exhibit, "--record", "one")
    assert (refused.exit_code, exhibit in refused.stderr, Path("out").exists()) == (1, True, False)
    allowed = run("publish", "bundle", "out", "--exhibit", exhibit, "--record", "one", "--reader", "restricted")
    assert allowed.exit_code == 0


def test_one_selection_is_needed(exhibit: str) -> None:
    assert run("publish", "bundle", "out", "--record", "one").exit_code == 2
    assert run("publish", "bundle", "out", "--all", "--exhibit", exhibit, "--record", "one").exit_code == 2
    assert run("publish", "bundle", "one", "--all", "--record", "one").exit_code == 2


def test_restore_says_what_it_did_and_ends_with_4_while_something_is_wanting(exhibit: str) -> None:
    run("publish", "bundle", "out", "--all", "--record", "one")
    lying = Path("one/objects") / exhibit[:2] / exhibit[2:]
    lying.unlink()
    Path("empty").mkdir()
    wanting = run("restore", "empty", "--record", "one")
    assert (wanting.exit_code, f"still missing: {exhibit}" in wanting.stderr) == (4, True)
    done = run("restore", "out", "--record", "one")
    assert (done.exit_code, f"restored: {exhibit} (was missing)" in done.stdout) == (0, True)
    assert run("verify", "--record", "one").exit_code == 0
