from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from ascertain.record.custody.ed25519 import is_key, is_valid

# Edge cases of Ed25519 by Filippo Valsorda (BSD), when they lie beside the repository.
VECTORS = Path(__file__).parents[3] / "../shared/data/trust/ed25519/ed25519vectors.json"
ORDER = 2**252 + 27742317777372353535851937790883648493
FIELD = 2**255 - 19

# RFC 8032, section 7.1: private key, public key, message, signature.
PUBLISHED = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
]

# The eight points whose order divides eight, and the six ways to write some of them that are not canonical.
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
]


def library_accepts(key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@pytest.mark.parametrize(("private", "public", "message", "signature"), PUBLISHED)
def test_the_published_signatures_hold(private: str, public: str, message: str, signature: str) -> None:
    assert Ed25519PrivateKey.from_private_bytes(bytes.fromhex(private)).public_key().public_bytes_raw().hex() == public
    assert is_valid(bytes.fromhex(public), bytes.fromhex(signature), bytes.fromhex(message))
    assert not is_valid(bytes.fromhex(public), bytes.fromhex(signature), bytes.fromhex(message) + b"!")


@pytest.mark.skipif(not VECTORS.is_file(), reason="the shared vectors are not beside the repository")
def test_of_914_edge_cases_the_policy_accepts_the_one_without_a_flaw() -> None:
    """The policy, case by case: whatever has any of the flags is refused, though the library accepts 208 of them."""
    vectors = json.loads(VECTORS.read_text())
    cases = [(bytes.fromhex(v["key"]), bytes.fromhex(v["sig"]), v["msg"].encode(), v["flags"]) for v in vectors]
    assert len(cases) == 914
    assert sum(library_accepts(*case[:3]) for case in cases) == 208
    accepted = [case[3] for case in cases if is_valid(*case[:3])]
    assert accepted == [None]


@given(st.binary(max_size=100), st.binary(min_size=32, max_size=32))
def test_any_honest_signature_holds(message: bytes, seed: bytes) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    assert is_valid(private.public_key().public_bytes_raw(), private.sign(message), message)


@given(st.binary(max_size=40), st.integers(0, 511))
def test_one_changed_bit_of_a_signature_breaks_it(message: bytes, bit: int) -> None:
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    changed = bytearray(private.sign(message))
    changed[bit // 8] ^= 1 << bit % 8
    assert not is_valid(private.public_key().public_bytes_raw(), bytes(changed), message)


@given(st.binary(max_size=80), st.binary(max_size=80), st.binary(max_size=20))
def test_any_bytes_are_answered(key: bytes, signature: bytes, message: bytes) -> None:
    assert not is_valid(key, signature, message)


def test_the_second_half_must_be_smaller_than_the_order() -> None:
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    signature = private.sign(b"a")
    larger = int.from_bytes(signature[32:], "little") + ORDER
    assert not is_valid(private.public_key().public_bytes_raw(), signature[:32] + larger.to_bytes(32, "little"), b"a")


@pytest.mark.parametrize("encoded", SMALL_ORDER)
def test_no_key_is_of_small_order(encoded: str) -> None:
    assert not is_key(bytes.fromhex(encoded))


def test_no_key_has_a_part_of_small_order() -> None:
    """A key plus a point of order two: its negative y and x. The library takes it; here it is no key."""
    public = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()
    number = int.from_bytes(public, "little")
    y = FIELD - (number & (2**255 - 1))
    mixed = (y | (1 - (number >> 255)) << 255).to_bytes(32, "little")
    assert is_key(public)
    assert not is_key(mixed)
    Ed25519PublicKey.from_public_bytes(mixed)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_key_has_thirty_two_bytes(length: int) -> None:
    assert not is_key(bytes([88] * length))
