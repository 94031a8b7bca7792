"""Asking a timestamp authority (RFC 3161 over HTTP) for its word on a hash. Whether the word holds is not judged here.

An authority is contacted only when the record's configuration names it. It learns the hash, the time and our address.
"""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

from ascertain.errors import AuthorityFailed, UsageError

LARGEST_BYTES = 200_000
TIMEOUT_SECONDS = 30.0

# TimeStampReq: version 1, and an imprint that is SHA-256 with a hash of 32 bytes; then nonce and certReq follow.
_BEFORE_DIGEST = bytes.fromhex("30430201013031300d060960864801650304020105000420")
_NONCE = bytes.fromhex("0208")
_WITH_CERTIFICATE = bytes.fromhex("0101ff")
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"


def new_nonce() -> int:
    """A number that ties an answer to its request: 63 bits, of which the first is set, so that its length is fixed."""
    return secrets.randbits(62) | 1 << 62


def write_request(digest: bytes, nonce: int) -> bytes:
    """A request (DER) for a timestamp over a SHA-256 digest, with the authority's certificate in the answer."""
    if len(digest) != 32 or nonce.bit_length() != 63:
        raise ValueError("a digest has 32 bytes, a nonce 63 bits")
    return _BEFORE_DIGEST + digest + _NONCE + nonce.to_bytes(8, "big") + _WITH_CERTIFICATE


def ask_authority(url: str, request: bytes, *, timeout_seconds: float = TIMEOUT_SECONDS) -> bytes:
    """Send a request to an authority and return the bytes of its answer.

    Follows no redirect, uses no proxy, reads at most 200,000 bytes, and gives up after the time in seconds, in all.
    Raises AuthorityFailed with the reason, UsageError for an address that cannot be an authority's.
    """
    parts = check_address(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with _connected(parts, timeout_seconds) as connection:
            connection.request("POST", target, request, {"Content-Type": _QUERY, "Accept": _REPLY})
            data = _read(connection.getresponse())
    except _Refused as error:
        raise _failed(url, str(error)) from error
    except TimeoutError as error:
        raise _failed(url, f"no answer within {timeout_seconds:g} seconds") from error
    except (OSError, HTTPException, UnicodeError) as error:
        raise _failed(url, f"{type(error).__name__} {error}".strip()) from error
    return data


def check_address(url: str) -> SplitResult:
    """The parts of an authority's address. Raises UsageError for one that cannot be.

    The address goes into the log, where it stays: a password in it would too.
    """
    wrong = UsageError(f"{url!r} is no address of a timestamp authority", next_step="write http://… or https://…")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise wrong from error
    if parts.scheme not in ("http", "https") or not host or any(not "!" <= character <= "~" for character in url):
        raise wrong
    if parts.username is not None or parts.password is not None:
        raise UsageError("the address of a timestamp authority holds a password", next_step="take it out")
    return parts


class _Refused(Exception):
    """An answer that is none."""


@contextmanager
def _connected(parts: SplitResult, timeout_seconds: float) -> Iterator[HTTPConnection]:
    """A connection that is cut when the time is over, however slowly the other side goes on."""
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=timeout_seconds)
    late = threading.Event()

    def cut(sock: socket.socket) -> None:
        late.set()
        sock.shutdown(socket.SHUT_RDWR)

    connection.connect()
    timer = threading.Timer(timeout_seconds, cut, (connection.sock,))
    timer.daemon = True
    timer.start()
    try:
        yield connection
    except (OSError, HTTPException, _Refused) as error:
        if late.is_set():
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()
        connection.close()
    if late.is_set():  # an answer without a length ends in silence when it is cut
        raise TimeoutError


def _read(response: HTTPResponse) -> bytes:
    if response.status != 200:
        to = response.headers.get("Location", "")
        raise _Refused(f"it answers {response.status} {response.reason}" + (f", pointing to {to}" if to else ""))
    kind = response.headers.get_content_type()
    if kind != _REPLY:
        raise _Refused(f"it answers with {kind}, not with {_REPLY}")
    data = response.read(LARGEST_BYTES + 1)
    if len(data) > LARGEST_BYTES:
        raise _Refused(f"its answer is longer than {LARGEST_BYTES:,} bytes")
    if response.length:
        raise _Refused("its answer is cut off")
    return data


def _failed(url: str, reason: str) -> AuthorityFailed:
    return AuthorityFailed(
        f"timestamp authority {url}: {reason}", next_step="try again, or configure another authority"
    )
