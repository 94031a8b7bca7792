"""What is known of a sealed exhibit and encrypted with it, and the commitment that names it."""

from __future__ import annotations

import hashlib
import secrets

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pyrage import x25519

from ascertain.errors import RecordDamaged, UsageError
from ascertain.record.entries import Sha256, canonical
from ascertain.record.sealed import age

SMALLEST_BYTES = 4096  # what is shorter is padded to this
PARTICULARS_LIMIT_BYTES = 1024 * 1024


class Particulars(BaseModel):
    """A sealed exhibit's true hash, size in bytes and type, and how it was acquired.

    `salt` is empty for an exhibit that lay in the clear before it was sealed: its id is the hash itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = 1
    sha256: Sha256
    size: int = Field(ge=0)
    media_type: str
    salt: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    original_name: str = ""
    source: str = ""
    published: str = ""
    url: str = ""
    note: str = ""

    def exhibit(self) -> str:
        """The id of the exhibit that these particulars are of."""
        return commitment(self.salt, self.sha256) if self.salt else self.sha256


def new_salt() -> str:
    """A salt for one commitment: 32 bytes in hexadecimal."""
    return secrets.token_hex(32)


def commitment(salt: str, sha256: str) -> str:
    """The id of an exhibit that was sealed when it came in: SHA-256 of 0x02, the salt and the hash of its bytes.

    Whoever has the file, but not the salt, cannot tell from the log that it is there.
    """
    return hashlib.sha256(b"\x02" + bytes.fromhex(salt) + bytes.fromhex(sha256)).hexdigest()


def padded_size(size: int) -> int:
    """How many bytes are encrypted for so many: a number with few significant binary digits.

    Padmé, from Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", PoPETs
    2019: at most 12% more, and a length tells O(log log size) bits of the true one.
    """
    if size <= SMALLEST_BYTES:
        return SMALLEST_BYTES
    exponent = size.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (size + mask) & ~mask


def seal_particulars(particulars: Particulars, identity: x25519.Identity) -> bytes:
    """The ciphertext of an exhibit's particulars. Raises UsageError when they are longer than a megabyte."""
    data = canonical(particulars.model_dump())
    if len(data) > PARTICULARS_LIMIT_BYTES:
        raise UsageError("what is told of this exhibit is longer than a megabyte", next_step="shorten its note")
    return age.encrypted(data.ljust(padded_size(len(data)), b"\0"), [age.public_key(identity)])


def unseal_particulars(ciphertext: bytes, identity: x25519.Identity) -> Particulars:
    """An exhibit's particulars. Raises CannotOpen, RecordDamaged."""
    try:
        return Particulars.model_validate_json(age.decrypted(ciphertext, [identity]).rstrip(b"\0"))
    except ValidationError as error:
        raise RecordDamaged("the particulars of this exhibit are not what was sealed") from error
