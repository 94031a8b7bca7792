from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ascertain.record.custody.keys import KeyRing
from ascertain.record.custody.note import Signer, VerifierKey
from ascertain.record.entries import KeyDeclared, KeyRetired

ORIGIN = "ascertain/00"


def key(number: int, name: str = ORIGIN) -> VerifierKey:
    return Signer(name, Ed25519PrivateKey.from_private_bytes(bytes([number] * 32))).verifier


ONE, TWO, THREE = map(key, (1, 2, 3))


def declared(found: VerifierKey, replaces: str = "") -> KeyDeclared:
    return KeyDeclared(key=str(found), replaces=replaces)


@pytest.fixture
def ring() -> KeyRing:
    """A ring with one key, declared in entry 1."""
    ring = KeyRing(ORIGIN)
    assert ring.declare(1, declared(ONE)) == []
    return ring


def trusted(ring: KeyRing) -> list[VerifierKey]:
    return [found.key for found in ring.all() if found.trusted]


def test_a_key_is_in_use_from_its_declaration_to_its_retirement(ring: KeyRing) -> None:
    assert ring.in_use() == (ONE,)
    assert ring.declare(5, declared(TWO)) == []
    assert ring.in_use() == (ONE, TWO)
    assert ring.retire(6, KeyRetired(key_id=ONE.key_id, reason="")) == []
    assert ring.in_use() == (TWO,)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (KeyDeclared(key="no key"), "what is no key"),
        (declared(key(2, "ascertain/01")), "a key of another log"),
        (declared(ONE), "which was declared before"),
        (declared(TWO, replaces="00000000"), "which is no key of this record"),
        (declared(TWO, replaces=TWO.key_id), "which is no key of this record"),
    ],
)
def test_a_declaration_that_does_not_fit_is_named(ring: KeyRing, said: KeyDeclared, reason: str) -> None:
    (problem,) = ring.declare(5, said)
    assert problem.startswith("entry 5") and reason in problem


def test_a_key_retires_once(ring: KeyRing) -> None:
    gone = KeyRetired(key_id=ONE.key_id, reason="")
    assert ring.retire(2, gone) == []
    assert ring.retire(3, gone) == [f"entry 3 retires key {ONE.key_id}, which is not in use"]
    assert ring.retire(4, KeyRetired(key_id="00000000", reason="")) != []
    assert ring.declare(5, declared(ONE)) != []


def test_the_first_key_is_trusted_and_a_later_one_when_an_older_one_vouches(ring: KeyRing) -> None:
    ring.declare(5, declared(TWO))
    assert trusted(ring) == [ONE]
    assert [found.key for found in ring.unvouched()] == [TWO]
    assert ring.vouch(6, [ONE])
    assert trusted(ring) == [ONE, TWO]
    assert ring.unvouched() == ()


def test_a_key_does_not_vouch_for_itself_nor_through_a_friend(ring: KeyRing) -> None:
    ring.declare(5, declared(TWO))
    ring.declare(6, declared(THREE))
    assert not ring.vouch(7, [TWO, THREE])
    assert trusted(ring) == [ONE]
    assert ring.vouch(8, [ONE, TWO])
    assert trusted(ring) == [ONE, TWO, THREE]


def test_trust_passes_on_from_key_to_key(ring: KeyRing) -> None:
    ring.declare(5, declared(TWO))
    ring.vouch(6, [ONE])
    ring.declare(7, declared(THREE))
    ring.vouch(8, [TWO])
    assert trusted(ring) == [ONE, TWO, THREE]


def test_a_key_that_was_given_is_trusted_in_place_of_the_first() -> None:
    ring = KeyRing(ORIGIN, [TWO])
    for seq, found in enumerate((ONE, TWO, THREE), start=1):
        ring.declare(seq, declared(found))
    assert trusted(ring) == [TWO]
    assert not ring.vouch(4, [ONE])
    assert [found.key for found in ring.unvouched()] == [THREE]
    ring.vouch(5, [TWO])
    assert trusted(ring) == [TWO, THREE]
