from __future__ import annotations

import hashlib
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.errors import AuthorityFailed, UsageError
from ascertain.preserve.timestamp_authority import LARGEST_BYTES, ask_authority, check_address, new_nonce, write_request

DIGEST = hashlib.sha256(b"a note").digest()
REPLY = "application/timestamp-reply"


@pytest.fixture
def server(serve: Callable[..., Any]) -> Callable[..., str]:
    """A server that answers with a status, a type and a body; gives its address."""

    def make(status: int = 200, kind: str = REPLY, body: bytes = b"reply", **headers: str) -> str:
        def answer(handler: BaseHTTPRequestHandler, _: bytes) -> None:
            handler.send_response(status)
            handler.send_header("Content-Type", kind)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(body)

        return str(serve(answer).url)

    return make


@pytest.fixture
def raw() -> Iterator[Callable[..., str]]:
    """A server that says bytes, slowly, and goes on until nobody listens; gives its address."""
    listener = socket.create_server(("127.0.0.1", 0))

    def make(data: bytes, then: bytes = b"", pause: float = 0.0) -> str:
        def run() -> None:
            try:
                peer, _ = listener.accept()
                with peer:
                    peer.recv(10_000)
                    peer.sendall(data)
                    while then:
                        time.sleep(pause)
                        peer.sendall(then)
                    peer.shutdown(socket.SHUT_WR)
                    while peer.recv(10_000):  # what stays unread would turn the end into a reset
                        pass
            except OSError:
                return

        threading.Thread(target=run, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/tsa"

    yield make
    listener.close()


def test_a_real_authority_answers_and_openssl_verifies_it(authority: Any, tmp_path: Path) -> None:
    request = write_request(DIGEST, new_nonce())
    (tmp_path / "request.tsq").write_bytes(request)
    (tmp_path / "response.tsr").write_bytes(ask_authority(authority.url, request))
    (tmp_path / "root.pem").write_bytes(authority.root.pem)
    command = "openssl ts -verify -queryfile request.tsq -in response.tsr -CAfile root.pem".split()
    assert b"Verification: OK" in subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout


@given(st.binary(min_size=32, max_size=32))
def test_openssl_would_read_every_request(digest: bytes) -> None:
    """The same bytes as `openssl ts -query -sha256 -cert` gives for a digest, except for the nonce."""
    nonce = new_nonce()
    request = write_request(digest, nonce)
    assert request[0] == 0x30 and request[1] == len(request) - 2
    assert request[24:56] == digest
    assert int.from_bytes(request[58:66], "big") == nonce < 2**63


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_a_request_reads_as_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "request.tsq").write_bytes(write_request(DIGEST, 0x4000000000000001))
    shown = subprocess.run(
        ["openssl", "ts", "-query", "-in", tmp_path / "request.tsq", "-text"],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    for expected in ("Hash Algorithm: sha256", "Nonce: 0x4000000000000001", "Certificate required: yes"):
        assert expected in shown


@pytest.mark.parametrize(("digest", "nonce"), [(b"short", 1 << 62), (DIGEST, 1), (DIGEST, 1 << 63)])
def test_a_request_has_a_whole_digest_and_a_whole_nonce(digest: bytes, nonce: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        write_request(digest, nonce)


def test_two_nonces_differ() -> None:
    assert len({new_nonce() for _ in range(100)}) == 100


def test_what_is_sent_is_a_timestamp_query(serve: Callable[..., Any]) -> None:
    bodies: list[bytes] = []

    def answer(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        bodies.append(body)
        handler.send_response(200)
        handler.send_header("Content-Type", REPLY + "; charset=binary")
        handler.end_headers()
        handler.wfile.write(b"reply")

    served = serve(answer)
    assert ask_authority(served.url + "path?of=it", b"request") == b"reply"
    assert bodies == [b"request"]
    assert served.headers["Content-Type"] == "application/timestamp-query"


@pytest.mark.parametrize(
    ("status", "reason"),
    [(404, "404"), (500, "500"), (204, "204"), (302, "pointing to http://127.0.0.1:1/elsewhere"), (307, "pointing to")],
)
def test_an_answer_that_is_no_success_is_named(server: Callable[..., str], status: int, reason: str) -> None:
    with pytest.raises(AuthorityFailed, match=reason):
        ask_authority(server(status=status, Location="http://127.0.0.1:1/elsewhere"), b"request")


def test_a_page_is_no_timestamp(server: Callable[..., str]) -> None:
    with pytest.raises(AuthorityFailed, match="text/html"):
        ask_authority(server(kind="text/html", body=b"<p>Log in first"), b"request")


def test_an_answer_as_long_as_a_film_is_not_read(server: Callable[..., str]) -> None:
    with pytest.raises(AuthorityFailed, match="longer than 200,000 bytes"):
        ask_authority(server(body=b"a" * (LARGEST_BYTES + 1)), b"request")


def test_an_answer_that_never_ends_is_cut_by_its_length(raw: Callable[..., str]) -> None:
    url = raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\n\r\n", then=b"a" * 50_000)
    with pytest.raises(AuthorityFailed, match="longer than"):
        ask_authority(url, b"request", timeout_seconds=5)


@pytest.mark.parametrize(
    "begin",
    [
        b"",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\nContent-Length: 100000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\n\r\n",
    ],
    ids=["before it answers", "in its headers", "in its answer", "in an answer without a length"],
)
def test_a_server_that_drips_is_left_when_the_time_is_over(raw: Callable[..., str], begin: bytes) -> None:
    begun = time.monotonic()
    with pytest.raises(AuthorityFailed, match=r"no answer within 0\.4 seconds"):
        ask_authority(raw(begin, then=b"a", pause=0.05), b"request", timeout_seconds=0.4)
    assert time.monotonic() - begun < 3


def test_a_server_that_hangs_up_is_named(raw: Callable[..., str]) -> None:
    with pytest.raises(AuthorityFailed, match="RemoteDisconnected"):
        ask_authority(raw(b""), b"request")


def test_an_answer_that_is_cut_off_is_named(raw: Callable[..., str]) -> None:
    url = raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\nContent-Length: 100\r\n\r\nabc")
    with pytest.raises(AuthorityFailed, match="cut off"):
        ask_authority(url, b"request")


def test_what_is_no_http_is_named(raw: Callable[..., str]) -> None:
    with pytest.raises(AuthorityFailed, match="BadStatusLine"):
        ask_authority(raw(b"SSH-2.0-OpenSSH_9.2\r\n"), b"request")


def test_nobody_there_is_named() -> None:
    with pytest.raises(AuthorityFailed, match=r"http://127\.0\.0\.1:1/: ConnectionRefusedError"):
        ask_authority("http://127.0.0.1:1/", b"request")


@pytest.mark.parametrize(
    "url",
    [
        "", "tsa.example.org", "ftp://tsa.example.org/", "file:///etc/passwd", "http://", "http:///path",
        "http://host:port/", "http://host:99999/", "http://ho st/", "http://host/\r\nX: y", "http://[::1/",
        "http://host/\x00", "http://höst/",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(UsageError, match="no address"):
        ask_authority(url, b"request")


@pytest.mark.parametrize("url", ["http://user:secret@host/", "https://user@host/"])
def test_a_password_never_goes_into_the_log(url: str) -> None:
    with pytest.raises(UsageError, match="holds a password") as caught:
        check_address(url)
    assert "secret" not in caught.value.message


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        assert check_address(text).hostname
    except UsageError:
        return
