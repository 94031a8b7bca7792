from __future__ import annotations

import base64
import re

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ascertain.record.custody.note import (
    BadNote,
    Note,
    Signature,
    Signer,
    VerifierKey,
    parse_note,
    parse_verifier_key,
    sign_note,
    verified_by,
)

# The example of https://pkg.go.dev/golang.org/x/mod/sumdb/note: the same format, made by another program.
PEOPLE_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PEOPLE_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ANNA = Signer("anna", Ed25519PrivateKey.from_private_bytes(bytes([1] * 32)))
BASIM = Signer("basim", Ed25519PrivateKey.from_private_bytes(bytes([2] * 32)))
TEXT = "first line\nsecond line\n"
SIGNED = sign_note(TEXT, [ANNA]).as_text()
LINE = SIGNED.splitlines()[-1]
SIGNATURE = LINE.split(" ")[2]

plain = st.text(st.characters(blacklist_categories=("Cc", "Cs")), max_size=30)


def verify(text: str, *signers: Signer) -> list[str]:
    return [key.name for key in verified_by(parse_note(text.encode()), [s.verifier for s in signers])]


def test_a_note_of_another_program_is_read_and_verified() -> None:
    note = parse_note(PEOPLE_NOTE.encode())
    key = parse_verifier_key(PEOPLE_KEY)
    assert verified_by(note, [key]) == (key,)
    assert note.as_text() == PEOPLE_NOTE
    assert str(key) == PEOPLE_KEY


def test_what_is_signed_verifies() -> None:
    assert verify(SIGNED, ANNA) == ["anna"]
    assert verify(sign_note(TEXT, [ANNA, BASIM]).as_text(), ANNA, BASIM) == ["anna", "basim"]


@given(st.lists(plain, min_size=1, max_size=5))
def test_any_text_of_lines_is_signed_and_read_again(lines: list[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    note = parse_note(sign_note(text, [ANNA, BASIM]).as_text().encode())
    assert note.text == text
    assert [key.name for key in verified_by(note, [BASIM.verifier])] == ["basim"]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        note = parse_note(data)
    except BadNote:
        return
    assert note.as_text().encode() == data


@given(st.text(st.sampled_from("— \nab+=AAA\t\x85\u2028é"), max_size=60))
def test_any_text_that_looks_like_a_note_is_read_or_refused(tail: str) -> None:
    data = f"text\n\n— a {SIGNATURE}\n{tail}".encode()
    try:
        note = parse_note(data)
    except BadNote:
        return
    assert note.as_text().encode() == data


@given(st.data())
def test_no_changed_bit_of_a_note_still_verifies(data: st.DataObject) -> None:
    changed = bytearray(SIGNED.encode())
    bit = data.draw(st.integers(0, len(changed) * 8 - 1))
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(BadNote):
        verified_by(parse_note(bytes(changed)), [ANNA.verifier])


@given(st.integers(0, len(SIGNED.encode()) - 1))
def test_no_beginning_of_a_note_is_a_note(length: int) -> None:
    with pytest.raises(BadNote):
        parse_note(SIGNED.encode()[:length])


@pytest.mark.parametrize(
    ("note", "reason"),
    [
        (b"", "signature lines"),
        (b"\n\n", "signature lines"),
        (TEXT.encode(), "signature lines"),
        (TEXT.encode() + b"\n", "signature lines"),
        (SIGNED.encode()[:-1], "line end"),
        (SIGNED.encode() + b"\n", "signature lines"),
        (SIGNED.encode() + b"more\n", "signature line"),
        (SIGNED.replace("\n", "\r\n").encode(), "blank line"),
        (SIGNED.replace("first", "fir\tst").encode(), "control character"),
        (SIGNED.replace("first", "fir\0st").encode(), "control character"),
        (SIGNED.replace("first", "fir\rst").encode(), "control character"),
        (SIGNED.replace("— anna", "- anna").encode(), "a dash"),
        (SIGNED.replace("— anna", "—anna").encode(), "a dash"),
        (SIGNED.replace("— anna ", "—  ").encode(), "name"),
        (SIGNED.replace("— anna", "— an+na").encode(), "name"),
        (SIGNED.replace("— anna", "— an\u2003na").encode(), "name"),
        (SIGNED.replace("— anna", "— an\u0085na").encode(), "name"),
        (SIGNED.replace("— anna", "— an\x1fna").encode(), "name"),
        (SIGNED.replace("— anna", "— anna ").encode(), "base64"),
        (f"{TEXT}\n— anna\n".encode(), "a dash"),
        (f"{TEXT}\n— anna \n".encode(), "four bytes"),
        (f"{TEXT}\n— anna AAAAAA==\n".encode(), "four bytes"),
        (f"{TEXT}\n— anna {SIGNATURE} more\n".encode(), "base64"),
        (f"{TEXT}\n— anna {SIGNATURE[:-1]}\n".encode(), "base64"),
        (f"{TEXT}\n— anna é{SIGNATURE}\n".encode(), "base64"),
        (SIGNED.encode("utf-16"), "UTF-8"),
        (b"\xff" + SIGNED.encode(), "UTF-8"),
        (b"\xed\xa0\x80" + SIGNED.encode(), "UTF-8"),
        (b"\xc0\x8a" + SIGNED.encode(), "UTF-8"),
        (b"a" * 1_000_001, "at most 1,000,000 bytes"),
        ((TEXT + "\n" + (LINE + "\n") * 101).encode(), "at most 100 signatures"),
    ],
)
def test_what_the_specification_forbids_is_refused(note: bytes, reason: str) -> None:
    with pytest.raises(BadNote, match=re.escape(reason)):
        parse_note(note)


def test_a_hundred_signatures_are_read() -> None:
    assert len(parse_note((TEXT + "\n" + (LINE + "\n") * 100).encode()).signatures) == 100


def test_the_last_blank_line_parts_text_and_signatures() -> None:
    inner = f"a\n\n{LINE}\n\nb\n"
    note = parse_note(sign_note(inner, [ANNA]).as_text().encode())
    assert note.text == inner
    assert len(note.signatures) == 1


def test_a_signature_of_an_unknown_key_is_ignored() -> None:
    both = sign_note(TEXT, [ANNA, BASIM]).as_text()
    assert verify(both, BASIM) == ["basim"]
    stranger = Signature("anna", "00000000", b"whatever")
    note = Note(TEXT, (stranger, *parse_note(SIGNED.encode()).signatures))
    assert verified_by(note, [ANNA.verifier]) == (ANNA.verifier,)


def test_a_note_that_no_known_key_has_signed_is_refused() -> None:
    with pytest.raises(BadNote, match="no known key"):
        verify(SIGNED, BASIM)
    with pytest.raises(BadNote, match="no known key"):
        verify(SIGNED)


def test_one_bad_signature_of_a_known_key_spoils_the_note() -> None:
    forged = Signature("basim", BASIM.verifier.key_id, bytes(64))
    note = Note(TEXT, (*parse_note(SIGNED.encode()).signatures, forged))
    assert verified_by(note, [ANNA.verifier])
    with pytest.raises(BadNote, match="does not hold"):
        verified_by(note, [ANNA.verifier, BASIM.verifier])


def test_a_key_that_signs_twice_counts_once() -> None:
    assert verify(sign_note(TEXT, [ANNA, ANNA]).as_text(), ANNA) == ["anna"]


def test_the_same_key_under_another_name_has_another_id() -> None:
    renamed = VerifierKey("other", ANNA.verifier.public)
    assert renamed.key_id != ANNA.verifier.key_id
    with pytest.raises(BadNote, match="no known key"):
        verified_by(parse_note(SIGNED.encode()), [renamed])


@pytest.mark.parametrize("text", ["", "no line end", "a\tb\n", "a\r\n", "\x1b[31mred\n"])
def test_a_text_that_no_note_can_hold_is_not_signed(text: str) -> None:
    with pytest.raises(BadNote):
        sign_note(text, [ANNA])


def key_line(name: str, data: bytes, key_id: str = "00000000") -> str:
    return f"{name}+{key_id}+{base64.b64encode(data).decode()}"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "name+id+base64"),
        ("anna", "name+id+base64"),
        ("anna+00000000", "name+id+base64"),
        (key_line("", b"\x01" + bytes(32)), "name+id+base64"),
        (key_line("an na", b"\x01" + ANNA.verifier.public), "name"),
        (key_line("anna", b"\x01" + ANNA.verifier.public), f"id is {ANNA.verifier.key_id}"),
        (key_line("anna", b"\x01" + ANNA.verifier.public, ANNA.verifier.key_id.upper()), "name+id+base64"),
        (key_line("anna", b"\x01" + ANNA.verifier.public, "0" + ANNA.verifier.key_id), "name+id+base64"),
        (key_line("anna", b"\x04" + ANNA.verifier.public), "not an Ed25519 key"),
        (key_line("anna", b"\x01" + ANNA.verifier.public[:-1]), "not an Ed25519 key"),
        (key_line("anna", b"\x01" + ANNA.verifier.public + b"a"), "not an Ed25519 key"),
        (key_line("anna", b""), "name+id+base64"),
        (key_line("anna", b"\x01" + bytes(32)), "prime order"),
        (key_line("anna", b"\x01\x01" + bytes(31)), "prime order"),
        (f"{ANNA.verifier}\n", "base64"),
        (f" {ANNA.verifier}", "name"),
        (str(ANNA.verifier)[:-1], "base64"),
    ],
)
def test_a_line_that_is_no_key_is_refused(line: str, reason: str) -> None:
    with pytest.raises(BadNote, match=re.escape(reason)):
        parse_verifier_key(line)


@given(st.text(max_size=120))
def test_any_line_is_a_key_or_refused(line: str) -> None:
    try:
        key = parse_verifier_key(line)
    except BadNote:
        return
    assert str(key) == line


@given(st.binary(min_size=32, max_size=32), st.text(st.characters(categories=("L", "N")), min_size=1, max_size=20))
def test_any_key_is_written_and_read_again(seed: bytes, name: str) -> None:
    key = Signer(name, Ed25519PrivateKey.from_private_bytes(seed)).verifier
    assert parse_verifier_key(str(key)) == key
