"""The signature of a WACZ (WACZ Signing and Verification 0.1.0): who says that the package is as it was, and when.

A good signature shows that the package has not been changed since; it never shows that a site served what is in it.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import functools
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

import yaml
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

from ascertain.preserve.warc.chains import BadChain, check_chain, fingerprint, names_of, read_chain
from ascertain.preserve.warc.report import Report

# The time of an RFC 3161 response (DER) over a SHA-256, checked against certificates. Raises ValueError.
TimeCheck = Callable[[bytes, bytes, Sequence[x509.Certificate]], datetime.datetime]

_WHERE = "datapackage-digest.json"
_ALWAYS = ("hash", "created", "software", "signature", "version")
_ANONYMOUS = frozenset((*_ALWAYS, "publicKey"))
_DOMAIN = frozenset((*_ALWAYS, "domain", "domainCert", "timeSignature", "timestampCert", "crossSignedCert"))
_MOST_APART = datetime.timedelta(minutes=10)
_LONGEST = 20_000


@dataclass
class Signature:
    """What was found of a signature. `checked` lists what held; what could not be checked is in `unchecked`."""

    kind: str
    signer: str = ""
    created: str = ""
    time: str = ""
    valid: bool = True
    checked: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)


class _Invalid(ValueError):
    """The signature is not good."""


def check_signature(
    signed: Any, package_hash: str, package_created: str, report: Report, time_check: TimeCheck | None
) -> None:
    """Check `signedData` against the hash of datapackage.json (`sha256:…`) and its `created`; tells the report."""
    if not isinstance(signed, dict) or not all(isinstance(value, str) for value in signed.values()):
        report.bad("signature", _WHERE, "signedData is no signature as the specification has them")
        report.signature = {"kind": "malformed", "valid": False}
        return
    kind = "domain" if "domain" in signed or "domainCert" in signed else "anonymous"
    found = Signature(kind, created=signed.get("created", "")[:40])
    try:
        _check_form(signed, kind, package_hash, package_created)
        found.checked.append("it is over the hash of datapackage.json")
        if kind == "anonymous":
            _check_anonymous(signed, found)
        else:
            _check_domain(signed, found, time_check)
    except (_Invalid, BadChain) as error:
        found.valid = False
        report.bad("signature", _WHERE, str(error))
    for what in found.unchecked:
        report.note("signature-not-checked", _WHERE, what)
    report.signature = {name: getattr(found, name) for name in ("kind", "valid", "signer", "created", "time")}
    report.signature |= {"checked": found.checked, "not_checked": found.unchecked}


def _check_form(signed: Mapping[str, str], kind: str, package_hash: str, package_created: str) -> None:
    allowed = _ANONYMOUS if kind == "anonymous" else _DOMAIN
    wanted = {"hash", "created", "signature"} | ({"publicKey"} if kind == "anonymous" else {"domain", "domainCert"})
    if missing := sorted(wanted - set(signed)):
        raise _Invalid(f"signedData lacks {', '.join(missing)}")
    if others := sorted(set(signed) - allowed):
        raise _Invalid(f"signedData has what the specification forbids: {', '.join(others)[:100]}")
    if signed["hash"] != package_hash:
        raise _Invalid("the signature is over another hash than that of datapackage.json")
    if signed["created"] != package_created:
        raise _Invalid("the signature gives another time of making than datapackage.json")


def _check_anonymous(signed: Mapping[str, str], found: Signature) -> None:
    try:
        key = serialization.load_der_public_key(_base64(signed["publicKey"]))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _Invalid("the public key is unreadable") from error
    _verify(key, signed)
    found.signer = f"key {hashlib.sha256(_base64(signed['publicKey'])).hexdigest()}"
    found.checked.append("the signature is by the key that it brings")
    found.unchecked.append("whose key it is: an anonymous signature does not say")


def _check_domain(signed: Mapping[str, str], found: Signature, time_check: TimeCheck | None) -> None:
    created = _moment(signed["created"])
    chain = read_chain(signed["domainCert"])
    _verify(chain[0].public_key(), signed)
    found.checked.append("the signature is by the key of the domain's certificate")
    if signed["domain"].lower() not in [name.lower() for name in names_of(chain[0])]:
        raise _Invalid(f"the certificate is not for {signed['domain'][:100]}")
    root = check_chain(chain, created)
    found.checked.append("the certificates form a chain that was valid then")
    known = _known()["domain"].get(root)
    if known is None:
        raise _Invalid(f"the domain's certificates end in a root that is not known ({root})")
    found.signer = signed["domain"]
    found.checked.append(f"the chain ends in {known}")
    found.unchecked.append("whether the domain's certificate was revoked")
    _check_time(signed, created, found, time_check)
    if "crossSignedCert" in signed:
        found.unchecked.append("the cross-signed certificate")


def _check_time(
    signed: Mapping[str, str], created: datetime.datetime, found: Signature, time_check: TimeCheck | None
) -> None:
    if "timeSignature" not in signed or "timestampCert" not in signed:
        raise _Invalid("a domain's signature without a timestamp")
    if time_check is None:
        found.unchecked.append("the timestamp")
        return
    chain = read_chain(signed["timestampCert"])
    root = fingerprint(chain[-1])
    known = _known()["timestamp"].get(root)
    if known is None:
        raise _Invalid(f"the timestamp's certificates end in a root that is not known ({root})")
    digest = hashlib.sha256(signed["signature"].encode("ascii", "replace")).digest()
    try:
        time = time_check(_base64(signed["timeSignature"]), digest, chain)
    except ValueError as error:
        raise _Invalid(f"the timestamp does not hold: {error}") from error
    if not created <= time <= created + _MOST_APART:
        raise _Invalid("the timestamp is more than ten minutes from the time of making")
    found.time = time.strftime("%Y-%m-%dT%H:%M:%SZ")
    found.checked.append(f"an authority under {known} saw the signature at {found.time}")


def _verify(key: Any, signed: Mapping[str, str]) -> None:
    """The signature over the hash's text, ECDSA with SHA-256, in DER or as two numbers side by side (WebCrypto)."""
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise _Invalid("the key is not one for ECDSA")
    raw = _base64(signed["signature"])
    half = (key.curve.key_size + 7) // 8
    forms = [raw]
    if len(raw) == 2 * half:
        pair = int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big")
        forms.append(utils.encode_dss_signature(*pair))
    for form in forms:
        try:
            key.verify(form, signed["hash"].encode("ascii", "replace"), ec.ECDSA(hashes.SHA256()))
        except (InvalidSignature, UnsupportedAlgorithm):
            continue
        return
    raise _Invalid("the signature does not fit the key and the hash")


def _base64(text: str) -> bytes:
    try:
        if len(text) > _LONGEST:
            raise _Invalid("a value of the signature is too long")
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise _Invalid("a value of the signature is not Base64") from error


def _moment(text: str) -> datetime.datetime:
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError as error:
        raise _Invalid(f"{text[:40]!r} is no time") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


@functools.cache
def _known() -> Any:
    return yaml.safe_load(resources.files("ascertain.preserve.warc").joinpath("known_roots.yaml").read_text("utf-8"))
