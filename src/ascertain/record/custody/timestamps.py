"""Timestamps (RFC 3161), checked offline: that an authority saw a hash at a time. That proves existence, never truth.

OpenSSL checks the signature over the token, through rfc3161-client. What that library leaves open is closed here: which
certificate signed (by its number, never a look-alike), the chain to a root that was given, the binding of the
certificate into the signature, certificates that do not belong, and anything after or beside the response.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from rfc3161_client import TimeStampResponse, VerificationError, VerifierBuilder, decode_timestamp_response

from ascertain.record.custody import der
from ascertain.record.custody.certificates import NoRoot, chain_to_root, check_family, fingerprint_of, name_of

LARGEST_BYTES = 1_000_000

_ALGORITHMS = {
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
}
_TIMESTAMP_INFO = bytes.fromhex("2a864886f70d0109100104")  # id-ct-TSTInfo, 1.2.840.113549.1.9.16.1.4
_CONTENT_TYPE = bytes.fromhex("2a864886f70d010903")  # 1.2.840.113549.1.9.3
_SIGNER_BY_SHA1 = bytes.fromhex("2a864886f70d010910020c")  # signingCertificate, 1.2.840.113549.1.9.16.2.12
_SIGNER = bytes.fromhex("2a864886f70d010910022f")  # signingCertificateV2, 1.2.840.113549.1.9.16.2.47
_HASHES = {
    bytes.fromhex("608648016503040201"): "sha256",
    bytes.fromhex("608648016503040202"): "sha384",
    bytes.fromhex("608648016503040203"): "sha512",
}
# What the two libraries raise at bytes that are not as they should be (KeyError: a name with an unknown type of text).
_REFUSALS = (
    ValueError, TypeError, KeyError, VerificationError, UnsupportedAlgorithm, x509.InvalidVersion,
    x509.ExtensionNotFound, x509.DuplicateExtension,
)  # fmt: skip

Attributes = dict[bytes, der.Element]


class BadTimestamp(ValueError):
    """A response that does not show what it should: another hash, another time, a signature or chain that fails."""


class UnknownAuthority(ValueError):
    """A response that may be good, of an authority whose root certificate was not given: it was not checked."""


@dataclass(frozen=True, slots=True)
class Timestamp:
    """What a response shows: an authority saw the hash at this time (UTC).

    `root` is the SHA-256 of the certificate that was trusted for it (DER, hexadecimal); `signer` is who signed.
    """

    time: datetime.datetime
    root: str
    signer: str


def verify_timestamp(
    response: bytes,
    digest: bytes,
    authorities: Collection[x509.Certificate],
    *,
    nonce: int | None = None,
    algorithm: str = "sha256",
) -> Timestamp:
    """Check a response (DER) over a digest, by SHA-256 unless said otherwise, against the certificates of authorities.

    Self-signed certificates among them are trusted as roots, the others only help to build a chain. Validity is judged
    at the time of the stamp. `nonce` is that of the request, when the response is fresh. Revocation is not looked up.
    Raises BadTimestamp, or UnknownAuthority when all is well except that no chain leads to a root.
    """
    found = _decoded(response)
    _check_imprint(found, digest, algorithm, nonce)
    try:
        embedded = [x509.load_der_x509_certificate(data) for data in found.signed_data.certificates]
        signer = _signer(found, {*embedded, *authorities})
        _check_purpose(signer)
        _check_binding(_signed_attributes(found.time_stamp_token()), signer)
        check_family(signer, embedded)
        chain = chain_to_root(signer, [*embedded, *authorities], authorities, found.tst_info.gen_time)
        verifier = VerifierBuilder(tsa_certificate=signer, intermediates=chain[1:-1], roots=chain[-1:]).build()
        verifier.verify(found, digest)
    except NoRoot as error:
        raise UnknownAuthority(str(error)) from error
    except _REFUSALS as error:
        raise BadTimestamp(str(error).split(": ErrorStack", 1)[0]) from error
    return Timestamp(found.tst_info.gen_time, fingerprint_of(chain[-1]), name_of(signer))


def _decoded(response: bytes) -> TimeStampResponse:
    if len(response) > LARGEST_BYTES:
        raise BadTimestamp(f"the response has {len(response):,} bytes; {LARGEST_BYTES:,} are the most")
    try:
        found = decode_timestamp_response(response)
        if found.status == 0:
            found.tst_info.message_imprint, found.signed_data  # noqa: B018 — decoded here, or refused
    except _REFUSALS as error:
        raise BadTimestamp("it is no RFC 3161 response") from error
    if found.as_bytes() != response:
        raise BadTimestamp("the response is not written as DER wants it")
    if found.status != 0:
        raise BadTimestamp(f"the authority did not grant it: {' '.join(found.status_string) or found.status}")
    return found


def _check_imprint(found: TimeStampResponse, digest: bytes, algorithm: str, nonce: int | None) -> None:
    imprint = found.tst_info.message_imprint
    if imprint.hash_algorithm.dotted_string != _ALGORITHMS[algorithm]:
        raise BadTimestamp(f"the stamped hash is not by {algorithm}")
    if imprint.message != digest:
        raise BadTimestamp("another hash was stamped")
    if nonce is not None and found.tst_info.nonce != nonce:
        raise BadTimestamp("the response answers another request")


def _signer(found: TimeStampResponse, certificates: Collection[x509.Certificate]) -> x509.Certificate:
    signers = found.signed_data.signer_infos
    if len(signers) != 1:
        raise BadTimestamp(f"the token has {len(signers)} signers, not one")
    info = signers.pop()
    same = [one for one in certificates if one.serial_number == info.serial_number and one.issuer == info.issuer]
    if not same:
        raise NoRoot(f"there is no certificate of its signer, under {info.issuer.rfc4514_string()}")
    if len(same) > 1:
        raise BadTimestamp("two different certificates bear the signer's number")
    return same[0]


def _check_purpose(signer: x509.Certificate) -> None:
    usage = signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    if not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise BadTimestamp("the signer's certificate is not for timestamps alone")


def _check_binding(attributes: Attributes, signer: x509.Certificate) -> None:
    """What is signed is a timestamp, and names the signer's certificate by its hash (RFC 5816, section 2.2.1)."""
    if attributes.get(_CONTENT_TYPE) != der.Element(der.IDENTIFIER, _TIMESTAMP_INFO):
        raise BadTimestamp("what is signed is no timestamp")
    try:
        algorithm, stated = _stated_signer(attributes)
    except IndexError as error:
        raise BadTimestamp("the signature does not say which certificate it is of") from error
    if stated != hashlib.new(algorithm, signer.public_bytes(Encoding.DER), usedforsecurity=False).digest():
        raise BadTimestamp("the signature is of another certificate")


def _stated_signer(attributes: Attributes) -> tuple[str, bytes]:
    """The hash of the signer's certificate in the signed attributes. Raises BadTimestamp, IndexError."""
    by_sha1 = attributes.get(_SIGNER_BY_SHA1)
    stated = attributes.get(_SIGNER) or by_sha1
    if stated is None:
        raise BadTimestamp("the signature does not say which certificate it is of")
    first = stated.children()[0].children()[0].children()
    if stated is by_sha1:
        return "sha1", first[0].is_a(der.OCTETS).content
    if first[0].tag == der.OCTETS:
        return "sha256", first[0].content
    algorithm = _HASHES.get(first[0].children()[0].is_a(der.IDENTIFIER).content)
    if algorithm is None:
        raise BadTimestamp("the signature names its certificate by an unknown hash")
    return algorithm, first[1].is_a(der.OCTETS).content


def _signed_attributes(token: bytes) -> Attributes:
    """The first value of each signed attribute, by its identifier's bytes (RFC 5652, sections 5.1 and 5.3)."""
    try:
        signed_data = der.read(token).children()[1].children()[0].children()
        signer_info = signed_data[-1].is_a(der.SET).children()[0].children()
        attributes: Sequence[list[der.Element]] = [one.children() for one in signer_info[3].is_a(0xA0).children()]
        if len({name.content for name, _ in attributes}) != len(attributes):
            raise BadTimestamp("a signed attribute stands there twice")
        return {name.is_a(der.IDENTIFIER).content: values.children()[0] for name, values in attributes}
    except IndexError as error:
        raise BadTimestamp("the token has no signed attributes") from error
