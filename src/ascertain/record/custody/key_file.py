"""Private signing keys in files: PKCS #8 in PEM, readable by their owner alone, encrypted when a passphrase is given.

Encryption is PBES2 with scrypt (RFC 7914, section 7) and AES-256-CBC, which OpenSSL reads too. What the `cryptography`
library writes by itself derives its key by 2,048 rounds of PBKDF2: too few for a disk that was stolen.
"""

from __future__ import annotations

import base64
import os
import secrets
import textwrap
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from ascertain.errors import KeyUnusable, UsageError
from ascertain.record.custody import der
from ascertain.record.home.objects import sync_path

FOLDER = "keys"
FILE = "signer.pem"
_LARGEST_BYTES = 10_000

# scrypt: 16 MB of memory, which is what OpenSSL allows by itself, five times over.
_COST, _BLOCK, _PARALLEL = 2**14, 8, 5
_PBES2 = bytes.fromhex("2a864886f70d01050d")  # 1.2.840.113549.1.5.13
_SCRYPT = bytes.fromhex("2b06010401da47040b")  # 1.3.6.1.4.1.11591.4.11
_AES_256_CBC = bytes.fromhex("60864801650304012a")  # 2.16.840.1.101.3.4.1.42

Passphrase = Callable[[], bytes | None]
"""Asked for a passphrase only when a key is encrypted; None when there is none to be had."""


def no_passphrase() -> bytes | None:
    """Nobody can be asked."""
    return None


def write_key(path: Path, private: Ed25519PrivateKey, passphrase: bytes | None) -> None:
    """Write a private key to a new file, durably, mode 0600; its folder, when it is made for it, is 0700.

    Raises UsageError when something lies there already, or the file cannot be made.
    """
    pem = _pem(private, passphrase)
    if os.path.lexists(path):
        raise UsageError(f"{path} is there already", next_step="a key is never overwritten: name another file")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        sync_path(path.parent)
    except OSError as error:
        raise UsageError(f"no key can be written to {path}: {error.strerror}") from error


def read_key(path: Path, passphrase: Passphrase) -> Ed25519PrivateKey:
    """The private key in a file. Raises KeyUnusable when there is none, it is no Ed25519 key, or it stays encrypted."""
    try:
        with path.open("rb") as file:
            pem = file.read(_LARGEST_BYTES)
    except OSError as error:
        raise KeyUnusable(
            f"the signing key {path} cannot be read: {error.strerror}",
            next_step="say where it lies with --key-file, or make one: `ascertain key new`",
        ) from error
    given = passphrase() if b"ENCRYPTED" in pem else None
    if b"ENCRYPTED" in pem and not given:
        raise KeyUnusable(
            f"the signing key {path} is encrypted", next_step="give --passphrase-file or set ASCERTAIN_PASSPHRASE"
        )
    try:
        private = load_pem_private_key(pem, given)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        reason = "the passphrase does not open" if given else "no private key is in"
        raise KeyUnusable(f"{reason} {path}") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyUnusable(f"the key in {path} is not an Ed25519 key")
    return private


def _pem(private: Ed25519PrivateKey, passphrase: bytes | None) -> bytes:
    if not passphrase:
        return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    plain = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    lines = "\n".join(textwrap.wrap(base64.b64encode(_encrypted(plain, passphrase)).decode(), 64))
    return f"-----BEGIN ENCRYPTED PRIVATE KEY-----\n{lines}\n-----END ENCRYPTED PRIVATE KEY-----\n".encode()


def _encrypted(plain: bytes, passphrase: bytes) -> bytes:
    """EncryptedPrivateKeyInfo (RFC 5958, section 3) by PBES2 (RFC 8018, appendix A.4)."""
    salt, start = secrets.token_bytes(16), secrets.token_bytes(16)
    secret = Scrypt(salt=salt, length=32, n=_COST, r=_BLOCK, p=_PARALLEL).derive(passphrase)
    padder, encryptor = PKCS7(128).padder(), Cipher(AES(secret), CBC(start)).encryptor()
    hidden = encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
    numbers = (der.write_integer(number) for number in (_COST, _BLOCK, _PARALLEL))
    derivation = _named(_SCRYPT, der.write(der.SEQUENCE, der.write(der.OCTETS, salt), *numbers))
    cipher = _named(_AES_256_CBC, der.write(der.OCTETS, start))
    method = _named(_PBES2, der.write(der.SEQUENCE, derivation, cipher))
    return der.write(der.SEQUENCE, method, der.write(der.OCTETS, hidden))


def _named(identifier: bytes, parameters: bytes) -> bytes:
    return der.write(der.SEQUENCE, der.write(der.IDENTIFIER, identifier), parameters)
