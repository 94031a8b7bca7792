"""Certificate chains as a signed WACZ brings them: leaf first, each signed by the next, the last a root."""

from __future__ import annotations

import datetime
import itertools

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID

_MOST_CERTIFICATES = 10
_LONGEST_PEM = 200_000


class BadChain(ValueError):
    """The certificates do not form a chain, or not one for this name and day."""


def read_chain(pem: str) -> list[x509.Certificate]:
    """The certificates of a PEM text. Raises BadChain."""
    try:
        if len(pem) > _LONGEST_PEM:
            raise BadChain("the certificates are too long")
        chain = x509.load_pem_x509_certificates(pem.encode("ascii"))
    except (ValueError, UnicodeEncodeError) as error:
        raise BadChain("the certificates are unreadable") from error
    if not 0 < len(chain) <= _MOST_CERTIFICATES:
        raise BadChain(f"{len(chain)} certificates")
    return chain


def check_chain(chain: list[x509.Certificate], moment: datetime.datetime) -> str:
    """The root's fingerprint, when each certificate was signed by the next and all were valid at a moment.

    Raises BadChain. Whether the root is to be believed is for the caller; revocation is not looked up.
    """
    for certificate in chain:
        if not certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc:
            raise BadChain(f"the certificate of {_name(certificate)} was not valid at {moment:%Y-%m-%dT%H:%M:%SZ}")
    for certificate, issuer in itertools.pairwise(chain):
        try:
            certificate.verify_directly_issued_by(issuer)
            authority = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm, x509.ExtensionNotFound) as error:
            raise BadChain(f"{_name(certificate)} was not certified by {_name(issuer)}") from error
        if not authority:
            raise BadChain(f"{_name(issuer)} may certify nobody")
    return fingerprint(chain[-1])


def names_of(certificate: x509.Certificate) -> list[str]:
    """The hosts that a certificate is for."""
    try:
        alternative = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return [str(one.value) for one in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    return alternative.get_values_for_type(x509.DNSName)


def fingerprint(certificate: x509.Certificate) -> str:
    """The SHA-256 of a certificate."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def _name(certificate: x509.Certificate) -> str:
    return certificate.subject.rfc4514_string()[:100] or fingerprint(certificate)[:16]
