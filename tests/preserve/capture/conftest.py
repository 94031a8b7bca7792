"""Sites on the loopback interface that answer what a test wants, byte by byte, and a gateway that may reach them."""

from __future__ import annotations

import contextlib
import datetime
import itertools
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ascertain.preserve.capture.capturing import Captured, capture
from ascertain.preserve.capture.gateway import Gateway
from ascertain.preserve.capture.guard import Guard
from ascertain.preserve.capture.limits import Budget, Limits
from ascertain.preserve.capture.origin import Trust
from ascertain.preserve.capture.policy import Policy

NOON = datetime.datetime(2026, 11, 24, 12, 0, 0, tzinfo=datetime.UTC)
Answer = Callable[[socket.socket, str], None]


def page(
    body: str | bytes, *headers: str, status: str = "200 OK", media_type: str = "text/html; charset=utf-8"
) -> bytes:
    """A response, whole."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {media_type}", f"Content-Length: {len(data)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


@pytest.fixture(name="page")
def page_fixture() -> Callable[..., bytes]:
    """Makes responses."""
    return page


@dataclass
class Site:
    """A server of our own. `routes` has bytes to send, or a function that gets the connection and the request."""

    routes: dict[str, bytes | Answer] = field(default_factory=dict)
    context: ssl.SSLContext | None = None
    host: str = "site.test"
    requests: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def address(self) -> str:
        return f"{'https' if self.context else 'http'}://{self.host}:{self.port}"

    def asked(self, path: str) -> list[str]:
        """The requests for a path, head and what came with it."""
        return [request for request in self.requests if request.split(" ")[1] == path]

    def start(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), connection:
            connection.settimeout(20)
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            request = b""
            while b"\r\n\r\n" not in request:
                piece = connection.recv(65536)
                if not piece:
                    return
                request += piece
            text = request.decode("latin-1")
            self.requests.append(text)
            answer = self.routes.get(text.split(" ")[1], page("nothing here", status="404 Not Found"))
            if callable(answer):
                answer(connection, text)
            elif text.startswith("HEAD "):
                connection.sendall(answer.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
            else:
                connection.sendall(answer)
            with contextlib.suppress(OSError):
                (connection.unwrap() if isinstance(connection, ssl.SSLSocket) else connection.shutdown(socket.SHUT_WR))
            connection.close()


@pytest.fixture
def site() -> Iterator[Callable[..., Site]]:
    """Starts sites."""
    started: list[Site] = []

    def start(routes: dict[str, bytes | Answer] | None = None, **options: object) -> Site:
        new = Site(routes or {}, **options)  # type: ignore[arg-type]
        new.start()
        started.append(new)
        return new

    yield start
    for one in started:
        one.stop()


@pytest.fixture
def gateway(tmp_path: Path) -> Callable[..., Gateway]:
    """Makes gateways that may reach the sites that they are given, by name."""

    def made(
        *sites: Site, names: dict[str, list[str]] | None = None, trust: Trust | None = None, **limits: float
    ) -> Gateway:
        known = {one.host: ["127.0.0.1"] for one in sites} | (names or {})

        def lookup(host: str) -> list[str]:
            if host not in known:
                raise OSError("Name or service not known")
            return known[host]

        folder = tmp_path / "spool"
        folder.mkdir(exist_ok=True)
        quick = {"seconds": 20.0, "idle_seconds": 5.0, "connect_seconds": 3.0, **limits}
        return Gateway(
            Guard([f"{one.host}:{one.port}" for one in sites]),
            trust or Trust(),
            Budget(Limits(**quick)),  # type: ignore[arg-type]
            folder,
            lambda: NOON,
            lookup,
        )

    return made


def certificate(folder: Path, name: str, days: int = 30) -> tuple[ssl.SSLContext, Path]:
    """A self-signed certificate: a server's context with it, and its PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(4711)
        .not_valid_before(today - datetime.timedelta(days=60))
        .not_valid_after(today + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}-{days}.pem"
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(pem + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    path.write_bytes(pem)
    return context, path


@pytest.fixture
def secure_site(site: Callable[..., Site], tmp_path: Path) -> Callable[..., tuple[Site, Path]]:
    """Starts sites with TLS; returns also the file of the certificate that would have to be believed."""

    def start(
        routes: dict[str, bytes | Answer], host: str = "secure.test", *, name: str = "", days: int = 30
    ) -> tuple[Site, Path]:
        context, path = certificate(tmp_path, name or host, days)
        return site(routes, host=host, context=context), path

    return start


@pytest.fixture
def captured(tmp_path: Path) -> Callable[..., Captured]:
    """Captures a path of a site, under a policy that knows the sites that are given, and no others."""
    numbers = itertools.count()

    def made(
        here: Site,
        path: str = "/",
        *others: Site,
        names: dict[str, list[str]] | None = None,
        trust: Trust | None = None,
        seconds: float = 30.0,
        limits: dict[str, float] | None = None,
        **options: object,
    ) -> Captured:
        known = {one.host: ["127.0.0.1"] for one in (here, *others)} | (names or {})

        def lookup(host: str) -> list[str]:
            if host not in known:
                raise OSError("Name or service not known")
            return known[host]

        folder = tmp_path / f"capture-{next(numbers)}"
        folder.mkdir()
        policy = Policy(
            Guard([f"{one.host}:{one.port}" for one in (here, *others)]),
            trust or Trust(),
            Limits(seconds=seconds, idle_seconds=5.0, connect_seconds=3.0, **(limits or {})),  # type: ignore[arg-type]
            lookup=lookup,
            **options,  # type: ignore[arg-type]
        )
        return capture(path if "://" in path else f"{here.address}{path}", policy, folder, lambda: NOON)

    return made
