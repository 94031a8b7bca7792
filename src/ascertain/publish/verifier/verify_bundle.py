#!/usr/bin/env python3
"""Verify a bundle of an Ascertain record, with Python 3.9 or newer and the package `cryptography` (42 or newer).

    python verify_bundle.py [FOLDER] [--key LINE] [--since NOTE] [--authority PEM] [--json]

This program shares no code with Ascertain. It was written from docs/record-format.md of Ascertain, from RFC 8493
(BagIt), RFC 6962 and RFC 9162 (Merkle trees), RFC 8032 (Ed25519), RFC 3161, RFC 5652 and RFC 5816 (timestamps), and
the C2SP specifications of signed notes and checkpoints. It reads; it writes nothing and opens no connection.

It ends with 0 when everything holds, with 4 when something does not, with 2 when it was asked wrongly.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import datetime
import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Dict, Tuple, TypeVar

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

Files = Dict[str, str]
Entries = Dict[int, Dict[str, Any]]
Point = Tuple[int, int, int, int]
Checkpoint = Tuple[str, int, bytes, bytes]
Result = TypeVar("Result")

HEX = re.compile(r"[0-9a-f]{64}\Z")
LONGEST_LINE = 64 * 1024 * 1024
LARGEST_FILE = 16 * 1024 * 1024  # of a file that is read whole
LARGEST_MANIFEST = 512 * 1024 * 1024
MOST_CERTIFICATES = 11  # in a token: the signer's and ten beside it, no crowd that takes hours to compare


class Bad(Exception):
    """Something does not hold; the text says what."""


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


# --- The bag (RFC 8493): each file is there, none is there besides, each has its hash.


def bag_files(folder: str) -> Files:
    found = {}
    for here, folders, files in os.walk(folder, followlinks=False):
        for name in folders + files:
            path = os.path.join(here, name)
            relative = os.path.relpath(path, folder).replace(os.sep, "/")
            if os.path.islink(path):
                raise Bad(f"{relative}: a link; a bundle holds none")
            if name in files:
                if not os.path.isfile(path):
                    raise Bad(f"{relative}: not an ordinary file")
                found[relative] = path
    return found


def manifest(path: str) -> Files:
    lines, listed = read(path, LARGEST_MANIFEST).decode("utf-8").split("\n"), {}
    if lines and lines[-1] == "":
        lines.pop()
    for number, line in enumerate(lines, 1):
        match = re.fullmatch(r"([0-9a-f]{64})  (.+)", line)
        where = f"{os.path.basename(path)}, line {number}"
        if not match:
            raise Bad(f"{where}: not a hash and a path")
        name = re.sub("%(0[DdAa]|25)", lambda m: chr(int(m.group(1), 16)), match.group(2))
        parts = name.split("/")
        if name.startswith(("/", "~")) or "\\" in name or "\0" in name or any(p in ("", ".", "..") for p in parts):
            raise Bad(f"{where}: the path {name!r} is out of scope")
        if name in listed:
            raise Bad(f"{where}: {name!r} is listed twice")
        listed[name] = match.group(1)
    return listed


def file_hash(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while True:
            chunk = file.read(1024 * 1024)
            if not chunk:
                return digest.hexdigest()
            digest.update(chunk)


def check_bag(folder: str, report: Report) -> Files:
    files = bag_files(folder)
    for name in ("bagit.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"):
        if name not in files:
            raise Bad(f"{name} is missing")
    if not re.match(
        rb"BagIt-Version: (0\.97|1\.0)\r?\nTag-File-Character-Encoding: UTF-8\r?\n?\Z", read(files["bagit.txt"])
    ):
        raise Bad("bagit.txt does not say version 0.97 or 1.0 and UTF-8")
    if "fetch.txt" in files:
        report.problem("fetch.txt: a bundle holds everything itself")
    payload, tags = manifest(files["manifest-sha256.txt"]), manifest(files["tagmanifest-sha256.txt"])
    for listed, name in ((payload, "manifest-sha256.txt"), (tags, "tagmanifest-sha256.txt")):
        for path, wanted in listed.items():
            if path not in files:
                report.problem(f"{path} is missing ({name} lists it)")
            elif file_hash(files[path]) != wanted:
                report.problem(f"{path} has been altered: it does not have the hash in {name}")
    for path in sorted(files):
        if path != "tagmanifest-sha256.txt" and path not in payload and path not in tags:
            report.problem(f"{path} is in no manifest")
        if (path in payload) != path.startswith("data/"):
            report.problem(f"{path} is in the wrong manifest")
    return files


# --- Notes, keys and signatures (C2SP signed-note and tlog-checkpoint; record-format.md, sections 9 and 10).

FIELD = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
TWIST = -121665 * pow(121666, FIELD - 2, FIELD) % FIELD
ROOT_OF_MINUS_ONE = pow(2, (FIELD - 1) // 4, FIELD)


def point(data: bytes) -> Point:
    """A point in extended coordinates from its canonical encoding."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if len(data) != 32 or y >= FIELD:
        raise Bad("not the canonical encoding of a point")
    u, v = (y * y - 1) % FIELD, (TWIST * y * y + 1) % FIELD
    x = u * pow(v, 3, FIELD) * pow(u * pow(v, 7, FIELD), (FIELD - 5) // 8, FIELD) % FIELD
    if v * x * x % FIELD == -u % FIELD:
        x = x * ROOT_OF_MINUS_ONE % FIELD
    if v * x * x % FIELD != u or (x == 0 and sign):
        raise Bad("not a point of the curve")
    if x & 1 != sign:
        x = FIELD - x
    return (x, y, 1, x * y % FIELD)


def added(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % FIELD, (p[1] + p[0]) * (q[1] + q[0]) % FIELD
    c, d = 2 * p[3] * q[3] * TWIST % FIELD, 2 * p[2] * q[2] % FIELD
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % FIELD, g * h % FIELD, f * g % FIELD, e * h % FIELD)


def times(number: int, p: Point) -> Point:
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = added(total, p)
        p, number = added(p, p), number >> 1
    return total


def is_neutral(p: Point) -> bool:
    return p[0] % FIELD == 0 and (p[1] - p[2]) % FIELD == 0


def has_prime_order(data: bytes) -> bool:
    try:
        found = point(data)
    except Bad:
        return False
    return not is_neutral(found) and is_neutral(times(ORDER, found))


def ed25519_holds(public: bytes, signature: bytes, message: bytes) -> bool:
    """The strict rule of record-format.md, section 9: on it no two verifiers can differ."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if len(public) != 32 or len(signature) != 64 or int.from_bytes(signature[32:], "little") >= ORDER:
        return False
    if not has_prime_order(public) or not has_prime_order(signature[:32]):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def from_base64(text: str, what: str) -> bytes:
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise Bad(f"{what} is not base64") from None
    if base64.b64encode(data).decode() != text:
        raise Bad(f"{what} is not canonical base64")
    return data


def parse_key(line: str) -> tuple[str, str, bytes]:
    """(name, id, public key) of a verifier key's line."""
    match = re.fullmatch(r"([^+\s]+)\+([0-9a-f]{8})\+(.+)", line)
    if not match:
        raise Bad("a verifier key is written name+id+base64")
    name, key_id, encoded = match.groups()
    data = from_base64(encoded, "the key")
    if len(data) != 33 or data[0] != 1 or sha256(name.encode(), b"\n", data)[:4].hex() != key_id:
        raise Bad(f"{line!r} is not the line of an Ed25519 key")
    return name, key_id, data[1:]


def parse_note(data: bytes) -> tuple[str, list[tuple[str, str, bytes]]]:
    """(signed text, [(name, key id, signature)]) of a signed note."""
    if len(data) > 1_000_000:
        raise Bad("the note has more than a million bytes")
    try:
        head, blank, tail = data.decode("utf-8").rpartition("\n\n")
    except UnicodeDecodeError:
        raise Bad("the note is not UTF-8") from None
    if not blank or not tail.endswith("\n"):
        raise Bad("the note has no signature lines")
    text, signatures = head + "\n", []
    if any(c < " " and c != "\n" for c in text + tail):
        raise Bad("the note holds control characters")
    for line in tail[:-1].split("\n"):
        match = re.fullmatch("\u2014 ([^+\\s]+) (\\S+)", line)
        if not match:
            raise Bad("a line of the note's signatures has another form")
        value = from_base64(match.group(2), "a signature")
        if len(value) < 5:
            raise Bad("a signature is too short")
        signatures.append((match.group(1), value[:4].hex(), value[4:]))
    return text, signatures


def parse_checkpoint(text: str) -> tuple[str, int, bytes]:
    """(origin, size, root) of a note's text."""
    lines = text[:-1].split("\n")
    if len(lines) < 3 or "" in lines or not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1]) or int(lines[1]) >> 63:
        raise Bad("the note is not a checkpoint: origin, size, root")
    root = from_base64(lines[2], "the checkpoint's root")
    if len(root) != 32:
        raise Bad("the checkpoint's root has not 32 bytes")
    return lines[0], int(lines[1]), root


def signers(data: bytes, keys: list[str]) -> tuple[str, list[str]]:
    """(text, the key lines that signed). Raises Bad when a known key's signature fails."""
    text, signatures = parse_note(data)
    found = []
    for line in keys:
        name, key_id, public = parse_key(line)
        for signed_name, signed_id, value in signatures:
            if (signed_name, signed_id) == (name, key_id):
                if not ed25519_holds(public, value, text.encode()):
                    raise Bad(f"the signature of key {key_id} does not hold")
                found.append(line)
    return text, found


# --- The tree (RFC 6962, 2.1; verification as in RFC 9162, 2.1.3.2 and 2.1.4.2).


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\x00", entry)


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01", left, right)


def check_inclusion(index: int, size: int, leaf: bytes, path: list[bytes], root: bytes) -> None:
    if not 0 <= index < size or any(len(h) != 32 for h in (leaf, root, *path)):
        raise Bad("the proof does not fit the tree")
    first, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise Bad("the proof is too long")
        if first & 1 or first == last:
            found = node_hash(sibling, found)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        first, last = first >> 1, last >> 1
    if last != 0 or found != root:
        raise Bad("the proof does not lead to the checkpoint's root")


def check_consistency(old: int, new: int, path: list[bytes], old_root: bytes, new_root: bytes) -> None:
    if not 0 < old <= new or any(len(h) != 32 for h in path):
        raise Bad("the consistency proof does not fit the sizes")
    if old == new:
        if path or old_root != new_root:
            raise Bad("two checkpoints of one size have different roots")
        return
    path = list(path)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        raise Bad("the consistency proof is empty")
    first, last = old - 1, new - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    found_old = found_new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise Bad("the consistency proof is too long")
        if first & 1 or first == last:
            found_old, found_new = node_hash(sibling, found_old), node_hash(sibling, found_new)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            found_new = node_hash(found_new, sibling)
        first, last = first >> 1, last >> 1
    if last != 0 or found_old != old_root or found_new != new_root:
        raise Bad("the later tree does not extend the earlier one")


# --- DER, and timestamps (record-format.md, section 12).


class Der:
    """One DER element: its tag, its content, and all of its bytes."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 2:
            raise Bad("DER: too short")
        self.tag, length, start = data[0], data[1], 2
        if self.tag & 0x1F == 0x1F:
            raise Bad("DER: a long tag")
        if length & 0x80:
            count = length & 0x7F
            if not 1 <= count <= 4 or len(data) < 2 + count:
                raise Bad("DER: a bad length")
            length, start = int.from_bytes(data[2 : 2 + count], "big"), 2 + count
            if length < 0x80 or data[2] == 0:
                raise Bad("DER: a length that is not the shortest")
        if len(data) < start + length:
            raise Bad("DER: cut short")
        self.content, self.all, self.rest = data[start : start + length], data[: start + length], data[start + length :]

    def parts(self) -> list[Der]:
        found, rest = [], self.content
        while rest:
            one = Der(rest)
            found.append(one)
            rest = one.rest
        return found


def der(data: bytes, what: str) -> Der:
    one = Der(data)
    if one.rest:
        raise Bad(f"{what}: {len(one.rest)} bytes too many")
    return one


def want(element: Der, tag: int, what: str) -> Der:
    if element.tag != tag:
        raise Bad(f"{what}: tag {element.tag:#x} instead of {tag:#x}")
    return element


SEQUENCE, SET, OCTETS, OID, INTEGER, TIME = 0x30, 0x31, 0x04, 0x06, 0x02, 0x18
SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
TST_INFO = bytes.fromhex("2a864886f70d0109100104")
CONTENT_TYPE, MESSAGE_DIGEST = bytes.fromhex("2a864886f70d010903"), bytes.fromhex("2a864886f70d010904")
SIGNING_CERTIFICATE = bytes.fromhex("2a864886f70d010910020c")
SIGNING_CERTIFICATE_V2 = bytes.fromhex("2a864886f70d010910022f")
DIGESTS = {
    bytes.fromhex("608648016503040201"): "sha256",
    bytes.fromhex("608648016503040202"): "sha384",
    bytes.fromhex("608648016503040203"): "sha512",
}


def timestamp_time(
    response: bytes, digest: bytes, trusted: list[bytes], helpers: Sequence[bytes] = ()
) -> tuple[datetime.datetime, str | None]:
    """(the time that a response states of a digest, the root that vouches for it, or None where no root is given).

    `trusted` are the certificates that may be roots; `helpers` only help to find the way to one.
    """
    status, *token = want(der(response, "the response"), SEQUENCE, "the response").parts()
    if want(status.parts()[0], INTEGER, "status").content != b"\x00" or len(token) != 1:
        raise Bad("the authority did not grant a timestamp")
    kind, wrapped = want(token[0], SEQUENCE, "the token").parts()
    want(wrapped, 0xA0, "the token")
    if want(kind, OID, "token").content != SIGNED_DATA:
        raise Bad("the token is not signed data")
    parts = want(der(wrapped.content, "the token"), SEQUENCE, "signed data").parts()
    if want(parts[0], INTEGER, "version").content != b"\x03" or want(parts[1], SET, "digests").parts() == []:
        raise Bad("the token is not signed data of version 3")
    content, embedded, signer_infos = parts[2], [p for p in parts[3:] if p.tag == 0xA0], parts[-1]
    content_kind, content_wrapped = content.parts()
    info = want(der(content_wrapped.content, "the content"), OCTETS, "the content").content
    if want(content_kind, OID, "the content").content != TST_INFO or content_wrapped.tag != 0xA0:
        raise Bad("the token holds no timestamp")
    stamped = read_info(info, digest)
    infos = want(signer_infos, SET, "signers").parts()
    if len(infos) != 1:
        raise Bad("the token has not exactly one signer")
    inside = [c.all for e in embedded for c in e.parts()]
    if len(inside) > MOST_CERTIFICATES:
        raise Bad(f"the token carries more than {MOST_CERTIFICATES} certificates")
    root = check_signer(infos[0], info, inside, trusted, helpers, stamped)
    return stamped, root


def read_info(info: bytes, digest: bytes) -> datetime.datetime:
    parts = want(der(info, "the timestamp"), SEQUENCE, "the timestamp").parts()
    if want(parts[0], INTEGER, "version").content != b"\x01" or parts[1].tag != OID or parts[3].tag != INTEGER:
        raise Bad("the timestamp is not of version 1")
    algorithm, imprint = want(parts[2], SEQUENCE, "imprint").parts()
    if DIGESTS.get(algorithm.parts()[0].content) != "sha256" or want(imprint, OCTETS, "imprint").content != digest:
        raise Bad("the timestamp is of another digest")
    text = want(parts[4], TIME, "time").content.decode("ascii")
    if not re.fullmatch(r"[0-9]{14}(\.[0-9]*[1-9])?Z", text):
        raise Bad("the timestamp's time has a form that DER does not allow")
    return datetime.datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=datetime.timezone.utc)


def check_signer(
    info: Der,
    content: bytes,
    inside: list[bytes],
    trusted: list[bytes],
    helpers: Sequence[bytes],
    moment: datetime.datetime,
) -> str | None:
    parts = want(info, SEQUENCE, "signer").parts()
    if want(parts[0], INTEGER, "the signer's version").content != b"\x01":
        raise Bad("the signer is not named by issuer and serial number")
    issuer, serial = want(parts[1], SEQUENCE, "the signer's name").parts()
    digest_name = DIGESTS.get(parts[2].parts()[0].content)
    if digest_name is None or parts[3].tag != 0xA0:
        raise Bad("the signer uses a digest that is not known here, or signs no attributes")
    attributes = {}
    for attribute in parts[3].parts():
        kind, values = attribute.parts()
        if kind.content in attributes or len(values.parts()) != 1:
            raise Bad("a signed attribute is there twice")
        attributes[kind.content] = values.parts()[0]
    if CONTENT_TYPE not in attributes or attributes[CONTENT_TYPE].content != TST_INFO:
        raise Bad("the signed attributes do not say that this is a timestamp")
    if (
        MESSAGE_DIGEST not in attributes
        or attributes[MESSAGE_DIGEST].content != hashlib.new(digest_name, content).digest()
    ):
        raise Bad("the timestamp is not what was signed")
    pool = [certificate_of(one) for one in dict.fromkeys([*inside, *trusted, *helpers])]
    fits = [
        c
        for c in pool
        if c.serial_number == int.from_bytes(serial.content, "big", signed=True)
        and c.issuer.public_bytes() == issuer.all
    ]
    if not fits:
        return None  # without its certificate a signature cannot be checked
    if len(fits) > 1:
        raise Bad("two certificates have the signer's name and number")
    check_signing_attribute(attributes, fits[0])
    check_signature(fits[0].public_key(), parts[5].content, b"\x31" + parts[3].all[1:], digest_name, parts[4])
    check_purpose(fits[0])
    check_strangers(fits[0], [certificate_of(one) for one in inside])
    return anchored(fits[0], pool, {sha256(one) for one in trusted}, moment)


def certificate_of(data: bytes) -> Certificate:
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        found = x509.load_der_x509_certificate(data)
        found.public_key(), found.extensions
        return found
    except (
        ValueError,
        TypeError,
        UnsupportedAlgorithm,
        x509.InvalidVersion,
        x509.DuplicateExtension,
        x509.UnsupportedGeneralNameType,
    ) as error:
        raise Bad(f"a certificate cannot be read ({error})") from None


def check_signing_attribute(attributes: dict[bytes, Der], certificate: Certificate) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding

    data = certificate.public_bytes(Encoding.DER)
    name, kind = (
        ("sha256", SIGNING_CERTIFICATE_V2) if SIGNING_CERTIFICATE_V2 in attributes else ("sha1", SIGNING_CERTIFICATE)
    )
    if kind not in attributes:
        raise Bad("the signed attributes name no certificate")
    first = attributes[kind].parts()[0].parts()[0].parts()
    if first[0].tag == SEQUENCE:
        name = DIGESTS.get(first.pop(0).parts()[0].content, "sha256")
    if first[0].content != hashlib.new(name, data).digest():
        raise Bad("the signed attributes name another certificate")


def check_signature(key: Any, signature: bytes, message: bytes, digest_name: str, algorithm: Der) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

    named = {"0b": "sha256", "0c": "sha384", "0d": "sha512"}  # sha…WithRSAEncryption, 1.2.840.113549.1.1.11 to 13
    oid = algorithm.parts()[0].content.hex()
    if oid.startswith("2a864886f70d0101"):
        digest_name = named.get(oid[-2:], digest_name)
    digest = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}[digest_name]
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, message, ec.ECDSA(digest))
        elif isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, message)
        else:
            raise Bad("the signer's kind of key is not known here")
    except InvalidSignature:
        raise Bad("the authority's signature does not hold") from None


def check_purpose(certificate: Certificate) -> None:
    from cryptography import x509

    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        raise Bad("the signer's certificate is not for timestamps") from None
    if not usage.critical or list(usage.value) != [x509.oid.ExtendedKeyUsageOID.TIME_STAMPING]:
        raise Bad("the signer's certificate is not for timestamps alone")


def issued(certificate: Certificate, issuer: Certificate) -> bool:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature

    if certificate.issuer != issuer.subject:
        return False
    try:
        if not issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return False
        certificate.verify_directly_issued_by(issuer)
    except (x509.ExtensionNotFound, InvalidSignature, TypeError, ValueError):
        return False
    return True


def check_strangers(signer: Certificate, inside: list[Certificate]) -> None:
    chain, grown = [signer], True
    while grown:
        new = [c for c in inside if c not in chain and any(issued(one, c) for one in chain)]
        chain, grown = chain + new, bool(new)
    if any(c not in chain for c in inside):
        raise Bad("the token carries a certificate that has nothing to do with its signer")


def anchored(
    certificate: Certificate, pool: list[Certificate], roots: set[bytes], moment: datetime.datetime
) -> str | None:
    """The SHA-256 of the trusted root at the end of a chain; None where there is none. Bad when only time forbids it.

    Each certificate is looked at once, so that certificates which issue one another in circles cost nothing.
    """
    from cryptography.hazmat.primitives.serialization import Encoding

    waiting, seen, outdated = [certificate], set(), False
    while waiting:
        one = waiting.pop(0)
        name = sha256(one.public_bytes(Encoding.DER))
        if name in seen:
            continue
        seen.add(name)
        if not one.not_valid_before_utc <= moment <= one.not_valid_after_utc:
            outdated = True
        elif one.issuer != one.subject:
            waiting += [other for other in pool if issued(one, other)]
        elif name in roots and issued(one, one):
            return name.hex()
    if outdated:
        raise Bad("a certificate was not valid at the time of the stamp")
    return None


# --- The bundle.


class Report:
    """What was found, in the order in which it was found."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.notes: list[str] = []
        self.facts: dict[str, Any] = {}

    def problem(self, text: str) -> None:
        self.problems.append(text)

    def note(self, text: str) -> None:
        self.notes.append(text)

    def tried(self, where: str, action: Callable[..., Result], *arguments: Any) -> Result | None:
        """The result of an action; None and a problem when it does not hold."""
        try:
            return action(*arguments)
        except Bad as error:
            self.problem(f"{where}: {error}")
        except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
            self.problem(f"{where}: cannot be read ({type(error).__name__}: {str(error)[:200]})")
        return None


def read(path: str, limit: int = LARGEST_FILE) -> bytes:
    with open(path, "rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise Bad(f"{os.path.basename(path)} is larger than {limit} bytes")
    return data


def lines_of(path: str | None) -> Iterator[bytes]:
    if not path:
        return
    with open(path, "rb") as file:
        while True:
            line = file.readline(LONGEST_LINE)
            if not line:
                return
            if not line.endswith(b"\n"):
                raise Bad(
                    f"{os.path.basename(path)} does not end with a line end, or has a line of over {LONGEST_LINE} bytes"
                )
            yield line[:-1]


def one_value(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise Bad("a name stands twice in one object")
    return value


def parse_json(data: bytes) -> Any:
    return json.loads(data.decode("utf-8"), object_pairs_hook=one_value)


def has_fraction(value: Any) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return isinstance(value, float) or any(has_fraction(one) for one in inner)


def ordered(value: Any) -> Any:
    """A value with its names in the order of RFC 8785: by UTF-16 code units, which is not Python's order."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return {name: ordered(value[name]) for name in names}
    return [ordered(one) for one in value] if isinstance(value, list) else value


def plain_json(value: Any) -> bytes:
    """A value without fractions as RFC 8785 writes it. (Python writes fractions in another way than that standard.)"""
    return json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def parse_entry(line: bytes) -> dict[str, Any]:
    entry = parse_json(line)
    if not isinstance(entry, dict) or type(entry.get("seq")) is not int or not isinstance(entry.get("body"), dict):
        raise Bad("not an entry")
    if not has_fraction(entry) and plain_json(entry) != line:
        raise Bad(f"entry {entry['seq']} is not in canonical form")
    return entry


def parse_object(line: bytes) -> dict[str, Any]:
    value = parse_json(line)
    if not isinstance(value, dict):
        raise Bad("not a JSON object")
    return value


def hash_bytes(text: Any) -> bytes:
    if not isinstance(text, str) or not HEX.match(text):
        raise Bad(f"{text!r} is not a hash")
    return bytes.fromhex(text)


def object_names(value: Any) -> list[str]:
    """Every text in an entry that could name an object."""
    if isinstance(value, str):
        return [value] if HEX.match(value) else []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [name for one in inner for name in object_names(one)]


NAMED = {
    "exhibit.preserved": ("exhibit",),
    "exhibit.sealed": ("object", "particulars"),
    "claims.read": ("claims",),
    "text.read": ("text",),
    "dataset.read": ("mapping", "claims"),
    "claim.judged": ("correction",),
    "model.asked": ("prompt", "answer"),
    "gazetteer.imported": ("gazetteer",),
    "check.made": ("result",),
    "capture.made": ("facts",),
    "relations.found": ("relations",),
    "timestamp.kept": ("token",),
    "reference.imported": ("files",),
    "bundle.received": ("files",),
}


def exhibits_with(entries: Entries, kind: str) -> set[Any]:
    """The exhibits of a kind of entry: sealed ones are not there in the clear, erased ones not at all."""
    return {entry["body"].get("exhibit") for entry in entries.values() if entry.get("kind") == kind}


def known_keys(files: Files, arguments: argparse.Namespace) -> list[str]:
    """The verifier keys that the bundle carries and those that were given, each once."""
    carried = [line.decode("utf-8") for line in lines_of(files.get("data/keys.txt"))]
    return list(dict.fromkeys([*carried, *arguments.key]))


def check_checkpoint(files: Files, arguments: argparse.Namespace, report: Report) -> Checkpoint | None:
    """(origin, size, root, note) of the signed checkpoint, or None."""
    path = files.get("data/checkpoint.txt")
    if path is None:
        report.problem("data/checkpoint.txt is missing: nothing is signed, so that nothing says whose record this is")
        return None
    note = read(path)
    text, found = signers(note, known_keys(files, arguments))
    if not found:
        raise Bad("no key that is known signed it")
    if arguments.key and not set(arguments.key) & set(found):
        raise Bad("it was not signed by the key that you gave")
    ids = ", ".join(parse_key(line)[1] for line in found if not arguments.key or line in arguments.key)
    if arguments.key:
        report.facts["signed_by"] = f"key {ids}, which you gave"
    else:
        report.facts["signed_by"] = f"key {ids}, which this bundle itself carries"
        report.note("whose key that is, nobody can see here: ask its owner by another way, then give it with --key")
    origin, size, root = parse_checkpoint(text)
    if any(parse_key(line)[0] != origin for line in found):
        raise Bad("the key is of another record")
    return origin, size, root, note


def check_entries(files: Files, checkpoint: Checkpoint | None, report: Report) -> tuple[Entries, list[bytes]]:
    """The carried entries by number: each in canonical form, in order, and proved to be in the signed tree."""
    if "data/entries.jsonl" not in files:
        report.problem("data/entries.jsonl is missing")
    entries, last, leaves = {}, -1, []
    proofs = lines_of(files.get("data/proofs.jsonl"))
    for number, line in enumerate(lines_of(files.get("data/entries.jsonl")), 1):
        where = f"data/entries.jsonl, line {number}"
        entry = report.tried(where, parse_entry, line)
        proof = report.tried(f"data/proofs.jsonl, line {number}", next, proofs, b"")
        if entry is None:
            continue
        seq = entry["seq"]
        if seq <= last:
            report.problem(f"{where}: entry {seq} does not come after entry {last}")
        last, entries[seq] = seq, entry
        leaves.append(leaf_hash(line))
        if checkpoint:
            report.tried(f"entry {seq}", check_proof, seq, leaves[-1], proof, checkpoint)
    if next(proofs, None) is not None:
        report.problem("data/proofs.jsonl has more lines than data/entries.jsonl")
    if checkpoint and 0 in entries and checkpoint[0] != f"ascertain/{leaves[0].hex()[:32]}":
        report.problem("the checkpoint's origin is not that of entry 0")
    return entries, leaves


def check_proof(seq: int, leaf: bytes, line: bytes, checkpoint: Checkpoint) -> None:
    if not line:
        raise Bad("its proof is missing")
    proof = parse_object(line)
    if proof.get("seq") != seq:
        raise Bad(f"its proof is of entry {proof.get('seq')}")
    check_inclusion(seq, checkpoint[1], leaf, [hash_bytes(h) for h in proof["proof"]], checkpoint[2])


def check_objects(files: Files, entries: Entries, report: Report) -> tuple[set[str], set[str]]:
    """(the objects that are there, those that entries name): each has its name's hash, and none is missing."""
    there, named = set(), set()
    for path in files:
        if path.startswith("data/objects/"):
            name = path[len("data/objects/") :].replace("/", "")
            there.add(name)
            if not HEX.match(name) or path != f"data/objects/{name[:2]}/{name[2:]}":
                report.problem(f"{path}: not an object's place")
            elif file_hash(files[path]) != name:
                report.problem(f"object {name} has been altered")
    sealed, erased = exhibits_with(entries, "exhibit.sealed"), exhibits_with(entries, "exhibit.erased")
    for seq, entry in sorted(entries.items()):
        for field in NAMED.get(str(entry.get("kind")), ()):
            for name in object_names(entry["body"].get(field)):
                named.add(name)
                gone = erased if entry.get("kind") == "exhibit.sealed" else sealed | erased
                if name not in there and entry["body"].get("exhibit") not in gone:
                    report.problem(f"object {name}, which entry {seq} names, is missing")
    return there, named


PLACES = re.compile(
    r"data/(bundle\.json|checkpoint\.txt|keys\.txt|(entries|proofs|consistency|timestamps)\.jsonl"
    r"|authorities/[^/]+\.pem|objects/.+)"
)
BAG = ("bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt")


def check_places(files: Files, there: set[str], named: set[str], report: Report) -> None:
    """Nothing is there of which nobody speaks; what lies outside of data/ is under no signature."""
    for path in sorted(files):
        if path.startswith("data/") and not PLACES.fullmatch(path):
            report.problem(f"{path} has no place in a bundle")
    for name in sorted(there - named):
        report.problem(f"object {name} is named by no entry and by no timestamp")
    loose = sorted(path for path in files if not path.startswith("data/") and path not in BAG)
    if loose:
        report.note(f"under no signature, so that anybody can have changed them: {', '.join(loose)}")


def check_timestamps(
    files: Files,
    checkpoint: Checkpoint | None,
    entries: Entries,
    roots: list[bytes],
    helpers: list[bytes],
    report: Report,
) -> set[str]:
    """The tokens that the timestamps name."""
    held, open_ones, tokens = 0, 0, set()
    for number, line in enumerate(lines_of(files.get("data/timestamps.jsonl")), 1):
        where = f"data/timestamps.jsonl, line {number}"
        found = report.tried(where, check_timestamp, line, files, checkpoint, entries, roots, helpers)
        if found is None:
            continue
        said, moment, root = found
        tokens.add(said["token"])
        subject = f"exhibit {said['subject'][:16]}\u2026"
        if said["subject_kind"] == "checkpoint":
            subject = f"the checkpoint over {said['subject']} entries"
        if root is None:
            open_ones += 1
            report.note(
                f"timestamp of {subject} by {said['authority']}: not checked, no root certificate for it was given"
            )
        else:
            held += 1
            report.note(
                f"timestamp: {subject} existed on {moment:%Y-%m-%d %H:%M:%S} UTC, says the authority under root {root}"
            )
    if held or open_ones:
        report.note("a timestamp proves that bytes existed at a time, and nothing about what they say")
    report.facts["timestamps"] = f"{held} hold, {open_ones} not checked"
    return tokens


def check_timestamp(
    line: bytes,
    files: Files,
    checkpoint: Checkpoint | None,
    entries: Entries,
    roots: list[bytes],
    helpers: list[bytes],
) -> tuple[dict[str, str], datetime.datetime, str | None]:
    said = parse_object(line)
    digest, token = hash_bytes(said["digest"]), hash_bytes(said["token"]).hex()
    if said["subject_kind"] == "exhibit":
        wanted = said["subject"]
        brought = [e["body"] for e in entries.values() if e.get("kind") in ("exhibit.preserved", "exhibit.sealed")]
        if not any(body.get("exhibit") == wanted for body in brought):
            raise Bad("it is of an exhibit that is not carried")
    elif checkpoint and said["subject"] == str(checkpoint[1]):
        wanted = sha256(checkpoint[3]).hex()
    else:
        entry = entries.get(int(said["subject"]), {})
        if entry.get("kind") != "checkpoint.signed":
            raise Bad("it is of a checkpoint that is not carried")
        wanted = sha256(entry["body"]["note"].encode()).hex()
    if said["digest"] != wanted:
        raise Bad("it is of another digest than its subject has")
    path = files.get(f"data/objects/{token[:2]}/{token[2:]}")
    if path is None:
        raise Bad(f"the authority's response {token} is missing")
    moment, root = timestamp_time(read(path), digest, roots, helpers)
    if said["time"][:19] != f"{moment:%Y-%m-%dT%H:%M:%S}":
        raise Bad("the response states another time")
    return said, moment, root


def pem_certificates(paths: list[str]) -> list[bytes]:
    found = []
    for path in paths:
        blocks = re.findall(rb"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", read(path), re.DOTALL)
        if not blocks:
            raise Bad(f"{os.path.basename(path)} holds no certificate")
        found += [base64.b64decode(b"".join(block.split()), validate=True) for block in blocks]
    for one in found:
        certificate_of(one)
    return found


def parse_growth(line: bytes) -> tuple[int, list[bytes]]:
    said = parse_object(line)
    if said.keys() != {"from", "proof"} or type(said["from"]) is not int or not isinstance(said["proof"], list):
        raise Bad("not a proof of growth")
    return said["from"], [hash_bytes(h) for h in said["proof"]]


def check_growth(files: Files, checkpoint: Checkpoint, entries: Entries, keys: list[str], report: Report) -> None:
    """Each carried earlier checkpoint is a state that the signed record had."""
    proved = {}
    for number, line in enumerate(lines_of(files.get("data/consistency.jsonl")), 1):
        found = report.tried(f"data/consistency.jsonl, line {number}", parse_growth, line)
        if found is not None:
            proved[found[0]] = found[1]
    for seq, entry in sorted(entries.items()):
        if entry.get("kind") == "checkpoint.signed":
            where = f"the checkpoint of entry {seq}"
            report.tried(where, check_earlier, entry["body"], proved, checkpoint, keys)


def check_earlier(
    body: dict[str, Any], proved: dict[int, list[bytes]], checkpoint: Checkpoint, keys: list[str]
) -> None:
    size, root = body["size"], hash_bytes(body["root"])
    if size not in proved:
        raise Bad("it is not proved that the signed record began like this")
    check_consistency(size, checkpoint[1], proved[size], root, checkpoint[2])
    text, _ = signers(body["note"].encode("utf-8"), keys)
    if parse_checkpoint(text) != (checkpoint[0], size, root):
        raise Bad("its note says another origin, size or root")


def check_since(
    files: Files, path: str, checkpoint: Checkpoint, leaves: list[bytes], keys: list[str], report: Report
) -> None:
    """The bundle's checkpoint extends one that was kept elsewhere."""
    text, found = signers(read(path), keys)
    if not found:
        raise Bad("no key that is known signed it")
    origin, size, root = parse_checkpoint(text)
    if origin != checkpoint[0]:
        raise Bad("it is of another record")
    if size > checkpoint[1]:
        raise Bad(f"it covers {size} entries, this bundle's only {checkpoint[1]}")
    for line in lines_of(files.get("data/consistency.jsonl")):
        start, proof = parse_growth(line)
        if start == size:
            check_consistency(size, checkpoint[1], proof, root, checkpoint[2])
            return
    if size == checkpoint[1]:
        check_consistency(size, size, [], root, checkpoint[2])
    elif len(leaves) == checkpoint[1]:
        if tree_root(leaves[:size]) != root:
            raise Bad("the first entries of this bundle do not have its root")
    else:
        report.note(f"the bundle holds no proof from size {size}: ask its sender for `ascertain prove --from {size}`")
        raise Bad("it cannot be compared")


def tree_root(leaves: list[bytes]) -> bytes:
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(tree_root(leaves[:split]), tree_root(leaves[split:]))


def verify(folder: str, arguments: argparse.Namespace) -> Report:
    report = Report()
    files = report.tried("the bag", check_bag, folder, report)
    if files is None:
        return report
    checkpoint = report.tried("data/checkpoint.txt", check_checkpoint, files, arguments, report)
    entries, leaves = report.tried("data/entries.jsonl", check_entries, files, checkpoint, report) or ({}, [])
    there, named = check_objects(files, entries, report)
    own = report.tried("data/authorities", pem_certificates, carried_authorities(files)) or []
    given = report.tried("--authority", pem_certificates, arguments.authority) or []
    # Beside roots of the reader's own those of the bundle are no roots: its sender chose them.
    roots = given if arguments.authority else own
    tokens = report.tried(
        "data/timestamps.jsonl", check_timestamps, files, checkpoint, entries, roots, own, report
    )  # fmt: skip
    if own and not arguments.authority:
        report.note("the root certificates are this bundle's own: give yours with --authority to rely on nobody")
    check_places(files, there, named | (tokens or set()), report)
    report.tried("data/bundle.json", check_summary, files, checkpoint, entries, report)
    keys = report.tried("data/keys.txt", known_keys, files, arguments) or []
    if checkpoint:
        report.tried("data/consistency.jsonl", check_growth, files, checkpoint, entries, keys, report)
    if arguments.since and checkpoint:
        report.tried(arguments.since, check_since, files, arguments.since, checkpoint, leaves, keys, report)
    report.facts.update({"entries": len(entries), "objects": len(there), "files": len(files)})
    if checkpoint:
        report.facts.update({"origin": checkpoint[0], "size": checkpoint[1], "root": checkpoint[2].hex()})
        hidden = checkpoint[1] - len(entries)
        if hidden:
            report.note(f"{hidden} of the record's {checkpoint[1]} entries are not in this bundle")
    return report


def carried_authorities(files: Files) -> list[str]:
    return sorted(path for name, path in files.items() if name.startswith("data/authorities/"))


def check_summary(files: Files, checkpoint: Checkpoint | None, entries: Entries, report: Report) -> None:
    said = parse_object(read(files["data/bundle.json"]))
    if said.get("entries") != len(entries):
        report.problem(f"data/bundle.json speaks of {said.get('entries')} entries; there are {len(entries)}")
    if checkpoint and (said.get("origin"), said.get("size"), said.get("root")) != (
        checkpoint[0],
        checkpoint[1],
        checkpoint[2].hex(),
    ):
        report.problem("data/bundle.json names another origin, size or root than the checkpoint")


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Verify a bundle of an Ascertain record.")
    parser.add_argument("folder", nargs="?", default=os.path.dirname(os.path.abspath(__file__)))
    parser.add_argument(
        "--key", action="append", default=[], metavar="LINE", help="the verifier key that must have signed"
    )
    parser.add_argument("--since", metavar="NOTE", help="a checkpoint kept elsewhere, which this one must extend")
    parser.add_argument(
        "--authority", action="append", default=[], metavar="PEM", help="certificates of timestamp authorities"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args(words)
    try:
        for line in arguments.key:
            parse_key(line)
    except Bad as error:
        parser.error(str(error))
    if not os.path.isdir(arguments.folder):
        parser.error(f"{arguments.folder} is not a folder")
    try:
        report = verify(arguments.folder, arguments)
    except (OSError, Bad) as error:
        report = Report()
        report.problem(str(error))
    say(report, arguments.json)
    return 4 if report.problems else 0


def say(report: Report, as_json: bool) -> None:
    if as_json:
        told = {"verifies": not report.problems, "problems": report.problems, "notes": report.notes, **report.facts}
        print(json.dumps(told, indent=2))
        return
    for text in report.problems:
        print("PROBLEM ", shown(text))
    for name, value in report.facts.items():
        print(f"{name + ':':12}", shown(str(value)))
    for text in report.notes:
        print("note:   ", shown(text))
    print("The bundle does NOT verify." if report.problems else "The bundle verifies.")


def shown(text: str) -> str:
    """Text of a stranger as a terminal may have it."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


if __name__ == "__main__":
    try:
        import cryptography  # noqa: F401
    except ImportError:
        sys.exit("this program needs the package cryptography: python -m pip install cryptography")
    sys.exit(main())
