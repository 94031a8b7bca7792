from __future__ import annotations

import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ascertain.errors import KeyUnusable, UsageError
from ascertain.record.custody.key_file import no_passphrase, read_key, write_key

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(32))
RAW = PRIVATE.private_bytes_raw()
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "signer.pem"


def never() -> bytes | None:
    raise AssertionError("nobody was to be asked")


@pytest.mark.parametrize("secret", [None, b"a passphrase", "пароль".encode(), b"\xff" * 500])
def test_a_key_comes_back_as_it_was(file: Path, secret: bytes | None) -> None:
    write_key(file, PRIVATE, secret)
    assert read_key(file, lambda: secret).private_bytes_raw() == RAW
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@needs_openssl
@pytest.mark.parametrize("secret", [None, b"a passphrase"])
def test_openssl_reads_it_too(file: Path, secret: bytes | None) -> None:
    write_key(file, PRIVATE, secret)
    command = ["openssl", "pkey", "-in", file, "-passin", "pass:a passphrase", "-outform", "DER"]
    assert subprocess.run(command, check=True, capture_output=True).stdout.endswith(RAW)


@needs_openssl
def test_an_encrypted_key_shows_nothing_of_itself_and_is_hard_to_guess(file: Path) -> None:
    write_key(file, PRIVATE, b"a passphrase")
    shown = subprocess.run(["openssl", "asn1parse", "-in", file], check=True, capture_output=True, text=True).stdout
    for expected in (":PBES2", ":scrypt", ":4000", ":aes-256-cbc"):
        assert expected in shown
    other = file.with_name("other.pem")
    write_key(other, PRIVATE, b"a passphrase")
    assert other.read_bytes() != file.read_bytes()


def test_nobody_is_asked_for_the_passphrase_of_a_key_that_has_none(file: Path) -> None:
    write_key(file, PRIVATE, None)
    assert read_key(file, never).private_bytes_raw() == RAW


@pytest.mark.parametrize(
    ("secret", "reason"), [(None, "is encrypted"), (b"", "is encrypted"), (b"another", "the passphrase does not open")]
)
def test_an_encrypted_key_opens_with_its_passphrase_alone(file: Path, secret: bytes | None, reason: str) -> None:
    write_key(file, PRIVATE, b"a passphrase")
    with pytest.raises(KeyUnusable, match=reason):
        read_key(file, lambda: secret)


def test_a_key_is_never_overwritten(file: Path) -> None:
    write_key(file, PRIVATE, None)
    before = file.read_bytes()
    with pytest.raises(UsageError, match="is there already"):
        write_key(file, Ed25519PrivateKey.generate(), None)
    file.with_name("link.pem").symlink_to(file.with_name("target.pem"))
    with pytest.raises(UsageError, match="is there already"):
        write_key(file.with_name("link.pem"), PRIVATE, None)
    assert file.read_bytes() == before
    assert not file.with_name("target.pem").exists()


def test_where_no_key_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UsageError, match="no key can be written"):
        write_key(tmp_path / "file" / "signer.pem", PRIVATE, None)


def test_a_key_that_is_not_there_is_named(file: Path) -> None:
    with pytest.raises(KeyUnusable, match="No such file"):
        read_key(file, no_passphrase)
    file.mkdir(parents=True)
    with pytest.raises(KeyUnusable, match="Is a directory"):
        read_key(file, no_passphrase)


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    other = X25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "other.pem").write_bytes(other)
    with pytest.raises(KeyUnusable, match="not an Ed25519 key"):
        read_key(tmp_path / "other.pem", no_passphrase)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200) | st.binary(max_size=100).map(lambda b: b"-----BEGIN PRIVATE KEY-----\n" + b))
def test_any_bytes_are_no_key(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "any.pem").write_bytes(data)
    with pytest.raises(KeyUnusable):
        read_key(tmp_path / "any.pem", no_passphrase)


def test_a_device_without_end_is_no_key() -> None:
    with pytest.raises(KeyUnusable):
        read_key(Path("/dev/zero"), no_passphrase)
