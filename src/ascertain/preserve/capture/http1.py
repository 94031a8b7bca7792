"""HTTP/1.1 as bytes: heads, and how long a body is (RFC 9112). It keeps what was sent; it repairs nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from ascertain.preserve.capture.problem import Code, Refused

_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_STATUS_LINE = re.compile(rb"HTTP/1\.[0-9] ([1-9][0-9][0-9])(?: .*)?")
_REQUEST_LINE = re.compile(rb"([A-Z]{1,20}) (\S+) HTTP/1\.[01]")
_MOST_HEADERS = 256
_LONGEST_CHUNK_LINE = 1024

Headers = list[tuple[str, str]]


class Framing(Enum):
    """How the end of a body is known."""

    NONE = "no body"
    LENGTH = "Content-Length"
    CHUNKED = "chunked"
    CLOSE = "until the connection closes"


@dataclass(frozen=True, slots=True)
class RequestHead:
    """A request's first lines."""

    method: str
    target: str
    headers: Headers


@dataclass(frozen=True, slots=True)
class ResponseHead:
    """A response's first lines; `raw` has them as they were sent."""

    status: int
    headers: Headers
    raw: bytes


def parse_request(raw: bytes) -> RequestHead:
    """A request's head. Raises Refused."""
    lines = _lines(raw)
    match = _REQUEST_LINE.fullmatch(lines[0])
    if match is None:
        raise Refused(Code.REFUSED_REQUEST, "the browser sent no HTTP/1.1 request")
    return RequestHead(match[1].decode("ascii"), match[2].decode("latin-1"), _headers(lines[1:], strict=True))


def parse_response(raw: bytes) -> ResponseHead:
    """A response's head. Raises Refused (bad-response)."""
    lines = _lines(raw)
    match = _STATUS_LINE.fullmatch(lines[0])
    if match is None:
        raise Refused(Code.BAD_RESPONSE, f"no HTTP/1 answer, but {lines[0][:40]!r}")
    return ResponseHead(int(match[1]), _headers(lines[1:], strict=False), raw)


def header(headers: Headers, name: str) -> str:
    """The values of a header, joined by commas as RFC 9110 has it; empty when it is not there."""
    return ", ".join(value for key, value in headers if key.lower() == name)


def response_framing(method: str, head: ResponseHead) -> tuple[Framing, int]:
    """How a response's body ends, and its length when that is said. Raises Refused when the lengths contradict."""
    if method == "HEAD" or head.status in (204, 304) or head.status < 200:
        return Framing.NONE, 0
    return _framing(head.headers, Framing.CLOSE, Code.BAD_RESPONSE)


def request_framing(head: RequestHead) -> tuple[Framing, int]:
    """How a request's body ends, and its length when that is said. Raises Refused when the lengths contradict."""
    return _framing(head.headers, Framing.NONE, Code.REFUSED_REQUEST)


def chunk_length(line: bytes) -> int:
    """The length that a chunk's first line says. Raises Refused."""
    text = line.split(b";", 1)[0].strip()
    if len(line) > _LONGEST_CHUNK_LINE or not re.fullmatch(rb"[0-9a-fA-F]{1,15}", text):
        raise Refused(Code.BAD_RESPONSE, f"a chunk without a length, but {line[:40]!r}")
    return int(text, 16)


def _framing(headers: Headers, otherwise: Framing, code: Code) -> tuple[Framing, int]:
    coding = header(headers, "transfer-encoding").lower().strip()
    if coding:
        if coding != "chunked":
            raise Refused(code, f"the transfer coding {coding[:40]!r} is not known")
        return Framing.CHUNKED, 0
    lengths = {part.strip() for part in header(headers, "content-length").split(",") if part.strip()}
    if not lengths:
        return otherwise, 0
    (length, *others) = lengths
    if others or not (length.isascii() and length.isdecimal() and len(length) < 16):
        raise Refused(code, f"contradicting or broken lengths: {', '.join(sorted(lengths))[:60]}")
    return Framing.LENGTH, int(length)


def _lines(raw: bytes) -> list[bytes]:
    return [line.removesuffix(b"\r") for line in raw.rstrip(b"\r\n").split(b"\n")]


def _headers(lines: list[bytes], *, strict: bool) -> Headers:
    """Headers in their order. A line that is none is refused in a request; in a response browsers pass it over."""
    found: Headers = []
    for line in lines:
        name, colon, value = line.partition(b":")
        if line[:1] in (b" ", b"\t") and found:  # a folded line goes on with the one before
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip().decode('latin-1')}")
        elif colon and _TOKEN.fullmatch(name.rstrip()):
            found.append((name.rstrip().decode("ascii"), value.strip().decode("latin-1")))
        elif strict:
            raise Refused(Code.REFUSED_REQUEST, "the browser sent a header that is none")
    if len(found) > _MOST_HEADERS:
        raise Refused(Code.BAD_RESPONSE, f"more than {_MOST_HEADERS} headers")
    return found
