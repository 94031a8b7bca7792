"""Signed notes (https://c2sp.org/signed-note): a text with signatures that a stranger can check with a short key line.

Only Ed25519 keys (signature type 0x01) are known here; signatures of other types and other keys are ignored, as the
specification wants, and keep their place in the note.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ascertain.record.custody import ed25519

LARGEST_BYTES = 1_000_000
MOST_SIGNATURES = 100

_ED25519 = b"\x01"
_DASH = "\N{EM DASH} "
_KEY = re.compile(r"([^+]+)\+([0-9a-f]{8})\+(.+)", re.ASCII)


class BadNote(ValueError):
    """Bytes that are no signed note, a key line that is no key, or a note that no trusted key has signed."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line of a note: whose it says it is, and its bytes."""

    name: str
    key_id: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A note as its bytes say it; nothing of it is to be believed before `verified_by` has named a key."""

    text: str
    signatures: tuple[Signature, ...]

    def as_text(self) -> str:
        """The note's text with its signature lines, as it is kept and sent."""
        return self.text + "\n" + "".join(_line(signature) for signature in self.signatures)


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under a name. `str()` gives its line: name, key id and key, joined by plus signs."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        _check_name(self.name)
        if not ed25519.is_key(self.public):
            raise BadNote("the key is not a canonical Ed25519 public key of prime order")

    @property
    def key_id(self) -> str:
        """The first four bytes of the hash over name and key, as eight hexadecimal digits."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).hexdigest()[:8]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id}+{base64.b64encode(_ED25519 + self.public).decode()}"


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key under a name."""

    name: str
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self.private.public_key().public_bytes_raw())


def parse_verifier_key(line: str) -> VerifierKey:
    """A verifier key from its line `name+id+base64`. Raises BadNote for anything but an Ed25519 key's own line."""
    found = _KEY.fullmatch(line)
    if found is None:
        raise BadNote("a verifier key is written name+id+base64")
    name, key_id, encoded = found.groups()
    data = _from_base64(encoded)
    if len(data) != 1 + ed25519.KEY_BYTES or data[:1] != _ED25519:
        raise BadNote("the verifier key is not an Ed25519 key")
    key = VerifierKey(name, data[1:])
    if key.key_id != key_id:
        raise BadNote(f"the verifier key's id is {key.key_id}, not {key_id}")
    return key


def sign_note(text: str, signers: Sequence[Signer]) -> Note:
    """A text, signed. Raises BadNote for a text that cannot be a note's: no line end, control characters."""
    _check_text(text)
    return Note(
        text,
        tuple(Signature(s.name, s.verifier.key_id, s.private.sign(text.encode())) for s in signers),
    )


def parse_note(data: bytes) -> Note:
    """A note from its bytes. Raises BadNote for everything that the specification does not allow."""
    if len(data) > LARGEST_BYTES:
        raise BadNote(f"a note has at most {LARGEST_BYTES:,} bytes, not {len(data):,}")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadNote("the note is not UTF-8") from error
    head, blank, tail = whole.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise BadNote("a note is a text, a blank line, and signature lines with a line end each")
    text = head + "\n"
    _check_text(text)
    lines = tail[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise BadNote(f"a note has at most {MOST_SIGNATURES} signatures, not {len(lines)}")
    return Note(text, tuple(_signature(line) for line in lines))


def verified_by(note: Note, known: Iterable[VerifierKey]) -> tuple[VerifierKey, ...]:
    """The keys among those known that have signed the note, each once.

    Raises BadNote when none has, or when a signature that says it is of a known key does not hold.
    """
    keys = {(key.name, key.key_id): key for key in known}
    found: dict[VerifierKey, None] = {}
    for signature in note.signatures:
        key = keys.get((signature.name, signature.key_id))
        if key is None:
            continue
        if not ed25519.is_valid(key.public, signature.value, note.text.encode()):
            raise BadNote(f"the signature of key {key.key_id} does not hold")
        found[key] = None
    if not found:
        raise BadNote("no known key has signed the note")
    return tuple(found)


def _line(signature: Signature) -> str:
    data = base64.b64encode(bytes.fromhex(signature.key_id) + signature.value).decode()
    return f"{_DASH}{signature.name} {data}\n"


def _signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        raise BadNote("a signature line is a dash, a key's name and the signature in base64")
    _check_name(name)
    data = _from_base64(encoded)
    if len(data) < 5:
        raise BadNote("a signature has four bytes of key id and at least one of its own")
    return Signature(name, data[:4].hex(), data[4:])


def _check_text(text: str) -> None:
    if not text.endswith("\n"):
        raise BadNote("a note's text ends with a line end")
    if any(character < " " and character != "\n" for character in text):
        raise BadNote("a note holds no control character but the line end")


def _check_name(name: str) -> None:
    if not name or "+" in name or any(c.isspace() or c < " " for c in name):
        raise BadNote("a key's name is not empty and holds no space, plus sign or control character")


def _from_base64(encoded: str) -> bytes:
    """Bytes from base64 (RFC 4648, section 4), of which each value has exactly one spelling."""
    try:
        data = base64.b64decode(encoded.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise BadNote("not base64") from error
    if base64.b64encode(data).decode() != encoded:
        raise BadNote("not canonical base64")
    return data
