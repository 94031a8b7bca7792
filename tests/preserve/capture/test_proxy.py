"""The proxy as a browser meets it."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ascertain.preserve.capture.authority import Authority
from ascertain.preserve.capture.gateway import Gateway
from ascertain.preserve.capture.origin import Trust
from ascertain.preserve.capture.proxy import Proxy


@pytest.fixture
def proxied(tmp_path: Any) -> Iterator[Callable[[Gateway], Callable[..., bytes]]]:
    """Opens proxies; returns a function that sends bytes to one and gives back all that it says."""
    with contextlib.ExitStack() as stack:

        def opened(gateway: Gateway) -> Callable[..., bytes]:
            proxy = stack.enter_context(Proxy(gateway, Authority(tmp_path, gateway.now())))

            def say(*messages: bytes, tls: str = "") -> bytes:
                with socket.create_connection(("127.0.0.1", proxy.port), timeout=10) as connection:
                    heard = b""
                    for message in messages[:-1]:
                        connection.sendall(message)
                        heard += connection.recv(4096)
                    line: Any = connection
                    if tls:
                        context = ssl.create_default_context()
                        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
                        line = context.wrap_socket(connection, server_hostname=tls)
                    line.sendall(messages[-1])
                    with contextlib.suppress(ConnectionError, ssl.SSLEOFError):
                        while piece := line.recv(65536):
                            heard += piece
                    return heard

            return say

        yield opened


def connect(host: str, port: int) -> bytes:
    return f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode()


def get(site: Any, path: str = "/", *, absolute: bool = True, extra: str = "") -> bytes:
    target = f"{site.address}{path}" if absolute else path
    return f"GET {target} HTTP/1.1\r\nHost: {site.host}:{site.port}\r\n{extra}\r\n".encode()


def test_a_plain_request_is_passed_on_and_kept(site: Any, gateway: Any, proxied: Any, page: Any) -> None:
    here = site({"/x?": page("hello", "Connection: keep-alive")})
    door = gateway(here)
    heard = proxied(door)(get(here, "/x?", extra="Proxy-Connection: keep-alive\r\nAccept-Encoding: br\r\n"))
    assert heard.endswith(b"\r\nConnection: close\r\n\r\nhello")
    assert b"keep-alive" not in heard
    assert "Proxy-Connection" not in here.requests[0]
    assert "Accept-Encoding: gzip, deflate" in here.requests[0]
    assert here.requests[0].startswith("GET /x? HTTP/1.1")
    assert [exchange.url for exchange in door.exchanges] == [f"{here.address}/x?"]


def test_a_tunnel_is_opened_and_read(secure_site: Any, gateway: Any, proxied: Any, page: Any) -> None:
    here, roots = secure_site({"/secret": page("hello")})
    door = gateway(here, trust=Trust(str(roots)))
    heard = proxied(door)(connect(here.host, here.port), get(here, "/secret", absolute=False), tls=here.host)
    assert heard.startswith(b"HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK")
    assert heard.endswith(b"hello")
    (exchange,) = door.exchanges
    assert exchange.url == f"{here.address}/secret"
    assert exchange.tls.verified


def test_an_origin_with_a_bad_certificate_looks_to_the_browser_as_if_it_did_not_answer(
    secure_site: Any, gateway: Any, proxied: Any, page: Any
) -> None:
    here, _ = secure_site({"/": page("hello")})
    door = gateway(here)
    heard = proxied(door)(connect(here.host, here.port), get(here, absolute=False), tls=here.host)
    assert heard == b"HTTP/1.1 200 Connection established\r\n\r\n"
    assert [problem.code for problem in door.problems] == ["bad-certificate"]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"GET http://169.254.169.254/latest/ HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n", "refused-address"),
        (b"GET http://[::1]/ HTTP/1.1\r\nHost: [::1]\r\n\r\n", "refused-address"),
        (b"GET http://127.0.0.1:22/ HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n", "refused-port"),
        (b"GET file:///etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", "refused-scheme"),
        (b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n", "refused-scheme"),
        (b"GET http://[::1/ HTTP/1.1\r\nHost: x\r\n\r\n", "bad-address"),
        (b"GET http://inside.test/ HTTP/1.1\r\nHost: inside.test\r\n\r\n", "refused-address"),
        (b"nonsense\r\n\r\n", "refused-request"),
    ],
)
def test_a_refused_request_gets_no_answer_that_could_be_taken_for_the_sites(
    gateway: Any, proxied: Any, message: bytes, code: str
) -> None:
    names = {host: [host] for host in ("169.254.169.254", "127.0.0.1", "::1")} | {"inside.test": ["10.0.0.1"]}
    door = gateway(names=names)
    assert proxied(door)(message) == b""
    assert [problem.code for problem in door.problems] == [code]
    assert door.exchanges == []


@pytest.mark.parametrize(
    ("host", "port", "code"),
    [
        ("169.254.169.254", 443, "refused-address"), ("inside.test", 443, "refused-address"),
        ("site.test", 22, "refused-port"), ("nowhere.test", 443, "no-such-host"), ("a b", 443, "refused-request"),
        ("a@b", 443, "bad-address"), ("x/y", 443, "bad-address"),
    ],
)  # fmt: skip
def test_a_refused_tunnel_is_answered_with_403(gateway: Any, proxied: Any, host: str, port: int, code: str) -> None:
    door = gateway(names={"169.254.169.254": ["169.254.169.254"], "inside.test": ["10.0.0.1"]})
    heard = proxied(door)(connect(host, port))
    assert heard.startswith(b"HTTP/1.1 403 ") or (heard == b"" and code == "refused-request")
    assert [problem.code for problem in door.problems] == [code]


def test_a_request_for_another_host_than_the_tunnels_is_refused(
    site: Any, gateway: Any, proxied: Any, page: Any
) -> None:
    here = site({"/": page("x")})
    door = gateway(here)
    say = proxied(door)
    other = b"GET / HTTP/1.1\r\nHost: other.test\r\n\r\n"
    assert say(connect(here.host, here.port), other) == b"HTTP/1.1 200 Connection established\r\n\r\n"
    absolute = get(here, "/", absolute=True)
    assert say(connect(here.host, here.port), absolute) == b"HTTP/1.1 200 Connection established\r\n\r\n"
    assert here.requests == []
    assert {problem.code for problem in door.problems} == {"refused-request"}


def test_a_websocket_is_refused_by_name(site: Any, gateway: Any, proxied: Any) -> None:
    here = site({})
    door = gateway(here)
    upgrade = get(here, "/socket", absolute=False, extra="Upgrade: websocket\r\nConnection: Upgrade\r\n")
    proxied(door)(connect(here.host, here.port), upgrade)
    assert [(p.code, p.url) for p in door.problems] == [("refused-upgrade", f"ws://site.test:{here.port}/socket")]
    assert here.requests == []


def test_what_a_page_sends_is_kept_and_limited(site: Any, gateway: Any, proxied: Any, page: Any) -> None:
    def read_all(connection: socket.socket, request: str) -> None:
        connection.settimeout(0.5)
        with contextlib.suppress(TimeoutError):
            while connection.recv(65536):
                pass
        connection.sendall(page("thanks"))

    here = site({"/form": read_all})
    door = gateway(here, request_bytes=1000)
    say = proxied(door)
    post = f"POST {here.address}/form HTTP/1.1\r\nHost: {here.host}:{here.port}\r\nContent-Length: %d\r\n\r\n"
    assert say((post % 500).encode() + b"x" * 500).endswith(b"thanks")
    assert door.exchanges[0].request_path.read_bytes().endswith(b"\r\n\r\n" + b"x" * 500)
    assert say((post % 5000).encode() + b"x" * 5000) == b""
    assert [problem.code for problem in door.problems] == ["refused-request"]


def test_many_connections_wait_for_their_turn(site: Any, gateway: Any, proxied: Any, page: Any) -> None:
    here = site({"/": page("hello")})
    say = proxied(gateway(here, connections=2))
    assert all(say(get(here)).endswith(b"hello") for _ in range(8))


def test_a_full_disk_is_no_silent_loss(site: Any, gateway: Any, tmp_path: Any, page: Any) -> None:
    here = site({"/": page("hello")})
    door = gateway(here)
    door.folder = tmp_path / "gone"
    proxy = Proxy(door, Authority(tmp_path, door.now()))
    proxy.__enter__()
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=10) as connection:
        connection.sendall(get(here))
        connection.recv(10)
    with pytest.raises(OSError, match="gone"):
        proxy.close()
