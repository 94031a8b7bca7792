from __future__ import annotations

import datetime
import hashlib
import json
import sqlite3
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

import ascertain
from ascertain.errors import KeyUnusable, RecordDamaged, RecordLocked, UsageError
from ascertain.inquiry import Inquiry
from ascertain.jobs import keys as keys_job
from ascertain.jobs.custody import checkpoint_subject
from ascertain.record.custody.note import parse_note, verified_by
from ascertain.record.entries import RecordCreated
from ascertain.record.merkle import leaf_hash
from ascertain.record.proofs import is_consistent, is_included
from ascertain.record.store import CONFIGURATION, DATABASE, new_record

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture
def inquiry(tmp_path: Path) -> Inquiry:
    return ascertain.new(tmp_path / "inquiry", author="A. Analyst")


@pytest.fixture
def old(tmp_path: Path) -> Inquiry:
    """A record as it was made before records had keys."""
    with new_record(tmp_path / "old", 0) as record, record.writing("A. Analyst", NOW) as writer:
        writer.append(RecordCreated(name="old", software="ascertain 0.1.0"))
    return ascertain.open(tmp_path / "old")


def configure(inquiry: Inquiry, *authorities: Any) -> None:
    """Write authorities into `record.toml`, each with its root certificate beside it."""
    folder = inquiry.record.folder
    (folder / "authorities").mkdir(exist_ok=True)
    with (folder / CONFIGURATION).open("a") as file:
        for number, (url, pem) in enumerate(authorities):
            (folder / "authorities" / f"{number}.pem").write_bytes(pem)
            file.write(f'\n[[authorities]]\nurl = "{url}"\ncertificates = "authorities/{number}.pem"\n')


def preserve(inquiry: Inquiry, tmp_path: Path, data: bytes = b"a report") -> str:
    (tmp_path / "report.txt").write_bytes(data)
    done, _ = inquiry.preserve([tmp_path / "report.txt"])
    return done[0].exhibit


def kinds(inquiry: Inquiry) -> list[str]:
    return [entry.kind for entry in inquiry.log()]


# Keys


def test_a_new_record_declares_its_key_in_its_second_entry(inquiry: Inquiry) -> None:
    assert kinds(inquiry) == ["record.created", "key.declared"]
    (found,) = inquiry.signing_keys()
    assert found.trusted and found.retired is None
    first = next(iter(inquiry.log())).canonical()
    assert found.key.name == f"ascertain/{leaf_hash(first).hex()[:32]}"
    assert inquiry.key_file == inquiry.record.folder / "keys" / "signer.pem"
    assert inquiry.key_file.stat().st_mode & 0o777 == 0o600


def test_two_records_of_one_name_have_two_origins(tmp_path: Path) -> None:
    one, two = (ascertain.new(tmp_path / place / "inquiry") for place in ("a", "b"))
    assert one.signing_keys()[0].key.name != two.signing_keys()[0].key.name


def test_a_key_may_lie_elsewhere_and_the_record_remembers_where(tmp_path: Path) -> None:
    file = tmp_path / "stick" / "key.pem"
    inquiry = ascertain.new(tmp_path / "inquiry", signing_key=str(file))
    assert file.is_file()
    assert not (inquiry.record.folder / "keys").exists()
    again = ascertain.open(tmp_path / "inquiry")
    assert again.key_file == file
    assert again.checkpoint().entry == 2


def test_a_record_that_did_not_come_to_be_leaves_no_key(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    with pytest.raises(UsageError):
        ascertain.new(tmp_path / "inquiry", signing_key=str(file), reference="nowhere")
    assert not file.exists()
    file.write_bytes(b"something")
    with pytest.raises(UsageError, match="is there already"):
        ascertain.new(tmp_path / "inquiry", signing_key=str(file))
    assert file.read_bytes() == b"something"
    assert not (tmp_path / "inquiry").exists()


def test_an_older_record_without_a_key_opens_and_gets_one(old: Inquiry) -> None:
    assert old.signing_keys() == ()
    assert old.verify().problems == ()
    with pytest.raises(KeyUnusable, match="no key in use"):
        old.checkpoint()
    made = old.new_key()
    assert made.trusted
    assert old.checkpoint().size == 2
    assert old.verify().problems == ()


def test_an_encrypted_key_signs_with_its_passphrase_alone(tmp_path: Path) -> None:
    inquiry = ascertain.new(tmp_path / "inquiry", passphrase=b"secret")
    with pytest.raises(KeyUnusable, match="is encrypted"):
        inquiry.checkpoint()
    with pytest.raises(KeyUnusable, match="does not open"):
        inquiry.checkpoint(lambda: b"guess")
    assert inquiry.checkpoint(lambda: b"secret").size == 2
    assert kinds(inquiry) == ["record.created", "key.declared", "checkpoint.signed"]


def test_the_old_key_vouches_for_the_new_one_and_retires(inquiry: Inquiry) -> None:
    old = inquiry.signing_keys()[0].key
    before = inquiry.key_file.read_bytes()
    made = inquiry.rotate_key(reason="yearly change")
    assert kinds(inquiry)[2:] == ["key.declared", "checkpoint.signed", "key.retired"]
    declared, signed, retired = list(inquiry.log(2))
    assert declared.body == {"key": str(made.key), "replaces": old.key_id}
    assert verified_by(parse_note(signed.body["note"].encode()), [old]) == (old,)
    assert retired.body == {"key_id": old.key_id, "reason": "yearly change"}
    assert inquiry.key_file.read_bytes() != before
    assert [path.name for path in inquiry.key_file.parent.iterdir()] == ["signer.pem"]
    assert [(found.key, found.trusted) for found in inquiry.signing_keys()] == [(old, True), (made.key, True)]
    inquiry.checkpoint()
    found = inquiry.verify()
    assert (found.problems, found.notes, found.custody.signed) == ((), (), 5)
    assert inquiry.rotate_key().trusted


def test_a_new_key_gets_the_passphrase_of_the_old_one_or_another(tmp_path: Path) -> None:
    inquiry = ascertain.new(tmp_path / "inquiry", passphrase=b"secret")
    asked: list[int] = []

    def once() -> bytes:
        asked.append(1)
        return b"secret"

    assert inquiry.rotate_key(once).encrypted
    assert len(asked) == 1
    inquiry.rotate_key(lambda: b"secret", b"another")
    assert inquiry.checkpoint(lambda: b"another").size == 8


@pytest.mark.parametrize("committed", [False, True])
def test_a_change_of_keys_that_was_killed_leaves_a_key_that_signs(
    inquiry: Inquiry, monkeypatch: pytest.MonkeyPatch, committed: bool
) -> None:
    """Killed before its entries were committed, or after them and before the files changed places."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(keys_job, "_take_place" if committed else "append_checkpoint", killed)
        with pytest.raises(KeyboardInterrupt):
            inquiry.rotate_key()
    assert len(inquiry.signing_keys()) == (2 if committed else 1)
    assert inquiry.checkpoint().size == (5 if committed else 2)
    assert [path.name for path in inquiry.key_file.parent.iterdir()] == ["signer.pem"]
    assert inquiry.verify().problems == ()


def test_half_a_change_of_keys_that_is_left_on_the_disk_is_cleared_away(inquiry: Inquiry) -> None:
    left = inquiry.key_file.with_name("signer.pem.next")
    left.write_bytes(b"half a ke")
    inquiry.rotate_key()
    assert not left.exists()


def test_a_lost_key_is_replaced_and_verification_says_that_nobody_vouches(inquiry: Inquiry) -> None:
    old = inquiry.signing_keys()[0].key
    inquiry.key_file.unlink()
    with pytest.raises(KeyUnusable, match="cannot be read"):
        inquiry.checkpoint()
    made = inquiry.new_key(lost=old.key_id, reason="the disk broke")
    assert not made.trusted
    assert inquiry.checkpoint().size == 4
    found = inquiry.verify()
    assert found.problems == ()
    assert found.custody.signed == 0
    assert any(f"key {made.key.key_id}" in note and "vouches" in note for note in found.notes)
    with pytest.raises(UsageError, match="is not in use"):
        inquiry.new_key(lost=old.key_id)


def test_a_key_is_never_made_over_another(inquiry: Inquiry) -> None:
    before = inquiry.key_file.read_bytes()
    with pytest.raises(UsageError, match="is there already"):
        inquiry.new_key()
    assert inquiry.key_file.read_bytes() == before
    assert len(inquiry.signing_keys()) == 1


def test_a_second_keeper_has_a_key_of_their_own_for_which_the_first_vouches(inquiry: Inquiry, tmp_path: Path) -> None:
    second = ascertain.open(inquiry.record.folder, signing_key=str(tmp_path / "second.pem"))
    assert not second.new_key().trusted
    inquiry.checkpoint()
    assert [found.trusted for found in second.signing_keys()] == [True, True]
    preserve(second, tmp_path)
    assert second.checkpoint().size == 6
    assert second.verify().custody.signed == 6


def test_the_key_of_another_record_signs_nothing(inquiry: Inquiry, tmp_path: Path) -> None:
    other = ascertain.new(tmp_path / "other")
    mine = ascertain.open(inquiry.record.folder, signing_key=str(other.key_file))
    with pytest.raises(KeyUnusable, match="is not one of this record's keys"):
        mine.checkpoint()


def test_no_key_is_left_when_the_log_is_locked(inquiry: Inquiry, tmp_path: Path) -> None:
    file = tmp_path / "second.pem"
    second = ascertain.open(inquiry.record.folder, signing_key=str(file), lock_wait_seconds=0)
    with inquiry.record.writing("A. Analyst", NOW), pytest.raises(RecordLocked):
        second.new_key()
    assert not file.exists()


# Checkpoints


def test_a_checkpoint_is_signed_over_everything_before_it(inquiry: Inquiry, tmp_path: Path) -> None:
    preserve(inquiry, tmp_path)
    root = inquiry.record.head().root().hex()
    signed = inquiry.checkpoint()
    assert (signed.entry, signed.size, signed.root, signed.known) == (4, 4, root, False)
    assert verified_by(parse_note(signed.note.encode()), [inquiry.signing_keys()[0].key])
    assert inquiry.verify().custody.signed == 4


def test_a_log_that_did_not_change_is_not_signed_twice(inquiry: Inquiry, tmp_path: Path) -> None:
    first = inquiry.checkpoint()
    again = inquiry.checkpoint()
    assert again.known and again.note == first.note
    assert kinds(inquiry).count("checkpoint.signed") == 1
    preserve(inquiry, tmp_path)
    assert inquiry.checkpoint().size == 5


def test_a_checkpoint_kept_elsewhere_shows_a_record_that_was_put_back(inquiry: Inquiry, tmp_path: Path) -> None:
    database = inquiry.record.folder / DATABASE
    before = database.read_bytes()
    preserve(inquiry, tmp_path)
    kept = inquiry.checkpoint().note.encode()
    assert inquiry.verify(checkpoint=kept).problems == ()
    database.write_bytes(before)
    assert inquiry.verify().problems == ()
    assert inquiry.verify(checkpoint=kept).problems == (
        "the checkpoint that was given has 4 entries, this record only 2",
    )


def test_what_is_no_checkpoint_and_no_key_is_refused(inquiry: Inquiry) -> None:
    with pytest.raises(UsageError, match="is no checkpoint"):
        inquiry.verify(checkpoint=b"words")
    with pytest.raises(UsageError, match="is no verifier key"):
        inquiry.verify(keys=["words"])
    inquiry.checkpoint()
    assert inquiry.verify(keys=[f"{inquiry.signing_keys()[0].key}\n"]).problems == ()


# Timestamps


def test_an_authority_stamps_a_checkpoint(inquiry: Inquiry, authority: Any) -> None:
    configure(inquiry, (authority.url, authority.root.pem))
    signed = inquiry.checkpoint()
    done, failed = inquiry.timestamp([checkpoint_subject(signed)])
    assert failed == []
    assert (done[0].subject, done[0].authority) == ("2", authority.url)
    kept = list(inquiry.log())[-1].body
    assert kept["digest"] == hashlib.sha256(signed.note.encode()).hexdigest()
    assert hashlib.sha256(inquiry.record.objects.get(kept["token"])).hexdigest() == kept["token"]
    found = inquiry.verify()
    assert (found.problems, found.notes) == ((), ())
    assert (found.custody.timestamps, found.custody.stamped, found.custody.stamped_at) == (1, 2, done[0].time)
    assert inquiry.checkpoint().known  # a timestamp is no news to sign


def test_several_authorities_stamp_an_exhibit(inquiry: Inquiry, authority: Any, tmp_path: Path) -> None:
    configure(inquiry, (authority.url, authority.root.pem), (authority.url + "second", authority.root.pem))
    exhibit = preserve(inquiry, tmp_path)
    done, failed = inquiry.timestamp([exhibit[:16]])
    assert ([one.subject for one in done], failed) == ([exhibit, exhibit], [])
    assert [one.authority for one in done] == [authority.url, authority.url + "second"]
    found = inquiry.verify()
    assert (found.problems, found.custody.timestamps, found.custody.stamped_at) == ((), 2, "")


def test_an_authority_that_fails_is_named_and_the_others_are_kept(
    inquiry: Inquiry, authority: Any, serve: Any, tmp_path: Path
) -> None:
    def refuse(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        handler.send_error(503)

    configure(inquiry, (serve(refuse).url, authority.root.pem), (authority.url, authority.root.pem))
    done, failed = inquiry.timestamp([preserve(inquiry, tmp_path)])
    assert len(done) == 1
    assert "503" in failed[0].reason
    assert kinds(inquiry).count("timestamp.kept") == 1


def test_an_answer_to_another_question_is_not_kept(
    inquiry: Inquiry, authority: Any, serve: Any, tmp_path: Path
) -> None:
    """A server that gives everybody the answer to the first question that it was asked."""
    answers: list[bytes] = []

    def stale(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        answers.append(answers[0] if answers else authority.answer(body))
        handler.send_response(200)
        handler.send_header("Content-Type", "application/timestamp-reply")
        handler.send_header("Content-Length", str(len(answers[-1])))
        handler.end_headers()
        handler.wfile.write(answers[-1])

    configure(inquiry, (serve(stale).url, authority.root.pem))
    exhibit = preserve(inquiry, tmp_path)
    assert len(inquiry.timestamp([exhibit])[0]) == 1
    _, (failed,) = inquiry.timestamp([exhibit])
    assert "the response answers another request" in failed.reason
    _, (failed,) = inquiry.timestamp([preserve(inquiry, tmp_path, b"another report")])
    assert "another hash was stamped" in failed.reason
    assert kinds(inquiry).count("timestamp.kept") == 1


def test_an_answer_of_another_authority_is_not_kept(inquiry: Inquiry, authority: Any, tmp_path: Path) -> None:
    other = type(authority.root)("Another Root")
    configure(inquiry, (authority.url, other.pem))
    _, (failed,) = inquiry.timestamp([preserve(inquiry, tmp_path)])
    assert "its answer does not hold: no root certificate is given" in failed.reason
    assert "timestamp.kept" not in kinds(inquiry)


def test_nothing_is_asked_that_is_not_configured(inquiry: Inquiry, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no timestamp authority is configured"):
        inquiry.timestamp([preserve(inquiry, tmp_path)])


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ('[[authorities]]\nurl = "http://localhost/"', "is not complete"),
        ('[[authorities]]\nurl = "http://localhost/"\ncertificates = 5', "is not complete"),
        ('[[authorities]]\nurl = "http://localhost/"\ncertificates = "a.pem"\nkey = "b"', "is not complete"),
        ("authorities = 5", "is not complete"),
        ('[[authorities]]\nurl = "ftp://host/"\ncertificates = "authorities/a.pem"', "no address"),
        ('[[authorities]]\nurl = "http://u:p@host/"\ncertificates = "authorities/a.pem"', "holds a password"),
        ('[[authorities]]\nurl = "http://host/"\ncertificates = "a.pem"', "the certificates of http://host/ are in"),
        ('[[authorities]]\nurl = "http://host/"\ncertificates = "authorities/../a.pem"', "the certificates of"),
        ('[[authorities]]\nurl = "http://host/"\ncertificates = "authorities/none.pem"', "No such file"),
    ],
)
def test_an_authority_that_is_not_configured_well_is_refused_before_anything_is_sent(
    inquiry: Inquiry, tmp_path: Path, lines: str, reason: str
) -> None:
    exhibit = preserve(inquiry, tmp_path)
    with (inquiry.record.folder / CONFIGURATION).open("a") as file:
        file.write(f"\n{lines}\n")
    with pytest.raises(UsageError, match=reason):
        inquiry.timestamp([exhibit])


@pytest.mark.parametrize("name", ["", "abc", "g" * 64, "0" * 16, "0" * 64, "A" * 64, "%" * 16])
def test_an_exhibit_that_is_not_there_is_named(inquiry: Inquiry, authority: Any, name: str) -> None:
    configure(inquiry, (authority.url, authority.root.pem))
    with pytest.raises(UsageError, match="no exhibit"):
        inquiry.timestamp([name])


# Proofs


def included(proof: dict[str, Any]) -> bool:
    """As a stranger checks it, from the JSON alone."""
    proof = json.loads(json.dumps(proof))
    leaf = leaf_hash(proof["entry"].encode())
    path = [bytes.fromhex(line) for line in proof["path"]]
    return is_included(leaf, proof["index"], proof["size"], path, bytes.fromhex(proof["root"]))


def test_every_entry_is_proved_to_be_under_the_last_checkpoint(inquiry: Inquiry, tmp_path: Path) -> None:
    preserve(inquiry, tmp_path)
    signed = inquiry.checkpoint()
    for index in range(4):
        proof = inquiry.prove(str(index))
        assert included(proof)
        assert (proof["index"], proof["size"], proof["root"], proof["checkpoint"]) == (
            index,
            4,
            signed.root,
            signed.note,
        )
        assert proof["keys"] == [str(inquiry.signing_keys()[0].key)]
        assert json.loads(proof["entry"])["seq"] == index


def test_an_entry_after_the_last_checkpoint_is_proved_without_a_signature(inquiry: Inquiry) -> None:
    inquiry.checkpoint()
    proof = inquiry.prove("2")
    assert included(proof)
    assert (proof["size"], proof["checkpoint"]) == (3, None)


def test_an_exhibit_is_proved_by_the_entry_that_brought_it_in(inquiry: Inquiry, tmp_path: Path) -> None:
    exhibit = preserve(inquiry, tmp_path)
    proof = inquiry.prove(exhibit[:20])
    assert proof["index"] == 2
    assert json.loads(proof["entry"])["body"]["exhibit"] == exhibit


def test_a_record_is_proved_to_have_only_grown(inquiry: Inquiry, tmp_path: Path) -> None:
    preserve(inquiry, tmp_path)
    old = inquiry.checkpoint()
    preserve(inquiry, tmp_path, b"another report")
    new = inquiry.checkpoint()
    proof = inquiry.prove_growth(old.size)
    assert proof["from"] == {"size": old.size, "root": old.root}
    assert (proof["size"], proof["root"], proof["checkpoint"]) == (new.size, new.root, new.note)
    path = [bytes.fromhex(line) for line in proof["path"]]
    assert is_consistent(old.size, new.size, bytes.fromhex(old.root), bytes.fromhex(new.root), path)


@pytest.mark.parametrize("name", ["2", "99", "999999999999999"])
def test_what_is_not_in_the_log_is_not_proved(inquiry: Inquiry, name: str) -> None:
    with pytest.raises(UsageError, match="2 entries and no entry"):
        inquiry.prove(name)


@pytest.mark.parametrize("size", [-1, 0, 3, 2**70])
def test_a_size_that_the_record_never_had_is_not_proved(inquiry: Inquiry, size: int) -> None:
    with pytest.raises(UsageError, match="can begin at 1 to 2"):
        inquiry.prove_growth(size)


def test_a_damaged_entry_is_not_proved(inquiry: Inquiry, tmp_path: Path) -> None:
    with sqlite3.connect(inquiry.record.folder / DATABASE) as connection:
        connection.execute("DROP TRIGGER log_never_update")
        connection.execute("UPDATE log SET entry = CAST('{}' AS BLOB) WHERE seq = 0")
    with pytest.raises(RecordDamaged, match="entry 0 is not what was logged"):
        inquiry.prove("0")
