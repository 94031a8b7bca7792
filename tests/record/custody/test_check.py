"""What verification says of keys, checkpoints and timestamps: entries that a writer of ours would never make."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ascertain.preserve.timestamp_authority import write_request
from ascertain.progress import Silent
from ascertain.record.custody.check import stamp_time
from ascertain.record.custody.checkpoint import Checkpoint
from ascertain.record.custody.note import BadNote, Note, Signature, Signer, sign_note
from ascertain.record.custody.timestamps import verify_timestamp
from ascertain.record.entries import CheckpointSigned, ExhibitPreserved, KeyDeclared, KeyRetired, TimestampKept
from ascertain.record.store import Record, Writer
from ascertain.record.verify import Verification, verify

ABC = hashlib.sha256(b"abc").hexdigest()
Say = Callable[..., int]


def signer(record: Record, number: int) -> Signer:
    with record.writing("A. Analyst", START) as writer:
        origin = writer.key_ring().origin
    return Signer(origin, Ed25519PrivateKey.from_private_bytes(bytes([number] * 32)))


@pytest.fixture(autouse=True)
def _start(making: Any) -> None:
    global START
    START = making.start


@pytest.fixture
def anna(record: Record) -> Signer:
    """A key of the record, declared in entry 1."""
    found = signer(record, 1)
    declare(record, found)
    return found


@pytest.fixture
def basim(record: Record) -> Signer:
    """A key that the record does not know yet."""
    return signer(record, 2)


def say(record: Record, *bodies: Any) -> int:
    with record.writing("A. Analyst", START) as writer:
        return [writer.append(body) for body in bodies][-1]


def declare(record: Record, found: Signer, replaces: str = "") -> int:
    return say(record, KeyDeclared(key=str(found.verifier), replaces=replaces))


def signed(writer: Writer, *signers: Signer, **changed: Any) -> CheckpointSigned:
    """What a checkpoint here would say; `changed` are its origin, size or root."""
    said = {"origin": signers[0].name, "size": writer.tree.size, "root": writer.tree.root(), **changed}
    note = sign_note(Checkpoint(**said).as_text(), signers).as_text()
    return CheckpointSigned(size=said["size"], root=said["root"].hex(), note=note)


def checkpoint(record: Record, *signers: Signer, **changed: Any) -> int:
    with record.writing("A. Analyst", START) as writer:
        return writer.append(signed(writer, *signers, **changed))


def look(record: Record, **given: Any) -> Verification:
    return verify(record, Silent(), **given)


def note_of(record: Record, seq: int) -> bytes:
    return str(next(record.entries(seq)).body["note"]).encode()


# Keys


def test_a_record_without_a_key_verifies_and_is_not_signed(record: Record) -> None:
    found = look(record)
    assert (found.problems, found.notes) == ((), ())
    assert (found.custody.keys, found.custody.signed) == ((), 0)


def test_a_record_with_a_key_and_a_checkpoint(record: Record, anna: Signer) -> None:
    assert checkpoint(record, anna) == 2
    found = look(record)
    assert (found.problems, found.notes) == ((), ())
    assert found.custody.keys == (str(anna.verifier),)
    assert found.custody.origin == anna.name
    assert (found.custody.checkpoints, found.custody.signed, found.entries) == (1, 2, 3)


def test_a_key_that_nobody_vouches_for_is_reported_and_signs_nothing_that_counts(
    record: Record, anna: Signer, basim: Signer
) -> None:
    checkpoint(record, anna)
    declare(record, basim)
    checkpoint(record, basim)
    found = look(record)
    assert found.problems == ()
    assert found.custody.signed == 2
    (note,) = found.notes
    assert note.startswith(f"key {basim.verifier.key_id} (entry 3) was declared and no key before it vouches for it")
    checkpoint(record, anna)
    found = look(record)
    assert (found.notes, found.custody.signed) == ((), 5)


def test_entries_about_keys_that_do_not_fit_are_named(record: Record, anna: Signer) -> None:
    other = Signer("ascertain/another", anna.private)
    say(record, KeyDeclared(key="nonsense"), KeyDeclared(key=str(other.verifier)), KeyRetired(key_id="x", reason=""))
    assert [problem[:9] for problem in look(record).problems] == ["entry 2 d", "entry 3 d", "entry 4 r"]


# Checkpoints


def test_a_checkpoint_by_a_retired_key_does_not_hold(record: Record, anna: Signer) -> None:
    say(record, KeyRetired(key_id=anna.verifier.key_id, reason="stolen"))
    checkpoint(record, anna)
    assert look(record).problems == ("entry 3: the checkpoint does not hold: no known key has signed the note",)


def test_a_checkpoint_by_a_stranger_does_not_hold(record: Record, anna: Signer, basim: Signer) -> None:
    checkpoint(record, basim)
    assert look(record).problems == ("entry 2: the checkpoint does not hold: no known key has signed the note",)


def test_a_checkpoint_by_a_key_that_is_declared_later_does_not_hold(
    record: Record, anna: Signer, basim: Signer
) -> None:
    checkpoint(record, basim)
    declare(record, basim)
    assert look(record).problems[0].startswith("entry 2: the checkpoint does not hold")


def test_one_forged_signature_beside_a_good_one_spoils_the_checkpoint(
    record: Record, anna: Signer, basim: Signer
) -> None:
    declare(record, basim)
    with record.writing("A. Analyst", START) as writer:
        good = signed(writer, anna)
        forged = Signature(basim.name, basim.verifier.key_id, bytes(64))
        note = good.note + Note("", (forged,)).as_text()[1:]
        writer.append(good.model_copy(update={"note": note}))
    assert look(record).problems == (
        f"entry 3: the checkpoint does not hold: the signature of key {basim.verifier.key_id} does not hold",
    )


def test_a_witness_may_sign_beside_the_keeper(record: Record, anna: Signer) -> None:
    witness = Signer("witness.example", Ed25519PrivateKey.generate())
    checkpoint(record, anna, witness)
    assert look(record).problems == ()


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"origin": "ascertain/another"}, "the checkpoint is of another log: ascertain/another"),
        ({"size": 1}, "the signed root is not that of the 2 entries before it"),
        ({"size": 3}, "the signed root is not that of the 2 entries before it"),
        ({"root": bytes(32)}, "the signed root is not that of the 2 entries before it"),
    ],
)
def test_a_checkpoint_that_says_something_else_is_named(
    record: Record, anna: Signer, changed: dict[str, Any], reason: str
) -> None:
    checkpoint(record, anna, **changed)
    assert look(record).problems == (f"entry 2: {reason}",)


@pytest.mark.parametrize("changed", [{"size": 7}, {"root": ABC}])
def test_a_note_that_says_something_else_than_its_entry_is_named(
    record: Record, anna: Signer, changed: dict[str, Any]
) -> None:
    with record.writing("A. Analyst", START) as writer:
        writer.append(signed(writer, anna).model_copy(update=changed))
    assert look(record).problems == ("entry 2: the checkpoint's note says another size or root than the entry",)


@pytest.mark.parametrize("note", ["", "words", "a\n1\n\n— b AAAA\n", "\n\n", "a" * 1_000_001])
def test_what_is_no_note_is_named(record: Record, anna: Signer, note: str) -> None:
    say(record, CheckpointSigned(size=2, root=ABC, note=note))
    (problem,) = look(record).problems
    assert problem.startswith("entry 2: the checkpoint does not hold")


# From elsewhere


def test_a_record_extends_a_checkpoint_that_was_kept_elsewhere(
    record: Record, anna: Signer, state: Say, making: Any
) -> None:
    kept = note_of(record, checkpoint(record, anna))
    assert look(record, kept=kept).problems == ()
    state(making.place("a"), making.place("b"))
    checkpoint(record, anna)
    assert look(record, kept=kept).problems == ()
    assert look(record, kept=note_of(record, 5)).problems == ()


def test_a_record_that_was_put_back_does_not_extend_it(record: Record, anna: Signer) -> None:
    with record.writing("A. Analyst", START) as writer:
        longer = sign_note(Checkpoint(anna.name, 900, writer.tree.root()).as_text(), [anna]).as_text()
    assert look(record, kept=longer.encode()).problems == (
        "the checkpoint that was given has 900 entries, this record only 2",
    )


def test_a_record_that_was_rewritten_does_not_extend_it(record: Record, anna: Signer, state: Say, making: Any) -> None:
    """The same first entry and the same key, other entries after it: as a thief of the key would rewrite it."""
    state(making.place("a"))
    other = sign_note(Checkpoint(anna.name, 3, bytes(32)).as_text(), [anna]).as_text()
    assert look(record).problems == ()
    assert look(record, kept=other.encode()).problems == (
        "the first 3 entries are not those of the checkpoint that was given",
    )


def test_a_record_does_not_extend_the_checkpoint_of_another(record: Record, anna: Signer) -> None:
    other = Signer("ascertain/another", anna.private)
    kept = sign_note(Checkpoint(other.name, 2, record.head().root()).as_text(), [other]).as_text()
    (problem,) = look(record, kept=kept.encode()).problems
    assert problem.startswith("the checkpoint that was given is of another log: ascertain/another")


def test_a_checkpoint_from_elsewhere_has_to_be_signed(record: Record, anna: Signer, basim: Signer) -> None:
    kept = sign_note(Checkpoint(anna.name, 2, record.head().root()).as_text(), [basim]).as_text()
    assert look(record, kept=kept.encode()).problems == (
        "the checkpoint that was given does not hold: no known key has signed the note",
    )
    with pytest.raises(BadNote):
        look(record, kept=b"words")


def test_a_key_that_was_given_decides_how_much_is_signed(record: Record, anna: Signer, basim: Signer) -> None:
    checkpoint(record, anna)
    declare(record, basim)
    checkpoint(record, basim)
    assert look(record, given=[anna.verifier]).custody.signed == 2
    assert look(record, given=[basim.verifier]).custody.signed == 4
    assert look(record, given=[basim.verifier]).problems == ()


def test_a_log_that_was_rewritten_with_another_key_fails_by_the_key_that_was_given(
    record: Record, anna: Signer, basim: Signer
) -> None:
    """All hashes are right and all checkpoints hold, by a key that the one who rewrote it has made."""
    checkpoint(record, anna)
    assert look(record).problems == ()
    assert look(record, given=[basim.verifier]).problems == (
        "no checkpoint of this record holds by the key that was given",
    )
    declare(record, basim)  # its public half is no secret
    assert look(record, given=[basim.verifier]).problems != ()


# Timestamps


@pytest.fixture
def stamped(record: Record, anna: Signer, authority: Any) -> Callable[..., TimestampKept]:
    """Has the checkpoint of entry 2 stamped; gives what the entry would say, with its token kept."""
    checkpoint(record, anna)
    folder = record.folder / "authorities"
    folder.mkdir()
    (folder / "local.pem").write_bytes(authority.root.pem)
    digest = hashlib.sha256(note_of(record, 2)).digest()
    response = authority.answer(write_request(digest, 1 << 62))
    time = verify_timestamp(response, digest, [authority.root.certificate]).time

    def make(**changed: Any) -> TimestampKept:
        with record.writing("A. Analyst", START) as writer:
            token = writer.put(response)
        said = {"subject_kind": "checkpoint", "subject": "2", "digest": digest.hex(), "authority": authority.url}
        return TimestampKept(**{**said, "time": stamp_time(time), "token": token, **changed})

    return make


def test_a_timestamp_holds_and_its_root_is_named(record: Record, stamped: Any) -> None:
    kept = stamped()
    say(record, kept)
    found = look(record)
    assert (found.problems, found.notes) == ((), ())
    custody = found.custody
    assert (custody.timestamps, custody.unchecked, custody.stamped, custody.stamped_at) == (1, 0, 2, kept.time)
    assert len(custody.roots) == 1 and len(custody.roots[0]) == 64


def test_without_the_authoritys_certificate_it_is_no_pass(record: Record, stamped: Any) -> None:
    say(record, stamped())
    (record.folder / "authorities" / "local.pem").unlink()
    found = look(record)
    assert found.problems == ()
    assert (found.custody.timestamps, found.custody.unchecked, found.custody.stamped) == (0, 1, 0)
    (note,) = found.notes
    assert "the timestamp of entry 3" in note and "was NOT checked" in note


def test_a_file_of_certificates_that_cannot_be_read_is_reported(record: Record, stamped: Any) -> None:
    say(record, stamped())
    (record.folder / "authorities" / "broken.pem").write_bytes(b"-----BEGIN CERTIFICATE-----\nAAAA\n")
    found = look(record)
    assert found.custody.timestamps == 1
    assert found.notes == (
        "authorities/broken.pem cannot be read: it holds no certificates in PEM, or one that is damaged",
    )


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"subject": "1"}, "no earlier entry '1' is a checkpoint"),
        ({"subject": "3"}, "no earlier entry '3' is a checkpoint"),
        ({"subject": "02"}, "no earlier entry '02' is a checkpoint"),
        ({"subject": "٢"}, "no earlier entry '٢' is a checkpoint"),
        ({"subject": "9" * 400}, f"no earlier entry '{'9' * 20}' is a checkpoint"),
        ({"digest": ABC}, "the stamped digest is not that of the checkpoint's note"),
        ({"subject_kind": "exhibit"}, "the stamped digest is not the exhibit's id"),
        ({"time": "2020-01-01T00:00:00.000000Z"}, "not of 2020-01-01T00:00:00.000000Z"),
    ],
)
def test_a_timestamp_of_something_else_is_named(record: Record, stamped: Any, changed: Any, reason: str) -> None:
    say(record, stamped(**changed))
    (problem,) = look(record).problems[:1]
    assert problem.startswith("entry 3: ") and problem.endswith(reason)
    assert look(record).custody.timestamps == 0


def test_a_timestamp_of_an_exhibit_needs_the_exhibit_in_an_earlier_entry(
    record: Record, stamped: Any, authority: Any
) -> None:
    response = authority.answer(write_request(bytes.fromhex(ABC), 1 << 62))
    time = verify_timestamp(response, bytes.fromhex(ABC), [authority.root.certificate]).time
    with record.writing("A. Analyst", START) as writer:
        token, exhibit = writer.put(response), writer.put(b"abc")
    said = TimestampKept(
        subject_kind="exhibit", subject=exhibit, digest=exhibit, authority="a", time=stamp_time(time), token=token
    )
    say(record, said)
    assert look(record).problems == (f"entry 3: no earlier entry holds the exhibit {ABC}",)
    say(record, ExhibitPreserved(exhibit=exhibit, size=3, media_type="text/plain"))
    assert look(record).problems == (f"entry 3: no earlier entry holds the exhibit {ABC}",)
    say(record, said)
    assert [problem for problem in look(record).problems if problem.startswith("entry 5")] == []


def test_a_token_that_is_something_else_is_named(record: Record, stamped: Any) -> None:
    with record.writing("A. Analyst", START) as writer:
        other = writer.put(b"no token")
    say(record, stamped(token=other))
    assert look(record).problems == ("entry 3: the timestamp does not hold: it is no RFC 3161 response",)


def test_any_change_of_a_token_is_named_by_its_hash(record: Record, stamped: Any, making: Any) -> None:
    """Also the few bits that no signature covers."""
    kept = stamped()
    say(record, kept)
    token = record.objects.get(kept.token)
    for at in (34, len(token) // 2, len(token) - 1):
        making.home.alter_object(record, kept.token, token[:at] + bytes([token[at] ^ 1]) + token[at + 1 :])
        assert any(
            problem.startswith(f"object {kept.token} (entry 3) has been altered") for problem in look(record).problems
        )
    making.home.lose_objects(record)
    assert f"object {kept.token} (entry 3) is missing" in look(record).problems
