from __future__ import annotations

import contextlib
import gzip
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascertain.preserve.capture import http1
from ascertain.preserve.capture.coding import Unpacker
from ascertain.preserve.capture.http1 import Framing
from ascertain.preserve.capture.problem import Code, Refused


def response(*lines: str) -> http1.ResponseHead:
    return http1.parse_response("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n")


def test_a_head_keeps_its_bytes_and_the_order_and_case_of_its_headers() -> None:
    raw = b"HTTP/1.1 200 OK\r\nX-b:  two \r\nx-A: 1\r\nX-B: three\r\n\r\n"
    head = http1.parse_response(raw)
    assert head.raw == raw
    assert head.headers == [("X-b", "two"), ("x-A", "1"), ("X-B", "three")]
    assert http1.header(head.headers, "x-b") == "two, three"


def test_lines_may_end_in_lf_alone_and_be_folded() -> None:
    head = http1.parse_response(b"HTTP/1.0 404 Not\xe9 Found\nA: b\n c\nno header\nD: e\n\n")
    assert (head.status, head.headers) == (404, [("A", "b c"), ("D", "e")])


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"ICY 200 OK\r\n\r\n",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"<html>\r\n\r\n",
        b"HTTP/1.1 099 x\r\n\r\n",
    ],
)
def test_what_is_no_answer_is_refused(raw: bytes) -> None:
    with pytest.raises(Refused):
        http1.parse_response(raw)


@pytest.mark.parametrize(
    ("method", "head", "framing", "length"),
    [
        ("GET", ("HTTP/1.1 200 OK", "Content-Length: 5"), Framing.LENGTH, 5),
        ("GET", ("HTTP/1.1 200 OK", "Content-Length: 5", "Content-Length: 5"), Framing.LENGTH, 5),
        ("GET", ("HTTP/1.1 200 OK", "Transfer-Encoding: Chunked", "Content-Length: 5"), Framing.CHUNKED, 0),
        ("GET", ("HTTP/1.1 200 OK",), Framing.CLOSE, 0),
        ("HEAD", ("HTTP/1.1 200 OK", "Content-Length: 5"), Framing.NONE, 0),
        ("GET", ("HTTP/1.1 304 Not Modified", "Content-Length: 5"), Framing.NONE, 0),
        ("GET", ("HTTP/1.1 204 No Content",), Framing.NONE, 0),
    ],
)
def test_how_a_body_ends(method: str, head: tuple[str, ...], framing: Framing, length: int) -> None:
    assert http1.response_framing(method, response(*head)) == (framing, length)


@pytest.mark.parametrize(
    "header",
    [
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: -1",
        "Content-Length: 5x",
        "Content-Length: 99999999999999999999",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: x",
    ],
)
def test_contradicting_or_broken_lengths_are_refused(header: str) -> None:
    with pytest.raises(Refused):
        http1.response_framing("GET", response("HTTP/1.1 200 OK", header))


def test_a_request_of_another_kind_is_refused() -> None:
    for raw in (
        b"GET  / HTTP/1.1\r\n\r\n",
        b"get / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\r\n\r\n",
        b"GET / HTTP/1.1\r\nno header\r\n\r\n",
    ):
        with pytest.raises(Refused):
            http1.parse_request(raw)


def test_too_many_headers_are_refused() -> None:
    with pytest.raises(Refused):
        response("HTTP/1.1 200 OK", *(f"X-{n}: 1" for n in range(300)))


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_head_or_are_refused(raw: bytes) -> None:
    for attempt in (raw, b"HTTP/1.1 200 OK\r\n" + raw, b"GET / HTTP/1.1\r\n" + raw):
        for parse in (http1.parse_response, http1.parse_request):
            try:
                head = parse(attempt)
            except Refused:
                continue
            assert head.headers is not None


@settings(deadline=None)
@given(st.binary(max_size=40))
def test_any_line_is_the_length_of_a_chunk_or_is_refused(line: bytes) -> None:
    with contextlib.suppress(Refused):
        assert http1.chunk_length(line) >= 0


def unpacked(coding: str, data: bytes, most: int = 10**9) -> bytes:
    counted = 0

    def count(number: int) -> None:
        nonlocal counted
        counted += number
        if counted > most:
            raise Refused(Code.LIMIT_UNPACKED, "over")

    unpacker = Unpacker(coding, count)
    return b"".join(out for at in range(0, len(data), 7) for out in unpacker.feed(data[at : at + 7]))


@settings(deadline=None)
@given(st.binary(max_size=2000))
def test_every_coding_gives_back_what_went_in(data: bytes) -> None:
    raw = zlib.compressobj(wbits=-15)
    assert unpacked("gzip", gzip.compress(data)) == data
    assert unpacked("deflate", zlib.compress(data)) == data
    assert unpacked("deflate", raw.compress(data) + raw.flush()) == data
    assert unpacked("gzip, identity , gzip", gzip.compress(gzip.compress(data))) == data
    assert unpacked("gzip", gzip.compress(data) + gzip.compress(data)) == data * 2
    assert unpacked("", data) == data


@settings(deadline=None)
@given(st.binary(max_size=500))
def test_any_bytes_are_unpacked_or_refused(data: bytes) -> None:
    for coding in ("gzip", "deflate", "gzip, deflate"):
        with contextlib.suppress(Refused):
            unpacked(coding, data)


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, br", "gzip, gzip, gzip, gzip"])
def test_a_coding_that_we_did_not_ask_for_is_refused(coding: str) -> None:
    with pytest.raises(Refused) as caught:
        Unpacker(coding, lambda _: None)
    assert caught.value.problem.code == "refused-coding"


def test_a_bomb_is_met_before_it_goes_off() -> None:
    bomb = gzip.compress(gzip.compress(bytes(300_000_000)))
    assert len(bomb) < 5000
    with pytest.raises(Refused):
        unpacked("gzip, gzip", bomb, most=2_000_000)
