"""A connection to an origin, at an address that the guard has checked, with what its certificate says."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509

from ascertain.preserve.capture.guard import Guard, Target
from ascertain.preserve.capture.limits import Budget
from ascertain.preserve.capture.problem import Code, Refused
from ascertain.preserve.capture.wire import Wire

_NAMES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """A certificate of a chain. `der` is Base64, so that anybody can look for themselves; times are UTC."""

    sha256: str
    subject: str
    issuer: str
    serial: str
    not_before: str
    not_after: str
    names: tuple[str, ...]
    der: str


@dataclass(frozen=True, slots=True)
class TlsFacts:
    """How a TLS connection was made, and whether its certificate was good for its host; `error` says why not."""

    version: str
    cipher: str
    verified: bool
    error: str
    chain: tuple[CertificateFacts, ...]


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose certificates are believed: the system's roots (or those of a PEM file), and the hosts that need none."""

    roots: str = ""
    unverified: Sequence[str] = ()
    _excepted: Guard = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_excepted", Guard(self.unverified))

    def excepts(self, place: Target) -> bool:
        """Whether a bad certificate of this host is a note, no failure."""
        return self._excepted.names(place)

    def context(self, *, verifying: bool) -> ssl.SSLContext:
        """A context for one connection. It offers HTTP/1.1 alone, which is what the archive can hold as it was sent."""
        context = ssl.create_default_context(cafile=self.roots or None)
        context.set_alpn_protocols(["http/1.1"])
        if not verifying:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


@dataclass(slots=True)
class Origin:
    """An open connection: the wire, the address at its other end, and its TLS facts (None for plain HTTP)."""

    wire: Wire
    address: str
    tls: TlsFacts | None


class BadCertificate(Refused):
    """The certificate is not good for the host; `tls` says what it was."""

    def __init__(self, reason: str, tls: TlsFacts) -> None:
        super().__init__(Code.BAD_CERTIFICATE, reason)
        self.tls = tls


def connect(place: Target, addresses: Sequence[str], trust: Trust, budget: Budget) -> Origin:
    """Connect to the first of these addresses that answers; no name is looked up here.

    Raises Refused (unreachable, tls-failed, a limit) and BadCertificate. A bad certificate is looked at over a second
    connection on which nothing is asked; only a host that `trust` excepts gets a request all the same.
    """
    connection, address = _first(place, addresses, budget)
    if place.scheme == "http":
        return Origin(Wire(connection, budget), address, None)
    try:
        secured = _secure(connection, place, trust.context(verifying=True))
        return Origin(Wire(secured, budget), address, _facts(secured, ""))
    except ssl.SSLCertVerificationError as error:
        reason = error.verify_message or str(error)
    again, address = _first(place, [address], budget)
    secured = _secure(again, place, trust.context(verifying=False))
    tls = _facts(secured, reason)
    if trust.excepts(place):
        return Origin(Wire(secured, budget), address, tls)
    secured.close()
    raise BadCertificate(f"the certificate of {place.host} is not good: {reason}", tls)


def _first(place: Target, addresses: Sequence[str], budget: Budget) -> tuple[socket.socket, str]:
    errors = []
    for address in addresses:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(budget.patience(budget.limits.connect_seconds))
            connection.connect((address, place.port))
        except OSError as error:
            connection.close()
            errors.append(f"{address}: {error}")
        except BaseException:
            connection.close()
            raise
        else:
            return connection, address
    raise Refused(Code.UNREACHABLE, f"{place.authority} does not answer ({'; '.join(errors)[:300]})")


def _secure(connection: socket.socket, place: Target, context: ssl.SSLContext) -> ssl.SSLSocket:
    """TLS over a connection. Raises ssl.SSLCertVerificationError, Refused."""
    try:
        # An end without TLS's own close could be anybody's doing: it must not pass for the end of a body.
        return context.wrap_socket(connection, server_hostname=place.host, suppress_ragged_eofs=False)
    except ssl.SSLCertVerificationError:
        connection.close()
        raise
    except (OSError, ValueError) as error:  # ValueError: a name that is no name for TLS, such as one with a dot first
        connection.close()
        raise Refused(Code.TLS_FAILED, f"no TLS connection with {place.authority} ({error})") from error


def _facts(secured: ssl.SSLSocket, error: str) -> TlsFacts:
    cipher = secured.cipher()
    return TlsFacts(
        version=secured.version() or "",
        cipher=cipher[0] if cipher else "",
        verified=not error,
        error=error,
        chain=tuple(_certificate(der) for der in _chain(secured)),
    )


def _chain(secured: ssl.SSLSocket) -> list[bytes]:
    """The certificates as the server sent them. Python has a public method for this since 3.13 only."""
    public = getattr(secured, "get_unverified_chain", None)
    if public is not None:
        return [bytes(der) for der in public()]
    found: list[Any] = secured._sslobj.get_unverified_chain() or []  # type: ignore[attr-defined]
    return [ssl.PEM_cert_to_DER_cert(certificate.public_bytes()) for certificate in found]


def _certificate(der: bytes) -> CertificateFacts:
    sha256, text = hashlib.sha256(der).hexdigest(), base64.b64encode(der).decode("ascii")
    try:
        parsed = x509.load_der_x509_certificate(der)
        names: list[str] = []
        with contextlib.suppress(x509.ExtensionNotFound):
            alternative = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
            names = [str(name.value) for name in alternative][:_NAMES_SHOWN]
        return CertificateFacts(
            sha256=sha256,
            subject=parsed.subject.rfc4514_string(),
            issuer=parsed.issuer.rfc4514_string(),
            serial=f"{parsed.serial_number:x}",
            not_before=parsed.not_valid_before_utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
            not_after=parsed.not_valid_after_utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
            names=tuple(names),
            der=text,
        )
    except (ValueError, x509.DuplicateExtension) as error:  # a certificate that breaks the rules is still what was sent
        return CertificateFacts(sha256, f"unreadable: {error}", "", "", "", "", (), text)
