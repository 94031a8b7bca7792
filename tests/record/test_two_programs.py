"""The package and the stand-alone verifier share no code: on damaged notes, keys and proofs they say the same."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ascertain.record.custody.checkpoint import Checkpoint, parse_checkpoint
from ascertain.record.custody.ed25519 import is_valid
from ascertain.record.custody.note import BadNote, Signer, parse_note, parse_verifier_key, sign_note
from ascertain.record.merkle import frontier_of, leaf_hash
from ascertain.record.proofs import is_consistent, is_included, prove_consistency, prove_inclusion

FILE = Path(__file__).parents[2] / "src/ascertain/publish/verifier/verify_bundle.py"
SIGNER = Signer("ascertain/00", Ed25519PrivateKey.from_private_bytes(bytes(32)))
NOTE = sign_note(Checkpoint("ascertain/00", 7, bytes(range(32))).as_text(), [SIGNER]).as_text().encode()
LEAVES = [leaf_hash(bytes([number])) for number in range(40)]
ROOTS = [frontier_of(LEAVES[:size]).root() for size in range(41)]
PIECES = [b"\n", b"\n\n", b" ", b"\t", "— ".encode(), b"+", b"=", b"A", "\u2003".encode(), b"\x7f", b"\xff", NOTE[-60:]]


@pytest.fixture(scope="module")
def other() -> Any:
    """The stand-alone verifier, loaded as the file that it is."""
    spec = importlib.util.spec_from_file_location("the_other_program", FILE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def said(work: Callable[[], Any], refusal: type[Exception]) -> Any:
    """What a program says, or None when it refuses."""
    try:
        return work()
    except refusal:
        return None


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """Bytes with up to three changes: a bit, a piece in place of others, a part cut out or said twice."""
    data = bytearray(whole)
    for _ in range(draw(st.integers(0, 3))):
        at, length = draw(st.integers(0, len(data))), draw(st.integers(0, 4))
        match draw(st.integers(0, 3)):
            case 0 if at < len(data):
                data[at] ^= 1 << draw(st.integers(0, 7))
            case 1:
                data[at : at + length] = draw(st.sampled_from(PIECES))
            case 2:
                del data[at : at + length]
            case _:
                data[at:at] = data[max(0, at - 20) : at]
    return bytes(data)


@given(data=damaged(NOTE))
def test_notes_and_checkpoints(other: Any, data: bytes) -> None:
    note = said(lambda: parse_note(data), BadNote)
    theirs = said(lambda: other.parse_note(data), other.Bad)
    assert (note is None) == (theirs is None)
    if note is not None:
        assert theirs == (note.text, [(one.name, one.key_id, one.value) for one in note.signatures])
        ours = said(lambda: parse_checkpoint(note.text), BadNote)
        assert said(lambda: other.parse_checkpoint(note.text), other.Bad) == (
            ours and (ours.origin, ours.size, ours.root)
        )


@given(data=damaged(str(SIGNER.verifier).encode()))
def test_verifier_keys(other: Any, data: bytes) -> None:
    line = data.decode("utf-8", "replace")
    ours = said(lambda: parse_verifier_key(line), BadNote)
    theirs = said(lambda: other.parse_key(line), other.Bad)
    assert ours is None or theirs == (ours.name, ours.key_id, ours.public)


@given(st.binary(max_size=30), st.integers(0, 1023), st.booleans())
def test_signatures(other: Any, message: bytes, bit: int, damage: bool) -> None:
    public, signature = SIGNER.verifier.public, bytearray(SIGNER.private.sign(message))
    both = bytearray(public) + signature
    if damage:
        both[bit % len(both)] ^= 1 << bit // 128
    key, signed = bytes(both[:32]), bytes(both[32:])
    assert bool(said(lambda: other.ed25519_holds(key, signed, message), other.Bad)) == is_valid(key, signed, message)


@given(st.integers(0, 40), st.integers(0, 40), st.data())
def test_proofs(other: Any, one: int, size: int, data: st.DataObject) -> None:
    def changed(proof: tuple[bytes, ...]) -> list[bytes]:
        found, at = list(proof), data.draw(st.integers(0, len(proof)))
        change = data.draw(st.sampled_from([[], [LEAVES[0]], [bytes(31)]]))
        found[at : at + data.draw(st.integers(0, 1))] = change
        return found

    if one < size:
        path = changed(prove_inclusion(LEAVES, one, size))
        theirs = said(lambda: other.check_inclusion(one, size, LEAVES[one], path, ROOTS[size]) or True, other.Bad)
        assert bool(theirs) == is_included(LEAVES[one], one, size, path, ROOTS[size])
    if 0 < one <= size:
        path = changed(prove_consistency(LEAVES, one, size))
        theirs = said(lambda: other.check_consistency(one, size, path, ROOTS[one], ROOTS[size]) or True, other.Bad)
        assert bool(theirs) == is_consistent(one, size, ROOTS[one], ROOTS[size], path)
