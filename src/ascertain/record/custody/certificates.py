"""Certificates of timestamp authorities: which are roots, which belong together, which chain leads to a root."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Collection, Sequence
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

FOLDER = "authorities"
_LARGEST_BYTES = 1_000_000
_LONGEST_CHAIN = 10


class BadCertificate(ValueError):
    """A certificate that does not fit its place, or a file that holds none."""


class NoRoot(ValueError):
    """No chain leads to a root that was given."""


def read_authorities(folder: Path) -> tuple[tuple[x509.Certificate, ...], tuple[str, ...]]:
    """The certificates of a record's `authorities/*.pem`, and what is wrong with the files that could not be read."""
    found: dict[x509.Certificate, None] = {}
    problems = []
    for file in sorted((folder / FOLDER).glob("*.pem")):
        try:
            found |= dict.fromkeys(read_certificates(file))
        except (BadCertificate, OSError) as error:
            problems.append(f"{FOLDER}/{file.name} cannot be read: {error}")
    return tuple(found), tuple(problems)


def read_certificates(file: Path) -> list[x509.Certificate]:
    """The certificates of a PEM file. Raises BadCertificate when there are none or one is none, OSError."""
    if file.stat().st_size > _LARGEST_BYTES:
        raise BadCertificate("it is too large for a file of certificates")
    try:
        found = x509.load_pem_x509_certificates(file.read_bytes())
        for certificate in found:  # names and extensions are decoded when they are asked for: ask now
            certificate.subject, certificate.issuer, certificate.extensions  # noqa: B018
    except (ValueError, KeyError, x509.InvalidVersion, x509.DuplicateExtension, UnsupportedAlgorithm) as error:
        raise BadCertificate("it holds no certificates in PEM, or one that is damaged") from error
    return found


def chain_to_root(
    signer: x509.Certificate,
    known: Sequence[x509.Certificate],
    given: Collection[x509.Certificate],
    time: datetime.datetime,
) -> list[x509.Certificate]:
    """From a signer through known certificates to a root among those given, all of them valid at a time.

    Raises NoRoot when no chain leads there, BadCertificate when one is not valid at the time or may not issue.
    """
    chain = [signer]
    while not (chain[-1] in given and is_root(chain[-1])):
        issuers = [one for one in known if one not in chain and has_signed(one, chain[-1])]
        if not issuers or len(chain) == _LONGEST_CHAIN:
            raise NoRoot(f"no root certificate is given for {chain[-1].issuer.rfc4514_string()}")
        # A given root ends the way. Of two certificates of one issuer, the one that was valid then leads on.
        chain.append(max(issuers, key=lambda one: (one in given and is_root(one), _is_valid_at(one, time))))
    for certificate in chain:
        if not _is_valid_at(certificate, time):
            raise BadCertificate(f"the certificate of {name_of(certificate)} was not valid at that time")
    for issuer in chain[1:]:
        if not issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            raise BadCertificate(f"{name_of(issuer)} may not issue certificates")
    return chain


def check_family(signer: x509.Certificate, beside: Collection[x509.Certificate]) -> None:
    """That every certificate beside a signer's has signed it, or one that has. Raises BadCertificate at a stranger."""
    family, rest = {signer}, set(beside) - {signer}
    if len(rest) > _LONGEST_CHAIN:
        raise BadCertificate(f"{len(rest)} certificates beside the signer's; {_LONGEST_CHAIN} are the most")
    while joined := {one for one in rest if any(has_signed(one, other) for other in family)}:
        family |= joined
        rest -= joined
    if rest:
        raise BadCertificate(f"a certificate that does not belong there: {min(map(name_of, rest))}")


def is_root(certificate: x509.Certificate) -> bool:
    """Whether a certificate is signed by itself."""
    return has_signed(certificate, certificate)


def has_signed(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    """Whether a certificate is signed by the key of another, which bears the name of its issuer."""
    if issuer.subject != certificate.issuer:
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def name_of(certificate: x509.Certificate) -> str:
    """Whose certificate it is, by its own words."""
    return certificate.subject.rfc4514_string() or "nobody"


def fingerprint_of(certificate: x509.Certificate) -> str:
    """The SHA-256 of a certificate's DER bytes, 64 hexadecimal digits."""
    return hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()


def _is_valid_at(certificate: x509.Certificate, time: datetime.datetime) -> bool:
    return certificate.not_valid_before_utc <= time <= certificate.not_valid_after_utc
