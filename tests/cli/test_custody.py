from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from ascertain.cli import passphrases
from ascertain.cli.app import app
from ascertain.record.store import CONFIGURATION, DATABASE


def run(*arguments: object, **environment: str) -> Result:
    return CliRunner(env={"COLUMNS": "200", **environment}).invoke(app, [str(a) for a in arguments])


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("RECORD", "AUTHOR", "LOCK_WAIT_SECONDS", "PASSPHRASE"):
        monkeypatch.delenv(f"ASCERTAIN_{name}", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def record(tmp_path: Path) -> Path:
    assert run("new", tmp_path / "inquiry").exit_code == 0
    return tmp_path / "inquiry"


@pytest.fixture
def stamping(record: Path, authority: Any) -> Path:
    """A record with an authority."""
    (record / "authorities").mkdir()
    (record / "authorities" / "local.pem").write_bytes(authority.root.pem)
    with (record / CONFIGURATION).open("a") as file:
        file.write(f'\n[[authorities]]\nurl = "{authority.url}"\ncertificates = "authorities/local.pem"\n')
    return record


def answer(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_new_says_where_the_key_lies_and_that_it_is_not_encrypted(tmp_path: Path) -> None:
    shown = run("new", "a").stdout
    assert f"{tmp_path / 'a' / 'keys' / 'signer.pem'}, not encrypted" in shown
    made = answer(run("new", "b", "--json"))
    assert made["entries"] == 2
    assert made["key"].startswith("ascertain/")


def test_a_passphrase_comes_from_a_file_the_environment_or_the_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_bytes(b"a secret\r\nsecond line\n")
    asked = iter(["a secret", "a secret"])
    monkeypatch.setattr(passphrases.getpass, "getpass", lambda _: next(asked))
    assert run("new", "file", "--passphrase-file", "secret").exit_code == 0
    assert run("new", "environment", ASCERTAIN_PASSPHRASE="a secret").exit_code == 0
    assert run("new", "person", "--ask-passphrase").exit_code == 0
    for folder in ("file", "environment", "person"):
        assert b"ENCRYPTED" in (tmp_path / folder / "keys" / "signer.pem").read_bytes()
        refused = run("checkpoint", "--record", folder)
        assert refused.exit_code == 1
        assert "is encrypted" in refused.stderr
        assert run("checkpoint", "--record", folder, ASCERTAIN_PASSPHRASE="a guess").exit_code == 1
        assert run("checkpoint", "--record", folder, "--passphrase-file", "secret").exit_code == 0


def test_two_passphrases_that_differ_and_an_empty_one_make_no_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for typed in (["one", "another"], ["", ""]):
        asked = iter(typed)
        monkeypatch.setattr(passphrases.getpass, "getpass", lambda _, asked=asked: next(asked))
        assert run("new", "inquiry", "--ask-passphrase").exit_code == 2
    (tmp_path / "empty").write_bytes(b"\n")
    assert run("new", "inquiry", "--passphrase-file", "empty").exit_code == 2
    assert run("new", "inquiry", "--passphrase-file", "nowhere").exit_code == 2
    assert not (tmp_path / "inquiry").exists()


def test_the_passphrase_is_never_shown(record: Path) -> None:
    shown = run("config", "--record", record, ASCERTAIN_PASSPHRASE="a secret").output
    assert "a secret" not in shown
    shown = run("config", "--record", record, "--json", ASCERTAIN_PASSPHRASE="a secret").output
    assert "a secret" not in shown


def test_a_checkpoint_is_printed_to_be_kept_elsewhere_and_verifies_the_record(record: Path, tmp_path: Path) -> None:
    signed = run("checkpoint", "--record", record)
    assert signed.exit_code == 0
    kept = tmp_path / "kept"
    kept.write_text(signed.stdout)
    assert signed.stdout.splitlines()[1] == "2"
    shown = run("verify", "--record", record, "--checkpoint", kept)
    assert shown.exit_code == 0
    assert "signed: the first 2 entries; the 1 after them are not" in shown.stdout
    key = run("key", "list", "--record", record).stdout.strip()
    assert f"key in use: {key}" in shown.stdout
    assert run("verify", "--record", record, "--key", key).exit_code == 0


def test_a_record_that_was_put_back_ends_with_4(record: Path, tmp_path: Path) -> None:
    before = (record / DATABASE).read_bytes()
    run("key", "rotate", "--record", record)
    (tmp_path / "kept").write_text(run("checkpoint", "--record", record).stdout)
    (record / DATABASE).write_bytes(before)
    assert run("verify", "--record", record).exit_code == 0
    shown = run("verify", "--record", record, "--checkpoint", "kept")
    assert shown.exit_code == 4
    assert "the checkpoint that was given has 5 entries, this record only 2" in shown.stderr


def test_another_key_than_the_given_one_ends_with_4(record: Path) -> None:
    run("new", "other")
    other = run("key", "list", "--record", "other").stdout.strip()
    run("checkpoint", "--record", record)
    shown = run("verify", "--record", record, "--key", other)
    assert shown.exit_code == 4
    assert "no checkpoint of this record holds by the key that was given" in shown.stderr


def test_what_is_no_checkpoint_and_no_key_ends_with_2(record: Path, tmp_path: Path) -> None:
    (tmp_path / "words").write_text("words")
    assert run("verify", "--record", record, "--checkpoint", "words").exit_code == 2
    assert run("verify", "--record", record, "--checkpoint", "nowhere").exit_code == 2
    assert run("verify", "--record", record, "--key", "words").exit_code == 2


def test_a_timestamp_is_never_shown_without_what_it_says(stamping: Path, tmp_path: Path) -> None:
    shown = run("checkpoint", "--timestamp", "--record", stamping)
    assert shown.exit_code == 0
    assert "never that it is true" in shown.stderr
    assert "never" not in shown.stdout
    assert "never that it is true" in run("verify", "--record", stamping).stdout
    (tmp_path / "report.txt").write_bytes(b"a report")
    kept = run("preserve", "report.txt", "--record", stamping, "--json").stdout.splitlines()
    exhibit = json.loads(kept[0])["exhibit"]
    told = answer(run("timestamp", exhibit, "--record", stamping, "--json"))
    assert "never that it is true" in told["meaning"]
    assert told["timestamps"][0]["subject"] == exhibit
    assert told["failed"] == []


def test_an_authority_that_is_not_there_ends_with_3_and_the_checkpoint_is_kept(record: Path, authority: Any) -> None:
    (record / "authorities").mkdir()
    (record / "authorities" / "local.pem").write_bytes(authority.root.pem)
    with (record / CONFIGURATION).open("a") as file:
        file.write('\n[[authorities]]\nurl = "http://127.0.0.1:1/"\ncertificates = "authorities/local.pem"\n')
    shown = run("checkpoint", "--timestamp", "--record", record)
    assert shown.exit_code == 3
    assert "not stamped: 2: timestamp authority http://127.0.0.1:1/: ConnectionRefusedError" in shown.stderr
    assert shown.stdout.splitlines()[1] == "2"
    told = run("checkpoint", "--timestamp", "--record", record, "--json")
    assert told.exit_code == 3
    assert json.loads(told.stdout)["known"] is True


def test_no_authority_no_timestamp_and_no_checkpoint_either(record: Path) -> None:
    shown = run("checkpoint", "--timestamp", "--record", record)
    assert shown.exit_code == 2
    assert len(run("log", "--record", record).stdout.splitlines()) == 2


def test_a_proof_is_json_and_says_when_nobody_signed_it(record: Path) -> None:
    shown = run("prove", "0", "--record", record)
    assert json.loads(shown.stdout)["checkpoint"] is None
    assert "nobody has signed it" in shown.stderr
    run("checkpoint", "--record", record)
    shown = run("prove", "0", "--record", record)
    assert json.loads(shown.stdout)["checkpoint"].startswith("ascertain/")
    assert shown.stderr == ""
    assert json.loads(run("prove", "--from", "1", "--record", record).stdout)["proof"] == "consistency"
    for wrong in (["prove"], ["prove", "0", "--from", "1"], ["prove", "77"], ["prove", "--from", "0"], ["prove", "zz"]):
        assert run(*wrong, "--record", record).exit_code == 2


def test_keys_are_listed_changed_and_replaced(record: Path) -> None:
    first = answer(run("key", "list", "--record", record, "--json"))
    assert [(key["declared"], key["retired"], key["trusted"]) for key in first] == [(1, None, True)]
    fresh = answer(run("key", "rotate", "--record", record, "--reason", "yearly", "--json"))
    assert fresh["trusted"] and not fresh["encrypted"]
    assert "NOT encrypted" in run("key", "rotate", "--record", record).stderr
    (record / "keys" / "signer.pem").unlink()
    lost = answer(run("key", "list", "--record", record, "--json"))[-1]["key_id"]
    shown = run("key", "new", "--lost", lost, "--reason", "disk", "--record", record)
    assert shown.exit_code == 0
    assert "no older key vouches for it" in shown.stderr
    assert "no key before it vouches for it" in run("verify", "--record", record).stdout
    assert "retired in entry" in run("key", "list", "--record", record).stderr


@pytest.mark.parametrize("command", ["new", "rotate", "list"])
def test_the_help_of_every_key_command_shows_an_example(command: str) -> None:
    shown = run("key", command, "--help").stdout
    assert "Example" in shown
    assert f"ascertain key {command}" in " ".join(shown.split())
