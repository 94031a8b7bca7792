"""A timestamp authority on this machine, with its certificates: `openssl ts` behind a small HTTP server."""

from __future__ import annotations

import datetime
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

YEARS = (datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC), datetime.datetime(2120, 1, 1, tzinfo=datetime.UTC))


class Identity:
    """A certificate with its key, issued by another one or by itself."""

    def __init__(
        self,
        name: str,
        issuer: Identity | None = None,
        *,
        usage: tuple[x509.ObjectIdentifier, ...] = (),
        critical: bool = True,
        authority: bool = True,
        valid: tuple[datetime.datetime, datetime.datetime] = YEARS,
    ) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = (
            x509.CertificateBuilder()
            .subject_name(self.name)
            .issuer_name(issuer.name if issuer else self.name)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(valid[0])
            .not_valid_after(valid[1])
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        )
        if usage:
            builder = builder.add_extension(x509.ExtendedKeyUsage(usage), critical=critical)
        self.certificate = builder.sign(issuer.key if issuer else self.key, hashes.SHA256())

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def write(self, folder: Path) -> tuple[Path, Path]:
        """The certificate and the key as files."""
        files = folder / "signer.pem", folder / "signer.key"
        files[0].write_bytes(self.pem)
        kind = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        files[1].write_bytes(self.key.private_bytes(*kind))
        return files


class LocalAuthority:
    """A timestamp authority of RFC 3161 on this machine: `openssl ts` behind a small HTTP server."""

    def __init__(self, folder: Path, name: str = "Local Authority") -> None:
        folder.mkdir(parents=True)
        self.root = Identity(f"{name} Root")
        self.signer = Identity(name, self.root, usage=(ExtendedKeyUsageOID.TIME_STAMPING,), authority=False)
        certificate, key = self.signer.write(folder)
        self.folder = folder
        # Without `certs` in it: the token then holds the signer's certificate alone, and the root stays outside.
        (folder / "openssl.cnf").write_text(
            f"[tsa]\nserial = {folder}/serial\ncrypto_device = builtin\nsigner_cert = {certificate}\n"
            f"signer_key = {key}\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256, sha512\n"
            "ess_cert_id_alg = sha256\nordering = no\ntsa_name = no\n"
        )
        self.asked: list[bytes] = []
        self.url = ""

    def answer(self, request: bytes) -> bytes:
        """The response (DER) to a request (DER)."""
        self.asked.append(request)
        (self.folder / "request.tsq").write_bytes(request)
        command = ["openssl", "ts", "-reply", "-config", self.folder / "openssl.cnf", "-section", "tsa"]
        command += ["-queryfile", self.folder / "request.tsq", "-out", self.folder / "response.tsr"]
        subprocess.run(command, check=True, capture_output=True)
        return (self.folder / "response.tsr").read_bytes()


class Served:
    """Answers POST requests with whatever `answer` gives: a status, headers and a body."""

    def __init__(self, answer: object) -> None:
        served = self
        self.answer = answer

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                served.headers = dict(self.headers)
                served.answer(self, body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.headers: dict[str, str] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAuthority]:
    """A timestamp authority that answers at its `url`."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    local = LocalAuthority(tmp_path_factory.mktemp("authority") / "local")
    lock = threading.Lock()

    def answer(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        with lock:
            data = local.answer(body)
        handler.send_response(200)
        handler.send_header("Content-Type", "application/timestamp-reply")
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    served = Served(answer)
    local.url = served.url
    yield local
    served.close()


@pytest.fixture
def serve() -> Iterator[Callable[..., Served]]:
    """Starts servers on this machine that answer POST requests; they end with the test."""
    running: list[Served] = []

    def start(answer: object) -> Served:
        running.append(Served(answer))
        return running[-1]

    yield start
    for served in running:
        served.close()
