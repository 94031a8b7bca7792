"""docs/record-format.md: its worked example recomputed, its lists compared with the code."""

import base64
import json
import re
import shutil
import subprocess
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import inspect

import ascertain
from ascertain.record import tables
from ascertain.record.custody.certificates import read_certificates
from ascertain.record.custody.check import stamp_time
from ascertain.record.custody.checkpoint import Checkpoint, origin_of, parse_checkpoint
from ascertain.record.custody.note import parse_note, parse_verifier_key, verified_by
from ascertain.record.custody.timestamps import BadTimestamp, UnknownAuthority, verify_timestamp
from ascertain.record.entries import BODIES, Entry, TimestampKept
from ascertain.record.home.sqlite import append_only_triggers
from ascertain.record.merkle import EMPTY_ROOT, frontier_of, leaf_hash
from ascertain.record.proofs import prove_consistency, prove_inclusion

PAGE = (Path(__file__).parents[2] / "docs" / "record-format.md").read_text("utf-8")
LINES = [found.encode() for found in re.findall(r"<!-- entry \d -->\n```\n(.*?)\n```", PAGE)]
HASHES = re.findall(r"`([0-9a-f]{64})` \|", PAGE)
NOTE = re.search(r"<!-- note -->\n```\n(.*?)```", PAGE, re.DOTALL)[1].encode()
STAMP = re.search(r"<!-- timestamp -->\n```\n(.*?)\n```", PAGE)[1]
RESPONSE, AUTHORITY = (
    Path(__file__).parents[2] / "docs/examples/custody" / n for n in ("checkpoint.tsr", "authority.pem")
)
LEAF_0, LEAF_1, FIRST_TWO, LEAF_2, FIRST_THREE, LEAF_3, ALL_FOUR, EMPTY = map(bytes.fromhex, HASHES)


def node(left, right):
    return sha256(b"\x01" + left + right).digest()


def test_the_worked_example_by_the_words_of_the_page_alone():
    leaves = [sha256(b"\x00" + line).digest() for line in LINES]
    assert leaves == [LEAF_0, LEAF_1, LEAF_2, LEAF_3]
    assert node(LEAF_0, LEAF_1) == FIRST_TWO
    assert node(FIRST_TWO, LEAF_2) == FIRST_THREE
    assert node(FIRST_TWO, node(LEAF_2, LEAF_3)) == ALL_FOUR
    assert sha256(b"").digest() == EMPTY
    assert "{}, {}, {} and {} bytes".format(*map(len, LINES)) in PAGE
    assert json.loads(LINES[1])["body"]["exhibit"] == sha256(b"abc").hexdigest()


def test_the_worked_note_by_the_words_of_the_page_alone():
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(re.search(r"7\.1: `([0-9a-f]{64})`", PAGE)[1]))
    public = private.public_key().public_bytes_raw()
    origin = "ascertain/" + LEAF_0.hex()[:32]
    key_id = sha256(f"{origin}\n\x01".encode() + public).digest()[:4]
    text = f"{origin}\n3\n{base64.b64encode(FIRST_THREE).decode()}\n"
    signature = base64.b64encode(key_id + private.sign(text.encode())).decode()
    assert f"{text}\n— {origin} {signature}\n".encode() == NOTE
    declared, signed = (json.loads(line)["body"] for line in LINES[2:])
    encoded = base64.b64encode(b"\x01" + public).decode()
    assert declared["key"] == f"{origin}+{key_id.hex()}+{encoded}"
    assert signed == {"note": NOTE.decode(), "root": FIRST_THREE.hex(), "size": 3}
    assert f"Its id here is `{key_id.hex()}`" in PAGE
    assert f"has {len(NOTE)} bytes and the SHA-256 `{sha256(NOTE).hexdigest()}`" in PAGE


def test_the_worked_proofs_by_the_words_of_the_page_alone():
    assert node(node(LEAF_0, LEAF_1), LEAF_2) == FIRST_THREE  # entry 1 in three: leaf 0, leaf 2
    assert node(FIRST_TWO, LEAF_2) == FIRST_THREE  # two to three: leaf 2
    assert node(FIRST_TWO, LEAF_2) == FIRST_THREE and node(FIRST_TWO, node(LEAF_2, LEAF_3)) == ALL_FOUR  # three to four


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_the_worked_timestamp_by_another_program():
    said = json.loads(STAMP)
    assert said["digest"] == sha256(NOTE).hexdigest()
    assert said["token"] == sha256(RESPONSE.read_bytes()).hexdigest()
    command = ["openssl", "ts", "-verify", "-digest", said["digest"], "-in", RESPONSE, "-CAfile", AUTHORITY]
    assert b"Verification: OK" in subprocess.run(command, check=True, capture_output=True).stdout
    shown = subprocess.run(
        ["openssl", "ts", "-reply", "-in", RESPONSE, "-text"], check=True, capture_output=True
    ).stdout
    time = re.search(rb"Time stamp: (.*) GMT", shown)[1].decode()
    assert datetime.strptime(time, "%b %d %H:%M:%S %Y").isoformat() + ".000000Z" == said["time"]
    root = base64.b64decode("".join(AUTHORITY.read_text().splitlines()[1:-1]))
    assert f"`{sha256(root).hexdigest()}`). An entry" in PAGE


def test_the_worked_timestamp_by_the_code():
    said = TimestampKept.model_validate_json(STAMP)
    root, response = read_certificates(AUTHORITY), RESPONSE.read_bytes()
    assert stamp_time(verify_timestamp(response, bytes.fromhex(said.digest), root).time) == said.time
    for wrong in (response[:-1] + bytes([response[-1] ^ 1]), response + b"a"):
        with pytest.raises(BadTimestamp):
            verify_timestamp(wrong, bytes.fromhex(said.digest), root)
    with pytest.raises(BadTimestamp):
        verify_timestamp(response, bytes(32), root)
    with pytest.raises(UnknownAuthority):
        verify_timestamp(response, bytes.fromhex(said.digest), [])


def test_the_worked_example_by_the_code():
    leaves = [leaf_hash(line) for line in LINES]
    assert leaves == [LEAF_0, LEAF_1, LEAF_2, LEAF_3]
    assert [frontier_of(leaves[:size]).root() for size in (2, 3, 4)] == [FIRST_TWO, FIRST_THREE, ALL_FOUR]
    assert EMPTY_ROOT == EMPTY
    for line in LINES:
        entry = Entry.model_validate_json(line)
        assert entry.canonical() == line


def test_the_worked_note_by_the_code():
    declared, signed = (json.loads(line)["body"] for line in LINES[2:])
    note = parse_note(signed["note"].encode())
    assert note.as_text().encode() == NOTE
    assert verified_by(note, [parse_verifier_key(declared["key"])])[0].key_id == "41f577dd"
    assert parse_checkpoint(note.text) == Checkpoint(origin_of(LEAF_0), 3, FIRST_THREE)


def test_the_worked_proofs_by_the_code():
    leaves = [LEAF_0, LEAF_1, LEAF_2, LEAF_3]
    assert prove_inclusion(leaves, 1, 3) == (LEAF_0, LEAF_2)
    assert prove_consistency(leaves, 2, 3) == (LEAF_2,)
    assert prove_consistency(leaves, 3, 4) == (LEAF_2, LEAF_3, FIRST_TWO)


@pytest.mark.parametrize("kind", BODIES)
def test_every_kind_is_described_with_all_its_fields(kind):
    line = next(line for line in PAGE.splitlines() if line.startswith(f"| `{kind}` | `"))
    cell = re.sub(r"\([^)]*\)", "", line.split(" | ")[1])
    fields = re.findall(r"`(\w+)`", cell)
    assert fields == list(BODIES[kind].model_fields)


def test_tables_columns_and_triggers_are_those_of_a_record(tmp_path):
    inquiry = ascertain.new(tmp_path / "record")
    with inquiry.record.reading() as connection:
        found = {name: [c["name"] for c in inspect(connection).get_columns(name)] for name in ("log", "heads")}
        names = inspect(connection).get_table_names()
    for column in (*found["log"], *found["heads"]):
        assert f"`{column}`" in PAGE
    assert set(names) == {"log", "heads", "fingerprints", *(table.name for table in tables.DERIVED)}
    for name in append_only_triggers():
        assert f"`{name}`" in PAGE
