from __future__ import annotations

import base64
import hashlib
import hmac
import random
import textwrap
import threading
from io import BytesIO
from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from hypothesis import given, settings
from hypothesis import strategies as st
from pyrage import x25519

from ascertain.errors import CannotOpen, RecordDamaged, UsageError
from ascertain.record.home.objects import FolderObjects
from ascertain.record.sealed import age
from ascertain.record.sealed.particulars import (
    PARTICULARS_LIMIT_BYTES,
    SMALLEST_BYTES,
    Particulars,
    commitment,
    new_salt,
    padded_size,
    seal_particulars,
    unseal_particulars,
)
from ascertain.record.sealed.sealing import Measured, sealing, unseal
from ascertain.record.sealed.wrapping import unwrap, wrap

WORDS = b"the witness says that she was at the well"
EXHIBIT = "e" * 64
IDENTITY, OTHER = x25519.Identity.generate(), x25519.Identity.generate()
HER, HIS = (x25519.Identity.generate() for _ in range(2))


class Broken(Exception):
    """What a test's stream raises."""


class Stream:
    """A source that gives what it has in pieces of any size, and may break before its end."""

    def __init__(self, data: bytes, piece: int = 1 << 30, breaks: bool = False) -> None:
        self._data, self._piece, self._breaks = BytesIO(data), piece, breaks

    def read(self, size: int, /) -> bytes:
        data = self._data.read(min(size, self._piece))
        if not data and self._breaks:
            raise Broken
        return data


def sealed(data: bytes, identity: x25519.Identity = IDENTITY, piece: int = 1 << 30) -> tuple[bytes, Measured]:
    with sealing(Stream(data, piece), identity) as stream:
        return stream.read(), stream.measured()


def told(measured: Measured, **more: str) -> Particulars:
    return Particulars(sha256=measured.sha256, size=measured.size, media_type="text/plain", **more)


def opened(ciphertext: bytes, particulars: Particulars, identity: x25519.Identity = IDENTITY, piece: int = 1 << 30):
    sink = BytesIO()
    unseal(Stream(ciphertext, piece), sink, identity, particulars)
    return sink.getvalue()


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=9000) | st.integers(60_000, 140_000).map(random.Random(1).randbytes), st.integers(1, 70_000))
def test_what_was_sealed_comes_out_as_it_went_in(data: bytes, piece: int) -> None:
    ciphertext, measured = sealed(data, piece=piece)
    assert measured == Measured(hashlib.sha256(data).hexdigest(), len(data))
    assert opened(ciphertext, told(measured), piece=piece) == data
    assert pyrage.decrypt(ciphertext, [IDENTITY])[: len(data)] == data


def test_the_words_are_not_in_the_ciphertext() -> None:
    ciphertext, _ = sealed(WORDS * 100)
    assert WORDS not in ciphertext
    assert sealed(WORDS * 100)[0] != ciphertext


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_ciphertext_that_was_cut_changed_or_made_longer_is_refused(data: st.DataObject) -> None:
    ciphertext, measured = LONG
    place = data.draw(st.integers(0, len(ciphertext) - 1))
    how = data.draw(st.sampled_from(["cut", "flip", "longer"]))
    if how == "cut":
        damaged = ciphertext[:place]
    elif how == "longer":
        damaged = ciphertext + bytes(1 + place % 100)
    else:
        damaged = bytearray(ciphertext)
        damaged[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((RecordDamaged, CannotOpen)):
        opened(bytes(damaged), told(measured))


LONG = sealed(random.Random(2).randbytes(150_000))


def test_another_exhibits_identity_opens_nothing() -> None:
    ciphertext, measured = sealed(WORDS)
    with pytest.raises(CannotOpen):
        opened(ciphertext, told(measured), OTHER)


def test_another_ciphertext_of_the_same_identity_is_not_taken_for_this_one() -> None:
    _, measured = sealed(WORDS)
    swapped, _ = sealed(WORDS.upper())
    with pytest.raises(RecordDamaged, match="not those that were sealed"):
        opened(swapped, told(measured))


@pytest.mark.parametrize(("size", "reason"), [(5, "more than"), (5000, "another")])
def test_particulars_with_another_size_are_noticed(size: int, reason: str) -> None:
    ciphertext, measured = sealed(WORDS)
    wrong = Particulars(sha256=measured.sha256, size=size, media_type="text/plain")
    with pytest.raises(RecordDamaged, match=reason):
        opened(ciphertext, wrong)


def test_a_source_that_breaks_gives_no_object(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path / "objects")
    with pytest.raises(Broken), sealing(Stream(bytes(300_000), breaks=True), IDENTITY) as stream:
        objects.incoming().put_file(stream)
    assert list(objects.names()) == []
    assert list((tmp_path / "objects").iterdir()) == []


def test_a_reader_who_stops_leaves_no_thread_behind() -> None:
    before = threading.active_count()
    with sealing(Stream(bytes(3_000_000)), IDENTITY) as stream:
        stream.read(100)
    assert threading.active_count() == before


def test_a_sink_that_breaks_says_so_itself() -> None:
    class Full:
        def write(self, data: bytes | memoryview) -> int:
            raise OSError(28, "no space left")

    ciphertext, measured = sealed(WORDS)
    with pytest.raises(OSError, match="no space left"):
        unseal(Stream(ciphertext), Full(), IDENTITY, told(measured))


def test_a_sink_may_take_less_than_it_is_given() -> None:
    class Slow:
        taken = b""

        def write(self, data: bytes | memoryview) -> int:
            self.taken += bytes(data[:7])
            return min(7, len(data))

    ciphertext, measured = sealed(WORDS * 10)
    sink = Slow()
    unseal(Stream(ciphertext), sink, IDENTITY, told(measured))
    assert sink.taken == WORDS * 10


def test_memory_does_not_grow_with_the_file() -> None:
    class Zeros:
        left = 64 * 1024 * 1024

        def read(self, size: int, /) -> bytes:
            given = bytes(min(size, self.left))
            self.left -= len(given)
            return given

    largest = 0
    with sealing(Zeros(), IDENTITY) as stream:
        while piece := stream.read(1 << 20):
            largest = max(largest, len(piece))
        assert stream.measured().size == 64 * 1024 * 1024
    assert largest <= 1 << 20


@given(st.integers(0, 2**60))
def test_padding_costs_at_most_an_eighth_and_hides_the_low_digits(size: int) -> None:
    padded = padded_size(size)
    assert padded >= max(size, SMALLEST_BYTES)
    assert padded <= max(size * 1.12, SMALLEST_BYTES)
    assert padded_size(padded) == padded
    if size > SMALLEST_BYTES:
        digits = padded.bit_length()
        assert padded % (1 << (digits - 1 - digits.bit_length())) == 0


def test_files_of_nearly_the_same_length_have_ciphertexts_of_one_length() -> None:
    for sizes in ((0, 1, 41, 4096), (100_000, 100_100, 100_352)):
        bodies = {len(sealed(bytes(size))[0].partition(b"\n--- ")[2]) for size in sizes}
        assert len(bodies) == 1  # the header has a line of random length


def test_a_commitment_tells_nothing_without_its_salt() -> None:
    digest = hashlib.sha256(WORDS).hexdigest()
    one, other = new_salt(), new_salt()
    assert commitment(one, digest) != commitment(other, digest)
    assert commitment(one, digest) == hashlib.sha256(bytes.fromhex("02" + one + digest)).hexdigest()
    assert told(Measured(digest, 1), salt=one).exhibit() == commitment(one, digest)
    assert told(Measured(digest, 1)).exhibit() == digest


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@settings(max_examples=50, deadline=None)
@given(texts, texts, texts)
def test_particulars_come_out_as_they_went_in(name: str, note: str, source: str) -> None:
    one = told(Measured("a" * 64, 3), original_name=name, note=note, source=source, salt=new_salt())
    ciphertext = seal_particulars(one, IDENTITY)
    assert unseal_particulars(ciphertext, IDENTITY) == one
    assert SMALLEST_BYTES < len(ciphertext) < SMALLEST_BYTES + 1000


@pytest.mark.parametrize("plain", [b"", b"\0" * 5000, b"{}", b"[1]", b"\xff\xfe", b'{"size":-1}'])
def test_particulars_that_are_none_are_damage(plain: bytes) -> None:
    with pytest.raises(RecordDamaged):
        unseal_particulars(age.encrypted(plain, [age.public_key(IDENTITY)]), IDENTITY)


def test_a_note_of_a_megabyte_is_refused() -> None:
    with pytest.raises(UsageError):
        seal_particulars(told(Measured("a" * 64, 3), note="x" * PARTICULARS_LIMIT_BYTES), IDENTITY)


def test_each_recipient_opens_the_key_and_nobody_else() -> None:
    wrapped = wrap(EXHIBIT, IDENTITY, [age.public_key(HER), age.public_key(HIS)])
    for one in (HER, HIS):
        assert str(unwrap(EXHIBIT, wrapped, [one])) == str(IDENTITY)
    assert str(unwrap(EXHIBIT, wrapped, [OTHER, HIS])) == str(IDENTITY)
    with pytest.raises(CannotOpen, match="not sealed to this identity"):
        unwrap(EXHIBIT, wrapped, [OTHER])


def test_one_exhibits_key_is_not_taken_for_anothers() -> None:
    wrapped = wrap("f" * 64, IDENTITY, [age.public_key(HER)])
    with pytest.raises(RecordDamaged, match="another exhibit's"):
        unwrap(EXHIBIT, wrapped, [HER])


@pytest.mark.parametrize("inside", [b"", b"AGE-SECRET-KEY-1QQQ\n", b"hello\n", b"\xff\xff"])
def test_a_key_without_an_identity_is_damage(inside: bytes) -> None:
    wrapped = age.encrypted(f"# exhibit: {EXHIBIT}\n".encode() + inside, [age.public_key(HER)])
    with pytest.raises(RecordDamaged):
        unwrap(EXHIBIT, wrapped, [HER])


@given(st.binary(max_size=300))
def test_any_bytes_in_place_of_a_key_are_refused(data: bytes) -> None:
    with pytest.raises((RecordDamaged, CannotOpen)):
        unwrap(EXHIBIT, data, [HER])


def test_the_library_alone_opens_a_sealed_exhibit_from_its_key_file() -> None:
    """What docs/protection.md promises: `age` and nothing of ours."""
    ciphertext, measured = sealed(WORDS)
    keys = pyrage.decrypt(wrap(EXHIBIT, IDENTITY, [age.public_key(HER)]), [HER])
    inner = [line for line in keys.decode().splitlines() if not line.startswith("#")]
    assert pyrage.decrypt(ciphertext, [x25519.Identity.from_str(inner[0])])[: measured.size] == WORDS


def test_a_file_of_keys_comes_back() -> None:
    data = age.identity_file(HER, "2026-11-24")
    assert [str(one) for one in age.read_identities(data, lambda: "")] == [str(HER)]
    assert age.public_key(HER).encode() in data


def test_a_file_of_keys_with_a_passphrase_shows_neither_key() -> None:
    data = age.identity_file(HER, "2026-11-24", "a long passphrase")
    assert data.startswith(b"age-encryption.org/v1\n-> scrypt ")
    assert str(HER).encode() not in data
    assert age.public_key(HER).encode() not in data


def locked(plain: bytes, secret: bytes) -> bytes:
    """An age file behind a passphrase, by the words of its specification with little work."""

    def derived(salt: bytes, info: bytes) -> bytes:
        return HKDF(SHA256(), 32, salt, info).derive(file_key)

    def text(data: bytes) -> bytes:
        return base64.b64encode(data).rstrip(b"=")

    file_key, salt, nonce = b"k" * 16, b"s" * 16, b"n" * 16
    wrapping = Scrypt(b"age-encryption.org/v1/scrypt" + salt, 32, 2**4, 8, 1).derive(secret)
    body = text(ChaCha20Poly1305(wrapping).encrypt(bytes(12), file_key, None))
    header = b"age-encryption.org/v1\n-> scrypt %b 4\n%b\n---" % (text(salt), body)
    mac = hmac.digest(derived(b"", b"header"), header, "sha256")
    payload = ChaCha20Poly1305(derived(nonce, b"payload")).encrypt(bytes(11) + b"\1", plain, None)
    return header + b" " + text(mac) + b"\n" + nonce + payload


def test_a_file_of_keys_is_opened_by_its_passphrase_alone() -> None:
    data = locked(age.identity_file(HER, "2026-11-24"), b"right")
    assert [str(one) for one in age.read_identities(data, lambda: "right")] == [str(HER)]
    with pytest.raises(CannotOpen, match="passphrase"):
        age.read_identities(data, lambda: "wrong")
    lines = "\n".join(textwrap.wrap(base64.b64encode(data).decode(), 64))
    armoured = f"-----BEGIN AGE ENCRYPTED FILE-----\n{lines}\n-----END AGE ENCRYPTED FILE-----\n"
    assert [str(one) for one in age.read_identities(armoured.encode(), lambda: "right")] == [str(HER)]


@given(st.binary(max_size=300))
def test_any_bytes_are_a_file_of_keys_or_refused(data: bytes) -> None:
    with pytest.raises((UsageError, CannotOpen)):
        age.read_identities(data, lambda: "")


def test_a_bad_line_of_a_file_of_keys_is_refused_and_not_shown() -> None:
    with pytest.raises(UsageError) as refused:
        age.read_identities(f"{HER}\n{str(HIS)[:-1]}\n".encode(), lambda: "")
    assert "AGE-SECRET-KEY-1" + str(HIS)[16:24] not in str(refused.value)


def test_a_public_key_is_taken_in_either_case_and_nothing_else_is() -> None:
    key = age.public_key(HER)
    assert age.recipient(f"  {key.upper()}\n") == key
    for wrong in ("", "age1", key[:-1], str(HER), "ssh-ed25519 AAAA", "\u202e" + key):
        with pytest.raises(UsageError):
            age.recipient(wrong)
