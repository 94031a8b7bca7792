from __future__ import annotations

import datetime
import hashlib
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ascertain.preserve.timestamp_authority import write_request
from ascertain.record.custody import der
from ascertain.record.custody.certificates import fingerprint_of
from ascertain.record.custody.timestamps import BadTimestamp, UnknownAuthority, verify_timestamp

# Responses of five authorities by the rfc3161-client project (Apache 2.0), when they lie beside the repository.
VECTORS = Path(__file__).parents[3] / "../shared/data/trust/rfc3161"
DIGEST = hashlib.sha256(b"a note").digest()
NONCE = 1 << 62
FOR_TIMESTAMPS = (ExtendedKeyUsageOID.TIME_STAMPING,)
WHEN = datetime.datetime(2026, 5, 1, 12, 30, tzinfo=datetime.UTC)


@pytest.fixture(scope="session")
def response(authority: Any) -> bytes:
    """What a real authority says of the digest."""
    return bytes(authority.answer(write_request(DIGEST, NONCE)))


@pytest.fixture
def forge(tmp_path: Path) -> Callable[..., bytes]:
    """Makes a response with `openssl cms`, which signs whatever it is told to."""

    def make(signer: Any, *, time: str = "20260501123000Z", kind: str = "1.2.840.113549.1.9.16.1.4",
             named: bool = True, extra: tuple[Any, ...] = (), more: Any = None, status: int = 0) -> bytes:  # fmt: skip
        digest = der.write(der.SEQUENCE, der.write(der.IDENTIFIER, bytes.fromhex("608648016503040201")), b"\5\0")
        info = der.write(
            der.SEQUENCE, der.write_integer(1), der.write(der.IDENTIFIER, b"\x2a\x03\x04"),
            der.write(der.SEQUENCE, digest, der.write(der.OCTETS, DIGEST)), der.write_integer(7),
            der.write(0x18, time.encode()),
        )  # fmt: skip
        (tmp_path / "info").write_bytes(info)
        (tmp_path / "extra.pem").write_bytes(b"".join(one.pem for one in extra))
        command = "openssl cms -sign -outform DER -nodetach -binary -nosmimecap -md sha256 -in info -out token".split()
        command += ["-econtent_type", kind, *(["-cades"] if named else []), *(["-certfile", "extra.pem"] * bool(extra))]
        for number, one in enumerate([signer, *([more] if more else [])]):
            (tmp_path / str(number)).mkdir(exist_ok=True)
            certificate, key = one.write(tmp_path / str(number))
            command += ["-signer", certificate, "-inkey", key]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
        granted = der.write(der.SEQUENCE, der.write_integer(status))
        return der.write(der.SEQUENCE, granted, (tmp_path / "token").read_bytes())

    return make


@pytest.fixture(scope="session")
def make(authority: Any) -> Callable[..., Any]:
    """Makes certificates as the local authority's are made."""
    return type(authority.signer)


@pytest.fixture(scope="session")
def root(make: Callable[..., Any]) -> Any:
    return make("Root")


def signer_of(make: Callable[..., Any], root: Any, **changed: Any) -> Any:
    return make("Stamps", root, **{"usage": FOR_TIMESTAMPS, "authority": False, **changed})


# A real authority


def test_the_word_of_a_real_authority_holds(authority: Any, response: bytes) -> None:
    found = verify_timestamp(response, DIGEST, [authority.root.certificate], nonce=NONCE)
    assert abs(found.time - datetime.datetime.now(datetime.UTC)) < datetime.timedelta(minutes=10)
    assert found.root == fingerprint_of(authority.root.certificate)
    assert found.signer == "CN=Local Authority"


def test_the_digest_of_other_bytes_does_not(authority: Any, response: bytes) -> None:
    for other in (hashlib.sha256(b"another note").digest(), b"", DIGEST[:31], DIGEST + b"\0"):
        with pytest.raises(BadTimestamp, match="another hash was stamped"):
            verify_timestamp(response, other, [authority.root.certificate])


def test_an_answer_to_another_request_does_not(authority: Any, response: bytes) -> None:
    with pytest.raises(BadTimestamp, match="answers another request"):
        verify_timestamp(response, DIGEST, [authority.root.certificate], nonce=NONCE + 1)


def test_without_its_root_it_is_not_checked_and_does_not_pass(authority: Any, response: bytes, root: Any) -> None:
    for given_ in ([], [root.certificate], [authority.signer.certificate]):
        with pytest.raises(UnknownAuthority, match="no root certificate is given for CN=Local Authority Root"):
            verify_timestamp(response, DIGEST, given_)


def test_a_root_of_the_same_name_is_another_root(make: Callable[..., Any], authority: Any, response: bytes) -> None:
    namesake = make("Local Authority Root")
    with pytest.raises(UnknownAuthority):
        verify_timestamp(response, DIGEST, [namesake.certificate])
    both = [namesake.certificate, authority.root.certificate]
    assert verify_timestamp(response, DIGEST, both).root == fingerprint_of(authority.root.certificate)


def test_anything_after_the_response_is_refused(authority: Any, response: bytes) -> None:
    for after in (b"\0", b"\n", response):
        with pytest.raises(BadTimestamp):
            verify_timestamp(response + after, DIGEST, [authority.root.certificate])


def test_a_flipped_bit_is_refused_or_changes_nothing_that_is_signed(authority: Any, response: bytes) -> None:
    """Of all bits, those that still verify lie in version numbers and in names of algorithms, beside what is signed.

    Each of them changes the SHA-256 of the response, which is in the log.
    """
    good = verify_timestamp(response, DIGEST, [authority.root.certificate])
    survivors = set()
    for bit in range(len(response) * 8):
        changed = bytearray(response)
        changed[bit // 8] ^= 1 << bit % 8
        try:
            found = verify_timestamp(bytes(changed), DIGEST, [authority.root.certificate])
        except (BadTimestamp, UnknownAuthority):
            continue
        assert found == good
        assert hashlib.sha256(changed).digest() != hashlib.sha256(response).digest()
        survivors.add(bit // 8)
    assert len(survivors) <= 10


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_damage_is_refused(authority: Any, response: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(response)))
    length = data.draw(st.integers(0, 30))
    changed = response[:at] + data.draw(st.binary(max_size=30)) + response[at + length :]
    if len(changed) == len(response) and sum(a != b for a, b in zip(changed, response, strict=True)) < 2:
        return
    with pytest.raises((BadTimestamp, UnknownAuthority)):
        verify_timestamp(changed, DIGEST, [authority.root.certificate])


@given(st.binary(max_size=300))
def test_any_bytes_are_no_timestamp(data: bytes) -> None:
    with pytest.raises(BadTimestamp):
        verify_timestamp(data, DIGEST, [])


@pytest.mark.parametrize(
    "data", [b"", b"\x30", b"\x30\x80\0\0", b"\x30\x84\xff\xff\xff\xff", b"\x30" * 5000, b"a" * 1_000_001]
)
def test_what_is_no_response_is_refused(data: bytes) -> None:
    with pytest.raises(BadTimestamp):
        verify_timestamp(data, DIGEST, [])


def test_a_refusal_of_the_authority_is_told_in_its_words(authority: Any) -> None:
    refused = der.write(
        der.SEQUENCE, der.write_integer(2), der.write(der.SEQUENCE, der.write(0x0C, b"too many requests"))
    )
    with pytest.raises(BadTimestamp, match="did not grant it: too many requests"):
        verify_timestamp(der.write(der.SEQUENCE, refused), DIGEST, [authority.root.certificate])


# Forged ones


def test_a_token_that_is_made_by_hand_holds_when_all_is_as_it_should(make: Any, root: Any, forge: Any) -> None:
    found = verify_timestamp(forge(signer_of(make, root)), DIGEST, [root.certificate])
    assert found.time == WHEN


def test_the_chain_may_go_through_others_in_the_token_or_beside_it(make: Any, root: Any, forge: Any) -> None:
    middle = make("Middle", root)
    signer = signer_of(make, middle)
    within = forge(signer, extra=(middle,))
    assert verify_timestamp(within, DIGEST, [root.certificate]).root == fingerprint_of(root.certificate)
    assert verify_timestamp(forge(signer), DIGEST, [root.certificate, middle.certificate]).time == WHEN
    with pytest.raises(UnknownAuthority, match="CN=Middle"):
        verify_timestamp(forge(signer), DIGEST, [root.certificate])


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"usage": ()}, "ExtendedKeyUsage"),
        ({"usage": FOR_TIMESTAMPS, "critical": False}, "not for timestamps alone"),
        ({"usage": (ExtendedKeyUsageOID.CODE_SIGNING,)}, "not for timestamps alone"),
        ({"usage": (*FOR_TIMESTAMPS, ExtendedKeyUsageOID.CODE_SIGNING)}, "not for timestamps alone"),
        ({"valid": (WHEN.replace(year=2020), WHEN.replace(year=2025))}, "was not valid at that time"),
        ({"valid": (WHEN.replace(year=2027), WHEN.replace(year=2028))}, "was not valid at that time"),
    ],
    ids=["no usage", "not critical", "for code", "for code too", "expired when it signed", "not yet valid"],
)
def test_a_signer_that_may_not_stamp_is_refused(make: Any, root: Any, forge: Any, changed: Any, reason: str) -> None:
    with pytest.raises(BadTimestamp, match=reason):
        verify_timestamp(forge(signer_of(make, root, **changed)), DIGEST, [root.certificate])


def test_a_signer_that_expired_since_still_holds(make: Any, root: Any, forge: Any) -> None:
    signer = signer_of(make, root, valid=(WHEN.replace(year=2025), WHEN.replace(month=6)))
    assert verify_timestamp(forge(signer), DIGEST, [root.certificate]).time == WHEN


def test_a_root_that_had_expired_is_refused(make: Any, forge: Any) -> None:
    old = make("Old Root", valid=(WHEN.replace(year=2010), WHEN.replace(year=2020)))
    with pytest.raises(BadTimestamp, match="Old Root was not valid"):
        verify_timestamp(forge(signer_of(make, old)), DIGEST, [old.certificate])


def test_an_issuer_that_is_no_authority_is_refused(make: Any, root: Any, forge: Any) -> None:
    person = make("Person", root, authority=False)
    with pytest.raises(BadTimestamp, match="CN=Person may not issue certificates"):
        verify_timestamp(forge(signer_of(make, person), extra=(person,)), DIGEST, [root.certificate])


def test_a_stranger_among_the_certificates_is_refused(make: Any, root: Any, forge: Any) -> None:
    signer = signer_of(make, root)
    for stranger in (make("Spoofed", make("Nobody")), make("Stamps"), make("Root")):
        with pytest.raises(BadTimestamp, match="does not belong there"):
            verify_timestamp(forge(signer, extra=(stranger,)), DIGEST, [root.certificate])


def test_a_whole_chain_in_the_token_is_no_stranger(make: Any, root: Any, forge: Any) -> None:
    middle = make("Middle", root)
    signer = signer_of(make, middle)
    assert verify_timestamp(forge(signer, extra=(root, middle)), DIGEST, [root.certificate]).time == WHEN


def test_a_self_made_authority_is_not_checked(make: Any, root: Any, forge: Any) -> None:
    """A token whose whole chain is in it, up to a root that nobody gave."""
    own = make("Root")
    with pytest.raises(UnknownAuthority):
        verify_timestamp(forge(signer_of(make, own), extra=(own,)), DIGEST, [root.certificate])


def test_the_certificate_is_bound_into_the_signature(make: Any, root: Any, forge: Any) -> None:
    with pytest.raises(BadTimestamp, match="does not say which certificate"):
        verify_timestamp(forge(signer_of(make, root), named=False), DIGEST, [root.certificate])


def test_a_signature_over_something_else_is_no_timestamp(make: Any, root: Any, forge: Any) -> None:
    with pytest.raises(BadTimestamp):
        verify_timestamp(forge(signer_of(make, root), kind="1.2.840.113549.1.7.1"), DIGEST, [root.certificate])


def test_two_signers_are_one_too_many(make: Any, root: Any, forge: Any) -> None:
    with pytest.raises(BadTimestamp, match="2 signers, not one"):
        verify_timestamp(forge(signer_of(make, root), more=signer_of(make, root)), DIGEST, [root.certificate])


def test_granted_with_changes_is_not_granted(make: Any, root: Any, forge: Any) -> None:
    with pytest.raises(BadTimestamp, match="did not grant it"):
        verify_timestamp(forge(signer_of(make, root), status=1), DIGEST, [root.certificate])


def test_a_certificate_of_the_same_number_in_place_of_the_signers_is_refused(make: Any, root: Any, forge: Any) -> None:
    """Its own certificate is given from outside, a damaged copy lies in the token: which one counts is not guessed."""
    signer = signer_of(make, root)
    response = forge(signer)
    good = signer.certificate.public_bytes(Encoding.DER)
    at = response.index(good) + len(good) - 3
    changed = response[:at] + bytes([response[at] ^ 1]) + response[at + 1 :]
    with pytest.raises(BadTimestamp, match="two different certificates"):
        verify_timestamp(changed, DIGEST, [root.certificate, signer.certificate])


def test_a_time_between_seconds_is_cut_to_the_second(make: Any, root: Any, forge: Any) -> None:
    found = verify_timestamp(forge(signer_of(make, root), time="20260501123000.25Z"), DIGEST, [root.certificate])
    assert found.time == WHEN


# The public vectors


EXPECTED = {
    "identrust/issue-104.tsr": "holds 2025-03-11T08:52:08",
    "sigstage/response-invalid-signature.tsr": "BadTimestamp",
    "sigstage/response-no-embedded-cert.tsr": "holds 2025-06-18T08:13:02",
    "sigstage/response-sha256.tsr": "holds 2025-05-09T11:58:55",
    "sigstage/response-sha384.tsr": "holds 2025-05-09T11:58:55",
    "sigstage/response-sha512.tsr": "holds 2025-05-09T11:58:56",
    "sigstore.mock/response-expired.tsr": "holds 2023-02-01T00:00:00",  # its certificate has expired since
    "test_tsa/other_response.tsr": "UnknownAuthority",
    "test_tsa/response-injected-certs.tsr": "BadTimestamp",
    "test_tsa/response.tsr": "holds 2024-10-08T15:40:32",
}
ALGORITHMS = {
    "sigstage/response-sha384.tsr": "sha384", "sigstage/response-sha512.tsr": "sha512",
    "identrust/issue-104.tsr": "sha512", "test_tsa/other_response.tsr": "sha512",
    "test_tsa/response-injected-certs.tsr": "sha512", "test_tsa/response.tsr": "sha512",
}  # fmt: skip


@pytest.mark.skipif(not VECTORS.is_dir(), reason="the shared vectors are not beside the repository")
@pytest.mark.parametrize("name", EXPECTED)
def test_the_public_responses_hold_or_are_refused_as_expected(name: str) -> None:
    folder = (VECTORS / name).parent
    pem = (folder / "ts_chain.pem").read_bytes()
    is_pem = pem.startswith(b"-----")
    chain = x509.load_pem_x509_certificates(pem) if is_pem else [x509.load_der_x509_certificate(pem)]
    message = (folder / "payload").read_bytes() if (folder / "payload").exists() else b"hello"
    algorithm = ALGORITHMS.get(name, "sha256")
    digest = hashlib.new(algorithm, message).digest()
    data = (VECTORS / name).read_bytes()
    try:
        found = f"holds {verify_timestamp(data, digest, chain, algorithm=algorithm).time:%Y-%m-%dT%H:%M:%S}"
    except (BadTimestamp, UnknownAuthority) as error:
        found = type(error).__name__
    assert found == EXPECTED[name]
    with pytest.raises(BadTimestamp):
        verify_timestamp(data, hashlib.new(algorithm, b"other").digest(), chain, algorithm=algorithm)
    if algorithm != "sha256":
        with pytest.raises(BadTimestamp, match="not by sha256"):
            verify_timestamp(data, digest, chain)


@pytest.mark.skipif(not VECTORS.is_dir(), reason="the shared vectors are not beside the repository")
def test_every_public_response_is_there() -> None:
    assert {str(file.relative_to(VECTORS)) for file in VECTORS.rglob("*.tsr")} == set(EXPECTED)
