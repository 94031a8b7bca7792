from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from ascertain.cli.app import app

WORDS = "Maryam Example says that she was at the well.\n"
STATEMENT = "Published on October 3, 2018\n\nThe Commission found that chlorine was used in Estor on 7 April 2018.\n"


def run(*arguments: object, answer: str | None = None) -> Result:
    return CliRunner(env={"COLUMNS": "300"}).invoke(app, [str(a) for a in arguments], input=answer)


def told(*arguments: object) -> Any:
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, small: Any) -> None:
    for name in ("RECORD", "AUTHOR", "READER", "PASSPHRASE"):
        monkeypatch.delenv(f"ASCERTAIN_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "testimony.txt").write_text(WORDS)
    (tmp_path / "statement.txt").write_text(STATEMENT)
    assert run("new", "inquiry", "--with", small.write(tmp_path / "small"), "--author", "A. Analyst").exit_code == 0
    monkeypatch.setenv("ASCERTAIN_RECORD", str(tmp_path / "inquiry"))
    for name in ("Hana", "Idris"):
        made = told("protect", "keygen", f"{name}.key")
        told("protect", "recipient", "add", name, made["public_key"])


def sealed() -> str:
    done = run("preserve", "testimony.txt", "--access", "sealed", "--to", "Hana", "--note", "at the bridge", "--json")
    assert done.exit_code == 0, done.output
    return str(json.loads(done.stdout.splitlines()[0])["exhibit"])


def test_a_whole_life_of_a_sealed_exhibit(tmp_path: Path) -> None:
    exhibit = sealed()
    opened = told("protect", "open", exhibit[:8], "--identity", "Hana.key", "--out", "out.txt")
    assert (opened["original_name"], opened["note"]) == ("testimony.txt", "at the bridge")
    assert (tmp_path / "out.txt").read_text() == WORDS
    assert stat.S_IMODE((tmp_path / "out.txt").stat().st_mode) == 0o600
    granted = told("protect", "grant", exhibit[:8], "Idris", "--identity", "Hana.key", "--reason", "a second reader")
    assert granted == {"recipients": ["Hana", "Idris"]}
    assert told("protect", "revoke", exhibit[:8], "Hana", "--identity", "Idris.key") == {"recipients": ["Idris"]}
    assert run("protect", "open", exhibit, "--identity", "Hana.key", "--out", "again.txt").exit_code == 1
    erased = told("protect", "erase", exhibit, "--reason", "she asked", "--authority", "the Registrar", "--yes")
    assert erased["authority"] == "the Registrar"
    verified = run("verify")
    assert verified.exit_code == 0
    assert f"{exhibit}: erased on" in verified.output
    gone = run("protect", "open", exhibit, "--identity", "Idris.key", "--out", "again.txt")
    assert (gone.exit_code, "has been erased" in gone.output) == (1, True)
    assert "erased" in run("protect", "list").output
    assert told("protect", "finish") == []


def test_an_identity_file_is_its_owners_alone_and_never_overwritten(tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / "Hana.key").stat().st_mode) == 0o600
    before = (tmp_path / "Hana.key").read_bytes()
    again = run("protect", "keygen", "Hana.key")
    assert (again.exit_code, "is there already" in again.output) == (2, True)
    assert (tmp_path / "Hana.key").read_bytes() == before
    assert before.decode().splitlines()[2].startswith("AGE-SECRET-KEY-1")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["preserve", "testimony.txt", "--access", "sealed"], 2, "--to NAME"),
        (["preserve", "testimony.txt", "--access", "sealed", "--to", "Nobody"], 2, "protect recipient add"),
        (["preserve", "testimony.txt", "--access", "sealed", "--to", "Hana", "--unpack"], 2, "not unpacked"),
        (["preserve", "testimony.txt", "--access", "secret"], 2, "public, restricted, sealed"),
        (["preserve", "testimony.txt", "--to", "Hana"], 2, "--access sealed"),
        (["protect", "open", "00000000", "--identity", "Hana.key"], 2, "no exhibits begin with"),
        (["protect", "open", "00000000"], 2, "--identity FILE"),
        (["protect", "open", "00000000", "--identity", "statement.txt"], 2, "no identity"),
        (["protect", "open", "00000000", "--identity", "nothing.key"], 2, "cannot be read"),
        (["protect", "recipient", "add", "Jalila", "age1nothing"], 2, "no age public key"),
        (["protect", "recipient", "remove", "Jalila"], 2, "Jalila"),
        (["protect", "class", "row", "x", "public"], 2, "exhibit, source, claim or record"),
        (["protect", "class", "source", "x", "secret"], 2, "public, restricted, sealed"),
        (["protect", "class", "source", "x", "restricted"], 2, "--reason and --authority"),
        (["list", "findings", "--reader", "nobody"], 2, "public, restricted, sealed"),
    ],
)
def test_what_cannot_be_done_says_so_and_what_to_do(arguments: list[str], code: int, words: str) -> None:
    done = run(*arguments)
    assert done.exit_code == code, done.output
    assert words in done.output
    assert "Traceback" not in done.output


def in_clear() -> str:
    done = run("preserve", "testimony.txt", "--json")
    return str(json.loads(done.stdout.splitlines()[0])["exhibit"])


def test_sealing_what_lies_in_the_clear_warns_and_asks(tmp_path: Path) -> None:
    exhibit = in_clear()
    for answer in ("n\n", ""):
        asked = run("protect", "seal", exhibit[:8], "--to", "Hana", answer=answer)
        assert asked.exit_code == 2 if answer else asked.exit_code != 0
        assert "This stays in the record in the clear" in asked.output
    assert run("protect", "seal", exhibit[:8], "--to", "Hana", "--json").exit_code == 2
    assert told("protect", "list")["seals"] == []
    done = run("protect", "seal", exhibit[:8], "--to", "Hana", answer="y\n")
    assert done.exit_code == 0
    assert f"sealed {exhibit[:16]}" in done.output
    again = run("protect", "seal", exhibit[:8], "--to", "Hana", "--yes")
    assert (again.exit_code, "sealed already" in again.output) == (2, True)
    refused = run("check", "testimony.txt", "--as-of", "2020-01-01")
    assert (refused.exit_code, "nothing of it is written in the clear" in refused.output) == (1, True)


def test_an_erasure_asks_before_it_destroys() -> None:
    exhibit = sealed()
    asked = run("protect", "erase", exhibit, "--reason", "r", "--authority", "a", answer="n\n")
    assert (asked.exit_code, "Nobody will be able to open it again" in asked.output) == (2, True)
    assert told("protect", "list")["seals"][0]["erased"] is None


def test_a_list_with_a_restricted_row_is_refused_with_every_row_and_reason() -> None:
    before = told("list", "findings")["as_recorded"]
    set_class = ["protect", "class", "source", "report", "restricted", "--reason", "not out yet", "--authority", "a"]
    assert told(*set_class)["after"] == "restricted"
    for arguments in (["list", "findings"], ["list", "findings", "--as-recorded", before]):
        refused = run(*arguments)
        assert refused.exit_code == 1, refused.output
        assert "row f1 of findings" in refused.output
    as_json = run("list", "findings", "--json")
    assert as_json.stdout == ""
    assert any("not out yet" in problem for problem in json.loads(as_json.stderr)["problems"])
    assert run("list", "findings", "--reader", "restricted").exit_code == 0


def test_reports_of_a_check_that_rests_on_a_restricted_row_are_not_written(tmp_path: Path) -> None:
    told("protect", "class", "source", "report", "restricted", "--reason", "not out yet", "--authority", "a")
    for option in ("--html", "--claimreview"):
        refused = run("check", "statement.txt", option, tmp_path / "report")
        assert (refused.exit_code, (tmp_path / "report").exists()) == (1, False)
        assert "row f1 of findings" in refused.output
    assert run("check", "statement.txt", "--json").stdout == ""
    assert run("check", "statement.txt").exit_code == 0  # on the screen of who has the record
    assert run("check", "statement.txt", "--html", "report", "--reader", "restricted").exit_code == 0
    assert (tmp_path / "report").exists()


def test_a_dry_run_shows_what_a_reader_may_not_see() -> None:
    assert told("protect", "check", "--reader", "restricted") == []
    assert run("preserve", "testimony.txt", "--access", "restricted", "--authority", "the Registrar").exit_code == 0
    found = run("protect", "check")
    assert found.exit_code == 1
    assert "(access.set): it is said among the record's keepers" in found.output
    assert "(exhibit.acquired): it names exhibit" in found.output
    assert run("protect", "check", "--reader", "restricted").exit_code == 0


def test_a_key_behind_a_passphrase_is_opened_by_its_file(tmp_path: Path) -> None:
    (tmp_path / "words").write_text("a long passphrase\n")
    made = told("protect", "keygen", "locked.key", "--passphrase-file", "words")
    assert b"AGE-SECRET-KEY" not in (tmp_path / "locked.key").read_bytes()
    told("protect", "recipient", "add", "Locked", made["public_key"])
    run("preserve", "testimony.txt", "--access", "sealed", "--to", "Locked")
    exhibit = told("protect", "list")["seals"][0]["exhibit"]
    refused = run("protect", "open", exhibit, "--identity", "locked.key")
    assert (refused.exit_code, "--passphrase-file" in refused.output) == (1, True)
    opened = told("protect", "open", exhibit, "--identity", "locked.key", "--passphrase-file", "words")
    assert opened["original_name"] == "testimony.txt"
