"""Which network addresses are out of reach, and why: our own rules, after the registries of IANA.

Sources: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890, RFC 8190), IANA IPv6 Global Unicast Address
Assignments, RFC 5735, RFC 6052 (NAT64), RFC 3056 (6to4), RFC 4380 (Teredo), RFC 5214 (ISATAP). Python's own
`ipaddress.is_global` is not enough: in 3.11 it lets NAT64, 6to4 and multicast through.
"""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

_IPV4 = tuple(
    (IPv4Network(network), word)
    for network, word in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared by a carrier (CGNAT)"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # the only part of IPv6 that IANA has opened for the world
_IPV6 = tuple(
    (IPv6Network(network), word)
    for network, word in (
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("fe80::/10", "link-local"),
        ("fc00::/7", "private"),
        ("ff00::/8", "multicast"),
        ("2001::/32", "a Teredo tunnel"),
        ("2001::/23", "protocol assignments"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "a 6to4 tunnel"),
        ("3fff::/20", "documentation"),
    )
)
_MAPPED = IPv6Network("::ffff:0:0/96")
_NAT64 = IPv6Network("64:ff9b::/96")
_ISATAP = (0x00005EFE, 0x02005EFE)
_METADATA = frozenset(
    ipaddress.ip_address(text)
    for text in (
        "169.254.169.254",  # AWS, Azure, Google, OpenStack and others
        "169.254.170.2",  # AWS ECS
        "fd00:ec2::254",  # AWS over IPv6
        "fd20:ce::254",  # Google over IPv6
        "100.100.100.200",  # Alibaba
        "168.63.129.16",  # Azure's host, an address of the public range
        "192.0.0.192",  # Oracle
    )
)


def why_never(address: IPv4Address | IPv6Address) -> str:
    """Why this address may not be reached even when its name is allowed; empty when it may."""
    inner = embedded(address)
    if address in _METADATA or inner in _METADATA:
        return "the metadata service of a cloud"
    for one in (address, inner):
        if one is not None and (one.is_multicast or one.is_unspecified or int(one) == 0xFFFFFFFF):
            return "multicast, broadcast or unspecified"
    return ""


def why_not(address: IPv4Address | IPv6Address) -> str:
    """Why this address is not on the public internet; empty when it is."""
    never = why_never(address)
    if never:
        return never
    if isinstance(address, IPv4Address):
        return next((word for network, word in _IPV4 if address in network), "")
    inner = embedded(address)
    if inner is not None:
        inside = why_not(inner)
        if inside:
            return f"{inside}, inside an IPv6 address"
        if address in _MAPPED or address in _NAT64:
            return ""
    for network, word in _IPV6:
        if address in network:
            return word
    return "" if address in _GLOBAL_UNICAST else "not global unicast"


def embedded(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """The IPv4 address inside an IPv6 one (mapped, NAT64, 6to4, Teredo, ISATAP); None when there is none."""
    if isinstance(address, IPv4Address):
        return None
    bits = int(address)
    if address in _MAPPED or address in _NAT64 or (bits >> 32) & 0xFFFFFFFF in _ISATAP:
        return IPv4Address(bits & 0xFFFFFFFF)
    if address.sixtofour is not None:
        return address.sixtofour
    return address.teredo[1] if address.teredo is not None else None
