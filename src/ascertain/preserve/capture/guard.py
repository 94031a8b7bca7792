"""Which addresses a capture may reach. Pure: it looks nothing up and connects to nothing."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit, urlunsplit

from ascertain.errors import UsageError
from ascertain.preserve.capture.networks import why_never, why_not
from ascertain.preserve.capture.problem import Code, Refused

PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\.?")
_LONGEST_HOST, _LONGEST_ADDRESS = 253, 8192
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\\]")


@dataclass(frozen=True, slots=True)
class Target:
    """One place on the network: scheme, host (lower case, ASCII, an IPv6 address without brackets) and port."""

    scheme: str
    host: str
    port: int

    @property
    def authority(self) -> str:
        """Host and port as an address has them: without the scheme's own port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Guard:
    """What may be reached: the public internet on ports 80 and 443, and what `allow` names (`host` or `host:port`).

    An allowed host may have a private or loopback address, never that of a metadata service, multicast or 0.0.0.0.
    """

    allow: Sequence[str] = ()
    _allowed: frozenset[tuple[str, int]] = field(init=False)

    def __post_init__(self) -> None:
        named = {place for text in self.allow for place in _places(text)}
        object.__setattr__(self, "_allowed", frozenset(named))

    def target(self, scheme: str, host: str, port: int | None) -> Target:
        """The place that is meant. Raises Refused: another scheme, no host name, a port that is not allowed."""
        scheme = scheme.lower()
        if scheme not in PORTS:
            raise Refused(Code.REFUSED_SCHEME, f"only http and https are captured, not {scheme!r}")
        place = Target(scheme, host_name(host), PORTS[scheme] if port is None else port)
        if not 0 < place.port < 65536:
            raise Refused(Code.BAD_ADDRESS, f"{place.port} is no port")
        if place.port not in PORTS.values() and not self.names(place):
            raise Refused(Code.REFUSED_PORT, f"port {place.port} of {place.host} is not allowed")
        return place

    def names(self, place: Target) -> bool:
        """Whether this host and port are allowed by name."""
        return (place.host, place.port) in self._allowed

    def check(self, place: Target, addresses: Iterable[str]) -> None:
        """Raises Refused when any of the addresses that a host has is out of reach: one bad answer spoils all."""
        why = why_never if self.names(place) else why_not
        for text in addresses:
            reason = why(ipaddress.ip_address(text.partition("%")[0]))
            if reason:
                raise Refused(Code.REFUSED_ADDRESS, f"{place.host} has the address {text}: {reason}")


def host_name(text: str) -> str:
    """A host in one form: lower case, IDNA, IP addresses canonical. Raises Refused when it is no name of a host."""
    bare = text.strip("[]") if text.startswith("[") and text.endswith("]") else text
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:  # no address, so it has to be a name
        pass
    try:
        host = bare.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise Refused(Code.BAD_ADDRESS, f"{text!r} is no name of a host") from error
    if len(host) > _LONGEST_HOST or not _HOST.fullmatch(host):
        raise Refused(Code.BAD_ADDRESS, f"{text!r} is no name of a host")
    return host.removesuffix(".")


def clean_address(text: str) -> str:
    """A web address as we ask for it: no fragment, no user name, host in one form. Raises Refused for what is none.

    Whether it may be reached is for `Guard.target` to say.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST_ADDRESS or _FORBIDDEN.search(text):
        raise Refused(Code.BAD_ADDRESS, "this is no web address: empty, too long, or with spaces or control characters")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise Refused(Code.BAD_ADDRESS, f"this is no web address: {error}") from error
    if parts.username is not None or parts.password is not None:
        raise Refused(Code.BAD_ADDRESS, "an address with a user name or password in it is not captured")
    if parts.scheme not in PORTS:
        raise Refused(Code.REFUSED_SCHEME, f"only http and https are captured, not {parts.scheme!r}")
    place = Target(parts.scheme, host_name(parts.hostname or ""), PORTS[parts.scheme] if port is None else port)
    return urlunsplit((place.scheme, place.authority, _quoted(parts.path) or "/", _quoted(parts.query), ""))


def target_of(guard: Guard, address: str) -> Target:
    """The place that an address names. Raises Refused."""
    try:
        parts = urlsplit(address)
        return guard.target(parts.scheme, parts.hostname or "", parts.port)
    except ValueError as error:
        raise Refused(Code.BAD_ADDRESS, f"this is no web address: {error}") from error


def _quoted(text: str) -> str:
    """Characters outside ASCII as percent-encoded UTF-8; what is encoded already stays."""
    return "".join(c if c.isascii() else quote(c, safe="", errors="surrogatepass") for c in text)


def _places(text: str) -> list[tuple[str, int]]:
    """The hosts and ports that an entry of `allow` names. Raises UsageError when it names none."""
    wrong = UsageError(f"{text!r} in `allow` is neither a host nor host:port", next_step='write "archive.local:8080"')
    bare, port = text.strip(), ""
    if bare.count(":") == 1 or "]:" in bare:
        bare, _, port = bare.rpartition(":")
    try:
        host = host_name(bare)
    except Refused as error:
        raise wrong from error
    if not port:
        return [(host, number) for number in PORTS.values()]
    if not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
        raise wrong
    return [(host, int(port))]
