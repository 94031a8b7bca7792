"""WARCs made here, and what is wrong with them."""

from __future__ import annotations

import base64
import datetime
import gzip
import hashlib
import io
import time
import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from ascertain.preserve.warc.checking import _Chunks, check_warc
from ascertain.preserve.warc.digests import parse_digest
from ascertain.preserve.warc.report import Report
from ascertain.preserve.warc.surt import surt
from ascertain.preserve.warc.writing import WarcWriter, of_bytes

NOON = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"


def record(
    kind: str = "response", block: bytes = HTTP + b"hello", *headers: str, number: int = 1, end: bytes = b"\r\n\r\n"
) -> bytes:
    """A record, right unless a header is given otherwise: `Name: value` replaces, `-Name` removes."""
    digest = hashlib.sha256(block).hexdigest()
    said = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:00000000-0000-0000-0000-{number:012}>",
        "WARC-Date": "2026-11-24T12:00:00Z",
        "WARC-Target-URI": "https://example.org/",
        "Content-Type": f"application/http; msgtype={kind}",
        "WARC-Block-Digest": f"sha256:{digest}",
        "Content-Length": str(len(block)),
    }
    extra = []
    for header in headers:
        name, _, value = header.partition(": ")
        if header.startswith("-"):
            said.pop(header[1:])
        elif header.startswith("+"):
            extra.append(header[1:])
        else:
            said[name] = value
    lines = ["WARC/1.1", *(f"{name}: {value}" for name, value in said.items()), *extra]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + end


def check(data: bytes, most: int = 10**9) -> Report:
    return check_warc(io.BytesIO(data), "x.warc", most)


def codes(data: bytes) -> set[str]:
    return {one.code for one in check(data).findings}


def bad(data: bytes) -> set[str]:
    return {one.code for one in check(data).findings if one.bad}


@pytest.mark.parametrize("pack", [lambda parts: b"".join(parts), lambda parts: b"".join(map(gzip.compress, parts))])
def test_a_whole_file_is_good(pack: Any) -> None:
    report = check(pack([record(number=1), record("request", b"GET / HTTP/1.1\r\n\r\n", number=2)]))
    assert (report.verdict, report.findings, report.matched) == ("good", [], 2)
    assert dict(report.records) == {"response": 1, "request": 1}


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        (("-WARC-Block-Digest",), "no-digest"),
        ((f"WARC-Block-Digest: sha256:{'0' * 64}",), "digest-mismatch"),
        (("WARC-Block-Digest: sha256:xyz",), "bad-digest"),
        (("WARC-Block-Digest: blake3:0123",), "bad-digest"),
        (("WARC-Block-Digest: sha1",), "bad-digest"),
        ((f"WARC-Payload-Digest: sha1:{'A' * 32}",), "digest-mismatch"),
        (("-WARC-Record-ID",), "bad-header"),
        (("-WARC-Date",), "bad-header"),
        (("-WARC-Type",), "bad-header"),
        (("-WARC-Target-URI",), "bad-header"),
        (("WARC-Date: yesterday",), "bad-header"),
        (("WARC-Record-ID: 17",), "bad-header"),
        (("+WARC-Type: resource",), "bad-header"),
        (("+Content-Length: 51",), "wrong-length"),
        (("+nonsense",), "bad-header"),
        (("+WARC-Block-Digest: sha256:00",), "bad-digest"),
        (("Content-Length: 10",), "wrong-length"),
        (("Content-Length: 10000",), "truncated"),
        (("Content-Length: -1",), "wrong-length"),
        (("-Content-Length",), "wrong-length"),
    ],
)
def test_what_is_wrong_with_a_record_is_named(headers: tuple[str, ...], code: str) -> None:
    assert code in bad(record("response", HTTP + b"hello", *headers))


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ((f"WARC-Block-Digest: md5:{hashlib.md5(HTTP).hexdigest()}",), "weak-digest"),
        (("WARC-Truncated: length",), "truncated-capture"),
        (("WARC-Type: odd",), "unknown-type"),
        (("WARC-Target-URI: https://example.org/a b",), "address"),
        (("WARC-Type: continuation", "WARC-Segment-Number: 2"), "segment"),
        (("-WARC-Block-Digest", f"WARC-Payload-Digest: sha256:{hashlib.sha256(b'').hexdigest()}"), "no-block-digest"),
    ],
)
def test_what_is_worth_knowing_is_a_note(headers: tuple[str, ...], code: str) -> None:
    report = check(record("response", HTTP, *headers))
    assert report.verdict == "good with notes"
    assert {one.code for one in report.findings} == {code}


def test_another_version_is_a_note() -> None:
    assert codes(record().replace(b"WARC/1.1", b"WARC/0.18")) == {"version"}


def test_a_record_of_no_content_needs_no_digest() -> None:
    for kind in ("warcinfo", "revisit"):
        report = check(record(kind, b"x", "-WARC-Block-Digest"))
        assert report.verdict == "good with notes"
        assert report.unchecked == 1


def test_the_same_id_twice_is_bad_and_for_a_warcinfo_a_note() -> None:
    assert bad(record() + record()) == {"same-id"}
    assert codes(record("warcinfo") + record("warcinfo")) == {"same-id"}
    assert bad(record("warcinfo") + record("warcinfo")) == set()


@pytest.mark.parametrize("encoded", [
    lambda raw: base64.b32encode(raw).decode(), lambda raw: base64.b32encode(raw).decode().lower(),
    lambda raw: raw.hex(), lambda raw: raw.hex().upper(), lambda raw: base64.b64encode(raw).decode(),
    lambda raw: base64.urlsafe_b64encode(raw).decode(), lambda raw: base64.b32encode(raw).decode().rstrip("="),
    lambda raw: base64.b64encode(raw).decode().rstrip("="),
])  # fmt: skip
@settings(deadline=None)
@given(data=st.binary(max_size=20))
def test_a_digest_is_read_in_every_encoding(encoded: Any, data: bytes) -> None:
    for name in ("sha1", "SHA-256", "sha512", "md5"):
        raw = hashlib.new(name.lower().replace("-", ""), data).digest()
        digest = parse_digest(f"{name}:{encoded(raw)}")
        assert digest is not None
        assert digest.value == raw


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_a_digest_or_none(text: str) -> None:
    for attempt in (text, f"sha1:{text}"):
        digest = parse_digest(attempt)
        assert digest is None or len(digest.value) in (16, 20, 28, 32, 48, 64)


def test_a_payload_is_judged_with_the_frames_of_chunks_and_without() -> None:
    head, body = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n"
    for payload in (body, b"hello world"):
        digest = f"WARC-Payload-Digest: sha256:{hashlib.sha256(payload).hexdigest()}"
        assert check(record("response", head + body, digest)).verdict == "good"
    other = f"WARC-Payload-Digest: sha256:{hashlib.sha256(b'hello').hexdigest()}"
    assert bad(record("response", head + body, other)) == {"digest-mismatch"}


@settings(deadline=None)
@given(st.binary(max_size=100), st.lists(st.integers(1, 40), max_size=6))
def test_chunks_are_undone_wherever_the_block_is_cut(data: bytes, sizes: list[int]) -> None:
    at, wire = 0, b""
    for size in [*sizes, len(data)]:
        piece = data[at : at + size]
        at += size
        wire += b"%x\r\n%s\r\n" % (len(piece), piece) if piece else b""
    wire += b"0\r\n\r\n"
    for step in (1, 3, 1000):
        chunks = _Chunks()
        out = b"".join(b"".join(chunks.feed(wire[i : i + step])) for i in range(0, len(wire), step))
        assert out == data[: sum(sizes) + len(data)]


def test_after_damage_the_next_record_is_found() -> None:
    good = [record(number=n) for n in range(4)]
    for damaged in (b"garbage" * 100, record(end=b"\r\n"), good[1][:40], b"WARC/1.1\r\n" + b"x" * 100_000):
        report = check(good[0] + damaged + good[2] + good[3])
        assert report.verdict == "bad"
        assert report.matched >= 3


def test_a_length_that_swallows_the_next_records_does_not_hide_them() -> None:
    good = [record(number=n) for n in range(4)]
    swallowing = record("response", HTTP + b"x", f"Content-Length: {len(HTTP) + 1 + 3 + len(good[1])}", number=9)
    report = check(swallowing + good[1] + good[2] + good[3])
    assert "wrong-length" in {one.code for one in report.findings}
    assert report.matched == 3


def test_damage_in_one_compressed_record_does_not_hide_the_others() -> None:
    parts = [gzip.compress(record(number=n), mtime=0) for n in range(5)]
    for at in (12, 60, len(parts[2]) - 3):
        broken = bytearray(parts[2])
        broken[at] ^= 0xFF
        report = check(b"".join([*parts[:2], bytes(broken), *parts[3:]]))
        assert "damaged" in {one.code for one in report.findings}
        assert report.matched == 4
    cut = check(b"".join(parts)[:-60])
    assert "damaged" in {one.code for one in cut.findings}
    assert cut.matched == 4
    assert "damaged" in bad(b"".join(parts) + b"trailing bytes")
    assert bad(b"".join(parts) + bytes(512)) == {"damaged"}


def test_every_flipped_bit_is_noticed() -> None:
    data = record("response", HTTP + b"hi")
    start = data.index(HTTP)
    for at in range(start, start + len(HTTP) + 2):
        for bit in range(8):
            broken = bytearray(data)
            broken[at] ^= 1 << bit
            assert check(bytes(broken)).verdict == "bad"


def test_one_member_for_all_records_is_a_note() -> None:
    data = gzip.compress(record(number=1) + record(number=2))
    report = check(data)
    assert (report.verdict, report.matched) == ("good with notes", 2)
    assert {one.code for one in report.findings} == {"uneven-compression"}


def test_a_bomb_ends_at_the_limit_in_little_memory() -> None:
    block = bytes(200_000_000)
    data = gzip.compress(record("resource", block))
    del block
    tracemalloc.start()
    report = check(data, most=20_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "limit" in {one.code for one in report.findings}
    assert peak < 4_000_000


def test_a_file_made_to_be_read_again_and_again_ends() -> None:
    """Every record claims the whole rest of the file."""
    data = b"".join(record("response", HTTP, "Content-Length: 900000", number=n) for n in range(2000))
    began = time.monotonic()
    report = check(data)
    assert time.monotonic() - began < 10
    assert "too-damaged" in {one.code for one in report.findings}


NO_WARC = (
    b"", b"\n", b"\x1f\x8b\x08", b"WARC/1.1", b"WARC/1.1\r\n\r\n", bytes(1000), b"PK\x03\x04",
    gzip.compress(b"", mtime=0), gzip.compress(b"x" * 100, mtime=0),
)  # fmt: skip


@pytest.mark.parametrize("data", NO_WARC)
def test_what_is_no_warc_is_bad(data: bytes) -> None:
    assert check(data).verdict == "bad"


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_get_a_report(data: bytes) -> None:
    for attempt in (data, b"WARC/1.1\r\n" + data, gzip.compress(data), record() + data, gzip.compress(record()) + data):
        report = check(attempt)
        assert report.to_json()["verdict"] in ("good", "good with notes", "bad")


@settings(deadline=None)
@given(st.data())
def test_any_damage_gets_a_report(data: Any) -> None:
    whole = record(number=1) + record("request", b"GET / HTTP/1.1\r\n\r\n", number=2)
    for file in (whole, gzip.compress(whole, mtime=0)):
        at = data.draw(st.integers(0, len(file) - 1))
        changed = file[:at] + data.draw(st.binary(max_size=20)) + file[data.draw(st.integers(at, len(file))) :]
        check(changed)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["response", "resource", "metadata"]), st.binary(max_size=300)), max_size=6))
def test_what_we_write_is_good_and_others_read_it(records: list[tuple[str, bytes]]) -> None:
    out = io.BytesIO()
    writer = WarcWriter(out, "seed")
    for number, (kind, block) in enumerate(records):
        writer.write(kind, NOON, "application/octet-stream", of_bytes(block), uri=f"urn:x:{number}")
    if records:
        assert check(out.getvalue()).verdict == "good"
    read = [(r.rec_type, r.raw_stream.read()) for r in ArchiveIterator(io.BytesIO(out.getvalue()))]
    assert read == records


def test_no_header_can_be_broken_in_two() -> None:
    with pytest.raises(ValueError, match="line break"):
        WarcWriter(io.BytesIO(), "").write("resource", NOON, "text/plain", of_bytes(b""), uri="a\r\nWARC-Type: x")


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.Example.org/A?b=2&a=1", "org,example)/a?a=1&b=2"),
        ("https://example.org", "org,example)/"),
        ("https://example.org:8443/x", "org,example:8443)/x"),
        ("https://example.org:443/x", "org,example)/x"),
        ("http://192.0.2.1/x", "192.0.2.1)/x"),
        ("urn:text:https://example.org/", "urn:text:https://example.org/"),
        ("http://[::1/x", "http://[::1/x"),
    ],
)
def test_the_key_of_an_address(url: str, key: str) -> None:
    assert surt(url) == key
